"""What each other reading of the certification procedure changes, shown beside what the shipped one does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers import (
    audit_plan,
    audit_time,
    certificate,
    control_decision,
    decision,
    held,
    refusal,
    reissue,
    renewal,
    replacement,
    status,
    status_register,
    surveillance_refusal,
    unplanned,
)
from handlers.corrective_actions import mark_late, terminate
from handlers.cycle import opened
from handlers.findings import grade, settle
from handlers.sampling import plan_of
from rules.sampling import Visit
from tests.handlers import (
    test_audit_plan,
    test_audit_time,
    test_corrective_actions,
    test_decision,
    test_refusal,
    test_reissue,
    test_renewal,
)
from tests.handlers.certification_case import a_case, application, code_of, refused_code
from tests.handlers.control_case import a_control, a_status, journal
from tests.handlers.test_certificate_status import UPLOAD, decided
from tests.handlers.test_control_decision import after
from tests.handlers.test_findings import data, finding

Readings = dict[str, Any]


@pytest.mark.parametrize(
    ("readings", "conclusion"),
    [({}, "NOT_CONFORMING"), ({"nc.count_scope": "per_standard"}, "CONFORMING_SUBJECT_TO_CA")],
)
def test_ten_findings_are_counted_in_the_case_or_in_each_standard(readings: Readings, conclusion: str) -> None:
    rows = [finding(str(n), standard="ISO 9001" if n < 5 else "ISO 14001") for n in range(10)]

    grading = grade(a_case(data(*rows), readings=readings)).data["grading"]

    assert grading["proposed_conclusion"] == conclusion


@pytest.mark.parametrize(("readings", "significant"), [({}, 1), ({"nc.grouped_count": "each_separately"}, 2)])
def test_a_raised_group_is_one_significant_or_each_on_its_own(readings: Readings, significant: int) -> None:
    rows = [finding(str(n), type="поставщики", department=where) for n, where in enumerate(("Закупки", "Склад"))]
    graded = grade(a_case(data(*rows), readings=readings)).data
    answer = {"escalation": {"outcome": "accept", "reading": "two_level", "reason": "Повторяется"}}

    settled = settle(a_case(data(*rows) | dict(graded) | answer, readings=readings)).data["grading"]

    assert settled["significant"] == significant


@pytest.mark.parametrize(("readings", "appealable"), [({}, True), ({"termination.appealable": False}, False)])
def test_a_termination_names_the_appeal_only_where_there_is_one(readings: Readings, appealable: bool) -> None:
    signed = {"reason": "Доказательств нет.", "decided_on": "2026-03-04", "delivered_on": "2026-03-04"}
    late = test_corrective_actions.data()
    late |= dict(mark_late(a_case(late)).data) | {"termination": signed}
    case = a_case(late, readings=readings, actor="head")

    assert ("апелляц" in terminate(case).letters[0].body) is appealable


@pytest.mark.parametrize(
    ("readings", "due"),
    [
        # Refused on Thursday 5 March: by calendar days Tuesday 10 after the holiday, by working days Wednesday 11.
        ({"refusal.notice_days": "calendar"}, "2026-03-10"),
        ({"refusal.notice_days": "working"}, "2026-03-11"),
    ],
)
def test_three_days_for_the_refusal_are_calendar_or_working_ones(readings: Readings, due: str) -> None:
    values = test_refusal.DATA | {"refused": test_refusal.DATA["refused"] | {"decided_on": "2026-03-05"}}

    assert str(refusal.notify(a_case(values, readings=readings)).letters[0].due) == due


@pytest.mark.parametrize(("readings", "status_of"), [({}, "APPEALABLE"), ({"refusal.journal": "when_final"}, "")])
def test_a_refusal_is_in_the_journal_at_once_or_when_it_is_final(readings: Readings, status_of: str) -> None:
    case = a_case(test_refusal.DATA, readings=readings)

    row = refusal.notify(case).records[0].fields

    assert row["Статус"] == status_of
    assert bool(row["Решение по результатам"]) is bool(status_of)
    assert refusal.finalise(case).records[0].fields["Статус"] == "FINAL"


HELD_ROW = {
    "_key": "СМ.2025.0003",
    "БИН": "180540012345",
    "Область": application()["scope"],
    "Стандарты": ["ISO 9001"],
    "Статус": "VALID",
    "Действует до": "2028-03-02",
}


@pytest.mark.parametrize(
    ("readings", "status_of", "code"),
    [
        ({}, "VALID", None),
        ({"cert.overlap": "refuse"}, "VALID", "CERTIFICATE_CLASH"),
        ({"cert.overlap": "refuse"}, "WITHDRAWN", None),
    ],
)
def test_a_second_certificate_replaces_the_first_or_is_refused(
    readings: Readings, status_of: str, code: str | None
) -> None:
    registers = {"journals/certificates": [HELD_ROW | {"Статус": status_of}]}
    known = {"act": {"conclusion": "CONFORMING"}, "grading": {"numbers": []}}
    case = a_case(known, readings=readings, registers=registers, actor="auditor4")

    assert code_of(decision.check, case, test_decision.GRANT) == code


@pytest.mark.parametrize(("readings", "last"), [({}, "2029-03-02"), ({"cert.expiry": "day_before"}, "2029-03-01")])
def test_three_years_end_on_the_same_day_or_on_the_day_before(readings: Readings, last: str) -> None:
    case = a_case(test_decision.ORDER, readings=readings, actor="director")

    assert decision.appoint(case).data["decision_draft"]["valid_until"] == last


@pytest.mark.parametrize(("readings", "letters"), [({}, ["stage_one_stale"]), ({"stage1.validity": "P12M"}, [])])
def test_a_stage_one_of_seven_months_ago_is_told_of_or_still_fresh(readings: Readings, letters: list[str]) -> None:
    known = test_audit_plan.DATA | {"plan": test_audit_plan.PLAN, "stage1": {"concluded_on": "2025-08-14"}}

    found = [letter.kind for letter in audit_plan.send(a_case(known, readings=readings)).letters]

    assert [kind for kind in found if kind == "stage_one_stale"] == letters


@pytest.mark.parametrize(
    ("readings", "limit"), [({}, "2028-12-01"), ({"surv.frequency": "rolling_12_months"}, "2028-03-02")]
)
def test_the_second_control_is_due_in_its_calendar_year_or_after_twelve_months(readings: Readings, limit: str) -> None:
    days = {"decided_on": date(2026, 3, 2), "valid_until": date(2029, 3, 2)}

    assert opened(a_case(readings=readings), number="1", **days).data["surveillance_2_limit"] == limit


@pytest.mark.parametrize(
    ("readings", "proposed"), [({}, "SUSPEND"), ({"surv.refusal.first_decision": "WITHDRAW"}, "WITHDRAW")]
)
def test_after_two_letters_the_profile_proposes_what_the_head_decides(readings: Readings, proposed: str) -> None:
    case = a_control({"letter1": {"number": "1", "sent_on": "2026-03-02"}}, readings=readings)

    assert surveillance_refusal.letter(case, which=1).data["refusal_stand"]["proposed"] == proposed


@pytest.mark.parametrize(
    ("readings", "proposed"), [({}, "WITHDRAW"), ({"suspension.choice": "by_actual_time"}, "SUSPEND")]
)
def test_a_plan_longer_than_a_month_withdraws_at_once_or_when_the_month_is_over(
    readings: Readings, proposed: str
) -> None:
    known = after(["significant"], actions_plan={"done_on": "2026-04-10"})  # closed on 27 February

    offer = control_decision.appoint(a_control(known, readings=readings, now="2026-03-20T10:00")).data["control_offer"]
    later = control_decision.appoint(a_control(known, readings=readings, now="2026-03-28T10:00")).data["control_offer"]

    assert (offer["proposed"], later["proposed"]) == (proposed, "WITHDRAW")


NUMBER = "СМ.2025.0007"
UNDER_WAY = {
    **journal("reissues", {"ПФ-1": {"Сертификат": NUMBER, "Статус": "IN_TIME"}}),
    "open_cases": [{"number": "ПФ-1", "process": "reissue"}],
}
REORGANISED = {"outcome": "SUSPEND", "grounds": ["reorganisation"], "due_on": "2026-06-30"}


@pytest.mark.parametrize(
    ("readings", "code"), [({}, "REISSUE_UNDER_WAY"), ({"suspension.reorganisation": "suspend"}, None)]
)
def test_a_reorganisation_that_is_entered_in_time_suspends_nothing(readings: Readings, code: str | None) -> None:
    assert code_of(status.decidable, a_status(readings=readings, registers=UNDER_WAY), REORGANISED) == code


def test_a_late_or_finished_reissue_does_not_stand_in_the_way_of_a_suspension() -> None:
    late = {**UNDER_WAY, **journal("reissues", {"ПФ-1": {"Сертификат": NUMBER, "Статус": "LATE"}})}
    over = {**UNDER_WAY, "open_cases": []}

    assert code_of(status.decidable, a_status(registers=late), REORGANISED) is None
    assert code_of(status.decidable, a_status(registers=over), REORGANISED) is None
    assert code_of(status.decidable, a_status(registers=UNDER_WAY), REORGANISED | {"grounds": ["voluntary"]}) is None


def a_reorganisation(*, late: bool, readings: Readings) -> Any:
    known = {
        "held": {"number": NUMBER, "holder": "ТОО «Кентау-Бетон»", "expires_on": "2029-03-02", "text": NUMBER},
        "reissue": test_reissue.REQUEST | {"reason": "legal_form"},
        "succession": {"submitted_on": "2028-03-30" if late else "2028-03-29"},
        "reissue_check": {"late": late, "text": "Организация реорганизована"},
        "reissue_decision": {"outcome": "refuse", "reasons": "Правопреемство не подтверждено", "is_receipt": "1"},
    }
    return a_case(known, now="2028-04-03T10:00", actor="head", readings=readings)


@pytest.mark.parametrize(
    ("late", "readings", "at_once", "after_refusal"),
    [
        (False, {}, 0, 0),
        (True, {}, 0, 1),
        (False, {"suspension.reorganisation": "suspend"}, 1, 0),
    ],
)
def test_a_reorganisation_asks_about_a_suspension_when_it_was_entered_too_late_or_always(
    late: bool, readings: Readings, at_once: int, after_refusal: int
) -> None:
    case = a_reorganisation(late=late, readings=readings)

    assert len(reissue.assess(case).cases) == at_once
    assert len(reissue.decide(case).cases) == after_refusal


@pytest.mark.parametrize(
    ("readings", "since"), [({}, "2026-03-02T09:05"), ({"withdrawal.effective": "decision"}, "2026-02-27")]
)
def test_a_withdrawal_is_in_force_from_its_entry_or_from_the_decision(readings: Readings, since: str) -> None:
    start = decided("WITHDRAW", decided_on="2026-02-27")

    row = status_register.enter(a_status({"status_upload": UPLOAD}, start=start, readings=readings)).records[0]

    assert row.fields["В силе с"] == since


def test_a_suspension_is_in_force_from_the_decision() -> None:
    start = decided("SUSPEND", decided_on="2026-02-27")

    assert status_register.enter(a_status({"status_upload": UPLOAD}, start=start)).records[0].fields["В силе с"] == (
        "2026-02-27"
    )


DELIVERED = {
    "status_upload": UPLOAD,
    "receipt": {"received_on": "2026-03-06", "received_by": "Б. Оспанов"},
    "receipt_proof": {"text": "организация сама, по личной ссылке (Б. Оспанов)"},
}


@pytest.mark.parametrize(("readings", "since"), [({}, "2026-03-06"), ({"advertising.stop": "decision"}, "2026-03-02")])
def test_advertising_stops_with_the_receipt_or_with_the_decision(readings: Readings, since: str) -> None:
    case = a_status(DELIVERED, start=decided("WITHDRAW"), readings=readings, now="2026-03-06T12:00")

    assert status_register.oblige(case).records[0].fields["С"] == since


@pytest.mark.parametrize(
    ("readings", "until"), [({}, "2031-03-10"), ({"retention": "certificate_validity"}, "2028-03-10")]
)
def test_a_file_is_kept_for_one_more_cycle_or_as_long_as_the_certificate(readings: Readings, until: str) -> None:
    filed = {"status_file": {"index": "05-12", "sheets": 6, "done": True}}
    case = a_status(DELIVERED | filed, start=decided("WITHDRAW"), readings=readings)

    assert status_register.file(case).records[0].fields["Хранить до"] == until


@pytest.mark.parametrize(("readings", "code"), [({}, "EXPIRY_TOO_LATE"), ({"recert.expiry_basis": "decision"}, None)])
def test_a_recertified_term_is_counted_from_the_former_one_or_from_the_decision(
    readings: Readings, code: str | None
) -> None:
    known = {"held": test_renewal.HELD, "renewal": test_renewal.RENEWAL, "act": {"conclusion": "CONFORMING"}}
    case = a_case(known | {"grading": {"numbers": []}}, now="2026-06-30T10:00", actor="auditor4", readings=readings)

    assert code_of(decision.check, case, test_decision.GRANT | {"valid_until": "2029-06-30"}) == code


@pytest.mark.parametrize(
    ("readings", "code"), [({}, None), ({"recert.late_application": "refuse"}, "LATE_APPLICATION")]
)
def test_a_late_application_for_recertification_is_taken_with_a_warning_or_refused(
    readings: Readings, code: str | None
) -> None:
    values = {"outcome": "apply", "signature": "valid", "signer_bin": "180540012345", "registered_on": "2025-12-01"}

    assert code_of(renewal.applied, a_case({"held": test_renewal.HELD}, readings=readings), values) == code


def in_place_of(kind: str, *, scope: str, expires_on: str, decided_on: str, row: Any = None) -> dict[str, Any]:
    signed = {"signature": True, "eds": "ЭЦП"}
    row = row or test_reissue.ROW
    return {
        "held": held.held_of(row),
        "change": {"kind": kind, "decided_on": decided_on, "expires_on": expires_on},
        "certificate": {"scope": scope, "addresses": "Завод: Кентау", "is_number": "ИС-1"},
        "certificate_signature_decider": signed,
        "certificate_signature_head": signed,
    }


@pytest.mark.parametrize(("readings", "number"), [({}, "СМ.2026.0001"), ({"restore.number": "new"}, "СМ.2028.0001")])
def test_a_restored_certificate_keeps_its_number_or_gets_a_new_one(readings: Readings, number: str) -> None:
    ended = test_reissue.ROW | {"Выдан": "2025-03-02", "Действует до": "2028-03-02", "Статус": "EXPIRED"}
    known = in_place_of("restoration", scope="Бетон", expires_on="2031-03-02", decided_on="2028-05-02", row=ended)
    case = a_case(known, now="2028-05-02T10:00", registers={"journals/certificates": [ended]}, readings=readings)

    assert replacement.compose(case).data["certificate"]["number"] == number


@pytest.mark.parametrize(
    ("readings", "number"), [({}, "СМ.2027.0001"), ({"extension.new_kind_number": "keep"}, "СМ.2026.0001")]
)
def test_a_service_of_a_new_kind_gets_a_new_number_or_keeps_the_old_one(readings: Readings, number: str) -> None:
    known = in_place_of("extension_new_kind", scope="Бетон; Кирпич", expires_on="2029-03-02", decided_on="2027-05-03")
    case = a_case(known, now="2027-05-03T10:00", registers=test_reissue.REGISTERS, readings=readings)

    assert replacement.compose(case).data["certificate"]["number"] == number


@pytest.mark.parametrize(("readings", "letters"), [({}, 1), ({"unplanned.notice": False}, 0)])
def test_the_holder_is_told_of_an_unplanned_control_or_surprised(readings: Readings, letters: int) -> None:
    notice = {"number": "1", "sent_on": "2026-03-02", "date_from": "2026-03-04", "date_to": "2026-03-05", "payer": "—"}
    known = {
        "unplanned_notice": notice,
        "control_contract": {"warning": "—"},
        "control_sheet": {"trigger": "Жалоба"},
        "team": {"leader": "auditor1", "members": []},
    }

    assert len(unplanned.notify(a_control(known, readings=readings)).letters) == letters


@pytest.mark.parametrize(("readings", "stage1"), [({}, 2.5), ({"md5.stage1_share": "3/10"}, 2)])
def test_stage_one_takes_a_third_or_three_tenths(readings: Readings, stage1: float) -> None:
    known = {"duration_aspects": test_audit_time.aspects(effective_personnel=100)}  # seven days of ISO 9001

    assert audit_time.compute(a_case(known, readings=readings)).data["audit_time"]["stage1"] == stage1


@pytest.mark.parametrize(("readings", "count"), [({}, 2), ({"md1.profile": "all_sites"}, 4)])
def test_alike_sites_are_sampled_or_all_visited(readings: Readings, count: int) -> None:
    site = application()["sites"][0]
    sites = [site, *(site | {"name": name, "central": False} for name in ("Север", "Юг", "Запад", "Восток"))]
    case = a_case({"application": application(sites=sites)}, readings=readings)

    assert plan_of(case, Visit.INITIAL, {}).count == count


def test_a_certificate_asks_for_the_signatures_that_the_profile_names() -> None:
    assert refused_code(certificate.issue, a_case({"certificate": {"scope": "Бетон"}})) == "SIGNATURE_MISSING"
