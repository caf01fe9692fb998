"""What stands around every page: the sections a person has, the organisation's name, words for roles and terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from engine.library import DiagramSet
from engine.steps import SYSTEM
from storage.instants import to_text
from storage.reading import people, post
from web.language import language, said
from web.services import current_set, services
from web.visitor import viewer

_LENGTH = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")

POSTS = frozenset({"head", "clerk", "quality_engineer", "admin"})
"""Roles that see to what goes out of the house: letters, and the exchange with the state system."""

OVERSEERS = frozenset({"assessor", "quality_engineer", "head", "admin"})
"""Roles that answer for the requirements of the procedures, or judge how they are met."""


WIDE_SECTIONS, NARROW_SECTIONS = 5, 2
"""How many sections stand in the head of a wide page and of a telephone; the others are one click away."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One section in the head of the page."""

    title: str
    href: str
    is_here: bool
    count: int = 0
    """How many things there wait for this person to see to them."""
    place: str = "first"
    """`first` always stands in the line, `wide` on wide screens, `more` under a word of its own."""


def prepare(app: Flask) -> None:
    """Give templates the words that stand on every page."""
    app.jinja_env.globals.update(
        navigation=navigation,
        installation=installation,
        role_name=role_name,
        group_name=group_name,
        process_name=process_name,
        person_name=person_name,
        who=who,
        duration=duration,
        confidence=confidence,
        plain=plain,
        here=here,
        now=lambda: services().clock.now(),
    )


def diagrams() -> DiagramSet | None:
    """Return the current set of diagrams."""
    return current_set()


def installation() -> dict[str, Any]:
    """Return `organisation` and whether it is a `sample`."""
    if "installation" not in g:
        with services().database.reading() as connection:
            facts = people.settings(connection)
        g.installation = {
            "organisation": facts.get("organisation", ""),
            "sample": facts.get("sample") in ("1", "true", "yes"),
        }
    found: dict[str, Any] = g.installation
    return found


def zone() -> ZoneInfo:
    """Return the zone of the installation's own profile."""
    found = diagrams()
    profiles = found.profile.get("profiles", {}).values() if found else ()
    return ZoneInfo(next((str(profile["zone"]) for profile in profiles if "zone" in profile), "Asia/Almaty"))


def navigation() -> list[Entry]:
    """Return the sections that are open to the person."""
    roles = current_user.roles
    sections = [("inbox.index", gettext("Задачи")), ("cases.index", gettext("Дела"))]
    if viewer().processes or viewer().sees_all:
        sections.append(("journals.index", gettext("Журналы")))
        sections.append(("register.index", gettext("Реестр")))
    if roles & POSTS:
        sections += [("letters.index", gettext("Письма")), ("exchange.index", gettext("Обмен с ИС"))]
    sections.append(("map.index", gettext("Карта процессов")))
    if roles & OVERSEERS:
        sections.append(("requirements.index", gettext("Требования")))
    if roles & {"quality_engineer", "admin", "assessor"}:
        sections.append(("people.index", gettext("Люди")))
        sections.append(("incidents.index", gettext("Сбои")))
    known = current_app.view_functions
    room = (request.endpoint or "").partition(".")[0]
    counts = _counts() if roles & POSTS else {}
    return _placed(
        [
            Entry(title, url_for(endpoint), _is_here(endpoint, room), counts.get(endpoint, 0))
            for endpoint, title in sections
            if endpoint in known
        ]
    )


def _placed(entries: list[Entry]) -> list[Entry]:
    """Say where each section stands so that the head keeps one line; the section where the reader is always shows."""
    here = next((number for number, entry in enumerate(entries) if entry.is_here), 0)

    def shown(count: int) -> set[int]:
        return {*range(count - 1), here if here >= count - 1 else count - 1}

    wide = shown(WIDE_SECTIONS) if len(entries) > WIDE_SECTIONS + 1 else set(range(len(entries)))
    narrow = shown(NARROW_SECTIONS)
    return [
        replace(entry, place="first" if number in narrow else "wide" if number in wide else "more")
        for number, entry in enumerate(entries)
    ]


def _counts() -> dict[str, int]:
    now = to_text(services().clock.now())
    with services().database.reading() as connection:
        return {
            "letters.index": post.refused(connection, viewer()),
            "exchange.index": post.overdue_packages(connection, viewer(), now),
        }


def _is_here(endpoint: str, room: str) -> bool:
    owner = {
        "tasks": "inbox",
        "new_case": "cases",
        "search": "cases",
        "uploads": "cases",
        "editor": "map",
        "signatures": "cases",
        "evidence": "cases",
    }
    if request.endpoint == "papers.document":
        room = "cases"
    elif request.endpoint in ("evidence.book", "evidence.rule"):
        room = "requirements"
    return endpoint.partition(".")[0] == owner.get(room, room)


def role_name(role: str, found: DiagramSet | None = None) -> str:
    """Return a role's name in the reader's language, its id where the profile has none."""
    source = found or diagrams()
    named = source.roles.get(role, {}) if source else {}
    return str(named.get(language()) or said(str(named.get("ru", role))))


def group_name(group: str, found: DiagramSet | None = None) -> str:
    """Return a case group's name in the reader's language."""
    source = found or diagrams()
    if source is None:
        return group
    named = source.profile.get("groups", {}).get(group) or source.roles.get(group) or {}
    return str(named.get(language()) or said(source.group_name(group)))


def process_name(process: str, found: DiagramSet | None = None) -> str:
    """Return a process's name in the reader's language, its id where nothing is published."""
    source = found or diagrams()
    known = source.processes.get(process) if source else None
    return said(known.name) if known and known.name else process


def person_name(login: str) -> str:
    """Return the name of a person, who may have gone since; the program itself is named in the reader's language."""
    if login == SYSTEM.login:
        return gettext("система")
    with services().database.reading() as connection:
        return people.names(connection, [login]).get(login, login)


def who(login: str, name: str | None = None) -> str:
    """Return who did something: `name` where it is known already, the program itself in the reader's language."""
    return name or person_name(login)


def duration(text: str) -> str:
    """Return an ISO 8601 duration in words (`P1M`: one month), as it is where it cannot be read."""
    found = _LENGTH.fullmatch(text)
    if not found:
        return text
    sign, years, months, weeks, days, hours, minutes = found.groups()
    parts = [
        ngettext("%(num)d год", "%(num)d лет", int(years)) if years else "",
        ngettext("%(num)d месяц", "%(num)d месяцев", int(months)) if months else "",
        ngettext("%(num)d неделя", "%(num)d недель", int(weeks)) if weeks else "",
        ngettext("%(num)d день", "%(num)d дней", int(days)) if days else "",
        ngettext("%(num)d час", "%(num)d часов", int(hours)) if hours else "",
        ngettext("%(num)d минута", "%(num)d минут", int(minutes)) if minutes else "",
    ]
    words = " ".join(part for part in parts if part)
    return gettext("не позднее чем за %(time)s", time=words) if sign else words


def confidence(code: str) -> str:
    """Return how sure the source of a term is, in words."""
    known = {
        "H": gettext("прямо названо источником"),
        "M": gettext("по вторичному источнику или выводу"),
        "G": gettext("общее знание, требует проверки"),
    }
    return known.get(code, code)


def plain(value: Any) -> str:
    """Return a plain value of a document, journal or event as text."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return gettext("да") if value else gettext("нет")
    if isinstance(value, float) and language() == "ru":
        return str(value).replace(".", ",")
    text = str(value)
    return f"{text[8:10]}.{text[5:7]}.{text[:4]}" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def here() -> str:
    """Return the address to come back to after switching the language."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
