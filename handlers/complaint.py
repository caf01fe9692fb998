"""Complaints about applicants and about the body: checks, extension, report, measures, closing.

Source: A 6.1.1, 6.6, 6.7 (A-025 to A-029, A-051 to A-065).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.steps import Case, Letter, Outcome, Record, Refused, guard, step
from handlers.client_file import acting_director, day, name_of, refuse, shown
from handlers.item import CONCLUSION_NAMES, journal_row, paper, signed_now, to_sender
from rules.admissibility import Category, Target, term_of
from rules.complaint_answer import (
    Closure,
    Conclusion,
    Fact,
    closure,
    conclusion_denied,
    extension_denied,
    facts_denied,
    is_justified,
    unsigned_denied,
)
from rules.windows import extension_notice


@guard(refuses=("FACT_UNCHECKED", "CONCLUSION_CONTRADICTS"), requirements=("A-029", "A-057"))
def may_finish(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to finish a complaint about an applicant when the conclusion contradicts the checked facts.

    Refuses: FACT_UNCHECKED, CONCLUSION_CONTRADICTS
    Source:  A 6.1.1, 6.6 (A-029, A-057)
    """
    if values.get("state") == "NEEDS_TIME":
        return
    refuse(case, facts_denied(_facts(values), ()), field="facts")
    refuse(case, conclusion_denied(_facts(values), Conclusion(values["conclusion"])), field="conclusion")


