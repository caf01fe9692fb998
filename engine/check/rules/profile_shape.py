"""The profile holds what every page and every case reads of it: a word in the wrong place would stop them all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, cast
from zoneinfo import ZoneInfo

from jsonschema import Draft202012Validator, ValidationError

from engine.check.registry import Report, set_rule
from engine.check.whole import Whole, nearest
from engine.messages import N_

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_FLAG = {"type": "boolean"}
_TABLE = {"type": "object"}
_DURATION = r"^-?P(?=.)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T\d{1,6}H)?$"
_NAMED = {"ru": _TEXT, "en": _TEXT, "outside": _FLAG}
_ROLE = {
    **_NAMED,
    "scope": {"enum": ["organisation", "case"]},
    "stand_in": _TEXT,
    "reads_case": _FLAG,
    "appoints": _FLAG,
}


def _table(known: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": dict(known), "required": list(required)}


def _tables(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": one}


_TERM = _table(
    {
        "title": _TEXT,
        "start": _TEXT,
        "duration": {"type": "string", "pattern": _DURATION},
        "day_type": {"enum": ["calendar", "working", "as_read"]},
        "roll": {"enum": ["none", "next_working_day", "as_read"]},
        "starts": _tables(_tables(_TEXT)),
        "kind": {"enum": ["procedure", "body_policy"]},
        "source": {"type": "string"},
    },
    "title",
    "start",
    "duration",
)
_PROFILE = _table(
    {
        "title": _TEXT,
        "zone": _TEXT,
        "calendar": _TEXT,
        "terms": _tables(_TERM),
        "readings": _tables(
            _table({"title": {"type": "string"}, "alternatives": {"type": "array"}, "shown_by": _TEXTS}, "value")
        ),
    },
    "zone",
    "calendar",
)
_PROCESS = _table(
    {
        "profile": _TEXT,
        "prefix": {"type": "string", "pattern": r"^[^\W_]{1,10}$"},
        "subject": _TEXT,
        "invites": _TEXTS,
        "controlled_by": _TEXTS,
        "contact": _tables(_TEXTS),
        "mail": _table({"fixed": _TABLE}),
        "flags": _tables(_TEXT),
        "refers": _tables(_TEXT),
    }
)
_OBJECTS = _tables(_table({"object": _TEXT, "receipt": _TEXT, "status": _TEXT, "also": _TEXTS}, "object"))
_WHOLE = Draft202012Validator(
    _table(
        {
            "roles": _tables(_table(_ROLE, "ru", "scope")),
            "groups": _tables(_table(_NAMED, "ru")),
            "process": _tables(_PROCESS),
            "profiles": _tables(_PROFILE),
            "confidentiality": _tables(_TEXTS),
            "public": _table(
                {
                    "is_open": _FLAG,
                    "process": _TEXT,
                    "fixed": _TABLE,
                    "today": _TEXTS,
                    "not_asked": _TEXTS,
                    "first_rows": _TEXTS,
                    "criteria": _table({"form": _TEXT, "field": _TEXT}),
                }
            ),
            "reminders": _table({"is_on": _FLAG, "hour": {"type": "integer", "minimum": 0, "maximum": 23}}),
            "exchange": _table({"kinds": _OBJECTS, "journals": _OBJECTS}),
        }
    )
)
_KINDS = {
    "string": N_("В записи «{name}» нужен текст в кавычках."),
    "array": N_("В записи «{name}» нужен список в квадратных скобках."),
    "boolean": N_("В записи «{name}» нужно true или false."),
    "object": N_("Под именем «{name}» нужен раздел, а не значение."),
}
_FAULTS = {
    "required": N_("В разделе нет записи «{name}»."),
    "enum": N_("Значения «{value}» запись «{name}» не знает."),
    "pattern": N_("Значение «{value}» для записи «{name}» не годится."),
}
_OTHER = N_("Значение записи «{name}» не годится.")
_CURE = N_("Исправьте раздел {where}; виды записей описаны в начале profile.toml (похоже на «{nearest}»).")


@set_rule("profile-shape")
def check(whole: Whole, report: Report) -> None:
    """Refuse a profile that cannot be read as what it is, one fault a record."""
    for path, data in whole.files.items():
        if PurePosixPath(path).name != "profile.toml":
            continue
        try:
            text = data.decode()
            profile = tomllib.loads(text)
        except (ValueError, RecursionError):
            continue  # said when the file was read
        here = report.within(path)
        faults = [fault for error in _WHOLE.iter_errors(profile) for fault in _told(error)]
        calendars = {PurePosixPath(one).stem for one in whole.files if PurePosixPath(one).parent.name == "calendars"}
        faults += [] if faults else _dangling(profile, calendars)
        for place, template, known, facts in faults:
            near = nearest(str(facts.get("value", "")), known)
            where = f"[{'.'.join(place)}]"
            here.at(".".join(place), line_of(text, place), template, _CURE, where=where, nearest=near, **facts)


Fault = tuple[Sequence[str], str, Sequence[str], dict[str, object]]
"""The table, a template, the values that would do, and the template's facts."""


