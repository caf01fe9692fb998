"""The audit report and the handover of the file to the independent decision maker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.client_file import LEADER, is_integrated, paper, refuse, shown, team_titles, to_applicant
from handlers.corrective_actions import open_numbers
from handlers.signatures import demand_signatures
from rules.decision import handover_denied

ITEMS = {
    "act": "акт",
    "report": "отчёт",
    "checklists": "чек-листы",
    "protocols": "протоколы несоответствий/уведомлений",
    "ca_plan": "план корректирующих действий",
    "ca_report": "отчёт о корректирующих действиях",
    "ca_evidence": "подтверждающие документы",
}


@guard(refuses=("ACTIONS_UNVERIFIED", "INTEGRATION_MISSING"), requirements=("C-090", "C-092"))
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a positive report over open nonconformities, and one without the integration of several systems.

    Refuses: ACTIONS_UNVERIFIED   a correction is not verified and the outcome is positive
             INTEGRATION_MISSING  an integrated system without an evaluation of its integration
    Source:  C L170-171 (C-090, C-092)
    """
    left = open_numbers(case)
    if left and values["outcome"] == "positive":
        raise Refused(
            "ACTIONS_UNVERIFIED",
            "Не подтверждено выполнение: {numbers}. Отчёт может быть только отрицательным.",
            field="outcome",
            numbers=", ".join(left),
        )
    if is_integrated(case) and not str(values.get("integration", "")).strip():
        raise Refused("INTEGRATION_MISSING", "Оцените степень интегрированности систем.", field="integration")


@step(makes=("audit_report",), requirements=("C-004", "C-071", "C-090", "C-091", "C-092"))
def draw(case: Case) -> Outcome:
    """Draw up the report with the differing views, one for all standards; the leader who wrote it signs it by that.

    Reads:   report, protocols (forms), act_signers
    Source:  C L145, L170-171 (C-071, C-090)
    """
    values = case["report"]
    dissent = [
        {"Номер": row["number"], "Организация": row["client_view"], "Группа": row["team_view"]}
        for row in case.get("protocols.positions", [])
        if not row["agreed"]
    ]
    fields: dict[str, Any] = {
        "Дата": shown(values["dated"]),
        "Выводы и предложения": values["conclusions"],
        "Рекомендация": "Выдать сертификат" if values["outcome"] == "positive" else "Отказать в выдаче",
        "Степень интегрированности": values.get("integration", "Не применимо"),
        "Различные точки зрения": dissent,
        "Не закрыты": list(open_numbers(case)),
        "Загрузка в ИС": values["is_receipt"],
        "Экземпляр передан": shown(values["delivered_on"]),
    }
    document = paper(
        case,
        "audit_report",
        "Отчёт по аудиту системы менеджмента",
        fields,
        team_titles(case),
        own=LEADER,
        must_sign=case.get("act_signers", ()),
    )
    return Outcome(documents=(document,))


@step(requirements=("C-091",))
def issue(case: Case) -> Outcome:
    """Send the client a copy of the report that the team has signed. Source: C L170 (C-091)."""
    body = (
        "Направляем ваш экземпляр отчёта по аудиту. Материалы рассмотрит эксперт-аудитор, который в аудите не "
        "участвовал: он решит о сертификате, и мы сразу сообщим вам."
    )
    letter = to_applicant(case, "report_copy", "Отчёт по аудиту", body, encloses=("audit_report",))
    return Outcome(letters=(letter,))


@guard(
    refuses=(
        "UNSIGNED_DOCUMENT",
        "FILE_INCOMPLETE",
    ),
    requirements=("C-094",),
)
def hand_over(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to hand over a file that lacks a mandatory item, listing what is missing. Source: C L174 (C-094)."""
    demand_signatures(case)
    mandatory = ["act", "report", "checklists"]
    if case.get("grading.total", 0):
        mandatory.append("protocols")
    if case.get("ca_status.marks"):
        mandatory += ["ca_plan", "ca_report", "ca_evidence"]
    refuse(
        case, handover_denied([ITEMS[each] for each in values["items"]], [ITEMS[m] for m in mandatory]), field="items"
    )
