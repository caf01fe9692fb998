"""Findings of the audit: grades by two readings, repeated ones, the leader's last word, protocols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import APPLICANT, LEADER, name_of, organisation, paper, refuse, shown, team_titles
from rules.corrective import custody_denied
from rules.findings import (
    CONCLUSION_NAMES,
    Conclusion,
    Escalation,
    Finding,
    Grade,
    Reckoning,
    both_readings,
    escalations,
    grade_denied,
    unaudited_denied,
)

GRADE_NAMES = {
    "significant": "значительное",
    "minor": "незначительное",
    "negligible": "малозначительное",
    "notification": "уведомление",
}
READING_NAMES = {"two_level": "Две степени", "three_level_literal": "Три степени буквально"}
GRADING = tuple(
    f"grading.{name}"
    for name in (
        "total",
        "open",
        "numbers",
        "significant",
        "counted",
        "notifications",
        "needs_leader",
        "refuse_at_once",
        "reading",
        "readings",
        "differ",
        "escalations",
        "escalation_default",
        "positions",
        "proposed_conclusion",
        "grouped",
        "summary",
    )
)


def rows_of(case: Case) -> list[Mapping[str, Any]]:
    """Return the rows of findings, the gravest first, in their order within a grade."""
    order = list(GRADE_NAMES)
    found: Sequence[Mapping[str, Any]] = case.get("findings.rows", [])
    return sorted(found, key=lambda row: order.index(row["grade"]))


def _findings(case: Case, grouped: Sequence[str]) -> list[Finding]:
    return [
        Finding(
            number=row["number"],
            grade=Grade(row["grade"]),
            process=row["process"],
            type=row["type"],
            department=row["department"],
            standard=row["standard"],
            group=f"{row['process']}: {row['type']}" if row["number"] in grouped else "",
        )
        for row in case.get("findings.rows", [])
    ]


def _both(case: Case, grouped: Sequence[str]) -> Mapping[Any, Reckoning]:
    return both_readings(
        _findings(case, grouped),
        limit=int(case.terms.reading("nc.limit")),
        scope=case.terms.reading("nc.count_scope"),
        grouped=case.terms.reading("nc.grouped_count"),
        with_notifications=bool(case.terms.reading("nc.notifications_count")),
    )


def reckoning(case: Case) -> Reckoning:
    """Return what the findings add up to by the reading that holds in this case."""
    both = _both(case, case.get("grading.grouped", []))
    return both[case.get("grading.reading", case.terms.reading("nc.taxonomy"))]


@guard(
    refuses=("SITES_NOT_AUDITED", "EVIDENCE_UNVERIFIED", "ONLY_NOTIFICATION", "NOT_NOTIFICATION", "NUMBER_TWICE"),
    requirements=("C-060", "C-061", "C-063", "C-064", "C-067"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse findings before every site of the sample is audited, or graded against their kind or evidence.

    Refuses: SITES_NOT_AUDITED    a site of the sample is missing
             EVIDENCE_UNVERIFIED  unverified information is no evidence
             ONLY_NOTIFICATION, NOT_NOTIFICATION  the class does not fit the kind
             NUMBER_TWICE         two protocols with one number
    Source:  C L128-141 (C-060 to C-064)
    """
    audited = [row["site"] for row in values["sites_audited"]]
    refuse(case, unaudited_denied(case["sampling.selected"], audited), field="sites_audited")
    rows = values.get("rows", [])
    if len({row["number"] for row in rows}) < len(rows):
        raise Refused("NUMBER_TWICE", "Номера протоколов повторяются. Исправьте номера.", field="rows")
    for row in rows:
        is_potential = row["kind"] == "potential"
        denial = grade_denied(Grade(row["grade"]), is_potential=is_potential, is_verified=row["verified"])
        refuse(case, denial, field="rows")


