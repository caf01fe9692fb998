"""Packages for the state information system as folders, and receipts as files that come back.

`out/<package>/` holds the files, `metadata.json` and `SHA256SUMS`; it appears whole or not at all. A receipt is
`in/<package>.json` with `receipt` (the number of the entry) and `date` (ISO); once read it moves to `in/read/`, and
to `in/rejected/` if it cannot be used.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

METADATA, SUMS = "metadata.json", "SHA256SUMS"
LARGEST_RECEIPT = 100_000  # bytes
_NAME = re.compile(r"[a-z0-9-]{1,60}\.json")


class BadReceipt(Exception):
    """A receipt that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That the state system took a package."""

    package: str
    number: str
    entered_on: date


@dataclass(frozen=True, slots=True)
class ExchangeFolder:
    """The folder where packages go out and receipts come in."""

    folder: Path

    def write(self, package: str, files: Mapping[str, bytes], metadata: Mapping[str, Any]) -> str:
        """Write a package, in place of an earlier attempt; return the hash of its metadata. Raises OSError."""
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        described = {**metadata, "package": package, "files": hashes}
        text = json.dumps(described, ensure_ascii=False, indent=2).encode()
        hashes[METADATA] = hashlib.sha256(text).hexdigest()
        sums = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())).encode()
        place = self.folder / "out" / package
        unfinished = place.with_name(f".{package}.part")
        for old in (unfinished, place):
            shutil.rmtree(old, ignore_errors=True)
        unfinished.mkdir(parents=True)
        for name, content in {**files, METADATA: text, SUMS: sums}.items():
            with (unfinished / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(place)
        return hashes[METADATA]

    def arrived(self) -> Iterator[Path]:
        """Yield the files that lie where receipts come in; makes that place."""
        place = self.folder / "in"
        place.mkdir(parents=True, exist_ok=True)
        yield from sorted(path for path in place.iterdir() if path.is_file() and not path.name.startswith("."))

    def put_away(self, path: Path, *, is_read: bool) -> None:
        """Move a receipt out of the way, keeping it."""
        place = path.parent / ("read" if is_read else "rejected")
        place.mkdir(exist_ok=True)
        path.replace(place / path.name)


def package_of(path: Path) -> str:
    """Return the package that a receipt's file names; raises BadReceipt for a name of another kind."""
    if not _NAME.fullmatch(path.name):
        raise BadReceipt("the file is not named for a package: <package>.json")
    return path.stem


def read_receipt(path: Path) -> Receipt:
    """Read a receipt; raises BadReceipt, and OSError where the file cannot be read."""
    package = package_of(path)
    if path.is_symlink() or path.stat().st_size > LARGEST_RECEIPT:
        raise BadReceipt("the file is too large to be a receipt, or is a link")
    try:
        found = json.loads(path.read_bytes())
        number, entered_on = str(found["receipt"]).strip(), date.fromisoformat(str(found["date"])[:10])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadReceipt(f"the file must hold `receipt` and `date`: {error}") from error
    if not number or len(number) > 200:
        raise BadReceipt("`receipt` is the number of the entry, at most 200 characters")
    return Receipt(package=package, number=number, entered_on=entered_on)
