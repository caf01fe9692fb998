"""Uploads: checked for size and kind when they come, stored at once, given back only as a download."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from flask import Blueprint, request, send_file
from flask_login import current_user
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.messages import N_
from storage import uploads
from storage.instants import to_text
from storage.reading import access, papers
from web.confidential import opens_upload
from web.forms.parse import Problem
from web.forms.schema import Kind, Path, Schema, kind_of, path_of
from web.services import services
from web.visitor import viewer

room = Blueprint("uploads", __name__)

FILE = ":file"
"""What the name of a file input ends with; the name before it holds the id of what is stored."""

MOST_AT_ONCE, MOST_FROM_OUTSIDE = 100, 10
"""How many files are taken from one posted form: of staff, and of people without an account."""

_ZIP, _OLE, _DER = (b"PK\x03\x04",), (b"\xd0\xcf\x11\xe0",), (b"0\x80", b"0\x81", b"0\x82", b"0\x83", b"-----BEGIN")
_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", _ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    ".zip": ("application/zip", _ZIP),
    ".doc": ("application/msword", _OLE),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".rtf": ("application/rtf", (b"{\\rtf",)),
    ".p7s": ("application/pkcs7-signature", _DER),
    ".sig": ("application/pkcs7-signature", _DER),
    ".cms": ("application/pkcs7-mime", _DER),
    ".eml": ("message/rfc822", ()),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}
"""Ending -> media type and how the content must begin; plain text has no beginning of its own."""

TOO_LARGE = N_("Файл «{name}» больше {limit} МБ. Уменьшите его или разделите на части.")
TOO_MANY = N_("За один раз принимается не больше {most} файлов. Отправьте форму и приложите остальные следом.")
EMPTY = N_("Файл «{name}» пуст.")
NOT_TAKEN = N_("Файлы вида «{ending}» не принимаются. Приложите PDF, документ, таблицу, изображение или архив ZIP.")
NOT_WHAT_IT_SAYS = N_("Содержимое файла «{name}» не соответствует его виду. Сохраните файл заново и приложите.")


def take(
    posted: MultiDict[str, str],
    schema: Schema,
    *,
    case_id: int | None,
    task_id: str | None,
    by: str | None = None,
    most: int = MOST_AT_ONCE,
) -> tuple[MultiDict[str, str], list[Problem]]:
    """Store the files of a posted form; return the fields with the ids of what is stored, and what was not taken.

    `by` is who brings them (by default who is signed in), `most` how many are taken from one form.
    """
    fields = MultiDict(posted)
    problems: list[Problem] = []
    for number, (name, file) in enumerate(_files(request.files.items(multi=True)), 1):
        path = path_of(name)
        if number > most:
            problems.append(Problem(path, TOO_MANY, {"most": most}))
            break
        kind = _kind_at(schema, path)
        if kind not in (Kind.ATTACHMENT, Kind.ATTACHMENTS):
            continue
        content = file.stream.read(services().config.upload_bytes + 1)
        filename = safe_name(file.filename or "")
        try:
            key = keep(filename, content, by=by or current_user.login, case_id=case_id, task_id=task_id)
        except NotTaken as error:
            problems.append(Problem(path, error.template, error.facts))
            continue
        if kind is Kind.ATTACHMENT:
            fields[name] = key
        else:
            fields.add(name, key)
    return fields, problems


class NotTaken(Exception):
    """A file is not taken; `template` says why."""

    def __init__(self, template: str, facts: dict[str, object]) -> None:
        self.template = template
        self.facts = facts
        super().__init__(template.format(**facts))


def keep(filename: str, content: bytes, *, by: str, case_id: int | None = None, task_id: str | None = None) -> str:
    """Store a file and return its id; raises NotTaken for one of a wrong size or kind."""
    trouble = _trouble(filename, content)
    if trouble is not None:
        raise NotTaken(trouble, _facts(filename))
    with services().database.writing() as connection:
        return uploads.keep(
            connection,
            filename=filename,
            media_type=KINDS[_ending(filename)][0],
            content=content,
            by=by,
            at=to_text(services().clock.now()),
            case_id=case_id,
            task_id=task_id,
        )


def _files(items: Iterable[tuple[str, FileStorage]]) -> list[tuple[str, FileStorage]]:
    return [(name.removesuffix(FILE), file) for name, file in items if name.endswith(FILE) and file.filename]


def _kind_at(schema: Schema, path: Path) -> Kind | None:
    """Return the kind of the field at a place of the form, None if there is no such field."""
    node: Schema = schema
    for part in path:
        inner = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
        if not isinstance(inner, dict):
            return None
        node = inner
    return kind_of(node)


def _trouble(filename: str, content: bytes) -> str | None:
    if not content:
        return EMPTY
    if len(content) > services().config.upload_bytes:
        return TOO_LARGE
    known = KINDS.get(_ending(filename))
    if known is None:
        return NOT_TAKEN
    beginnings = known[1]
    fits = content.startswith(beginnings) if beginnings else _is_plain_text(content)
    return None if fits else NOT_WHAT_IT_SAYS


def _facts(filename: str) -> dict[str, object]:
    return {
        "name": filename,
        "ending": _ending(filename) or filename,
        "limit": services().config.upload_bytes // (1024 * 1024),
    }


def _is_plain_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    return not re.match(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|html|svg|script|\?xml)", content[:200], re.IGNORECASE)


def _ending(filename: str) -> str:
    return PurePath(filename).suffix.lower()


def safe_name(filename: str) -> str:
    """Return a file's name without folders and control characters, at most 150 characters.

    >>> safe_name("docs/Устав.pdf"), safe_name("../../etc/passwd")
    ('Устав.pdf', 'passwd')
    """
    bare = filename.replace("\\", "/").rpartition("/")[2]
    clean = "".join(one for one in unicodedata.normalize("NFC", bare) if unicodedata.category(one)[0] != "C").strip()
    stem, ending = PurePath(clean).stem[:140], PurePath(clean).suffix[:10]
    return f"{stem}{ending}" or "file"


@room.get("/uploads/<key>")
def download(key: str) -> Response:
    """Give an upload to somebody who may see its case; without a case, to whoever brought it."""
    with services().database.reading() as connection:
        row = papers.upload(connection, key)
        if row is None:
            raise NotFound
        if row["case_id"] is None:
            is_open = row["by"] == current_user.login
        else:
            is_open = access.is_visible(connection, viewer(), row["case_id"]) and viewer().may_read(author=row["by"])
    is_open = is_open and (row["case_id"] is None or opens_upload(row))
    with services().database.reading() as connection:
        content = papers.content(connection, row["sha256"]) if is_open else None
    if content is None:
        raise NotFound
    return given(row, content)


def given(row: Mapping[str, Any], content: bytes) -> Response:
    """Return an upload as a download that no browser shows in place."""
    response = send_file(
        io.BytesIO(content), mimetype=row["media_type"], as_attachment=True, download_name=row["filename"]
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
