"""Suspension, lifting, withdrawal and reduction of a certificate; unplanned control; the annual schedule."""

from __future__ import annotations

import pytest

from handlers import reduction, schedule, status, status_register, suspension, unplanned
from tests.handlers.certification_case import Data, a_case, code_of, refused_code
from tests.handlers.control_case import START, STATUS, a_control, a_status, journal

UPLOAD: Data = {"entered_on": "2026-03-02", "entered_time": "09:05", "is_receipt": "ИС-1"}


def decided(action: str, **more: object) -> Data:
    """Return the start of a case whose question was decided before."""
    return {"action": action, "decided": True, "decided_on": "2026-03-02", "decided_by": "head", **more}


def test_a_holder_names_what_to_exclude_in_a_letter() -> None:
    values = {**STATUS, "action": "REDUCE", "initiator": "holder", "letter": "21", "excluded": [{"item": "плиты"}]}
    case = a_case(registers={"journals/certificates": ()})

    assert code_of(status.startable, case, values) is None
    assert code_of(status.startable, case, {**values, "letter": ""}) == "LETTER_MISSING"
    assert code_of(status.startable, case, {**values, "excluded": []}) == "EXCLUSIONS_MISSING"


def test_nobody_asks_about_a_withdrawn_certificate() -> None:
    case = a_case(registers=journal("certificates", {"СМ.2025.0007": {"Статус": "WITHDRAWN"}}))

    assert code_of(status.startable, case, STATUS) == "NOT_IN_FORCE"
    assert code_of(unplanned.startable, case, {**START, "trigger": "poor_product"}) == "NOT_IN_FORCE"


def test_a_suspension_lasts_six_months_at_most() -> None:
    case = a_status(now="2026-08-31T10:00")
    values = {"outcome": "SUSPEND", "grounds": ["voluntary"], "due_on": "2027-02-28"}

    assert code_of(status.decidable, case, values) is None
    assert code_of(status.decidable, case, {**values, "due_on": "2027-03-01"}) == "DUE_TOO_LATE"
    assert code_of(status.decidable, case, {**values, "grounds": []}) == "GROUND_MISSING"


@pytest.mark.parametrize("outcome", ["LEAVE", "SUSPEND"])
def test_after_a_missed_term_only_withdrawal_and_reduction_are_offered(outcome: str) -> None:
    assert code_of(status.after_suspension, a_status(), {"outcome": outcome}) == "OUTCOME_NOT_ALLOWED"
    assert code_of(status.after_suspension, a_status(), {"outcome": "WITHDRAW"}) is None


def test_a_decision_is_always_drawn_up() -> None:
    for action, kind in (("SUSPEND", "status_suspend"), ("WITHDRAW", "status_withdraw"), ("REDUCE", "status_reduce")):
        outcome = status.draw_up(a_status(start=decided(action, excluded=[{"item": "плиты"}])))
        assert [document.kind for document in outcome.documents] == [kind]
        assert outcome.documents[0].signers


def test_a_withdrawal_keeps_both_moments_and_cancels_the_works_of_the_cycle() -> None:
    known = journal("certificates", {"СМ.2025.0007": {"Статус": "SUSPENDED", "Область": "Бетон; плиты"}})
    case = a_status({"status_upload": UPLOAD}, start=decided("WITHDRAW"), registers=known)

    outcome = status_register.enter(case)

    row = outcome.records[0].fields
    assert (row["Статус"], row["Прежний статус"]) == ("WITHDRAWN", "SUSPENDED")
    assert (row["Решение от"], row["Внесено в ИС"]) == ("2026-03-02", "2026-03-02T09:05")
    assert outcome.cancels == ["certificate/СМ.2025.0007/", "recertification/СМ.2025.0007/"]


def test_a_withdrawal_also_cancels_what_was_planned_under_a_number_that_was_replaced() -> None:
    old = {"Статус": "CANCELLED", "Заменён на": "СМ.2025.0007"}
    known = journal("certificates", {"СМ.2025.0001": old, "СМ.2025.0007": {"Статус": "VALID"}})

    outcome = status_register.enter(a_status({"status_upload": UPLOAD}, start=decided("WITHDRAW"), registers=known))

    assert [key for key in outcome.cancels if key.startswith("certificate/")] == [
        "certificate/СМ.2025.0007/",
        "certificate/СМ.2025.0001/",
    ]


def test_a_suspension_cancels_nothing() -> None:
    outcome = status_register.enter(a_status({"status_upload": UPLOAD}, start=decided("SUSPEND")))

    assert outcome.records[0].fields["Статус"] == "SUSPENDED"
    assert not outcome.cancels
    assert not outcome.closes


def test_an_entry_lies_between_the_decision_and_now() -> None:
    case = a_status(start=decided("WITHDRAW"), now="2026-03-02T10:00")

    assert code_of(status_register.uploaded, case, UPLOAD) is None
    assert code_of(status_register.uploaded, case, {**UPLOAD, "entered_time": "10:01"}) == "DATE_WRONG"
    assert code_of(status_register.uploaded, case, {**UPLOAD, "entered_on": "2026-03-01"}) == "DATE_WRONG"


def test_advertising_stops_with_the_receipt() -> None:
    data = {
        "receipt": {"received_on": "2026-03-05", "received_by": "Б. Оспанов"},
        "receipt_proof": {"text": "внёс(ла) за организацию Данияр Ахметов, скан приложен"},
    }

    row = status_register.oblige(a_status(data, start=decided("WITHDRAW"))).records[0]

    assert (row.journal, row.fields["С"]) == ("obligations", "2026-03-05")
    assert row.fields["Подтверждение"] == data["receipt_proof"]["text"]