@step(writes=GRADING, requirements=("C-064", "C-065", "C-067", "C-068", "C-079"))
def grade(case: Case) -> Outcome:
    """Reckon the findings by both readings and propose to raise what repeats.

    Reads:   findings (form); readings nc.*, major.policy
    Writes:  grading  see GRADING; `open` nonconformities that need action, `readings` both side by side,
             `needs_leader` when something repeats or the readings differ
    Source:  C L140-144, L158 (C-063 to C-069, C-079); advisory votes are kept with the row and change nothing
    """
    return Outcome(data={"grading": _grading(case, grouped=[], reading=case.terms.reading("nc.taxonomy"))})


def _grading(case: Case, *, grouped: list[str], reading: str) -> dict[str, Any]:
    both = _both(case, grouped)
    chosen = next(each for name, each in both.items() if name == reading)
    proposals = escalations(_findings(case, grouped), departments=int(case.terms.reading("nc.escalation_departments")))
    rows = rows_of(case)
    open_rows = [row["number"] for row in rows if row["grade"] != "notification"]
    differ = len({each.conclusion for each in both.values()}) > 1
    at_once = case.terms.reading("major.policy") == "immediate_refusal"
    return {
        "total": len(rows),
        "open": len(open_rows),
        "numbers": open_rows,
        "significant": chosen.tally.significant,
        "counted": chosen.tally.counted,
        "notifications": chosen.tally.notifications,
        "needs_leader": bool(proposals) or differ,
        "refuse_at_once": at_once and chosen.conclusion is Conclusion.NOT_CONFORMING,
        "reading": reading,
        "readings": [_reading_row(each) for each in both.values()],
        "differ": differ,
        "escalations": [
            {"process": each.process, "type": each.type, "numbers": list(each.numbers)} for each in proposals
        ],
        "escalation_default": "decline" if proposals else "none",
        "positions": [{"number": row["number"], "agreed": True} for row in rows],
        "proposed_conclusion": chosen.conclusion.value,
        "grouped": grouped,
        "summary": _summary(both.values(), proposals),
    }


def _summary(readings: Iterable[Reckoning], proposals: Iterable[Escalation]) -> str:
    """Both readings and what repeats, a line each, for the leader who decides."""
    lines = [
        f"{READING_NAMES[each.taxonomy]}: значительных {each.tally.significant}, в счёте {each.tally.counted}, "
        f"вывод «{CONCLUSION_NAMES[each.conclusion]}»."
        for each in readings
    ]
    lines += [
        f"Повторяется «{each.type}», {each.process}: {', '.join(each.numbers)} ({', '.join(each.departments)})."
        for each in proposals
    ]
    return "\n".join(lines)


def _reading_row(each: Reckoning) -> dict[str, Any]:
    return {
        "reading": each.taxonomy,
        "significant": each.tally.significant,
        "counted": each.tally.counted,
        "conclusion": CONCLUSION_NAMES[each.conclusion],
    }


@guard(refuses=("ESCALATION_UNANSWERED", "REASON_MISSING"), requirements=("C-068", "C-069"))
def escalate(case: Case, values: Mapping[str, Any]) -> None:
    """Demand an answer to every proposal, and a reason where the leader declines or chooses between readings.

    Source:  C L143-144 (C-068, C-069)
    """
    proposed = bool(case["grading.escalations"])
    if proposed and values["outcome"] == "none":
        raise Refused("ESCALATION_UNANSWERED", "Ответьте на предложение повысить значимость.", field="outcome")
    if not proposed and values["outcome"] != "none":
        raise Refused("ESCALATION_UNANSWERED", "Повторений нет: выберите «повторений нет».", field="outcome")
    if case.terms.reading("nc.escalation") == "automatic" and values["outcome"] == "decline":
        raise Refused("ESCALATION_UNANSWERED", "По действующему прочтению повышение обязательно.", field="outcome")
    if not str(values["reason"]).strip():
        raise Refused("REASON_MISSING", "Напишите обоснование.", field="reason")


@step(writes=GRADING, requirements=("C-067", "C-068", "C-069"))
def settle(case: Case) -> Outcome:
    """Take the leader's final classification into the count. Reads: escalation (form). Source: C L143-144 (C-069)."""
    accepted = case["escalation.outcome"] == "accept"
    grouped = [number for each in case["grading.escalations"] for number in each["numbers"]] if accepted else []
    return Outcome(data={"grading": _grading(case, grouped=grouped, reading=case["escalation.reading"])})


