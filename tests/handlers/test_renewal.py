"""Recertification: the invitation, a late application, the plan, the end of the term, extension of the scope."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import decision
from handlers.extension import classified, controlled, open_control
from handlers.extension import requested as extension_requested
from handlers.preliminary import conclude, offered, register, visited
from handlers.renewal import accept, applied, close_window, expire, grant, invite, planned, stay
from tests.handlers.certification_case import a_case, application, code_of
from tests.handlers.test_reissue import REGISTERS, ROW

HELD = {
    "number": "СМ.2026.0001",
    "holder": "ТОО «Кентау-Бетон»",
    "bin": "180540012345",
    "scope": "Бетон",
    "codes": ["16"],
    "standards": ["ISO 9001"],
    "expires_on": "2026-01-31",
    "issued_on": "2023-02-01",
    "text": "СМ.2026.0001",
}
CONTROL = {"audit": "Контроль 2025", "held_on": "14.02.2025", "result": "Соответствует", "elements": ["4", "5", "6"]}
START = {"surveillance": [CONTROL | {"all_sites": True}]}
RENEWAL = {
    "surveillance": [{"audit": "Контроль 2025"}],
    "gaps": [{"element": "10"}],
    "eve": "2026-01-30",
    "window_until": "2026-07-31",
}


def test_what_no_control_has_seen_is_named_and_the_holder_is_invited_in_time() -> None:
    outcome = invite(a_case({"held": HELD, "recertification": START}, now="2025-10-31T10:00"))

    assert outcome.data["renewal"]["gaps"] == [{"element": each} for each in ("7", "8", "9", "10")]
    assert outcome.data["renewal"]["eve"] == "2026-01-30"
    assert outcome.data["renewal"]["window_until"] == "2026-07-31"
    assert [(letter.kind, str(letter.due)) for letter in outcome.letters] == [("recertification_letter", "2025-11-30")]


def test_controls_are_read_from_their_journals() -> None:
    control = {"Сертификат": HELD["number"], "Контроль": "Первый контроль", "Дело": "ИК-1", "Статус": "CONFIRMED"}
    coverage = {"Дело": "ИК-1", "Элементы": ["4", "5", "6", "7", "8", "9"], "Подразделения": ["Завод"]}
    planned_only = {"Сертификат": HELD["number"], "Контроль": "Второй контроль", "Статус": "PLANNED"}
    registers = {"journals/surveillances": [control, planned_only], "journals/coverage": [coverage]}

    renewal = invite(a_case({"held": HELD}, registers=registers)).data["renewal"]

    assert [row["audit"] for row in renewal["surveillance"]] == ["Первый контроль, дело ИК-1"]
    assert renewal["gaps_text"] == "10"


@pytest.mark.parametrize(("registered", "late"), [("2025-11-30", False), ("2025-12-01", True)])
def test_a_late_application_is_accepted_with_a_warning(registered: str, late: bool) -> None:
    values = {"outcome": "apply", "is_number": "KZ-9", "registered_on": registered, "changes": "serious"}

    outcome = accept(a_case({"held": HELD, "recertification_application": values}))

    assert outcome.data["renewal_application"]["late"] is late
    assert outcome.data["renewal_application"]["changes"] is True
    assert [letter.kind for letter in outcome.letters] == (["late_application"] if late else [])


def test_an_application_of_another_bin_is_refused() -> None:
    values = {"outcome": "apply", "signature": "valid", "signer_bin": "180540012345", "registered_on": "2025-11-30"}

    assert code_of(applied, a_case({"held": HELD}), values) is None
    assert code_of(applied, a_case({"held": HELD}), values | {"signer_bin": "990540012345"}) == "REJECTED_SIGNATURE"
    assert code_of(applied, a_case({"held": HELD}), {"outcome": "decline"}) is None


PLAN = {
    "surveillance": [{"audit": "Контроль 2025"}],
    "systems": ["ISO 9001"],
    "coverage": [{"element": "10", "planned_on": "2026-01-12"}],
    "stage1": "no",
    "stage1_reason": "Документы изучены",
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"stage1_reason": ""}, "STAGE1_REASON_MISSING"),
        ({"surveillance": []}, "RESULTS_LEFT_OUT"),
        ({"systems": []}, "SYSTEMS_LEFT_OUT"),
        ({"coverage": [{"element": "10"}]}, "COVERAGE_GAP"),
    ],
)
def test_a_plan_forgets_neither_the_cycle_nor_serious_changes(changes: Any, code: str | None) -> None:
    case = a_case({"held": HELD, "renewal": RENEWAL, "renewal_application": {"changes": True}})

    assert code_of(planned, case, PLAN | changes) == code


@pytest.mark.parametrize(
    ("today", "until", "code"),
    [
        ("2026-01-15", "2029-01-31", None),
        ("2026-01-15", "2029-02-01", "EXPIRY_TOO_LATE"),
        ("2026-06-30", "2029-01-31", None),
        ("2026-08-03", "2029-01-31", "NEW_PROCESS_ONLY"),
    ],
)
def test_a_decision_renews_restores_or_comes_too_late(today: str, until: str, code: str | None) -> None:
    data = {"held": HELD, "renewal": RENEWAL, "act": {"conclusion": "CONFORMING"}, "grading": {"numbers": []}}
    reasons = [{"standard": standard, "clause": "4", "fulfilled": True} for standard in application()["standards"]]
    case = a_case(data, now=f"{today}T10:00", actor="auditor4")

    assert code_of(decision.check, case, {"outcome": "grant", "reasons": reasons, "valid_until": until}) == code


@pytest.mark.parametrize(("decided", "kind"), [("2026-01-31", "recertification"), ("2026-06-30", "restoration")])
def test_the_day_of_the_decision_says_whether_it_renews_or_restores(decided: str, kind: str) -> None:
    data = {"held": HELD, "decision": {"decided_on": decided, "valid_until": "2029-01-31"}}

    assert grant(a_case(data)).data["change"]["kind"] == kind


def test_the_end_of_the_term_ends_the_certificate_and_explains_the_window() -> None:
    ended = {"journals/certificates": [ROW | {"Действует до": HELD["expires_on"]}]}
    case = a_case({"held": HELD, "renewal": RENEWAL}, now="2026-02-01T00:00", registers=ended)
    outcome = expire(case)

    assert outcome.records[0].fields["Статус"] == "EXPIRED"
    assert outcome.letters[0].kind == "certificate_expired"
    assert "31.07.2026" in outcome.letters[0].body
    assert close_window(case).letters[0].kind == "restoration_closed"


def test_what_was_withdrawn_does_not_become_expired() -> None:
    registers = {"journals/certificates": [ROW | {"Статус": "WITHDRAWN"}]}

    records = expire(a_case({"held": HELD, "renewal": RENEWAL}, registers=registers)).records

    assert [record.journal for record in records] == ["works"]


def test_a_holder_without_recertification_learns_until_when_the_certificate_is_valid() -> None:
    case = a_case({"held": HELD, "renewal": RENEWAL}, now="2026-01-15T10:00")

    outcome = stay(case)

    assert outcome.data["renewal_end"]["status"] == "NOT_RENEWED"
    assert [letter.kind for letter in outcome.letters] == ["recertification_ended"]
    assert "31.01.2026" in outcome.letters[0].body
    assert "31.07.2026" in outcome.letters[0].body
    assert outcome.plans == ()


def test_a_recertification_given_up_long_before_the_expiry_is_planned_anew() -> None:
    outcome = stay(a_case({"held": HELD, "renewal": RENEWAL}, now="2025-03-03T10:00"))

    assert [(each.process, each.opens_on.isoformat()) for each in outcome.plans] == [("recertification", "2025-10-31")]


EXTENSION = {
    "certificate": "СМ.2026.0001",
    "origin": "register",
    "is_number": "KZ-1",
    "registered_on": "2026-06-01",
    "signature": "valid",
    "signer_bin": "180540012345",
    "justification": "Новый рынок",
    "added": [{"service": "Плиты", "code": "16"}],
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"justification": " "}, "JUSTIFICATION_MISSING"),
        ({"added": []}, "NEW_SCOPE_MISSING"),
        ({"added": [{"service": " бетон", "code": "16"}]}, "NEW_SCOPE_MISSING"),
        ({"signature": "absent"}, "REJECTED_SIGNATURE"),
    ],
)
def test_an_extension_needs_a_reason_something_new_and_a_signature(changes: Any, code: str | None) -> None:
    case = a_case({}, now="2026-06-01T10:00", registers=REGISTERS)

    assert code_of(extension_requested, case, EXTENSION | changes) == code


def test_a_service_of_another_code_is_never_of_the_same_kind() -> None:
    data = {"extension": EXTENSION, "extension_check": {"new_codes": ["28"]}, "held": HELD}

    assert code_of(classified, a_case(data), {"kind": "same_kind"}) == "KIND_CONTRADICTS"
    assert code_of(classified, a_case(data), {"kind": "new_kind"}) is None
    assert code_of(classified, a_case(data), {"kind": "refuse"}) is None


def test_the_unplanned_control_gets_the_added_scope() -> None:
    data = {"extension": EXTENSION, "extension_check": {"text": "Добавляется: Плиты"}, "held": HELD}

    opened = open_control(a_case(data)).cases[0]

    assert (opened.process, opened.data["added_scope"]) == ("unplanned_control", "Плиты")


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (None, "positive", "CONTROL_UNKNOWN"),
        ("OPEN", "positive", "CONTROL_NOT_FINISHED"),
        ("DECIDED", "positive", "CONTROL_CONTRADICTS"),
        ("DECIDED", "negative", None),
        ("CONFIRMED", "positive", None),
    ],
)
def test_results_of_a_control_are_those_of_its_journal(status: str | None, outcome: str, code: str | None) -> None:
    rows = [{"Дело": "ВК-1", "Сертификат": HELD["number"], "Статус": status}] if status else []
    case = a_case({"held": HELD}, registers={"journals/surveillances": rows})

    assert code_of(controlled, case, {"control_case": "ВК-1", "outcome": outcome}) == code


def test_a_preliminary_assessment_counts_nothing_and_follows_the_agreement() -> None:
    request = {**application(), "received_on": "2026-02-26"}
    data: dict[str, Any] = {
        "preliminary_request": request,
        "preliminary_agreement": {"agreed_on": "2026-02-28"},
        "preliminary_findings": {"visited_on": "2026-03-02", "hours": 6},
        "preliminary_offer": {"assessor": "auditor1"},
        "preliminary_sheet": {"findings": "Закупки: готово"},
        "preliminary_conclusion": {"conclusion": "Готово"},
    }
    case = a_case(data)

    assert register(case).data["application"]["is_number"] == "запрос от 26.02.2026"
    assert code_of(offered, case, {"assessor": "auditor1"}) is None
    assert code_of(offered, case, {"assessor": "auditor2"}) == "COMPETENCE_MISSING"
    assert code_of(visited, case, {"visited_on": "2026-02-27"}) == "AGREEMENT_MISSING"
    assert code_of(visited, case, {"visited_on": "2026-02-28"}) is None
    assert conclude(case).records[0].fields["Дней в счёт аудита"] == 0
