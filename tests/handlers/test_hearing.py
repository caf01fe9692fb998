"""Admission, materials, hearing and decision of an appeal, at the edges of their days."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.admission import check_window, settle
from handlers.hearing import invite, issue_decision, may_decide, may_record, may_schedule, settle_notice
from handlers.materials import compile as compile_materials
from handlers.materials import deliver, request
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission
from tests.handlers.test_ballots import FOUR, PANEL

SWORN = [{"by": login, "undertaking": "GIVEN"} for login in FOUR]


@pytest.mark.parametrize(("filed", "window"), [("2026-03-10", "ADMITTED"), ("2026-03-11", "LATE")])
def test_an_appeal_is_in_time_up_to_the_working_day_after_the_holidays(filed: str, window: str) -> None:
    # received on 21 February + 15 days = Sunday 8 March, a holiday; the 9th is its substitute
    sent = submission(received_on=filed, decision_received_on="2026-02-21")

    found = check_window(an_item({"submission": sent})).data["admission"]

    assert (found["window"], found["last_day"]) == (window, "2026-03-10")


def test_an_appeal_whose_decision_was_never_delivered_is_in_time() -> None:
    assert check_window(an_item()).data["admission"]["window"] == "ADMITTED"


def test_a_restored_term_admits_a_late_appeal_and_lays_out_its_month() -> None:
    data = {
        "admission": {"window": "LATE", "last_day": "2026-03-01", "outcome": "LATE"},
        "window_restoration": {"restore": "YES", "reason": "Болезнь."},
    }

    outcome = settle(an_item(data, groups={"applicant": ["applicant"]}))

    assert outcome.data["admission"]["outcome"] == "ADMITTED"
    assert outcome.data["plan"]["decision"] == "2026-04-02"
    assert {each.login for each in outcome.participants} == {"applicant", "head"}


@pytest.mark.parametrize(
    ("registered", "commission", "materials", "notice", "decision"),
    [
        # 8 March is a holiday and 9 March its substitute; from 20 to 23 March there are feasts and the days after them
        ("2026-03-03", "10.03.2026", "24.03.2026", "29.03.2026", "03.04.2026"),
        # 2 + 5 days fall on Saturday 7 March; 19 March is a working day
        ("2026-03-02", "10.03.2026", "19.03.2026", "28.03.2026", "02.04.2026"),
        # a leap year: the month from 31 January ends on 29 February
        ("2028-01-31", "07.02.2028", "17.02.2028", "24.02.2028", "29.02.2028"),
    ],
)
def test_the_month_of_an_appeal_is_laid_out_on_paper_over_its_holidays(
    registered: str, commission: str, materials: str, notice: str, decision: str
) -> None:
    data = {"registration": {"registered_on": registered}, "admission": {"window": "ADMITTED", "outcome": "ADMITTED"}}

    (plan,) = settle(an_item(data, now=f"{registered}T10:00")).documents

    days = [row["Не позднее"] for row in plan.fields["Чтобы месяц был соблюдён"]]
    assert (days[1], days[2], days[3], days[4]) == (commission, materials, notice, decision)


def test_the_invitation_to_a_hearing_goes_with_its_agenda_on_paper_signed_by_the_secretary() -> None:
    notice = {"session_on": "2026-03-20", "session_at": "10:00", "place": "Зал", "agenda": [{"item": "Доводы"}]}

    outcome = invite(an_item({"session_notice": notice, **PANEL}, actor="secretary"))

    (paper,) = outcome.documents
    assert paper.fields["Место"] == "10:00, Зал"
    assert paper.signers[0].endswith(", секретарь комиссии")
    assert {letter.encloses for letter in outcome.letters} == {("hearing_invitation",)}


def test_a_late_appeal_is_told_why() -> None:
    data = {
        "admission": {"window": "LATE", "last_day": "2026-03-01", "outcome": "LATE"},
        "window_restoration": {"restore": "NO", "reason": "Причины не названо."},
    }

    outcome = settle(an_item(data))

    assert outcome.data["outcome"] == {"status": "LATE"}
    assert outcome.letters[0].kind == "appeal_late"


def test_both_parties_are_asked_for_information_for_two_weeks() -> None:
    outcome = request(an_item({"information_request": {"to_appellant": "А?", "to_body": "Б?"}}))

    assert outcome.data["information_request"]["due_on"] == "2026-03-16"
    assert len(outcome.letters) == 2
    assert outcome.records[0].fields["В срок"] is True


@pytest.mark.parametrize(("received", "late"), [("2026-03-16", False), ("2026-03-17", True)])
def test_material_after_the_two_weeks_is_kept_and_flagged(received: str, late: bool) -> None:
    rows = [{"title": "Письмо", "source": "APPELLANT", "received_on": received}]
    data = {"information_request": {"due_on": "2026-03-16"}, "case_materials": {"materials": rows, "summary": "Спор"}}

    found = compile_materials(an_item(data)).data["materials"]

    assert (found["rows"][0]["late"], found["has_late"]) == (late, late)


def test_materials_go_only_to_members_who_have_undertaken_confidentiality() -> None:
    data = {**PANEL, "confidentiality_statement": SWORN[:3], "materials": {"rows": [{"title": "Отказ"}]}}

    outcome = deliver(an_item(data))

    assert outcome.data["materials_delivery"]["to"] == ["chair1", *FOUR[:3]]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"session_on": "2026-03-07"}, None),  # five days ahead
        ({"session_on": "2026-03-06"}, "LATE_INVITATION"),
        ({"session_on": "2026-03-06", "short_notice": True}, None),  # the parties are asked whether they agree
        ({"session_on": "2026-03-01"}, "IN_THE_PAST"),
        ({"session_on": "2026-03-02", "short_notice": True}, "IN_THE_PAST"),  # today: nobody could answer before
    ],
)
def test_a_session_is_announced_five_days_ahead_or_the_parties_are_asked_to_waive_them(
    values: dict[str, Any], code: str | None
) -> None:
    assert code_of(may_schedule, an_item(PANEL), values) == code


@pytest.mark.parametrize(
    ("invited", "answers", "may_go_on", "waived"),
    [
        ("2026-03-07", ("CONFIRMED", "CONFIRMED"), True, False),
        ("2026-03-07", (None, None), True, False),  # five days were given: silence does not stop the session
        ("2026-03-08", ("WAIVED", "WAIVED"), True, True),
        ("2026-03-08", ("WAIVED", "CONFIRMED"), False, False),
        ("2026-03-08", ("WAIVED", None), False, False),
        ("2026-03-08", ("WAIVED", "OTHER_DAY"), False, False),
    ],
)
def test_less_than_five_days_need_the_word_of_both_parties(
    invited: str, answers: tuple[str | None, str | None], may_go_on: bool, waived: bool
) -> None:
    said = {
        form: {"answer": answer} if answer else {}
        for form, answer in zip(("appellant_notice", "body_notice"), answers, strict=True)
    }
    case = an_item({**PANEL, **said, "session": {"held_on": "2026-03-12", "invited_on": invited}})

    outcome = settle_notice(case)

    assert outcome.data["session"]["may_go_on"] is may_go_on
    assert outcome.data["session"]["waived"] is waived
    assert bool(outcome.letters) is not may_go_on


PRESENT = [{"person": login} for login in ("chair1", *FOUR)]
RECORD = {
    "outcome": "HELD",
    "present": PRESENT,
    "held_on": "2026-03-12",
    "appellant_heard": "IN_PERSON",
    "body_heard": "DECLINED",
}


def _session(**changes: Any) -> dict[str, Any]:
    return {
        **PANEL,
        "voters": FOUR,
        "session": {"held_on": "2026-03-12", "invited_on": "2026-03-05", "waived": False},
        "confidentiality_statement": SWORN,
        "materials_delivery": {"to": FOUR},
        **changes,
    }


@pytest.mark.parametrize(
    ("data", "values", "now", "code"),
    [
        (_session(), {}, "2026-03-12", None),
        (_session(), {}, "2026-03-11", "TOO_EARLY"),
        (_session(confidentiality_statement=SWORN[:3]), {}, "2026-03-12", "CONFIDENTIALITY_MISSING"),
        (_session(materials_delivery={"to": FOUR[:3]}), {}, "2026-03-12", "MATERIALS_NOT_DELIVERED"),
        (_session(), {"body_heard": ""}, "2026-03-12", "NOT_HEARD"),
        (_session(), {"present": PRESENT[:4]}, "2026-03-12", "NO_QUORUM"),
        (_session(), {"present": PRESENT[1:]}, "2026-03-12", "CHAIR_ABSENT"),
        (_session(), {"outcome": "POSTPONED"}, "2026-03-11", None),  # to postpone needs nothing
    ],
)
def test_a_hearing_needs_its_day_undertakings_materials_and_both_parties(
    data: dict[str, Any], values: dict[str, Any], now: str, code: str | None
) -> None:
    assert code_of(may_record, an_item(data, now=f"{now}T12:00"), RECORD | values) == code


def test_the_deputy_appointed_beforehand_presides_in_place_of_an_absent_chair() -> None:
    data = _session(panel={**PANEL["panel"], "deputy_chair": "lawyer"})
    present = [*PRESENT[1:], {"person": "lawyer"}]

    assert code_of(may_record, an_item(data, now="2026-03-12T12:00"), {**RECORD, "present": present}) is None


def test_a_decision_says_what_was_voted() -> None:
    case = an_item({"votes": {"outcome": "UPHELD"}, "hearing_record": RECORD})

    assert code_of(may_decide, case, {"result": "UPHELD"}) is None
    assert code_of(may_decide, case, {"result": "DISMISSED"}) == "RESULT_MISMATCH"


@pytest.mark.parametrize(("today", "on_time"), [("2026-04-02", True), ("2026-04-03", False)])
def test_the_decision_states_whether_the_month_was_kept(today: str, on_time: bool) -> None:
    decision = {"result": "DISMISSED", "legal_basis": "Пункт 5", "reasoning": "Верно", "operative_part": "Оставить"}
    counted = {"upheld": 1, "partly_upheld": 0, "dismissed": 3, "tie": False}

    outcome = issue_decision(an_item({**PANEL, "appeal_decision": decision, "votes": counted}, now=f"{today}T10:00"))

    assert outcome.data["verdict"]["on_time"] is on_time
    assert "суд" in str(outcome.documents[0].fields["Несогласие"])
