"""The cycle of a certificate: its controls, its recertification and its end are cases that open by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.steps import Case, NewCase, Outcome, PlannedCase, Record, step
from handlers.client_file import day
from handlers.findings import rows_of
from handlers.held import client_record
from handlers.holder import CONTROL_DAYS, CONTROL_NAMES, certificate_row, details
from handlers.planned import expiry, plan_prefix, reminder
from rules.programme import cycle_dates

WORKS = ("surveillance_1", "surveillance_2")
_PASSED_ON = (
    *("certificate", "holder", "email", "decided_on", "valid_until", "case", "bin", "account", "standards", "codes"),
    *("scope", "sites", "integration", "earlier"),
)
"""What a control is told about its certificate at the start."""


def opened(case: Case, *, number: str, decided_on: date, valid_until: date) -> NewCase:
    """Return the case that plans the works of a new certificate's cycle.

    Source: C L15-19, L203 (C-006, C-115); ISO/IEC 17021-1 9.1.3; reading surv.frequency
    """
    dates = cycle_dates(decided_on, valid_until, frequency=case.terms.reading("surv.frequency"))
    application = case["application"]
    data: dict[str, Any] = {
        "certificate": number,
        "holder": application["name"],
        "email": application["email"],
        "decided_on": decided_on,
        "valid_until": valid_until,
        "surveillance_1_limit": dates.surveillance_1,
        "surveillance_2_limit": dates.surveillance_2,
        "case": case.number,
        **{name: application.get(name) for name in ("bin", "account", "standards", "codes", "sites", "integration")},
        "scope": case.get("certificate.scope", application.get("scope")),
        "earlier": [_earlier(case, row) for row in rows_of(case)],
    }
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items() if value}
    return NewCase(process="certificate_cycle", data=values)


def control_days(case: Case) -> dict[str, Any]:
    """Return the days of a control as the journal of cycles keeps them, none where the time was set by hand."""
    days = case.get("audit_time.surveillance")
    return {CONTROL_DAYS: days} if days else {}


def _earlier(case: Case, row: Mapping[str, Any]) -> dict[str, str]:
    kind = "notification" if row["grade"] == "notification" else "nonconformity"
    return {"case": case.number, "number": row["number"], "kind": kind, "text": row["text"]}


@step(requirements=("C-006", "C-110", "C-115", "C-143", "C-147"))
def plan(case: Case) -> Outcome:
    """Plan the works of the cycle as cases that open by themselves; enter a certificate from before the system.

    Surveillance opens ten and twenty-two months after the decision, two months before its last day, recertification
    three months before the expiry, and the end of the certificate the day after its last day.

    Reads:   certified (start form); terms cycle.surveillance_1 and _2, recert.reminder
    Writes:  planned cases `certificate/<number>/<decision>/<work>`, `recertification/<number>/<decision>` and
             `surveillance_schedule/<year>`, journal `surveillances`, and, for a certificate that the register does
             not know, its row in `certificates`
    Source:  C L192, L203 (C-110, C-115), L252, L255 (C-143, C-147); ISO/IEC 17021-1 9.1.3
    """
    start = case["certified"]
    number, ends = start["certificate"], day(start["valid_until"])
    plans, records = [expiry(number, ends, start["holder"], start["email"])], []
    if case.today <= ends:
        plans.append(reminder(case, number, start["decided_on"], ends))
    for kind in WORKS:
        limit = day(start[f"{kind}_limit"])
        if limit < case.today:
            continue  # a certificate from before the system had this control before it
        planned = _planned(case, kind)
        plans += [planned, _schedule(limit.year)]
        records.append(_row(start, kind, planned.opens_on))
    if certificate_row(case, start["certificate"]) is None:
        records += [_entered(start), client_record(start["certificate"], details(case, start))]
    return Outcome(plans=plans, records=records)


def _planned(case: Case, kind: str) -> PlannedCase:
    start = case["certified"]
    opens_on = case.terms.due(f"cycle.{kind}", day(start["decided_on"])).day + timedelta(days=1)
    data = {name: start[name] for name in _PASSED_ON if name in start}
    return PlannedCase(
        key=f"{plan_prefix(start['certificate'])}{start['decided_on']}/{kind}",
        process="surveillance",
        data={**data, "kind": kind, "limit_on": start[f"{kind}_limit"]},
        opens_on=opens_on,
    )


def _schedule(year: int) -> PlannedCase:
    """The annual schedule, which opens by itself a month before its year; one key for all certificates."""
    opens_on = date(year - 1, 12, 1)
    return PlannedCase(
        key=f"surveillance_schedule/{year}", process="surveillance_schedule", data={"year": year}, opens_on=opens_on
    )


def _row(start: Mapping[str, Any], kind: str, opens_on: date) -> Record:
    fields = {
        "Сертификат": start["certificate"],
        "Держатель": start["holder"],
        "Контроль": CONTROL_NAMES[kind],
        "Не позже": start[f"{kind}_limit"],
        "Откроется": opens_on.isoformat(),
        "Статус": "PLANNED",
    }
    return Record(journal="surveillances", key=f"{start['certificate']}/{start['decided_on']}/{kind}", fields=fields)


def _entered(start: Mapping[str, Any]) -> Record:
    fields = {
        "Дело": start.get("case", "до системы"),
        "Держатель": start["holder"],
        "БИН": start.get("bin", ""),
        "Область": start.get("scope", ""),
        "Стандарты": start.get("standards", []),
        "Коды IAF": start.get("codes", []),
        "Выдан": start["decided_on"],
        "Действует до": start["valid_until"],
        "Статус": "VALID",
    }
    return Record(journal="certificates", key=start["certificate"], fields=fields)
