"""Corrective actions: the month after the closing meeting, evidence for every site, marks in item 4, termination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import (
    HEAD,
    LEADER,
    day,
    head_of_body,
    paper,
    refuse,
    sentence,
    shown,
    team_titles,
    to_applicant,
    works_row,
)
from handlers.findings import protocol_row, rows_of
from rules.corrective import (
    Action,
    Arrival,
    SiteEvidence,
    arrival,
    closure_denied,
    custody_denied,
    revisit_denied,
    submission_denied,
    unassessed_sites,
)
from rules.findings import Grade


def open_numbers(case: Case) -> tuple[str, ...]:
    """Return the nonconformities whose correction nobody has verified."""
    if case.get("ca_status.open_numbers") is not None:
        return tuple(case["ca_status.open_numbers"])
    return tuple(case.get("grading.numbers", []))


def _sites(case: Case) -> list[str]:
    return [str(row["name"]) for row in case["application.sites"]]


def _site_evidence(values: Mapping[str, Any]) -> list[SiteEvidence]:
    return [
        SiteEvidence(
            number=row["number"],
            site=row["site"],
            is_applicable=row["applicable"],
            evidence=str(row.get("evidence", "")),
        )
        for row in values["sites"]
    ]


@step(
    writes=("ca_register.numbers", "ca_register.items", "ca_register.sites", "ca_register.marks", "ca_register.due"),
    requirements=("C-066", "C-080", "C-081", "C-085"),
)
def open_register(case: Case) -> Outcome:
    """Ask for corrective actions on every nonconformity, for every site of the scope.

    Reads:   grading.numbers, application.sites, closing_meeting.held_on
    Writes:  ca_register  {"numbers", "items", "sites", "marks": rows to fill in, "due": ISO date}
    Source:  C L142, L159-160, L163 (C-066, C-080, C-081, C-085); term ca.window
    """
    numbers = case["grading.numbers"]
    due = case.terms.due("ca.window", day(case["closing_meeting.held_on"]))
    register = {
        "numbers": numbers,
        "items": [{"number": number} for number in numbers],
        "sites": [{"number": number, "site": site} for number in numbers for site in _sites(case)],
        "marks": [{"number": number} for number in numbers],
        "due": due.day.isoformat(),
    }
    notifications = [row["number"] for row in rows_of(case) if row["grade"] == "notification"]
    body = f"Представьте причины, план, действия и доказательства по {', '.join(numbers)} не позднее {shown(due.day)}."
    if notifications:
        body += f" По уведомлениям {', '.join(notifications)} нужны предупреждающие действия."
    letter = to_applicant(
        case,
        "corrective_actions_request",
        "Корректирующие действия",
        body,
        due=case.today,
        encloses=("nonconformity_protocol",),
    )
    return Outcome(data={"ca_register": register}, letters=(letter,))


@guard(
    refuses=("PROTOCOL_INCOMPLETE", "ACTION_MISSING", "SITES_UNASSESSED", "CUSTODY_ORDER", "DATE_IN_FUTURE"),
    requirements=("C-066", "C-072", "C-080", "C-082"),
)
def submitted(case: Case, values: Mapping[str, Any]) -> None:
    """Accept evidence that says cause, plan and action of each nonconformity, and judges every site.

    Refuses: ACTION_MISSING       a nonconformity has no row
             PROTOCOL_INCOMPLETE  cause, plan or action is empty
             SITES_UNASSESSED     nobody judged whether it applies to a site
             CUSTODY_ORDER        the original came back before it was handed out
    Source:  C L142, L146, L159-161 (C-066, C-072, C-080, C-082)
    """
    if values["submitted_on"] > case.today.isoformat():
        raise Refused("DATE_IN_FUTURE", "Дата представления ещё не наступила.", field="submitted_on")
    numbers = case["ca_register.numbers"]
    missing = [number for number in numbers if number not in {row["number"] for row in values["items"]}]
    if missing:
        raise Refused("ACTION_MISSING", "Нет действий по {numbers}.", field="items", numbers=", ".join(missing))
    refuse(case, submission_denied(_actions(case, values)), field="items")
    left = unassessed_sites(numbers, _sites(case), _site_evidence(values))
    if left:
        raise Refused(
            "SITES_UNASSESSED", "Не оценена применимость к площадкам: {sites}.", field="sites", sites=", ".join(left)
        )
    log = ["issued", "signed", "with_applicant"]
    if values["protocol_returned_on"] < case["protocols.handed_on"]:
        log.pop()
    refuse(case, custody_denied(log, "returned"), field="protocol_returned_on")


def _actions(case: Case, values: Mapping[str, Any]) -> list[Action]:
    grades = {row["number"]: Grade(row["grade"]) for row in rows_of(case)}
    return [
        Action(
            number=row["number"],
            grade=grades.get(row["number"], Grade.MINOR),
            cause=row["cause"],
            plan=row["plan"],
            action=row["action"],
            evidence=row["evidence"],
        )
        for row in values["items"]
    ]


@guard(
    refuses=("SITES_UNASSESSED", "SITES_WITHOUT_EVIDENCE", "NOT_VERIFIED", "REVISIT_DATE", "LATE", "MARK_UNKNOWN",
             "MARK_TWICE"),
    requirements=("C-082", "C-087", "C-088"),
)  # fmt: skip
def assessed(case: Case, values: Mapping[str, Any]) -> None:
    """Accept "sufficient" only with evidence at each applicable site and a mark on each nonconformity.

    Refuses: SITES_WITHOUT_EVIDENCE, NOT_VERIFIED  the evidence does not carry "sufficient"
             REVISIT_DATE, LATE                    the repeat visit is out of its term
             MARK_UNKNOWN, MARK_TWICE              a mark at what was not found, or two at the same
    Source:  C L161, L165-166 (C-082, C-087, C-088); reading revisit.max_days
    """
    _demand_known(case, values.get("marks", ()))
    if values["outcome"] == "insufficient":
        first = arrival(day(case["corrective_actions.submitted_on"]), day(case["ca_register.due"]), case.today)
        days = int(case.terms.reading("revisit.max_days"))
        refuse(case, revisit_denied(first, day(values["visit_on"]), case.today, max_days=days), field="visit_on")
        return
    _demand_closed(case, values["marks"])


@guard(refuses=("MARK_MISSING", "MARK_UNKNOWN", "MARK_TWICE"), requirements=("C-087", "C-088"))
def visited(case: Case, values: Mapping[str, Any]) -> None:
    """Demand one mark on each nonconformity after a repeat visit, done or not done.

    Refuses: MARK_UNKNOWN, MARK_TWICE, MARK_MISSING
    Source:  C L165-166 (C-087, C-088)
    """
    _demand_known(case, values["marks"])
    marked = {row["number"] for row in values["marks"]}
    missing = [number for number in case["ca_register.numbers"] if number not in marked]
    if missing:
        raise Refused("MARK_MISSING", "Нет отметки по {numbers}.", field="marks", numbers=", ".join(missing))


def _demand_known(case: Case, marks: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a mark at a number that the audit did not give, and a second mark that could contradict the first."""
    numbers = [str(row["number"]) for row in marks]
    known = case["ca_register.numbers"]
    for index, number in enumerate(numbers):
        place = f"marks.{index}.number"
        if number not in known:
            raise Refused(
                "MARK_UNKNOWN", "Несоответствия {number} в этом деле нет; есть {known}.",
                field=place, number=number, known=", ".join(known),
            )  # fmt: skip
        if number in numbers[:index]:
            raise Refused("MARK_TWICE", "По {number} две отметки: оставьте одну.", field=place, number=number)


