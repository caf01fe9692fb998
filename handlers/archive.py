"""The end of every case: originals go back, the file is listed, principles are shown by what proves them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.client_file import paper, shown, works_row

PAPERS = {
    "preliminary_request": "Запрос предварительной оценки",
    "preliminary_agreement": "Согласие на предварительную оценку",
    "preliminary_conclusion": "Заключение предварительной оценки",
    "reissue": "Заявление о переоформлении",
    "succession": "Документы о правопреемстве",
    "reissue_decision": "Решение о переоформлении",
    "application": "Заявка с приложениями",
    "recertification_plan": "План ресертификации",
    "extension_kind": "Анализ заявки на расширение",
    "extension_control": "Результаты внепланового контроля",
    "application_decision": "Решение по заявке",
    "duration_approval": "Расчёт продолжительности и выборки",
    "contract_delivery": "Договор",
    "programme": "Программа аудита",
    "stage1_delivery": "Заключение этапа 1",
    "team_agreement": "Лист согласования группы",
    "order": "Приказ о группе",
    "plan_approval": "План аудита",
    "declaration": "Декларации",
    "opening_meeting": "Протокол вступительного совещания",
    "checklist": "Чек-листы",
    "protocols": "Протоколы несоответствий/уведомлений",
    "act_register": "Акт по аудиту",
    "closing_meeting": "Протокол заключительного совещания",
    "corrective_actions": "Отчёт и записи о корректирующих действиях",
    "termination": "Решение о прекращении работ",
    "report": "Отчёт по аудиту",
    "decider_order": "Приказ о принимающем решение",
    "decision": "Решение о сертификации",
    "extension_decision": "Решение о расширении (Приложение 24)",
    "certificate.entered_on": "Сертификат",
    "delivery": "Извещение об отказе",
    "surveillance_contract": "Договор на инспекционный контроль",
}
"""Key of the case data that shows a paper exists -> the paper, in the order of the list of documents."""

ORIGINALS = {
    "charter": "Учредительные документы",
    "registration": "Справка о государственной регистрации",
    "policy": "Политика и цели",
    "manual": "Руководство по системе менеджмента",
    "process_map": "Перечень и карта процессов",
    "internal_audit": "Отчёт о внутреннем аудите",
    "management_review": "Анализ со стороны руководства",
    "structure": "Организационная структура",
    "legal_register": "Перечень законодательных требований",
}


@step(writes=("closing_list.originals", "closing_list.files"), requirements=("C-012", "C-107"))
def prepare(case: Case) -> Outcome:
    """List the originals to return and the papers to file.

    Reads:   application.originals, every key of PAPERS
    Writes:  closing_list  {"originals": [{"document"}], "files": [{"document", "reference"}]}
    Source:  C L25, L186 (C-012, C-107); reading originals.return (at every end)
    """
    originals = [{"document": ORIGINALS[kind]} for kind in case.get("application.originals", [])]
    files = [
        {"document": title, "reference": f"Дело {case.number}, электронное"}
        for key, title in PAPERS.items()
        if case.get(key) is not None and (key != "termination" or case["termination.outcome"] == "terminate")
    ]
    return Outcome(data={"closing_list": {"originals": originals, "files": files}})


@guard(refuses=("ORIGINAL_NOT_RETURNED", "FILE_INCOMPLETE"), requirements=("C-012", "C-107"))
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to close while an original is not returned or a paper has no place. Source: C L25, L186 (C-012, C-107)."""
    returned = {row["document"] for row in values.get("returns", [])}
    kept = [row["document"] for row in case["closing_list.originals"] if row["document"] not in returned]
    if kept:
        raise Refused("ORIGINAL_NOT_RETURNED", "Не возвращены: {papers}.", field="returns", papers=", ".join(kept))
    filed = {row["document"] for row in values["files"]}
    lost = [row["document"] for row in case["closing_list.files"] if row["document"] not in filed]
    if lost:
        raise Refused("FILE_INCOMPLETE", "В описи нет: {papers}.", field="files", papers=", ".join(lost))


@step(requirements=("C-002", "C-003", "C-012", "C-107"))
def file_case(case: Case) -> Outcome:
    """Draw up the index of the file and the index of evidence for the principles of the body.

    Source:  C L2-12 (C-002, C-003), L25 (C-012), L186 (C-107)
    """
    values = case["originals_return"]
    index = paper(
        case,
        "case_index",
        "Опись дела",
        {
            "Документы": [{"Документ": row["document"], "Место": row["reference"]} for row in values["files"]],
            "Возвращённые оригиналы": [
                {"Документ": row["document"], "Возвращён": shown(row["returned_on"]), "Получил": row["received_by"]}
                for row in values.get("returns", [])
            ],
            "Копии": values["copies"],
        },
        (f"{case.actor.name}, сотрудник канцелярии",),
    )
    evidence = paper(case, "evidence_index", "Указатель свидетельств по принципам", _principles(case))
    return Outcome(documents=(index, evidence), records=(works_row(case, "Дело закрыто"),))


def _principles(case: Case) -> dict[str, Any]:
    number = case.get("application.is_number")  # a recertification or an assessment may end before any application
    return {
        "Добровольность": f"Заявка {number}, подписанная заявителем" if number else "До заявки дело не дошло",
        "Беспристрастность": "Проверка связей группы по реестру, декларации членов группы",
        "Независимость": "Решение принимает не участвовавший в аудите"
        if case.get("decider_order")
        else "До решения о сертификации дело не дошло",
        "Компетентность": case.get("intake.personnel_note", ""),
        "Ответственность": "Решения подписаны органом, журнал проведения работ",
        "Открытость": "Решения и извещения отправлены заявителю",
        "Конфиденциальность": "Обязательства договора, декларации, протокол вступительного совещания",
        "Реагирование на жалобы": "Порядок апелляций сообщён заявителю",
        "Подход, основанный на рисках": "Факторы выборки и аспекты продолжительности",
    }
