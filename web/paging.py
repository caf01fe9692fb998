"""Pages of a list, by their number in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from flask import request, url_for

Row = TypeVar("Row")
LAST_PAGE = 10_000


@dataclass(slots=True)
class Paging:
    """Where in a list the reader is; `cut` tells whether there is more."""

    number: int
    size: int
    has_more: bool = False

    @classmethod
    def asked(cls, size: int) -> Paging:
        """Return the page that the address asks for, the first one for nonsense."""
        text = request.args.get("page", "1")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
        return cls(min(max(number, 1), LAST_PAGE), size)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    def cut(self, rows: list[Row]) -> list[Row]:
        """Return the rows of this page, of which one more was asked for to know whether there is a next."""
        self.has_more = len(rows) > self.size
        return rows[: self.size]

    @property
    def before(self) -> str:
        """Address of the page before, empty on the first."""
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """Address of the page after, empty on the last."""
        return self._address(self.number + 1) if self.has_more else ""

    def _address(self, number: int) -> str:
        kept = {name: value for name, value in request.args.items() if name != "page" and value}
        return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, "page": number})