@guard(refuses=("PROTOCOL_MISSING", "VIEWS_MISSING", "CUSTODY_ORDER"), requirements=("C-070", "C-071", "C-072"))
def protocols(case: Case, values: Mapping[str, Any]) -> None:
    """Demand a joint word on each protocol, both views where they differ, and the way of the original in order.

    Source:  C L145-146 (C-070 to C-072)
    """
    said = {row["number"] for row in values["positions"]}
    missing = [row["number"] for row in rows_of(case) if row["number"] not in said]
    if missing:
        raise Refused("PROTOCOL_MISSING", "Не рассмотрены: {numbers}.", field="positions", numbers=", ".join(missing))
    for row in values["positions"]:
        if not row["agreed"] and not (row.get("client_view") and row.get("team_view")):
            raise Refused(
                "VIEWS_MISSING",
                "По {number} нет согласия: запишите позиции обеих сторон.",
                field="positions",
                number=row["number"],
            )
    log: list[str] = []
    ways = {"issued": "issued_on", "signed": "acquainted_on", "with_applicant": "handed_on"}
    for step_name in sorted(ways, key=lambda name: (values[ways[name]], list(ways).index(name))):
        refuse(case, custody_denied(log, step_name), field=ways[step_name])
        log.append(step_name)


@step(makes=("nonconformity_protocol",), requirements=("C-065", "C-067", "C-068", "C-070", "C-071", "C-072"))
def issue_protocols(case: Case) -> Outcome:
    """Draw up the protocols with the views of both sides, and enter each finding in the journal of protocols.

    Reads:   findings, protocols (forms), grading
    Source:  C L140-146 (C-067 to C-072)
    """
    rows = [protocol_row(case, row) for row in rows_of(case)]
    meeting = case["protocols"]
    fields: dict[str, Any] = {
        "Выводы": rows,
        "Два прочтения": [_shown_reading(row) for row in case["grading.readings"]],
        "Решение руководителя группы": case.get("escalation.reason", "Повторений и расхождений нет"),
        "Рассмотрено совместно": f"{meeting['representative']}, {shown(meeting['reviewed_on'])}",
        "Движение оригинала": [
            f"Оформлен руководителем группы {shown(meeting['issued_on'])}",
            f"Заявитель ознакомлен под подпись {shown(meeting['acquainted_on'])}",
            f"Передан заявителю {shown(meeting['handed_on'])}",
        ],
    }
    document = paper(
        case,
        "nonconformity_protocol",
        "Протокол о несоответствиях и уведомлениях",
        fields,
        [*team_titles(case, "leader"), organisation(case)],
        own=LEADER,
        must_sign=(APPLICANT,),
    )
    records = [
        Record(journal="protocols", key=f"{case.number}:{row['Номер']}", fields={"Дело": case.number, **row})
        for row in rows
    ]
    return Outcome(documents=(document,), records=records)


def _shown_reading(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Прочтение": READING_NAMES[row["reading"]],
        "Значительных": row["significant"],
        "В счёте": row["counted"],
        "Вывод": row["conclusion"],
    }


def protocol_row(case: Case, row: Mapping[str, Any]) -> dict[str, str]:
    """Return a finding as its protocol and the journal of protocols show it, with the views of both sides."""
    view = next(each for each in case["protocols.positions"] if each["number"] == row["number"])
    raised = row["number"] in case.get("grading.grouped", [])
    return {
        "Номер": row["number"],
        "Значимость": GRADE_NAMES["significant" if raised else row["grade"]],
        "Площадка": row["site"],
        "Подразделение": row["department"],
        "Пункт": f"{row['standard']}, {row['clause']}",
        "Описание": row["text"],
        "Свидетельство": f"{row['evidence']} ({name_of(case, row['verifier'])})",
        "Совещательное мнение": str(row.get("advisory", "—")),
        "Позиции": "Согласовано"
        if view["agreed"]
        else f"Организация: {view['client_view']} Группа: {view['team_view']}",
    }
