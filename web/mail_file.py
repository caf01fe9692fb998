"""A letter as a file (.eml): who wrote, when, about what, the text, the attachments. Anybody may have written it.

Python's parser takes whatever comes, but some letters cost it minutes or its whole stack, and some headers make it
raise; so a letter is measured before it is parsed, and each header is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html import unescape
from typing import Any

from engine.messages import N_

MOST_PARTS = 20
"""Letters and groups of parts inside a letter, at any depth."""
MOST_BOUNDARIES = 2_000
"""Lines that may begin another part."""
MOST_HEADERS, MOST_HEADER = 128 * 1024, 16 * 1024
"""Bytes in the headers of one part together, and in a single one."""
MOST_ATTACHMENTS = 50
MOST_TEXT = 200_000
"""Characters of the text that are read."""
_GROUPS = re.compile(rb"content-type\s*:\s*(?:multipart|message)\s*/", re.IGNORECASE)
_INNER = re.compile(rb"content-type\s*:\s*message\s*/", re.IGNORECASE)
_FAULTS = (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError)
"""What the library raises on headers and contents that it cannot make out (3.11 to 3.13)."""


class Unreadable(Exception):
    """The file is no letter that can be taken in; `template` says why."""

    def __init__(self, template: str, **facts: Any) -> None:
        self.template = template
        self.facts = facts
        super().__init__(template.format(**facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a letter says; whatever it does not say is empty."""

    name: str = ""
    address: str = ""
    sent_at: datetime | None = None
    """Aware; as the sender's program claims it."""
    subject: str = ""
    text: str = ""
    attachments: tuple[tuple[str, bytes], ...] = ()
    """File name (may be empty) and content."""


def read_mail(content: bytes) -> Mail:
    """Return what a letter says. Raises Unreadable."""
    _measure(content)
    try:
        message = message_from_bytes(content, policy=policy.default)
        parts = list(_parts(message))
    except _FAULTS as error:
        raise Unreadable(N_("Письмо устроено так, что прочесть его нельзя. Внесите обращение вручную.")) from error
    if not message.keys():
        raise Unreadable(N_("Это не письмо: в файле нет ни одного заголовка. Сохраните письмо из почты как .eml."))
    name, address = _writer(message)
    return Mail(
        name=name,
        address=address,
        sent_at=_date(message),
        subject=_header(message, "Subject")[:500],
        text=_text(parts),
        attachments=tuple(_attachments(parts)),
    )


def _measure(content: bytes) -> None:
    if len(_GROUPS.findall(content)) > MOST_PARTS:
        raise Unreadable(N_("В письме слишком много вложенных писем и частей. Внесите обращение вручную."))
    boundaries, total, one, in_header, is_inner = 0, 0, 0, True, False
    for line in content.splitlines():
        if line.startswith(b"--"):
            boundaries, total, in_header, is_inner = boundaries + 1, 0, True, False
        elif not line.strip():
            total, in_header, is_inner = 0, is_inner, False  # a letter inside begins with headers of its own
        elif in_header:
            total, one = total + len(line), len(line) + (one if line[:1] in b" \t" else 0)
            is_inner = is_inner or bool(_INNER.match(line))
            if total > MOST_HEADERS or one > MOST_HEADER:
                raise Unreadable(N_("Заголовки письма слишком длинные: такое письмо прочесть нельзя."))
        if boundaries > MOST_BOUNDARIES:
            raise Unreadable(N_("В письме слишком много вложенных писем и частей. Внесите обращение вручную."))


