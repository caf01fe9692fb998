"""The act and the closing meeting: the conclusion that the findings allow, signatures, the journal of works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.client_file import (
    APPLICANT,
    LEADER,
    organisation,
    paper,
    refuse,
    refuse_unsigned,
    shown,
    team_titles,
    to_applicant,
    works_row,
)
from handlers.findings import GRADE_NAMES, reckoning, rows_of
from handlers.signatures import demand_signatures
from rules.findings import CONCLUSION_NAMES, Conclusion, conclusion_denied


@guard(refuses=("CONCLUSION_NOT_ALLOWED", "SIGNATURE_MISSING"), requirements=("C-073", "C-074", "C-079"))
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a conclusion that the findings do not give, and observers who have not signed.

    Source:  C L149-150, L158 (C-073, C-074, C-079)
    """
    refuse(case, conclusion_denied(Conclusion(values["conclusion"]), reckoning(case)), field="conclusion")
    refuse_unsigned(values.get("observers", []), "observers")


def _finding_rows(case: Case) -> list[dict[str, str]]:
    return [
        {
            "Номер": row["number"],
            "Значимость": GRADE_NAMES[row["grade"]],
            "Пункт": f"{row['standard']}, {row['clause']}",
            "Описание": row["text"],
        }
        for row in rows_of(case)
    ]


@step(makes=("audit_act",), requirements=("C-004", "C-073", "C-074"))
def draw(case: Case) -> Outcome:
    """Draw up the act for its signers; the leader who wrote it signs it by that.

    Reads:   act (form), act_signers
    Source:  C L149-150 (C-073, C-074)
    """
    number, values = _number(case), case["act"]
    fields: dict[str, Any] = {
        "Номер": number,
        "Результаты": values["results"],
        "Сильные стороны": values["strengths"],
        "Слабые стороны": values["weaknesses"],
        "Несоответствия и уведомления": _finding_rows(case),
        "Раздел 5. Уведомления": _section_five(case),
        "Заключение": CONCLUSION_NAMES[Conclusion(values["conclusion"])],
        "Степень интегрированности": values.get("integration", "Не применимо"),
        "Экземпляры": ["Орган по сертификации", "Организация"],
    }
    observers = [f"{row['name']}, наблюдатель" for row in values.get("observers", [])]
    document = paper(
        case,
        "audit_act",
        f"Акт по аудиту {number}",
        fields,
        [*team_titles(case), *observers, organisation(case)],
        own=LEADER,
        must_sign=(*case.get("act_signers", ()), APPLICANT),
    )
    return Outcome(documents=(document,))


def _number(case: Case) -> str:
    return f"{case.number}-А"


@step(
    writes=("act_register.number", "act_register.date"),
    requirements=("C-074", "C-075", "C-076"),
)
def register(case: Case) -> Outcome:
    """Enter the act that everybody has signed in the journal of works, before the closing meeting.

    Reads:   act_client (form)
    Writes:  act_register  {"number": str, "date": ISO date of the last signature}
    Source:  C L150-151 (C-074 to C-076)
    """
    number, signed_on = _number(case), case["act_client.signed_on"]
    row = works_row(case, "Акт подписан", Акт=number, **{"Дата акта": signed_on})
    return Outcome(data={"act_register": {"number": number, "date": signed_on}}, records=(row,))


def _section_five(case: Case) -> str:
    """The notifications of this audit and, at a control, what became of the earlier ones (C L163, C-085)."""
    earlier = case.get("control_results.section5", "")
    return (_notifications(case) or "нет") + (f". По прежним: {earlier}" if earlier else "")


def _notifications(case: Case) -> str:
    return ", ".join(row["number"] for row in rows_of(case) if row["grade"] == "notification")


@guard(
    refuses=("UNSIGNED_DOCUMENT", "ACT_NOT_SIGNED", "SIGNATURE_MISSING", "CONCLUSION_CHANGED", "DATE_IN_FUTURE"),
    requirements=("C-077", "C-078"),
)
def closing(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a closing meeting before the act, without a signature, or with another conclusion than the act's.

    Source:  C L154-155 (C-077, C-078)
    """
    demand_signatures(case)
    if values["held_on"] < case["act_register.date"]:
        raise Refused("ACT_NOT_SIGNED", "Акт подписан позже этой даты: совещание проводят после акта.", field="held_on")
    if values["held_on"] > case.today.isoformat():
        raise Refused("DATE_IN_FUTURE", "Дата совещания ещё не наступила.", field="held_on")
    refuse_unsigned(values["participants"], "participants")
    if values["preliminary_conclusion"] != case["act.conclusion"]:
        raise Refused(
            "CONCLUSION_CHANGED", "Предварительное заключение отличается от акта.", field="preliminary_conclusion"
        )


@step(writes=("stage2.last_day",), makes=("closing_minutes",), requirements=("C-077", "C-078"))
def record_closing(case: Case) -> Outcome:
    """Draw up the minutes of the closing meeting, findings from significant to negligible.

    Reads:   closing_meeting (form)
    Writes:  stage2.last_day  ISO date of the meeting, from which six months for significant ones are counted
    Source:  C L154-155 (C-077, C-078)
    """
    meeting = case["closing_meeting"]
    document = paper(
        case,
        "closing_minutes",
        "Протокол заключительного совещания",
        {
            "Дата": shown(meeting["held_on"]),
            "Сильные стороны": meeting["strengths"],
            "Слабые стороны": meeting["weaknesses"],
            "Выводы по значимости": _finding_rows(case),
            "Предварительное заключение": CONCLUSION_NAMES[Conclusion(meeting["preliminary_conclusion"])],
            "Участники": [{"Имя": row["name"], "Должность": row["position"]} for row in meeting["participants"]],
        },
        [f"{row['name']}, {row['position']}" for row in meeting["participants"]],
        own=LEADER,
        must_sign=(APPLICANT,),
    )
    letter = to_applicant(
        case,
        "closing_minutes",
        "Протокол заключительного совещания",
        f"Направляем ваш экземпляр протокола заключительного совещания от {shown(meeting['held_on'])}. В нём сильные и "
        "слабые стороны, несоответствия по значимости и предварительное заключение. Окончательное решение примет "
        "эксперт-аудитор, который в аудите не участвовал.",
        encloses=("closing_minutes",),
    )
    return Outcome(data={"stage2": {"last_day": meeting["held_on"]}}, documents=(document,), letters=(letter,))