def _told(error: ValidationError) -> Iterator[Fault]:
    place = [str(part) for part in error.absolute_path]
    rule, limit = str(error.validator), cast("Any", error.validator_value)
    if rule == "required":
        missing = [name for name in limit if isinstance(error.instance, Mapping) and name not in error.instance]
        yield from ((place, _FAULTS[rule], (), {"name": name}) for name in missing)
        return
    table, name = (place[:-1], place[-1]) if place else ([], "")
    template = _KINDS.get(str(limit), _OTHER) if rule == "type" else _FAULTS.get(rule, _OTHER)
    yield table, template, limit if rule == "enum" else (), {"name": name, "value": str(error.instance)[:60]}


def _dangling(profile: Mapping[str, Any], calendars: set[str]) -> Iterator[Fault]:
    """Yield what names something that is not there, and terms that the rules cannot count."""
    profiles = profile.get("profiles", {})
    for name, one in profiles.items():
        place = ["profiles", name]
        if not _is_zone(one["zone"]):
            yield place, N_("Часового пояса «{value}» нет."), ("Asia/Almaty", "Asia/Tashkent"), {"value": one["zone"]}
        if one["calendar"] not in calendars:
            yield place, N_("Календаря «{value}» нет в calendars."), sorted(calendars), {"value": one["calendar"]}
        for key, term in one.get("terms", {}).items():
            yield from _uncountable([*place, "terms", key], term)
    staff = [name for name, one in profile.get("roles", {}).items() if one["scope"] == "organisation"]
    for name, one in profile.get("roles", {}).items():
        for other in one.get("stand_in", "").split():
            if other == name or other not in staff:
                template = N_("Роль «{value}» не может замещать: нужна другая роль организации.")
                yield ["roles", name], template, staff, {"value": other}
    for name, one in profile.get("process", {}).items():
        if one.get("profile", "") not in ("", *profiles):
            place = ["process", name]
            yield place, N_("Профиля «{value}» нет."), sorted(profiles), {"value": one["profile"]}


def _uncountable(place: Sequence[str], term: Mapping[str, Any]) -> Iterator[Fault]:
    duration = term["duration"]
    if term.get("roll", "none") != "none" and duration.startswith("-"):
        yield place, N_("Срок до события ({value}) не переносится вперёд."), (), {"value": duration}
    if term.get("day_type") == "working" and not re.fullmatch(r"-?P\d+D", duration):
        yield place, N_("Рабочими бывают только дни, а не {value}."), (), {"value": duration}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def line_of(text: str, place: Sequence[str]) -> int:
    """Return the line on which a table begins, or the nearest table around it; 0 if none is in the file.

    >>> line_of('[profiles.P.terms."x.y"]', ["profiles", "P", "terms", "x.y"])
    1
    """
    heads = {line.strip().replace('"', "").replace(" ", ""): number for number, line in enumerate(text.split("\n"), 1)}
    for length in range(len(place), 0, -1):
        found = heads.get(f"[{'.'.join(place[:length])}]")
        if found:
            return found
    return 0
