"""A certification case as a handler sees it: the shipped profile, tables, sample people, and the data of one test."""

from __future__ import annotations

import copy
import csv
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from app import sample
from app.terms import CaseTerms
from engine.steps import Case, Person, Refused
from rules.calendars import Calendar
from rules.terms import ProfileTerms

PROCESSES = Path(__file__).parents[2] / "processes"
ZONE = ZoneInfo("Asia/Almaty")
Data = dict[str, Any]


@cache
def _profile() -> Mapping[str, Any]:
    with (PROCESSES / "profile.toml").open("rb") as file:
        found: Mapping[str, Any] = tomllib.load(file)["profiles"]["KZ_PCS"]
    return found


@cache
def _organisation() -> Mapping[str, Any]:
    return sample.read(PROCESSES)


@cache
def _rows(path: str) -> tuple[Mapping[str, str], ...]:
    with (PROCESSES / f"{path}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def application(**changes: Any) -> Data:
    """Return the values of a complete application of one site, changed; a change to None leaves the field out."""
    text = (PROCESSES / "scenarios" / "applications" / "certification-one-site.yaml").read_text(encoding="utf-8")
    values: Data = {**yaml.safe_load(text), **changes}
    return {name: value for name, value in values.items() if value is not None}


def people(*logins: str) -> list[Person]:
    """Return people of the sample organisation."""
    known = {row["login"]: row for row in _organisation()["people"]}
    return [Person(login=each, name=known[each]["name"], roles=frozenset(known[each]["roles"])) for each in logins]


def a_case(
    data: Data | None = None,
    *,
    now: str = "2026-03-02T10:00",
    actor: str = "officer",
    groups: Mapping[str, Sequence[str]] | None = None,
    registers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    readings: Data | None = None,
    process: str = "certification",
) -> Case:
    """Return a case with a complete application unless `data` gives another."""
    calendar = Calendar.from_rows("KZ", _rows("calendars/KZ"))
    terms = ProfileTerms.from_table("KZ_PCS", _profile(), zone=ZONE, calendar=calendar, chosen=readings or {})
    return Case(
        number="С-2026-0001",
        process=process,
        data={"application": application(), **copy.deepcopy(data or {})},
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
        if name.startswith("tables/"):
            return _rows(name)
        if name == "person":
            found: Sequence[Mapping[str, Any]] = _organisation()["people"]
            return found
        return list(_organisation()["registers"].get(name, ()))

    return rows


def code_of(guard: Callable[[Case, Mapping[str, Any]], None], case: Case, values: Mapping[str, Any]) -> str | None:
    """Return the code with which a guard refuses the values, or None when it lets them pass."""
    try:
        guard(case, values)
    except Refused as refused:
        return refused.code
    return None


def refused_code(call: Callable[[Case], object], case: Case) -> str:
    """Return the code with which a step refuses."""
    with pytest.raises(Refused) as caught:
        call(case)
    return caught.value.code