def _demand_closed(case: Case, marks: Sequence[Mapping[str, Any]]) -> None:
    verified = {row["number"] for row in marks if row["completed"]}
    evidence = _site_evidence(case["corrective_actions"])
    refuse(case, closure_denied(case["ca_register.numbers"], _sites(case), evidence, verified), field="marks")


@step(requirements=("C-087",))
def announce_visit(case: Case) -> Outcome:
    """Tell the client's management in writing what is missing and when the repeat visit is. Source: C L165 (C-087)."""
    values = case["evidence_assessment"]
    letter = to_applicant(
        case,
        "repeat_visit",
        "Повторное посещение",
        f"По вашему отчёту мы не смогли подтвердить, что корректирующие действия выполнены: {values['missing']}. "
        "Поэтому "
        f"группа проверит их на месте {shown(values['visit_on'])}. Просим подготовить записи и сопровождающего.",
    )
    return Outcome(letters=(letter,))


@step(
    writes=(
        "ca_status.result",
        "ca_status.open",
        "ca_status.open_numbers",
        "ca_status.marks",
        "ca_status.verified_on",
    ),
    requirements=("C-082", "C-086", "C-088"),
)
def verify(case: Case) -> Outcome:
    """Mark each nonconformity in item 4 of its protocol and count what stays open.

    Reads:   evidence_assessment or repeat_visit (forms)
    Writes:  ca_status  {"result": "VERIFIED" or "OPEN", "open": int, "open_numbers", "marks", "verified_on"}
    Source:  C L164-166 (C-086, C-088); effectiveness is judged at the next surveillance (C-089)
    """
    visited_now = case["evidence_assessment.outcome"] == "insufficient"
    marks = case["repeat_visit.marks"] if visited_now else case["evidence_assessment.marks"]
    left = [row["number"] for row in marks if not row["completed"]]
    leader = team_titles(case, "leader")[0]
    records = [_mark_record(case, row, leader) for row in marks]
    document = paper(
        case,
        "corrective_action_marks",
        "Отметки о выполнении корректирующих действий (п. 4 протокола)",
        {
            "Отметки": [{"Номер": row["number"], "Выполнено": "Да" if row["completed"] else "Нет"} for row in marks],
            "Дата": shown(case.today),
            "Отчёт и записи в ИС": case["corrective_actions.is_receipt"],
            "Повторное посещение": shown(case["repeat_visit.visited_on"]) if visited_now else "Не требовалось",
        },
        (leader,),
        own=LEADER,
    )
    status = {
        "result": "OPEN" if left else "VERIFIED",
        "open": len(left),
        "open_numbers": left,
        "marks": list(marks),
        "verified_on": case.today.isoformat(),
    }
    return Outcome(data={"ca_status": status}, documents=(document,), records=records)


