"""The audit programme of a certification cycle: proposed from the dates of the draft order, checked, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.steps import Case, Outcome, guard, step
from handlers.client_file import HEAD, OFFICER, ROLE_NAMES, answers, day, head_of_body, name_of, paper, refuse, shown
from rules.programme import PROGRAMME, programme_denied

NAMES = {
    "stage_one": "Этап 1",
    "stage_two": "Этап 2",
    "surveillance_1": "Инспекционный контроль, 1-й год",
    "surveillance_2": "Инспекционный контроль, 2-й год",
    "recertification": "Ресертификация",
}
_CONTENT = {
    "stage_one": "Анализ документов системы менеджмента",
    "stage_two": "Сертификационный аудит площадок выборки",
    "surveillance_1": "Часть требований и площадок, прежние несоответствия",
    "surveillance_2": "Остальные требования и площадки, прежние несоответствия",
    "recertification": "Все требования, итоги цикла",
}


@step(writes=("programme_proposal.entries",), requirements=("C-006", "C-031", "C-033"))
def propose(case: Case) -> Outcome:
    """Draw up the head's draft order, and propose the five audits of a cycle with their dates, for people to correct.

    Reads:   draft_order (form; date_from is the first day of stage 2)
    Writes:  programme_proposal.entries  list of {"type", "planned_on", "content"} in order of date
    Source:  C L67, L70-76 (C-031 to C-033); ISO/IEC 17021-1 9.1.3 (surveillance 1 within twelve months of the decision)
    """
    second = day(case["draft_order.date_from"])
    dates = {
        "stage_one": min(case.today, second - timedelta(days=1)),
        "stage_two": second,
        "surveillance_1": second + timedelta(days=330),
        "surveillance_2": second + timedelta(days=695),
        "recertification": second + timedelta(days=1000),
    }
    entries = [{"type": kind, "planned_on": dates[kind].isoformat(), "content": _CONTENT[kind]} for kind in PROGRAMME]
    team = [{"Кто": name_of(case, row["person"]), "Роль": ROLE_NAMES[row["role"]]} for row in case["draft_order.team"]]
    order = paper(
        case,
        "draft_order",
        "Проект приказа о группе аудита",
        {
            "Группа": team,
            "Сроки": f"{shown(case['draft_order.date_from'])} – {shown(case['draft_order.date_to'])}",
        },
        (head_of_body(case),),
        own=HEAD,
    )
    return Outcome(data={"programme_proposal": {"entries": entries}}, documents=(order,))


@guard(refuses=("PROGRAMME_INCOMPLETE", "PROGRAMME_ORDER"), requirements=("C-032", "C-033", "C-034"))
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a programme without each of the five audits, or with dates out of order. Source: C L71-76 (C-033)."""
    entries = [(str(row["type"]), day(row["planned_on"])) for row in values["entries"]]
    refuse(case, programme_denied(entries), field="entries")


@step(requirements=("C-032", "C-033", "C-034"))
def record(case: Case) -> Outcome:
    """Draw up the programme. Reads: programme (form). Source: C L70-77 (C-032, C-034)."""
    entries = [
        {"Аудит": NAMES[row["type"]], "Срок": shown(row["planned_on"]), "Содержание": row["content"]}
        for row in sorted(case["programme.entries"], key=lambda row: str(row["planned_on"]))
    ]
    programme = paper(
        case,
        "audit_programme",
        "Программа аудита на цикл сертификации",
        {"Аудиты": entries, "Что учтено": answers(case, "programme.inputs", "Показатель", "Сведения")},
        (f"{case.actor.name}, ответственный исполнитель",),
        own=OFFICER,
    )
    return Outcome(documents=(programme,))
