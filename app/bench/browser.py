"""A person's browser, as far as the server can tell: one kept connection, cookies, forms filled in and sent back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from app.bench import model

_HIDDEN = re.compile(r'<input type="hidden" name="(_csrf|_key)" value="([^"]*)"')
_PATIENCE_SECONDS = 30
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    text: str
    seconds: float


class Browser:
    """Somebody who is signed in."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)
        self._cookies: dict[str, str] = {}
        self._hidden: dict[str, str] = {}
        self._sends_parts = False

    def sign_in(self) -> None:
        """Sign in; raises RuntimeError when the server does not let us."""
        self.get("/sign-in")
        fields = urlencode({"login": model.PERSON.login, "password": model.PASSWORD, "_csrf": self._hidden["_csrf"]})
        self._demand(self._send("POST", "/sign-in", fields.encode(), URLENCODED), 303)

    def get(self, path: str) -> Answer:
        """Load a page and remember the hidden fields of its form."""
        answer = self._send("GET", path)
        self._demand(answer, 200)
        self._hidden = dict(_HIDDEN.findall(answer.text))
        self._sends_parts = 'enctype="multipart/form-data"' in answer.text
        return answer

    def begin_case(self) -> Answer:
        """Send the start form that was loaded last; its key is new each time."""
        return self._submit(f"/cases/new/{model.PROCESS}", {**model.START, "_key": str(uuid4())})

    def complete(self, path: str, element: str) -> Answer:
        """Send the form of a task, filled in, with the hidden fields of the page that was loaded last."""
        return self._submit(path, {"_key": self._hidden["_key"], **model.ANSWERS[element][1]})

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _submit(self, path: str, fields: Mapping[str, Any]) -> Answer:
        filled = {"_csrf": self._hidden["_csrf"], **fields, "_do": "complete"}
        content, kind = _in_parts(filled) if self._sends_parts else (urlencode(filled).encode(), URLENCODED)
        answer = self._send("POST", path, content, kind)
        self._demand(answer, 303)
        return answer

    def _send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        begun = perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        seconds = perf_counter() - begun
        for cookie in response.msg.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text, seconds)

    @staticmethod
    def _demand(answer: Answer, status: int) -> None:
        if answer.status != status:
            words = re.sub(r"<[^>]*>|\s+", " ", answer.text)[:500]
            raise RuntimeError(f"The server answered {answer.status} instead of {status}: {words}")


def _in_parts(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    boundary = f"----{uuid4().hex}"  # another each time, as browsers do
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return f"{body}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
