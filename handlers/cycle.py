"""The cycle of a certificate: controls that open by themselves, recertification, and that nobody plans too late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.steps import Case, Letter, NewCase, Outcome, PlannedCase, Record, Refused, guard, step
from handlers.client_file import day, shown
from handlers.findings import rows_of
from handlers.held import client_record, current
from handlers.holder import CONTROL_NAMES, certificate_row, details, gaps, plan_prefix
from rules.durations import shift_months
from rules.one_valid import LIVE
from rules.programme import cycle_dates

WORKS = ("surveillance_1", "surveillance_2")
_PASSED_ON = (
    *("certificate", "holder", "email", "decided_on", "valid_until", "case", "bin", "account", "standards", "codes"),
    *("scope", "sites", "integration", "earlier"),
)
"""What a control is told about its certificate at the start."""


def opened(case: Case, *, number: str, decided_on: date, valid_until: date) -> NewCase:
    """Return the case that plans the works of a new certificate's cycle.

    Surveillance is planned ten and twenty-two months after the decision, two months before its last day; the letter
    on recertification goes out a month after `preparation_from`, three months before the expiry.
    Source: C L15-19 (C-006); ISO/IEC 17021-1 9.1.3; terms cycle.*
    """
    dates = cycle_dates(decided_on, valid_until)
    application = case["application"]
    data: dict[str, Any] = {
        "certificate": number,
        "holder": application["name"],
        "email": application["email"],
        "decided_on": decided_on,
        "valid_until": valid_until,
        "surveillance_1_limit": dates.surveillance_1,
        "surveillance_2_limit": dates.surveillance_2,
        "recertification_limit": dates.recertification,
        "preparation_from": shift_months(valid_until, -4),
        "case": case.number,
        **{name: application.get(name) for name in ("bin", "account", "standards", "codes", "sites", "integration")},
        "scope": case.get("certificate.scope", application.get("scope")),
        "earlier": [_earlier(case, row) for row in rows_of(case)],
    }
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items() if value}
    return NewCase(process="certificate_cycle", data=values)


def _earlier(case: Case, row: Mapping[str, Any]) -> dict[str, str]:
    kind = "notification" if row["grade"] == "notification" else "nonconformity"
    return {"case": case.number, "number": row["number"], "kind": kind, "text": row["text"]}


@step(requirements=("C-006", "C-110", "C-115"))
def plan(case: Case) -> Outcome:
    """Plan the two controls of the cycle as cases that open by themselves; enter a certificate from before the system.

    Reads:   certified (start form); terms cycle.surveillance_1 and _2
    Writes:  planned cases `certificate/<number>/<decision>/<work>` and `surveillance_schedule/<year>`, journal
             `surveillances`, and, for a certificate that the register does not know, its row in `certificates`
    Source:  C L192, L203 (C-110, C-115); ISO/IEC 17021-1 9.1.3
    """
    start = case["certified"]
    plans, records = [], []
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


@step(writes=("cycle_status.in_force", "cycle_status.gaps"), requirements=("C-006", "C-116"))
def look(case: Case) -> Outcome:
    """See whether the certificate is still in force, and what the controls of the cycle left out.

    Writes:  cycle_status  {"in_force": bool, "gaps": elements and units nobody looked at, as text}
    Source:  C L203 (C-116)
    """
    start = case["certified"]
    row = current(case, start["certificate"])
    units = [site["name"] for site in details(case, start)["sites"]]
    left = gaps(case, start["certificate"], start["decided_on"], units)
    status = {"in_force": row is not None and row.get("Статус") in LIVE, "gaps": ", ".join(left)}
    return Outcome(data={"cycle_status": status})


@guard(refuses=("PLANNED_TOO_LATE", "COVERAGE_GAPS"), requirements=("C-006", "C-116"))
def recertification(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a recertification that would not end before the expiry, or that forgets what nobody looked at.

    Source: C L203, L253 (C-006, C-116, C-144)
    """
    if values["outcome"] != "planned":
        return
    limit = case["certified.recertification_limit"]
    if values["planned_on"] > limit:
        raise Refused(
            "PLANNED_TOO_LATE",
            "{work} должен пройти не позже {limit}. Назначьте дату раньше.",
            field="planned_on",
            work="Аудит ресертификации",
            limit=shown(limit),
        )
    left = case.get("cycle_status.gaps", "")
    if left and not str(values.get("gaps_plan", "")).strip():
        raise Refused(
            "COVERAGE_GAPS", "За цикл не проверено: {gaps}. Когда это проверят?", field="gaps_plan", gaps=left
        )


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


@step(requirements=("C-006", "C-116"))
def record(case: Case) -> Outcome:
    """Enter the planned recertification and the coverage of the cycle in the journal of cycles.

    Reads:   plan_recertification (form), cycle_status
    """
    planned_on = case.get("plan_recertification.planned_on")
    fields = {
        "Держатель": case["certified.holder"],
        "Ресертификация": shown(planned_on) if planned_on else "не нужна",
        "Не проверено за цикл": case["cycle_status.gaps"] or "проверено всё",
        "Проверят": case.get("plan_recertification.gaps_plan", ""),
    }
    return Outcome(records=(Record(journal="cycle", key=case["certified.certificate"], fields=fields),))
