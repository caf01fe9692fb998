"""A letter becomes a filled-in start form: staff look it over, correct it and begin the case.

Which field takes what is said by the profile (`[process.<id>.mail]`), so a process without that table takes no letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from flask_babel import gettext
from flask_login import current_user

from engine.library import DiagramSet
from web import uploads
from web.forms.schema import Schema
from web.language import local, said
from web.mail_file import Mail, read_mail
from web.services import services


def takes_mail(found: DiagramSet, process: str) -> bool:
    """Whether cases of a process can begin from a letter."""
    return bool(found.process_settings(process).get("mail"))


def from_mail(
    found: DiagramSet, process: str, schema: Schema, content: bytes, filename: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the answers that a letter gives, and sentences on what must be looked at; its files are kept.

    Raises web.mail_file.Unreadable.
    """
    mail = read_mail(content)
    places = found.process_settings(process)["mail"]
    notes: list[str] = []
    values: dict[str, Any] = dict(places.get("fixed", {}))
    texts = {
        "name": mail.name,
        "email": mail.address,
        "received_on": _received(mail, notes),
        "subject": mail.subject,
        "text": mail.text,
    }
    for key, text in texts.items():
        if key in places and text:
            _put(values, places[key].split("."), _fitting(schema, places[key].split("."), text, notes))
    if "attachments" in places:
        rows = _kept(mail, content, filename, notes)
        _put(values, places["attachments"].split("."), rows)
    if not mail.address:
        notes.append(gettext("В письме нет адреса, на который можно ответить."))
    if not mail.text:
        notes.append(gettext("В письме нет текста: перенесите суть из приложений."))
    return values, notes


def unread_mail(found: DiagramSet, process: str, content: bytes, filename: str) -> tuple[dict[str, Any], str]:
    """Keep a letter that cannot be read: return the answers that are known all the same, and a sentence about it."""
    places = found.process_settings(process)["mail"]
    values: dict[str, Any] = dict(places.get("fixed", {}))
    if "received_on" in places:
        _put(values, places["received_on"].split("."), local(services().clock.now()).date().isoformat())
    notes: list[str] = []
    rows = _kept(Mail(), content, filename, notes)
    if not rows or "attachments" not in places:
        return values, " ".join([gettext("Сохраните письмо отдельно и перенесите ответы сами."), *notes])
    _put(values, places["attachments"].split("."), rows)
    return values, gettext("Само письмо приложено к обращению: перенесите из него ответы и начните дело.")


def _received(mail: Mail, notes: list[str]) -> str:
    """Return the day of the letter in our zone; today where the letter names none, or one that is still to come."""
    today = local(services().clock.now()).date()
    if mail.sent_at is None:
        notes.append(gettext("В письме нет даты: поставлен сегодняшний день."))
        return today.isoformat()
    try:
        day = local(mail.sent_at).date()
    except (OverflowError, ValueError):
        day = today
    if day > today:
        notes.append(gettext("Дата письма ещё не наступила: поставлен сегодняшний день."))
    return min(day, today).isoformat()


def _fitting(schema: Schema, path: list[str], text: str, notes: list[str]) -> str:
    """Return a text cut to what its field takes; the whole of it stays in the letter, which is kept."""
    node: Mapping[str, Any] = schema
    for part in path:
        node = node.get("items", {}) if part.isdecimal() else node.get("properties", {}).get(part, {})
    most = node.get("maxLength")
    if most is None or len(text) <= most:
        return text
    notes.append(
        gettext("«%(title)s» сокращено: письмо целиком приложено к обращению.", title=said(str(node.get("title", ""))))
    )
    return f"{text[: most - 1]}…"


def _kept(mail: Mail, content: bytes, filename: str, notes: list[str]) -> list[dict[str, str]]:
    """Store the letter and its attachments; return a row for each, and say what is left inside the letter alone."""
    rows = []
    name = uploads.safe_name(filename)
    for title, body in ((name if name.lower().endswith(".eml") else f"{name}.eml", content), *mail.attachments):
        shown = uploads.safe_name(title or "file")
        try:
            key = uploads.keep(shown, body, by=current_user.login)
        except uploads.NotTaken as error:
            why = said(error.template, error.facts)
            notes.append(gettext("Отдельно не приложено: %(name)s. %(why)s", name=shown, why=why))
            continue
        rows.append({"title": shown[:200], "file": key})
    return rows


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    """Set a value at a dotted path; a number is a row, made if it is the next one."""
    node: Any = values
    for part, following in pairwise(path):
        fresh: Any = [] if following.isdecimal() else {}
        if isinstance(node, list):
            node.extend([fresh] if int(part) == len(node) else [])
            node = node[int(part)]
        else:
            node = node.setdefault(part, fresh)
    node[path[-1]] = value