@guard(refuses=("FACT_UNCHECKED", "CONCLUSION_CONTRADICTS"), requirements=("A-029", "A-057", "A-059"))
def may_report(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a commission's report that leaves a planned fact unchecked or contradicts itself.

    Refuses: FACT_UNCHECKED          when a fact of the plan has no check with a result
             CONCLUSION_CONTRADICTS  when conclusion, facts and breach do not agree
    Source:  A 6.7.3, 6.7.5 (A-057, A-059), 6.1.1 (A-029)
    """
    planned = [str(row["fact"]) for row in case.get("check_plan.checks", [])]
    refuse(case, facts_denied(_facts(values), planned), field="facts")
    refused = conclusion_denied(_facts(values), Conclusion(values["conclusion"]), breach=str(values["breach"]))
    refuse(case, refused, field="conclusion")


@step(requirements=("A-051",))
def post_progress(case: Case) -> Outcome:
    """Tell the sender how far the consideration is. Source: A 6.6.1 (A-051)."""
    text = str(case["progress_notice.text"])
    return Outcome(letters=to_sender(case, "progress", f"О ходе рассмотрения {case.number}", text))


@guard(
    refuses=("EXTENSION_NOT_ALLOWED", "EXTENSION_TOO_SHORT", "EXTENSION_TOO_LONG", "LATE_NOTICE"),
    requirements=("A-053",),
)
def may_extend(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an extension that is none, or goes beyond one more month.

    Refuses: EXTENSION_NOT_ALLOWED  for a complaint about the body where the profile allows none
             EXTENSION_TOO_SHORT, EXTENSION_TOO_LONG
             LATE_NOTICE  less than five days before the end, and the director gives no reason for the delay
    Source:  A 6.6.4 (A-053); profile complaint.body_extension, ext.max
    """
    if values["granted"] != "YES":
        return
    if _is_about_body(case) and case.terms.reading("complaint.body_extension") == "none":
        raise Refused("EXTENSION_NOT_ALLOWED", "Срок жалобы на орган не продлевается.", field="granted")
    due = day(case["control.due_on"])
    longest = case.terms.due("ext.max", due).day
    refuse(case, extension_denied(day(values["new_due"]), due, longest), field="new_due")
    last = case.terms.due("ext.notice_before", _ordinary_end(case)).day
    if extension_notice(last, case.today) and not values.get("late_reason"):
        raise Refused(
            "LATE_NOTICE",
            "Уведомить о продлении надо было не позднее {last}. Назовите причину опоздания: она останется в деле.",
            field="late_reason",
            last=shown(last),
        )


@step(
    writes=("control.due_on", "extension_notice.sent_on", "extension_notice.last_day", "extension_notice.flag"),
    requirements=("A-053",),
)
def extend(case: Case) -> Outcome:
    """Tell the sender the reasons and the new term, move the control, flag a notice that comes late.

    Writes:  control.due_on; extension_notice.flag LATE_NOTICE or empty, last_day the day until which it was in time
    Source:  A 6.6.4 (A-053): at least five days before the month ends
    """
    if case["term_extension.granted"] != "YES":
        return Outcome()
    last = case.terms.due("ext.notice_before", _ordinary_end(case)).day
    late = extension_notice(last, case.today)
    new_due = str(case["term_extension.new_due"])
    told = {
        "sent_on": case.today.isoformat(),
        "last_day": last.isoformat(),
        "flag": late.code if late else "",
        "reason": "",
    }
    if late:
        told["reason"] = str(case.get("term_extension.late_reason", "не названа"))
    body = f"Рассмотрение продлено: {case['term_extension.reasons']} Новый срок: {shown(new_due)}."
    fields = {"Обращение": case.number, "Новый срок": new_due, "Уведомлён": case.today.isoformat(), **_flag(told)}
    notice = paper(
        case,
        "extension_notice",
        "Уведомление о продлении срока",
        {"Причины и новый срок": body, **_flag(told)},
        **signed_now(case, acting_director(case)),
    )
    return Outcome(
        data={"control": {"due_on": new_due}, "extension_notice": told},
        documents=[notice],
        letters=to_sender(
            case,
            "extension_notice",
            f"Продлён срок по обращению {case.number}",
            body,
            due=last,
            encloses=("extension_notice",),
        ),
        records=[Record(journal="extensions", key=case.number, fields=fields)],
    )


@step(requirements=("A-057",))
def ask(case: Case) -> Outcome:
    """Ask the sender for what the commission needs. Source: A 6.7.3 (A-057)."""
    last = case.terms.due("complaint.information", case.today).day
    body = f"Комиссия просит сообщить: {case['check_plan.question']} Срок: {shown(last)}."
    return Outcome(letters=to_sender(case, "information_request", f"Нужны сведения по {case.number}", body, due=last))


@step(requirements=("A-052",))
def ask_respondent(case: Case) -> Outcome:
    """Ask whom the complaint is about for an explanation; neither the sender nor the complaint itself is named.

    Source: A 6.6.2 (A-052); ISO/IEC 17065 7.13 (confidentiality of the complainant)
    """
    asked = case["respondent_request"]
    last = case.terms.due("complaint.explanation", case.today).day
    body = (
        "Орган по сертификации рассматривает обращение, которое касается вас, и просит объяснить: "
        f"{asked['question']}\n\n"
        f"Ответьте, пожалуйста, не позднее {shown(last)}. Без ответа решение примут по тому, что известно."
    )
    subject = f"Просим объяснений, дело {case.number}"
    return Outcome(
        letters=[Letter(kind="explanation_request", to=asked["email"], subject=subject, body=body, due=last)]
    )


@step(refuses=("REPORT_UNSIGNED",), requirements=("A-058", "A-059"))
def collect_signatures(case: Case) -> Outcome:
    """Go on once every member has signed the report; a special opinion is a paper beside it.

    Refuses: REPORT_UNSIGNED  when a signature is missing
    Source:  A 6.7.4, 6.7.5 (A-058, A-059)
    """
    signatures = case.get("complaint_report_signature", [])
    members = case.members("commission_member")
    refused = unsigned_denied(members, {str(row["by"]) for row in signatures})
    if refused:
        raise Refused(refused.code, refused.template, **refused.facts)
    opinions = [
        paper(
            case,
            "special_opinion",
            f"Особое мнение: {name_of(case, str(row['by']))}",
            {"Мнение": row["opinion"]},
            signers=(f"{name_of(case, str(row['by']))}, член комиссии",),
        )
        for row in signatures
        if row.get("opinion")
    ]
    return Outcome(documents=opinions)


@step(writes=("conclusion.result", "conclusion.justified"), requirements=("A-027", "A-029", "A-059"))
def conclude(case: Case) -> Outcome:
    """State whether the complaint is justified and enter it into the journal.

    Reads:   complaint_report.conclusion, else complaint_findings, else complaint_check
    Writes:  conclusion.result, conclusion.justified (also when partly)
    Source:  A 6.1.1, 6.7.5 (A-027, A-029, A-059)
    """
    result = next(
        str(case[f"{form}.conclusion"])
        for form in ("complaint_report", "complaint_findings", "complaint_check")
        if case.get(f"{form}.conclusion")
    )
    justified = is_justified(Conclusion(result))
    row = journal_row(case, "UNDER_CONSIDERATION", Обоснована=justified, Вывод=CONCLUSION_NAMES[result])
    return Outcome(data={"conclusion": {"result": result, "justified": justified}}, records=[row])


@step(requirements=("A-027", "A-028"))
def file_measures(case: Case) -> Outcome:
    """Enter cause, measures and change into the journal of improvements, from which the staff digest is taken.

    Source: A 6.1.1 item 9 (A-027, A-028)
    """
    found = case["complaint_measures"]
    fields = {
        "Жалоба": case.number,
        "Коренная причина": found["root_cause"],
        "Меры": [str(row["action"]) for row in found["measures"]],
        "Выполнено мер": sum(bool(row.get("done_on")) for row in found["measures"]),
        "Определены": case.today.isoformat(),
        "Что изменено": found["what_changed"],
        "Вывод": CONCLUSION_NAMES[str(case["conclusion.result"])],
    }
    return Outcome(records=[Record(journal="improvements", key=str(found["reference"]), fields=fields)])


@step(writes=("outcome.status",), requirements=("A-064", "A-065"))
def close(case: Case) -> Outcome:
    """Close the complaint by what the sender says of the measures; a sender who disagrees learns how to appeal.

    Reads:   applicant_satisfaction.satisfied (absent after silence), reply_dispatch.*
    Writes:  outcome.status CLOSED_SATISFIED, CLOSED_SILENT or CLOSED_WITH_DISAGREEMENT; UNDER_CONSIDERATION where the
             profile keeps a complaint open for another reply
    Source:  A 6.7.9 (A-064, A-065), profile closure.dissatisfied; the path that leads here requires a sent reply
    """
    said = case.get("applicant_satisfaction.satisfied")
    satisfied = None if said is None else said == "YES"
    if satisfied is False and case.terms.reading("closure.dissatisfied") == "keep_open":
        return _kept_open(case)
    how = closure(satisfied)
    last = case.terms.due("appeal.window", case.today).day
    body = (
        f"Вы не согласны с ответом и вправе подать апелляцию не позднее {shown(last)}; её рассмотрит другая комиссия."
    )
    disagrees = how is Closure.WITH_DISAGREEMENT
    return Outcome(
        data={"outcome": {"status": how.value}},
        records=[journal_row(case, how.value)],
        letters=to_sender(case, "appeal_information", f"Как подать апелляцию: {case.number}", body)
        if disagrees
        else (),
    )


def _kept_open(case: Case) -> Outcome:
    body = "Вы не согласны с ответом. Жалоба остаётся на контроле, мы подготовим ещё один ответ."
    return Outcome(
        data={"outcome": {"status": "UNDER_CONSIDERATION"}},
        records=[journal_row(case, "UNDER_CONSIDERATION", Несогласие=case.today.isoformat())],
        letters=to_sender(case, "kept_open", f"Жалоба {case.number} рассматривается дальше", body),
    )


def _is_about_body(case: Case) -> bool:
    return bool(case.get("resolution.target") == "BODY")


def _ordinary_end(case: Case) -> date:
    """Return the last day of the complaint's own term: fifteen days for the body, a month for an applicant.

    A month for every complaint by the reading complaint.track; counted from what the reading term.start says.
    """
    target = Target.BODY if _is_about_body(case) else Target.APPLICANT
    term = term_of(Category.COMPLAINT, target, track=str(case.terms.reading("complaint.track")))
    return case.terms.due(term, day(case[case.terms.start(term)])).day


def _facts(values: Mapping[str, Any]) -> list[Fact]:
    return [
        Fact(
            fact=str(row["fact"]),
            check=str(row["check"]),
            result=str(row["result"]),
            is_confirmed=row["verdict"] == "CONFIRMED",
        )
        for row in values["facts"]
    ]


def _flag(told: Mapping[str, str]) -> dict[str, str]:
    return {"Отметка": "Уведомление отправлено позже срока"} if told["flag"] else {}
