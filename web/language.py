"""Which language a reader has, and how dates, days left and the texts of diagrams and forms are said in it.

Russian is the first language and every msgid is Russian. Texts that come from files (diagrams, forms, templates of
refusals) are looked up with `said`, never marked safe: their authors are not the authors of the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_translations, gettext, ngettext
from flask_login import current_user
from markupsafe import Markup

LANGUAGES = {"ru": "Русский", "en": "English"}
COOKIE = "language"
SOON_DAYS = 3
"""From so many days before its end a deadline is shown as near."""


def language() -> str:
    """Return the language of the reader: as switched on this machine, else as the person set it, else ru."""
    chosen = request.cookies.get(COOKIE, "") if has_request_context() else ""
    if chosen in LANGUAGES:
        return chosen
    own = getattr(current_user, "locale", "") if has_request_context() else ""
    return own if own in LANGUAGES else "ru"


def said(text: str | None, facts: Mapping[str, Any] | None = None) -> str:
    """Return a Russian text from a file in the reader's language, its named places filled in."""
    if not text:
        return ""
    found = _looked_up(text)
    if not facts:
        return found
    try:
        return found.format(**{name: _fact(value) for name, value in facts.items()})
    except (KeyError, IndexError, ValueError):
        return found


def _looked_up(text: str) -> str:
    """Return a text in the reader's language.

    A page asks hundreds of times; the library finds out anew each time who reads and where the words are.
    """
    if not has_app_context():
        return text
    words: NullTranslations | None = g.get("words")
    if words is None:
        words = g.words = get_translations()
    return str(words.ugettext(text))


def _in_template(text: str, **values: Any) -> Markup:
    """Return a sentence of a template in the reader's language; `values` are escaped."""
    return Markup(_looked_up(text)) % values  # noqa: S704  sentences of our own templates


def _fact(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return gettext(value) if isinstance(value, str) and value else value


def zone() -> ZoneInfo:
    """Return the zone in which times are shown: that of the installation's own profile."""
    chosen: ZoneInfo = g.get("zone") or ZoneInfo("Asia/Almaty")
    return chosen


def local(instant: datetime | str) -> datetime:
    """Return an instant (aware, or as the database keeps it) in the reader's zone."""
    value = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone())


def moment(instant: datetime | str | None) -> str:
    """Return an instant as 31.12.2026 09:05."""
    return local(instant).strftime("%d.%m.%Y %H:%M") if instant else ""


def day(value: date | str | None) -> str:
    """Return the day of an instant or date as 31.12.2026."""
    if not value:
        return ""
    if isinstance(value, str) and len(value) == len("2026-12-31"):
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    if isinstance(value, datetime | str):
        return local(value).strftime("%d.%m.%Y")
    return value.strftime("%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a deadline."""

    words: str
    level: str
    """`late`, `soon` or `calm`."""
    day: str


def remaining(due_at: datetime | str | None, now: datetime) -> Remaining | None:
    """Return what is left until the instant, in days of the reader's zone."""
    if not due_at:
        return None
    due, here = local(due_at), local(now)
    days = (due.date() - here.date()).days
    at = "" if (due.hour, due.minute) in ((23, 59), (0, 0)) else f" {due:%H:%M}"
    shown = f"{due:%d.%m.%Y}{at}"
    if due < here:
        if days == 0:
            return Remaining(gettext("срок вышел сегодня"), "late", shown)
        return Remaining(ngettext("просрочено на %(num)d день", "просрочено на %(num)d дней", -days), "late", shown)
    if days == 0:
        return Remaining(gettext("последний день — сегодня"), "soon", shown)
    if days == 1:
        return Remaining(gettext("срок — завтра"), "soon", shown)
    words = ngettext("остался %(num)d день", "осталось %(num)d дней", days)
    return Remaining(words, "soon" if days <= SOON_DAYS else "calm", shown)


def size(count: int) -> str:
    """Return a file size in words."""
    if count < 1024:
        return gettext("%(count)s байт", count=count)
    if count < 1024 * 1024:
        return gettext("%(count)s КБ", count=round(count / 1024))
    return gettext("%(count)s МБ", count=f"{count / 1024 / 1024:.1f}".replace(".", "." if language() == "en" else ","))


def prepare(app: Flask) -> None:
    """Teach the application and its templates the reader's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "ru")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/translations"
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(_=_in_template, language=language, languages=LANGUAGES, remaining=remaining)
    app.jinja_env.filters.update(said=said, moment=moment, day=day, size=size)
