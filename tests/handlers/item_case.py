"""A received item as a handler sees it: the shipped profile of Uzbekistan, sample people, and the data of one test."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from app.terms import CaseTerms
from engine.steps import Case
from rules.calendars import Calendar
from rules.terms import ProfileTerms
from tests.handlers.certification_case import PROCESSES, _organisation, _rows, people

ZONE = ZoneInfo("Asia/Tashkent")
Data = dict[str, Any]

NAMED = {"entity": "ORGANISATION", "name": "ООО «Самарканд Смазка»", "tax_number": "301234567", "address": "Самарканд"}
SUBMISSION: Data = {
    "received_on": "2026-03-02",
    "kind": "WRITTEN",
    "channel": "POST",
    "sender_type": "CLIENT",
    "applicants": [NAMED],
    "email": "office@samsmazka.example",
    "subject": "Задержка протокола",
    "summary": "Протокол выдан с опозданием.",
}


@cache
def _profile() -> Mapping[str, Any]:
    with (PROCESSES / "profile.toml").open("rb") as file:
        found: Mapping[str, Any] = tomllib.load(file)["profiles"]["UZ_PTA"]
    return found


def submission(**changes: Any) -> Data:
    """Return a complete written item, changed; a change to None leaves the field out."""
    return {name: value for name, value in {**SUBMISSION, **changes}.items() if value is not None}


def an_item(
    data: Data | None = None,
    *,
    now: str = "2026-03-02T10:00",
    actor: str = "clerk",
    groups: Mapping[str, Sequence[str]] | None = None,
    registers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    readings: Data | None = None,
) -> Case:
    """Return a registered case about the item of `submission()`, unless `data` says otherwise."""
    calendar = Calendar.from_rows("UZ", _rows("calendars/UZ"))
    terms = ProfileTerms.from_table("UZ_PTA", _profile(), zone=ZONE, calendar=calendar, chosen=dict(readings or {}))
    known: Data = {
        "submission": submission(),
        "intake": {"proposed_category": "COMPLAINT", "register": "APPEALS_JOURNAL", "earlier_case": ""},
        "registration": {
            "incoming_number": "Вх-1",
            "incoming_on": "2026-03-02",
            "registered_on": "2026-03-02",
            "acquainted": "NOT_NEEDED",
        },
        **copy.deepcopy(data or {}),
    }
    item = {key: known["submission"][key] for key in ("applicants", "email", "substance") if key in known["submission"]}
    known.setdefault("item", item)
    return Case(
        number="А-2026-0001",
        process="appeal",
        data=known,
        now=datetime.fromisoformat(now).replace(tzinfo=ZONE),
        actor=people(actor)[0],
        terms=CaseTerms(terms),
        participants={group: people(*logins) for group, logins in (groups or {}).items()},
        registers=_registers(registers or {}),
        forms=form,
    )


@cache
def form(stem: str) -> Mapping[str, Any]:
    """Return the schema of a shipped form."""
    found: Mapping[str, Any] = json.loads((PROCESSES / "forms" / f"{stem}.json").read_text(encoding="utf-8"))
    return found


def _registers(own: Mapping[str, Sequence[Mapping[str, Any]]]) -> Callable[[str], Sequence[Mapping[str, Any]]]:
    def rows(name: str) -> Sequence[Mapping[str, Any]]:
        if name in own:
            return own[name]
        if name == "person":
            found: Sequence[Mapping[str, Any]] = _organisation()["people"]
            return found
        return list(_organisation()["registers"].get(name, ()))

    return rows
