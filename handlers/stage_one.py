"""Stage 1: what the executor asks of the applicant, and the reasoned conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.client_file import OFFICER, is_integrated, name_of, paper, sentence, to_applicant

TOPICS = {
    "familiarisation": "Ознакомление с организацией",
    "processes": "Процессы",
    "outsourcing": "Аутсорсинг",
    "conformity": "Соответствие документов и готовность",
    "integration": "Степень интегрированности",
    "site_conditions": "Размещение и особые условия",
    "status": "Статус заявителя и понимание требований",
    "scope_law": "Область и правовые требования",
    "planning": "Планирование этапа 2",
}

_RESULTS = {"ready": "Готова к этапу 2", "ready_after_revision": "Готова после доработки документов"}


@guard(refuses=("CONCERNS_CONTRADICT", "EXPERT_NOT_EVALUATED"), requirements=("C-035", "C-036", "C-038"))
def analyse(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a conclusion that contradicts its own list of concerns, or an expert without an evaluation.

    Refuses: CONCERNS_CONTRADICT   "ready" with concerns, or "after revision" without any
             EXPERT_NOT_EVALUATED  an expert was involved who has no valid competence for a code of the case
    Source:  C L81 (C-035), L92-93 (C-038)
    """
    for row in values.get("experts", []):
        if not _is_evaluated(case, str(row["person"])):
            raise Refused(
                "EXPERT_NOT_EVALUATED",
                "{name}: нет действующей оценки по кодам этого дела. Привлеките другого эксперта.",
                field="experts",
                name=name_of(case, str(row["person"])),
            )
    if values["next"] == "conclude" and (values["result"] == "ready") == bool(values.get("concerns")):
        raise Refused(
            "CONCERNS_CONTRADICT",
            "Вывод и список проблемных областей противоречат друг другу. Исправьте одно из двух.",
            field="result",
        )


def _is_evaluated(case: Case, login: str) -> bool:
    today = case.today.isoformat()
    return any(
        row["code"] in case.get("application.codes", [])
        and str(row["valid_from"]) <= today <= str(row.get("valid_to") or today)
        for row in case.register("competence", person=login)
    )


@step(requirements=("C-037",))
def request(case: Case) -> Outcome:
    """Ask the applicant for additional information. Source: C L91 (C-037)."""
    return Outcome(
        letters=(
            to_applicant(
                case,
                "stage1_request",
                "Дополнительные сведения для этапа 1",
                f"Чтобы закончить анализ документов (этап 1), просим передать: {sentence(case['stage1.request'])} "
                "Файлы можно загрузить в информационную систему или прислать в ответ на это письмо.",
            ),
        )
    )


@step(requirements=("C-037",))
def propose_visit(case: Case) -> Outcome:
    """Ask the applicant to agree to a preliminary visit. Source: C L91 (C-037)."""
    return Outcome(
        letters=(
            to_applicant(
                case,
                "visit_proposal",
                "Предварительное посещение",
                "Просим вашего согласия на предварительное посещение представителем органа. Цель: "
                f"{sentence(case['stage1.request'])} Посещение не заменяет аудита; без вашего согласия его не будет.",
            ),
        )
    )


@guard(refuses=("AGREEMENT_MISSING",), requirements=("C-037",))
def visit(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a preliminary visit before the day that the client agreed to.

    Refuses: AGREEMENT_MISSING  no agreement is recorded, or the visit was earlier than the agreement
    Source:  C L91 (C-037)
    """
    agreed = case.get("visit_agreement.agreed_on")
    if case.get("visit_agreement.outcome") != "agree" or str(values["visited_on"]) < str(agreed):
        raise Refused(
            "AGREEMENT_MISSING",
            "Посещение возможно только после согласия организации. Запишите сначала её согласие.",
            field="visited_on",
        )


@step(
    writes=("stage_one_result.concerns", "stage_one_result.result", "stage1.concluded_on"),
    requirements=("C-004", "C-036", "C-038", "C-040"),
)
def conclude(case: Case) -> Outcome:
    """Draw up the one conclusion of stage 1 for all standards.

    Reads:   stage1 (form)
    Writes:  stage_one_result  {"concerns": int, "result": "ready" or "ready_after_revision"}
             stage1.concluded_on  ISO date, from which the freshness of stage 1 is counted
    Source:  C L82-93 (C-036, C-038, C-039)
    """
    values = case["stage1"]
    concerns = values.get("concerns", [])
    fields: dict[str, Any] = {title: values["topics"][key] for key, title in TOPICS.items()}
    fields["Проблемные области"] = [
        {"Область": row["area"], "Пункт": row["clause"], "Почему": row["why"]} for row in concerns
    ]
    fields["Технические эксперты"] = [
        f"{name_of(case, row['person'])}: {row['competence']}" for row in values.get("experts", [])
    ]
    fields["Вывод"] = _RESULTS[values["result"]]
    fields["Обоснование"] = values["reasoning"]
    if is_integrated(case):
        fields["Интегрированная система"] = "Да"
    document = paper(
        case,
        "stage1_conclusion",
        "Заключение по анализу документов (этап 1)",
        fields,
        (f"{case.actor.name}, ответственный исполнитель",),
        own=OFFICER,
    )
    letter = to_applicant(
        case,
        "stage1_conclusion",
        "Заключение этапа 1",
        "Направляем заключение по анализу документов (этап 1). "
        + (
            f"Проблемных областей: {len(concerns)}. На этапе 2 они могут стать несоответствиями, поэтому исправьте "
            "их и "
            "пришлите доработанные документы."
            if concerns
            else "Замечаний нет, переходим к этапу 2."
        ),
        encloses=("stage1_conclusion",),
    )
    return Outcome(
        data={
            "stage_one_result": {"concerns": len(concerns), "result": values["result"]},
            "stage1": {**values, "concluded_on": case.today.isoformat()},
        },
        documents=(document,),
        letters=(letter,),
    )
