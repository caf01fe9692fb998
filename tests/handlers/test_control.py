"""Getting a control ready, its programme, and what every control must establish."""

from __future__ import annotations

from datetime import date

import pytest

from handlers import control, control_plan, control_points
from tests.handlers.certification_case import Data, code_of, refused_code
from tests.handlers.control_case import a_control, journal

EARLIER = [
    {"case": "С-1", "number": "НС-1", "kind": "nonconformity"},
    {"case": "С-1", "number": "У-1", "kind": "notification"},
]
SIGNED: Data = {"control_agreement": {"outcome": "agree"}, "control_approval": {"outcome": "approve"}}
PAID: Data = {"prepayment": {"kind": "paid", "document": "ПП 1"}}
POINTS: Data = {
    "closure": "Закрыты",
    "goals": "Достигнуты",
    "customers": "Довольны",
    "audits": "Проведены",
    "elements": ["4"],
    "units": [{"unit": "Завод"}],
}
TEAM: Data = {"team": {"leader": "auditor1", "date_from": "2026-02-26", "date_to": "2026-02-27"}}


def test_the_alarm_of_payment_rings_thirty_days_before_the_last_day() -> None:
    case = a_control()

    def due(term: str, start: str) -> str:
        return case.terms.due(term, date.fromisoformat(case[start])).day.isoformat()

    assert due("surv.limit", "surveillance.eve_of_limit") == "2026-03-10"
    assert due("surv.prepayment_alarm", "surveillance.eve_of_alarm") == "2026-02-08"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({**SIGNED}, "NOT_PREPAID"),
        ({**SIGNED, "prepayment": {"kind": "guarantee"}}, "NOT_PREPAID"),
        ({**PAID, "control_agreement": {"outcome": "agree"}}, "PLAN_NOT_AGREED"),
        ({**PAID, "control_approval": {"outcome": "approve"}}, "PLAN_NOT_AGREED"),
    ],
)
def test_nobody_begins_without_prepayment_and_both_signatures(data: Data, code: str) -> None:
    assert refused_code(control.admit, a_control(data)) == code


def test_a_paid_and_signed_control_begins() -> None:
    assert control.admit(a_control({**PAID, **SIGNED})).records[0].fields["Статус"] == "ADMITTED"


def test_the_dates_of_a_control_lie_before_its_last_day_and_after_the_notice() -> None:
    case = a_control({"control_notice": {"sent_on": "2026-02-02"}})
    values = {"outcome": "agree", "answered_on": "2026-02-03", "date_from": "2026-03-09", "date_to": "2026-03-10"}

    assert code_of(control.dates, case, values) is None
    assert code_of(control.dates, case, {**values, "date_to": "2026-03-11"}) == "DATE_AFTER_LIMIT"
    assert code_of(control.dates, case, {**values, "date_from": "2026-02-01"}) == "DATES_WRONG"
    assert code_of(control.dates, case, {"outcome": "refuse"}) is None


def test_an_overdue_control_is_raised_to_head_and_director() -> None:
    outcome = control.raise_overdue(a_control(now="2026-03-11T00:01"))

    assert len(outcome.letters) == 2
    assert outcome.records[0].fields["Статус"] == "OVERDUE"
    assert outcome.records[0].fields["Просрочен с"] == "2026-03-11"


def test_a_planned_programme_holds_all_eight_objects() -> None:
    every = list(control_plan.OBJECTS)

    assert code_of(control_plan.programme, a_control(), {"objects": every}) is None
    assert code_of(control_plan.programme, a_control(), {"objects": every[1:]}) == "OBJECTS_MISSING"


def test_earlier_findings_come_from_the_start_and_from_the_journal() -> None:
    known = {
        **journal("surveillances", {"k": {"Сертификат": "СМ.2025.0007", "Дело": "ИК-1"}}),
        **journal(
            "protocols",
            {
                "ИК-1:А": {"Дело": "ИК-1", "Номер": "А", "Значимость": "незначительное", "Описание": "—"},
                "С-1:НС-1": {
                    "Дело": "С-1",
                    "Номер": "НС-1",
                    "Значимость": "незначительное",
                    "Описание": "—",
                    "П. 4 результативно": "да",
                },
            },
        ),
    }

    sheet = a_control(start={"earlier": EARLIER}, registers=known)["control_sheet"]

    assert sheet["nonconformities"] == [{"case": "ИК-1", "number": "А"}]
    assert sheet["notifications"] == [{"case": "С-1", "number": "У-1"}]


def test_every_earlier_action_and_notification_is_judged() -> None:
    case = a_control(start={"earlier": EARLIER})
    judged = [{"case": "С-1", "number": "НС-1", "effective": True, "note": "—"}]
    noted = [{"case": "С-1", "number": "У-1", "result": "Весы поверены"}]

    assert code_of(control_points.check, case, POINTS) == "EFFECTIVENESS_MISSING"
    assert code_of(control_points.check, case, {**POINTS, "effectiveness": judged}) == "NOTIFICATION_MISSING"
    assert code_of(control_points.check, case, {**POINTS, "effectiveness": judged, "notifications": noted}) is None


def test_an_environmental_system_answers_for_penalties() -> None:
    case = a_control(start={"standards": ["ISO 14001"]})
    answers = {"ems_legal": "Есть", "ems_policy": "Выполняется", "ems_penalties": "none"}

    assert code_of(control_points.check, case, POINTS) == "EMS_UNANSWERED"
    assert code_of(control_points.check, case, {**POINTS, **answers}) is None


def test_a_changed_integration_asks_for_new_durations() -> None:
    start = {"standards": ["ISO 9001", "ISO 45001"], "integration": "full"}

    assert code_of(control_points.check, a_control(start=start), POINTS) == "INTEGRATION_MISSING"
    for now, changed in (("partial", True), ("full", False)):
        case = a_control({**TEAM, "control_points": {**POINTS, "integration": now}}, start=start)
        assert control_points.record(case).data["control_results"]["integration_changed"] is changed


def test_effectiveness_goes_into_item_four_and_notifications_into_section_five() -> None:
    values = {
        **POINTS,
        "effectiveness": [{"case": "С-1", "number": "НС-1", "effective": False, "note": "Повторилось"}],
        "notifications": [{"case": "С-1", "number": "У-1", "result": "Весы поверены"}],
    }

    outcome = control_points.record(a_control({**TEAM, "control_points": values}, start={"earlier": EARLIER}))

    marks = {row.key: row.fields for row in outcome.records if row.journal == "protocols"}
    assert marks["С-1:НС-1"]["П. 4 результативно"] == "нет"
    assert marks["С-1:У-1"]["Результат уведомления"] == "Весы поверены"
    assert outcome.data["control_results"]["section5"] == "У-1: Весы поверены"
    assert outcome.data["control_results"]["effective"] is False
