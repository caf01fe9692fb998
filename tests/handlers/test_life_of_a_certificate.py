"""Whatever the days, a certificate keeps its number, its dates and its end: checked over many of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.steps import Refused
from handlers import ends, held, replacement
from handlers.cycle import opened, plan
from rules.certificates import full_expiry, recertified_expiry
from rules.durations import last_day
from rules.register import OUTLIVED, State, standing
from tests.handlers.certification_case import a_case, code_of
from tests.handlers.test_one_valid import SIGNED
from tests.handlers.test_reissue import CLIENT, ROW

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2027, 2, 28), date(2028, 2, 29), date(2026, 5, 31), date(2027, 12, 31), date(2032, 2, 29)]
)
MOMENTS = st.integers(0, 2200 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
ACCREDITED = st.dates(date(2025, 9, 1), date(2027, 6, 30)) | st.sampled_from([date(2026, 2, 28), date(2026, 8, 31)])
"""Last days after which the sample body is still accredited for a year."""


@given(
    states=st.lists(
        st.builds(
            State,
            status=st.sampled_from(["VALID", "SUSPENDED", "WITHDRAWN", "EXPIRED", "REPLACED"]),
            decided_at=MOMENTS,
            entered_at=st.none() | MOMENTS,
            valid_until=DAYS,
        ),
        max_size=5,
    ),
    at=MOMENTS,
)
def test_no_status_that_a_term_ends_is_in_force_after_the_last_day(states: list[State], at: datetime) -> None:
    found = standing(states, at)

    last = states[found.place].valid_until if found else None
    assert found is None or found.status not in OUTLIVED or (last is not None and at.date() <= last)


@settings(max_examples=60, deadline=None)
@given(decided=DAYS)
def test_the_works_of_a_cycle_follow_one_another_and_its_end_is_the_day_after_the_last(decided: date) -> None:
    until = full_expiry(decided)
    start = opened(a_case(), number="СМ.2026.0001", decided_on=decided, valid_until=until).data

    plans = plan(a_case({"certified": start}, now=f"{decided}T10:00")).plans

    controls = [each for each in plans if each.process == "surveillance"]
    days = {each.process: each.opens_on for each in plans}
    order = [*(each.opens_on for each in controls), days["recertification"], until, days["certificate_expiry"]]
    assert len(controls) == 2
    assert order == sorted(set(order))
    assert days["certificate_expiry"] == until + timedelta(days=1)
    assert all(each.opens_on < date.fromisoformat(each.data["limit_on"]) < days["recertification"] for each in controls)
    assert date.fromisoformat(controls[0].data["limit_on"]) <= last_day(decided, "P12M")


def renewed(ended: date, decided: date, issued: date, *, status: str) -> Any:
    """Return the certificate that is issued after a positive decision, or the code of the refusal."""
    row = ROW | {"Выдан": last_day(ended, "-P3Y").isoformat(), "Действует до": ended.isoformat(), "Статус": status}
    kind = "recertification" if decided <= ended else "restoration"
    signed = {"signature": True, "eds": "ЭЦП"}
    data = {
        "held": held.held_of(row),
        "change": {
            "kind": kind,
            "decided_on": decided.isoformat(),
            "expires_on": recertified_expiry(ended, decided).isoformat(),
        },
        "certificate": {"scope": "Бетон", "addresses": "Завод: Кентау", "is_number": "ИС-1"},
        "certificate_signature_decider": signed,
        "certificate_signature_head": signed,
    }
    journals = {
        "journals/certificates": [row],
        "journals/certified_clients": [{**CLIENT.fields, "_key": CLIENT.key}],
    }
    now, registers = f"{issued}T10:00", journals | SIGNED
    try:
        data |= replacement.compose(a_case(data, now=now, registers=registers)).data
        replacement.issue(a_case(data, now=now, registers=registers))
    except Refused as refused:
        return refused.code
    return data["certificate"]


@settings(max_examples=60, deadline=None)
@given(ended=ACCREDITED, decides=st.integers(-90, 250), signs=st.integers(0, 60))
def test_a_certificate_comes_back_with_its_number_within_six_months_and_never_later(
    ended: date, decides: int, signs: int
) -> None:
    decided = ended + timedelta(days=decides)
    issued = decided + timedelta(days=signs)
    window = last_day(ended, "P6M")

    found = renewed(ended, decided, issued, status="VALID" if issued <= ended else "EXPIRED")

    if issued > window:
        assert found == "CERTIFICATE_NOT_VALID"
        return
    certificate = found
    assert certificate["number"] == ROW["_key"]
    assert certificate["issued_on"] == issued.isoformat() >= decided.isoformat()
    assert certificate["valid_until"] == last_day(ended, "P3Y").isoformat()


@settings(max_examples=60, deadline=None)
@given(ended=DAYS, after=st.integers(-5, 250), status=st.sampled_from(["VALID", "SUSPENDED"]))
def test_the_day_after_the_last_ends_the_certificate_and_six_months_later_nothing_begins_any_more(
    ended: date, after: int, status: str
) -> None:
    today = ended + timedelta(days=after)
    row = ROW | {"Действует до": ended.isoformat(), "Статус": status}
    start = {"certificate": row["_key"], "valid_until": ended.isoformat(), "holder": "—", "email": "a@b.example"}
    case = a_case({"expiry_start": start}, now=f"{today}T00:00", registers=journals_of(row))

    records = ends.expire(case).records

    assert [record.fields["Статус"] for record in records] == (["EXPIRED"] if after > 0 else [])
    over = a_case(now=f"{today}T10:00", registers=journals_of(row | {"Статус": "EXPIRED"}))
    code = code_of(held.recertifiable, over, {"certificate": row["_key"], "origin": "register"})
    assert (code == "NEW_PROCESS_ONLY") is (today > last_day(ended, "P6M"))


def journals_of(row: dict[str, Any]) -> dict[str, Any]:
    empty = {f"journals/{name}": () for name in ("surveillances", "triggers", "works", "status_questions")}
    return {**empty, "journals/certificates": [row], "open_cases": ()}
