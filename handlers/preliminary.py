"""A preliminary assessment: a work of its own before certification, neither audit nor advice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Participant, Record, Refused, guard, step
from handlers.application import need_of
from handlers.client_file import HEAD, head_of_body, name_of, paper, refuse, shown, standards, to_applicant
from rules.competence import evaluation_denied
from rules.impartiality import tie_denied

JOURNAL = "preliminary_assessments"


def _record(case: Case, stage: str, **more: Any) -> Record:
    fields = {
        "Организация": case.get("application.name", case.get("preliminary_request.name", "")),
        "Стандарты": case.get("preliminary_request.standards", []),
        "Запрос": case.get("preliminary_request.received_on", ""),
        "Согласие": case.get("preliminary_agreement.agreed_on", ""),
        "Посещение": case.get("preliminary_findings.visited_on", ""),
        "Часов на месте": case.get("preliminary_findings.hours", 0),
        "Дней в счёт аудита": 0,
        "Стадия": stage,
    }
    return Record(journal=JOURNAL, key=case.number, fields={**fields, **more})


@step(
    writes=(
        "application.name",
        "application.bin",
        "application.address",
        "application.email",
        "application.contact",
        "application.standards",
        "application.codes",
        "application.scope",
        "application.is_number",
        "application.originals",
        "application.account",
    ),
    requirements=("C-006",),
)
def register(case: Case) -> Outcome:
    """Enter the request in a journal of its own.

    Reads:   preliminary_request (start form)
    Writes:  application  who asks, in the words that papers and letters know; journal preliminary_assessments
    Source:  C L15-19 (C-006)
    """
    values = case["preliminary_request"]
    kept = {name: value for name, value in values.items() if name not in ("received_on", "preferred_on")}
    account = values.get("account")
    return Outcome(
        data={"application": {**kept, "is_number": f"запрос от {shown(values['received_on'])}"}},
        records=(_record(case, "Запрос зарегистрирован"),),
        participants=(Participant(group="applicant", login=account),) if account else (),
        replaces=("applicant",),
    )


@guard(refuses=("COMPETENCE_MISSING", "LINKED_TO_PARTY"), requirements=("C-006", "C-037"))
def offered(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an assessor who is not evaluated for the standards, or is tied to the organisation.

    Source:  C L91 (C-037); ISO/IEC 17021-1 5.2 (impartiality)
    """
    competence = case.registers("competence")
    refuse(
        case, evaluation_denied(competence, values["assessor"], "audit", need_of(case), case.today), field="assessor"
    )
    lookback = str(case.terms.reading("conflict.lookback"))
    ties = case.registers("tie")
    tied = tie_denied(ties, values["assessor"], {case["application.bin"]}, case.today, lookback=lookback)
    refuse(case, tied, field="assessor")


@step(writes=("preliminary_sheet.offer",), requirements=("C-037",))
def offer(case: Case) -> Outcome:
    """Send the offer: what is looked at, when, by whom, for how much, and what it is not. Source: C L91 (C-037)."""
    values = case["preliminary_offer"]
    text = (
        f"{shown(values['visit_on'])}, {name_of(case, values['assessor'])}. Содержание: {values['content']}. "
        f"Стоимость: {values['price']} тенге. Это не аудит: в его продолжительность время не входит, советов не даём."
    )
    letter = to_applicant(case, "preliminary_offer", "Предварительная оценка", text)
    return Outcome(
        data={"preliminary_sheet": {"offer": text}},
        letters=(letter,),
        records=(_record(case, "Предложение отправлено"),),
    )


@guard(refuses=("AGREEMENT_MISSING",), requirements=("C-037",))
def visited(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a visit before the day on which the organisation agreed. Source: C L91 (C-037)."""
    agreed = case["preliminary_agreement.agreed_on"]
    if str(values["visited_on"]) < str(agreed):
        raise Refused(
            "AGREEMENT_MISSING",
            "Согласие дано {day}: посещение не может быть раньше.",
            field="visited_on",
            day=shown(agreed),
        )


@step(writes=("preliminary_sheet.offer", "preliminary_sheet.findings"), requirements=("C-037",))
def gather(case: Case) -> Outcome:
    """Put the observations together for the conclusion. Source: C L91 (C-037)."""
    lines = [
        f"{row['area']}, п. {row['clause']}: {row['observation']} ({'готово' if row['ready'] else 'не готово'})"
        for row in case["preliminary_findings.facts"]
    ]
    sheet = {**case["preliminary_sheet"], "findings": "\n".join(lines)}
    return Outcome(data={"preliminary_sheet": sheet}, records=(_record(case, "Посещение проведено"),))


@step(requirements=("C-006", "C-037"))
def conclude(case: Case) -> Outcome:
    """Issue the conclusion; it counts nothing towards an audit and promises nothing.

    Reads:   preliminary_conclusion, preliminary_findings (forms)
    Source:  C L15-19 (C-006), L91 (C-037)
    """
    values = case["preliminary_conclusion"]
    document = paper(
        case,
        "preliminary_conclusion",
        "Заключение предварительной оценки",
        {
            "Стандарты": standards(case),
            "Посещение": shown(case["preliminary_findings.visited_on"]),
            "Провёл": name_of(case, case["preliminary_offer.assessor"]),
            "Наблюдения": case["preliminary_sheet.findings"].splitlines(),
            "Заключение": values["conclusion"],
            "В счёт времени аудита": "0 дней",
            "Консультации": "Не оказывались",
        },
        (head_of_body(case),),
        own=HEAD,
    )
    body = "Направляем заключение предварительной оценки. Оно не заменяет этап 1 и не сокращает аудит."
    letter = to_applicant(
        case, "preliminary_conclusion", "Заключение предварительной оценки", body, encloses=("preliminary_conclusion",)
    )
    return Outcome(documents=(document,), letters=(letter,), records=(_record(case, "Заключение отправлено"),))