def _parts(message: Any) -> Iterator[EmailMessage]:
    """Yield the parts that are no groups; what is inside a letter that is attached stays inside."""
    ahead = [message]
    while ahead:
        part = ahead.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            ahead = [*part.get_payload(), *ahead]
        else:
            yield part


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as one line of text; empty if it is missing or cannot be made out."""
    try:
        value = str(message[name] or "")
    except _FAULTS:
        return ""
    return " ".join(_clean(value).split())


def _writer(message: EmailMessage) -> tuple[str, str]:
    """Return whom to answer: the address of Reply-To, else of From; the name of either."""
    answer, sender = (parseaddr(_header(message, one)) for one in ("Reply-To", "From"))
    address = next((one for _, one in (answer, sender) if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", one)), "")
    return (sender[0] or answer[0])[:200], address[:200]


def _date(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
        return found.astimezone() if found.tzinfo is None else found
    except (*_FAULTS, OverflowError):
        return None


def _text(parts: list[EmailMessage]) -> str:
    """Return the text that a person reads: plain if there is any, else what the HTML says."""
    for kind in ("text/plain", "text/html"):
        found = [_said(part) for part in parts if part.get_content_type() == kind and not _is_attached(part)]
        whole = "\n\n".join(_stripped(one) if kind == "text/html" else one for one in found).strip()
        if whole:
            return _tidy(whole)
    return ""


def _said(part: EmailMessage) -> str:
    raw = _bytes(part)[: 4 * MOST_TEXT]
    try:
        charset = part.get_content_charset() or "utf-8"
        text = raw.decode(charset, errors="replace")
    except _FAULTS:  # an unknown charset
        text = raw.decode("utf-8", errors="replace")
    return _clean(text)[:MOST_TEXT]


def _bytes(part: EmailMessage) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except _FAULTS:
        return b""
    if isinstance(found, bytes):
        return found
    inner: Any = part.get_payload()
    try:
        return bytes(inner[0].as_bytes()) if isinstance(inner, list) and inner else b""  # a letter that is attached
    except _FAULTS:
        return b""


def _is_attached(part: EmailMessage) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except _FAULTS:
        return False


def _attachments(parts: list[EmailMessage]) -> Iterator[tuple[str, bytes]]:
    attached = [one for one in parts if _is_attached(one) or one.get_content_maintype() not in ("text", "multipart")]
    for part in attached[:MOST_ATTACHMENTS]:
        try:
            name = _clean(part.get_filename() or "")
        except _FAULTS:
            name = ""
        if not name and part.get_content_type() == "message/rfc822":
            name = "letter.eml"
        yield name[:200], _bytes(part)


def _clean(text: str) -> str:
    """Return the text without lone surrogates and control characters but tab and line end."""
    whole = text.encode("utf-8", errors="replace").decode("utf-8")
    return "".join(one for one in whole if one in "\t\n" or (one.isprintable() or one == "\xa0"))


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_UNSEEN = ("script", "style", "head", "title", "template", "noscript")
_BREAKS = re.compile(r"/?(?:p|div|br|tr|li|h[1-6]|table|ul|ol|blockquote)\b", re.IGNORECASE)


def _stripped(page: str) -> str:
    """Return the words of an HTML page; each character is looked at once.

    The library's own parser takes time by the square of the length on pages that open and never close (3.11), and
    nothing of the page is shown as HTML, so that a tag more or less in the words does no harm.
    """
    small, found, at = page.lower(), [], 0
    while (start := page.find("<", at)) >= 0:
        found.append(re.sub(r"\s+", " ", page[at:start]))
        name = next((one for one in _UNSEEN if small.startswith(one, start + 1)), "")
        closing = f"</{name}" if name else "--" if page.startswith("<!--", start) else ""
        inner = (
            page.find(closing, start + 4) if name == "" and closing else small.find(closing, start) if name else start
        )
        end = page.find(">", inner) if inner >= 0 else -1
        if end < 0:
            return _lines(found)
        if _BREAKS.match(page, start + 1):
            found.append("\n")
        at = end + 1
    found.append(re.sub(r"\s+", " ", page[at:]))
    return _lines(found)


def _lines(words: list[str]) -> str:
    return re.sub(r" *\n *", "\n", unescape("".join(words)))
