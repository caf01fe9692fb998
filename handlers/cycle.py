"""The cycle of a certificate: when surveillance and recertification are planned, and that nobody plans too late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.steps import Case, Letter, NewCase, Outcome, Record, Refused, guard, step
from handlers.client_file import day, shown
from handlers.held import current
from rules.durations import shift_months
from rules.one_valid import LIVE
from rules.programme import cycle_dates

WORKS = {
    "surveillance_1": "Первый инспекционный контроль",
    "surveillance_2": "Второй инспекционный контроль",
    "recertification": "Ресертификация",
}


def opened(case: Case, *, number: str, decided_on: date, valid_until: date) -> NewCase:
    """Return the case that waits for the dates of a new certificate's cycle.

    Surveillance is planned ten and twenty-two months after the decision, two months before its last day; the letter
    on recertification goes out a month after `preparation_from`, three months before the expiry.
    Source: C L15-19 (C-006); ISO/IEC 17021-1 9.1.3; terms cycle.*
    """
    dates = cycle_dates(decided_on, valid_until)
    data = {
        "certificate": number,
        "holder": case["application.name"],
        "email": case["application.email"],
        "decided_on": decided_on,
        "valid_until": valid_until,
        "surveillance_1_limit": dates.surveillance_1,
        "surveillance_2_limit": dates.surveillance_2,
        "recertification_limit": dates.recertification,
        "preparation_from": shift_months(valid_until, -4),
    }
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
    return NewCase(process="certificate_cycle", data=values)


def _in_time(case: Case, work: str, values: Mapping[str, Any]) -> None:
    limit = case[f"certified.{work}_limit"]
    if values["outcome"] == "planned" and values["planned_on"] > limit:
        raise Refused(
            "PLANNED_TOO_LATE",
            "{work} должен пройти не позже {limit}. Назначьте дату раньше.",
            field="planned_on",
            work=WORKS[work],
            limit=shown(limit),
        )


@guard(refuses=("PLANNED_TOO_LATE",), requirements=("C-006",))
def surveillance_1(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a first surveillance later than twelve months after the decision. Source: C L203 (C-006, C-115)."""
    _in_time(case, "surveillance_1", values)


@guard(refuses=("PLANNED_TOO_LATE",), requirements=("C-006",))
def surveillance_2(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a second surveillance later than twenty-four months after the decision. Source: C L203 (C-006)."""
    _in_time(case, "surveillance_2", values)


@guard(refuses=("PLANNED_TOO_LATE",), requirements=("C-006",))
def recertification(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a recertification that would not end before the expiry. Source: C L253 (C-006, C-144)."""
    _in_time(case, "recertification", values)


@step(requirements=("C-006", "C-143"))
def write_recertification(case: Case) -> Outcome:
    """Write to the holder that the certificate ends and how to apply anew, and open the recertification.

    Reads:   certified; journal `certificates`: nothing is opened for a certificate that is no longer in force
    Writes:  letter recertification_letter; the case `recertification`, which watches the end of the term
    Source:  C L252-253 (C-143, C-144), L255 (C-147)
    """
    latest = shift_months(day(case["certified.valid_until"]), -2)
    body = (
        f"Сертификат {case['certified.certificate']} действует до {shown(case['certified.valid_until'])}. "
        f"Заявку на ресертификацию подайте в ИС не позднее {shown(latest)}; бланк и лист оценки приложены."
    )
    letter = Letter(
        kind="recertification_letter", to=case["certified.email"], subject="Ресертификация", body=body, due=latest
    )
    row = current(case, case["certified.certificate"])
    if row is None or row["Статус"] not in LIVE:
        return Outcome(letters=(letter,))
    data = {"certificate": str(row["_key"]), "origin": "register"}
    return Outcome(letters=(letter,), cases=(NewCase(process="recertification", data=data),))


@step(requirements=("C-006",))
def record(case: Case) -> Outcome:
    """Enter the planned works of the cycle in the journal of cycles. Reads: the three planning forms."""
    works = {
        title: shown(case[f"plan_{work}.planned_on"]) if case.get(f"plan_{work}.planned_on") else "не нужна"
        for work, title in WORKS.items()
    }
    row = Record(
        journal="cycle", key=case["certified.certificate"], fields={"Держатель": case["certified.holder"], **works}
    )
    return Outcome(records=(row,))