@pytest.mark.parametrize(("action", "place"), [("SUSPEND", "BODY"), ("WITHDRAW", "ARCHIVE")])
def test_a_decision_is_kept_until_after_the_original_expiry(action: str, place: str) -> None:
    data = {"status_file": {"index": "05-12", "sheets": 6}}

    row = status_register.file(a_status(data, start=decided(action))).records[0].fields

    assert (row["Место"], row["Хранить до"]) == (place, "2031-03-10")


def test_whoever_checked_the_evidence_does_not_decide_on_lifting() -> None:
    case = a_status(groups={"verifiers": ["auditor4"], "audit_team": ["auditor1"]})

    assert code_of(suspension.appointable, case, {"person": "auditor4"}) == "NOT_INDEPENDENT"
    assert code_of(suspension.appointable, case, {"person": "auditor1"}) == "NOT_INDEPENDENT"
    assert code_of(suspension.appointable, case, {"person": "auditor6"}) is None


def test_a_reduced_certificate_keeps_number_and_term_and_bears_the_day_of_the_decision() -> None:
    case = a_status(start=decided("REDUCE", excluded=[{"item": "Плиты"}]))
    values = {
        "number": "СМ.2025.0007",
        "issued_on": "2026-03-02",
        "valid_until": "2028-03-10",
        "scope": reduction.draft(case).data["reduced"]["remaining"],
    }

    assert values["scope"] == [{"item": "Бетон"}]
    assert code_of(reduction.check, case, values) is None
    assert code_of(reduction.check, case, {**values, "number": "СМ.2026.0001"}) == "NUMBER_CHANGED"
    assert code_of(reduction.check, case, {**values, "valid_until": "2029-03-10"}) == "EXPIRY_CHANGED"
    assert code_of(reduction.check, case, {**values, "issued_on": "2026-03-03"}) == "ISSUE_DATE"
    assert (
        code_of(reduction.check, case, {**values, "scope": [{"item": "Бетон"}, {"item": "плиты"}]})
        == "SCOPE_NOT_REDUCED"
    )


def test_a_new_application_takes_nothing_over() -> None:
    application = {"name": "ТОО «Кентау-Бетон»", "is_number": "KZ-1"}
    case = a_status({"application": application, "audit_time": {"total": 5}, "findings": {"rows": []}})

    opened = status_register.reapply(case).cases[0]

    assert (opened.process, dict(opened.data)) == ("certification", application)


TRIGGER: Data = {
    **{name: value for name, value in START.items() if name not in ("kind", "limit_on", "decided_on")},
    "trigger": "poor_product",
    "source": "Жалоба 14",
    "received_on": "2026-03-01",
    "facts": "Трещины",
}


def test_an_unplanned_control_warns_of_a_contract_without_the_clause() -> None:
    data = {"control_trigger": TRIGGER, "triage": {"objects": [], "reason": "Значим"}}
    covered = {"Сертификат": "СМ.2025.0007", "Внеплановый контроль": "оговорён", "Статус": "SIGNED"}
    for rows, letters in (({}, 1), ({"1": covered}, 0), ({"1": {**covered, "Внеплановый контроль": "НЕ ОГОВОРЁН"}}, 1)):
        case = a_control({**data}, registers=journal("surveillance_contracts", rows))
        case = a_case(
            {**case.data, "control_sheet": {"trigger": "Жалоба"}}, registers=journal("surveillance_contracts", rows)
        )
        assert len(unplanned.begin(case).letters) == letters


def test_a_request_to_replace_somebody_is_not_applicable_but_ties_are_looked_at_again() -> None:
    data = {
        "team": {"leader": "auditor5"},
        "team_request": {"member": "auditor5", "reason": "Строг", "answered_on": "—"},
    }

    row = unplanned.close_request(a_control(data)).records[0].fields
    assert row["Статус"] == "NOT_APPLICABLE"
    tied = a_control(data, start={"bin": "120340005678"})
    assert refused_code(unplanned.close_request, tied) == "LINKED_TO_PARTY"


def test_the_schedule_lists_every_certificate_in_force_that_is_due() -> None:
    due = {"Сертификат": "А", "Держатель": "—", "Контроль": "Первый", "Не позже": "2027-03-02"}
    journals = {
        **journal("surveillances", {"1": due, "2": {**due, "Сертификат": "Б"}, "3": {**due, "Не позже": "2028-03-02"}}),
        **journal("certificates", {"Б": {"Статус": "WITHDRAWN"}}),
    }
    case = a_case({"schedule_start": {"year": 2027}}, registers=journals)

    rows = schedule.gather(case).data["schedule_due"]["rows"]
    case = a_case({**case.data, "schedule_due": {"rows": rows}}, registers=journals)

    assert [row["certificate"] for row in rows] == ["А"]
    assert code_of(schedule.check, case, {"rows": []}) == "CERTIFICATE_LEFT_OUT"
    assert code_of(schedule.check, case, {"rows": [{**rows[0], "planned_on": "2027-03-03"}]}) == "PLANNED_TOO_LATE"
    assert code_of(schedule.check, case, {"rows": [{**rows[0], "planned_on": "2027-03-02"}]}) is None
