"""The data files as the body ships them, read for the tests of the rules."""

import csv
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

from rules.calendars import Calendar
from rules.terms import ProfileTerms

PROCESSES = Path(__file__).parents[2] / "processes"
PROFILES = tomllib.loads((PROCESSES / "profile.toml").read_text(encoding="utf-8"))["profiles"]


def calendar(name: str) -> Calendar:
    return Calendar.from_rows(name, _rows("calendars", name))


def table(name: str) -> list[dict[str, str]]:
    return _rows("tables", name)


def profile(name: str, **chosen: object) -> ProfileTerms:
    entry = PROFILES[name]
    return ProfileTerms.from_table(
        name, entry, zone=ZoneInfo(entry["zone"]), calendar=calendar(entry["calendar"]), chosen=chosen
    )


def _rows(folder: str, name: str) -> list[dict[str, str]]:
    with (PROCESSES / folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
