"""Lifting a suspension: evidence, check, independent decision, entry in the state system; or a missed term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import DECIDER, paper, shown, to_applicant, to_role
from handlers.decider import appointed, refuse_involved, refuse_unfit
from handlers.status_register import entered_at, held_row


@guard(refuses=("DATE_WRONG",), requirements=("C-129", "C-130"))
def removed(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse evidence of the future and from before the suspension. Source: C L235-236 (C-129, C-130)."""
    if not case["suspension.decided_on"] <= values["on"] <= case.today.isoformat():
        raise Refused("DATE_WRONG", "Дата: со дня решения о приостановлении по сегодня.", field="on")


@step(writes=("suspension_end.result",), requirements=("C-130",))
def unremoved(case: Case) -> Outcome:
    """Note that the causes stay: the holder declined, or the day has passed. Source: C L236 (C-130)."""
    return Outcome(data={"suspension_end": {"result": "MISSED"}})


@step(requirements=("C-130",))
def missed(case: Case) -> Outcome:
    """Tell the head that withdrawal or reduction must be decided. Source: C L236 (C-130); term suspension.max."""
    number = case["status_start.certificate"]
    text = f"Причины приостановления сертификата {number} не устранены. Решите: отмена или сокращение области."
    row = {**held_row(case), "Срок устранения пропущен": case.today.isoformat()}
    letters = to_role(case, "head", "suspension_missed", f"Приостановление: {number}", text)
    return Outcome(letters=letters, records=(Record(journal="certificates", key=number, fields=row),))


@guard(refuses=("NOT_INDEPENDENT", "COMPETENCE_MISSING"), requirements=("C-126", "C-130"))
def appointable(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse somebody who took part in the control, checked the evidence, or is not evaluated (C-126)."""
    refuse_unfit(case, values["person"], kept_out="verifiers")


@step(requirements=("C-126", "C-130"))
def appoint(case: Case) -> Outcome:
    """Let the appointed auditor join as decider, by the director's order. Reads: decider_order (form)."""
    return appointed(case)


@guard(refuses=("NOT_INDEPENDENT",), requirements=("C-126", "C-130"))
def decidable(case: Case, values: Mapping[str, Any]) -> None:
    """Let only somebody decide who was not in the control. Source: C L225 (C-126)."""
    refuse_involved(case)


@step(requirements=("C-130", "C-133"))
def draw_up(case: Case) -> Outcome:
    """Draw up the decision that the certificate comes back into force, and tell the holder. Reads: lift_decision."""
    number = case["status_start.certificate"]
    fields = {
        "Решение": "Возобновить действие сертификата",
        "Сертификат": number,
        "Дата": shown(case.today),
        "Устранение": case["removal.text"],
        "Доказательства": [row["document"] for row in case["removal.evidence"]],
        "Проверка": case["removal_check.note"],
        "Обоснование": case["lift_decision.reasons"],
    }
    signer = f"{case.actor.name}, эксперт-аудитор"
    document = paper(
        case, "suspension_lifted", f"Решение: возобновление сертификата {number}", fields, (signer,), own=DECIDER
    )
    body = f"Решено возобновить действие сертификата {number}: он снова действует с записи в ИС."
    letter = to_applicant(
        case, "suspension_lifted", f"Сертификат {number} возобновлён", body, encloses=("suspension_lifted",)
    )
    return Outcome(documents=(document,), letters=(letter,))


@step(writes=("suspension_end.result",), requirements=("C-135", "C-159"))
def enter(case: Case) -> Outcome:
    """Put the certificate back into force in the register. Reads: lift_upload (form). Source: C L239-240 (C-135)."""
    values, number = case["lift_upload"], case["status_start.certificate"]
    row = held_row(case)
    fields = {
        **row,
        "Статус": "VALID",
        "Прежний статус": row["Статус"],
        "Возобновлён": entered_at(values),
        "Внесено в ИС": entered_at(values),
        "Реестр ИС": values["is_receipt"],
    }
    return Outcome(
        data={"suspension_end": {"result": "LIFTED"}},
        records=(Record(journal="certificates", key=number, fields=fields),),
    )
