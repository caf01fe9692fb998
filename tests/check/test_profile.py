"""A profile or a calendar that would stop pages and cases is refused, with its table, line and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.registry import bindings
from engine.check import Problem, check_set, context_of
from engine.check.named import named_by
from engine.library import read_folder

OURS = read_folder(Path(__file__).parents[2] / "processes")
PROFILE = OURS["profile.toml"].decode()


def judged(text: str, **files: bytes) -> list[Problem]:
    data = {"profile.toml": text.encode(), "calendars/KZ.csv": b"date,kind\n2026-01-01,holiday\n", **files}
    return [one for one in check_set(data, context_of(data, {})) if one.severity == "error"]


SMALL = """[roles.head]
ru = "Глава"
scope = "organisation"
[groups.team]
ru = "Группа"
[process.review]
profile = "P"
prefix = "R"
[profiles.P]
zone = "Asia/Almaty"
calendar = "KZ"
[profiles.P.terms."reply.sent"]
title = "Ответ"
start = "task"
duration = "P5D"
day_type = "working"
roll = "none"
[public]
is_open = true
"""


def test_the_profiles_that_we_ship_and_a_small_one_are_sound() -> None:
    names = {"profile-shape", "calendar-rows"}

    assert judged(SMALL) == []
    assert names.isdisjoint(one.rule for one in check_set(OURS, context_of(OURS, bindings())))


@pytest.mark.parametrize(
    ("before", "after", "element", "line"),
    [
        ('zone = "Asia/Almaty"', 'zone = "Asia/Alma"', "profiles.P", 9),
        ('zone = "Asia/Almaty"', 'zone = "../../etc/passwd"', "profiles.P", 9),
        ('zone = "Asia/Almaty"', "zone = 5", "profiles.P", 9),
        ('zone = "Asia/Almaty"\n', "", "profiles.P", 9),
        ('calendar = "KZ"', 'calendar = "XX"', "profiles.P", 9),
        ('calendar = "KZ"', "calendar = [1]", "profiles.P", 9),
        ('"P5D"', '"soon"', "profiles.P.terms.reply.sent", 12),
        ('"P5D"', '"P999999999D"', "profiles.P.terms.reply.sent", 12),
        ('"P5D"', '"P1M"', "profiles.P.terms.reply.sent", 12),
        ('"P5D"\n', '"-P5D"\nroll = "next_working_day"\n#', "profiles.P.terms.reply.sent", 12),
        ('"working"', '"sunny"', "profiles.P.terms.reply.sent", 12),
        ('roll = "none"', 'roll = "back"', "profiles.P.terms.reply.sent", 12),
        ('start = "task"\n', "", "profiles.P.terms.reply.sent", 12),
        ('title = "Ответ"', "title = 1", "profiles.P.terms.reply.sent", 12),
        ('scope = "organisation"', 'scope = "galaxy"', "roles.head", 1),
        ('ru = "Глава"', "ru = 5", "roles.head", 1),
        ('ru = "Глава"', 'ru = "Глава"\nstand_in = "team"', "roles.head", 1),
        ('ru = "Глава"', 'ru = "Глава"\nstand_in = "head"', "roles.head", 1),
        ('profile = "P"', 'profile = "Q"', "process.review", 6),
        ('prefix = "R"', 'prefix = "../R"', "process.review", 6),
        ("is_open = true", 'is_open = "yes"', "public", 18),
    ],
)
def test_a_fault_is_told_at_its_table(before: str, after: str, element: str, line: int) -> None:
    assert before in SMALL
    text = SMALL.replace(before, after)
    if 'roll = "next_working_day"\n#' in text:
        text = text.replace('day_type = "working"\nroll = "none"\n', "")

    assert [(one.file, one.element, one.line, one.rule) for one in judged(text)] == [
        ("profile.toml", element, line, "profile-shape")
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("roles = 5", "profile-shape"),
        ("[roles]\nhead = 5", "profile-shape"),
        ("[profiles]\nP = 5", "profile-shape"),
        ("[profiles.P]\nterms = 5\nzone = 'UTC'\ncalendar = 'KZ'", "profile-shape"),
        ("[confidentiality]\nroles = 'head'", "profile-shape"),
        ("a = " + "9" * 6000, "profile"),
        ("a = " + "[" * 5000, "too-heavy"),
        ("a = " + "{a=" * 5000, "too-heavy"),
    ],
)
def test_a_profile_of_another_kind_is_a_problem_and_no_trace(text: str, rule: str) -> None:
    assert {one.rule for one in judged(text)} == {rule}


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("date,kind\n2026-01-01,holiday\n2026-02-31,holiday\n", 3),
        ("# source\ndate,kind\n2026-01-01,feast\n", 3),
        ("date,kind\n2026-01-01,holiday\n2026-01-01,working\n", 3),
        ("day,kind\n2026-01-01,holiday\n", 2),
    ],
)
def test_a_calendar_with_a_row_that_is_no_day_is_refused(rows: str, line: int) -> None:
    found = judged(SMALL, **{"calendars/KZ.csv": rows.encode()})

    assert [(one.file, one.line, one.rule) for one in found] == [("calendars/KZ.csv", line, "calendar-rows")]


def test_a_form_with_a_number_of_thousands_of_digits_is_no_json() -> None:
    assert "form-json" in {one.rule for one in judged(SMALL, **{"forms/x.json": b'{"a": ' + b"9" * 5000 + b"}"})}


@pytest.mark.parametrize(
    ("record", "element", "near"),
    [
        ('[exchange.kinds]\naudit_akt = { object = "Акт" }', "exchange.kinds.audit_akt", "audit_act"),
        ('[exchange.journals.certifikates]\nobject = "Запись"', "exchange.journals.certifikates", "certificates"),
    ],
)
def test_what_no_handler_makes_cannot_be_sent_to_the_state_system(record: str, element: str, near: str) -> None:
    data = {**OURS, "profile.toml": f"{PROFILE.partition('[exchange]')[0]}{record}\n".encode()}

    (problem,) = (one for one in check_set(data, context_of(data, bindings())) if one.rule == "exchange-named")

    begins = PROFILE.partition("[exchange]")[0].count("\n") + 1
    assert (problem.file, problem.element, problem.severity) == ("profile.toml", element, "error")
    assert problem.line in (begins, begins + 1)
    assert f"«{near}»" in problem.cure


def test_a_kind_that_a_handler_puts_together_as_it_runs_is_known() -> None:
    named = named_by(bindings())

    assert named.holds("status_suspend")
    assert named.holds("audit_act")
    assert not named.holds("statuses_suspend")