def _mark_record(case: Case, mark: Mapping[str, Any], leader: str) -> Record:
    finding = next(row for row in rows_of(case) if row["number"] == mark["number"])
    fields = {
        "Дело": case.number,
        **protocol_row(case, finding),
        "П. 4 выполнено": "да" if mark["completed"] else "нет",
        "П. 4 дата": case.today.isoformat(),
        "П. 4 отметил": leader,
        "П. 4 результативно": "",
    }
    return Record(journal="protocols", key=f"{case.number}:{mark['number']}", fields=fields)


@step(writes=("ca_status.result", "ca_status.open", "ca_status.open_numbers"), requirements=("C-081", "C-083"))
def mark_late(case: Case) -> Outcome:
    """Say that the evidence did not come within the month. Source: C L160, L162 (C-081, C-083)."""
    numbers = case["ca_register.numbers"]
    return Outcome(data={"ca_status": {"result": "LATE", "open": len(numbers), "open_numbers": numbers}})


@guard(refuses=("LATE",), requirements=("C-081", "C-083"))
def terminable(case: Case, values: Mapping[str, Any]) -> None:
    """Let evidence that staff entered late go on only if it came by the last day. Source: C L160 (C-081)."""
    if values["outcome"] != "in_time":
        return
    due = day(case["ca_register.due"])
    if arrival(day(values["received_on"]), due, case.today) is Arrival.LATE:
        raise Refused("LATE", "Срок истёк {due}: доказательства опоздали.", field="received_on", due=shown(due))


@step(writes=("ca_status.result", "ca_status.open", "ca_status.open_numbers"), requirements=("C-083", "C-084"))
def terminate(case: Case) -> Outcome:
    """End the work for want of evidence and tell the client in writing.

    Reads:   termination (form); reading termination.appealable
    Writes:  ca_status.result "TERMINATED"; document termination_decision; letter termination_notice
    Source:  C L162 (C-083, C-084)
    """
    values = case["termination"]
    appeal = "Решение можно обжаловать в порядке апелляций." if case.terms.reading("termination.appealable") else ""
    document = paper(
        case,
        "termination_decision",
        "Решение о прекращении работ по сертификации",
        {
            "Причина": values["reason"],
            "Срок доказательств истёк": shown(case["ca_register.due"]),
            "Дата решения": shown(values["decided_on"]),
            "Извещение передано": shown(values["delivered_on"]),
            "Возобновление": "Только по новой заявке.",
            "Обжалование": appeal,
        },
        (head_of_body(case),),
        own=HEAD,
    )
    letter = to_applicant(
        case,
        "termination_notice",
        "Прекращение работ по сертификации",
        f"Работы по сертификации прекращены {shown(values['decided_on'])}. Причина: {sentence(values['reason'])} "
        "Возобновить их можно только "
        f"по новой заявке. {appeal}",
        encloses=("termination_decision",),
    )
    status = {**case["ca_status"], "result": "TERMINATED"}
    row = works_row(case, "Работы прекращены", Статус="TERMINATED")
    return Outcome(data={"ca_status": status}, documents=(document,), letters=(letter,), records=(row,))
