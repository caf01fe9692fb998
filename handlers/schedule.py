"""The annual schedule of surveillance: every certificate in force that is due in the year, once or more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import HEAD, head_of_body, name_of, paper, shown
from handlers.held import own
from handlers.holder import is_ended


@step(writes=("schedule_due.rows",), requirements=("C-110",))
def gather(case: Case) -> Outcome:
    """List the controls whose last day is in the year, of certificates that are not withdrawn.

    Reads:   schedule_start (form), journals `surveillances` and `certificates`
    Writes:  schedule_due.rows  rows to plan
    Source:  C L192 (C-110)
    """
    rows = [
        {
            "certificate": row["Сертификат"],
            "holder": row["Держатель"],
            "kind": row["Контроль"],
            "limit_on": row["Не позже"],
        }
        for row in _due(case)
    ]
    return Outcome(data={"schedule_due": {"rows": rows}})


def _due(case: Case) -> list[Mapping[str, Any]]:
    year = str(case["schedule_start.year"])
    ended = {row["_key"] for row in case.registers("journals/certificates") if is_ended(row)}
    return [
        row
        for row in case.registers("journals/surveillances")
        if str(row.get("Не позже", ""))[:4] == year and row["Сертификат"] not in ended
    ]


@guard(refuses=("CERTIFICATE_LEFT_OUT", "PLANNED_TOO_LATE"), requirements=("C-110", "C-115"))
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a schedule that leaves out a certificate, or plans a control after its last day (C-110, C-115)."""
    listed = {(row["certificate"], row["kind"]) for row in values.get("rows", ())}
    left = [row["certificate"] for row in case["schedule_due.rows"] if (row["certificate"], row["kind"]) not in listed]
    if left:
        raise Refused("CERTIFICATE_LEFT_OUT", "В графике нет: {numbers}.", field="rows", numbers=", ".join(left))
    limits = {(row["certificate"], row["kind"]): row["limit_on"] for row in case["schedule_due.rows"]}
    for row in values.get("rows", ()):
        limit = limits.get((row["certificate"], row["kind"]), row["limit_on"])
        if row["planned_on"] > limit:
            raise Refused(
                "PLANNED_TOO_LATE",
                "{work} должен пройти не позже {limit}. Назначьте дату раньше.",
                field="rows",
                work=f"{row['kind']}, {row['certificate']}",
                limit=shown(limit),
            )


@step(requirements=("C-110",))
def record(case: Case) -> Outcome:
    """Draw up the approved schedule and enter its dates in the journal of surveillance. Source: C L192 (C-110)."""
    rows, year = case.get("schedule.rows", []), case["schedule_start.year"]
    planned = {(row["certificate"], row["kind"]): row for row in rows}
    records = [
        Record(
            journal="surveillances",
            key=row["_key"],
            fields={
                **own(row),
                "По графику": found["planned_on"],
                "Руководитель группы": name_of(case, found["leader"]),
            },
        )
        for row in _due(case)
        if (found := planned.get((row["Сертификат"], row["Контроль"])))
    ]
    lines = [
        {
            "Сертификат": row["certificate"],
            "Держатель": row["holder"],
            "Контроль": row["kind"],
            "Дата": shown(row["planned_on"]),
            "Не позже": shown(row["limit_on"]),
            "Руководитель группы": name_of(case, row["leader"]),
        }
        for row in rows
    ]
    approved = Record(journal="schedules", key=str(year), fields={"Дело": case.number, "Сертификатов": len(rows)})
    document = paper(
        case,
        "surveillance_schedule",
        f"График инспекционного контроля, {year}",
        {"Контроль": lines},
        (head_of_body(case),),
        own=HEAD,
    )
    return Outcome(documents=(document,), records=(*records, approved))
