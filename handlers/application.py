"""The application: signature and completeness, what its review may conclude, and the decision on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case, Outcome, Participant, Refused, guard, step
from handlers.client_file import HEAD, head_of_body, paper, refuse, sentence, shown, standards, to_applicant, works_row
from rules.competence import Need, evaluation_denied, personnel_denied, without_personnel
from rules.scope import certificate_denied, outside_scope, scope_denied
from rules.verdict import Denied

DOCUMENTS = {
    "charter": "учредительные документы",
    "registration": "справка о государственной регистрации",
    "policy": "политика и цели",
    "manual": "руководство по системе менеджмента",
    "process_map": "перечень и карта процессов",
    "internal_audit": "отчёт о внутреннем аудите",
    "management_review": "анализ со стороны руководства",
    "structure": "организационная структура",
}
"""What every application brings; `legal_register` is asked of environment and health and safety besides."""

PLANNING = {
    "sites": "площадки",
    "personnel": "численность",
    "preferred_from": "желаемые сроки",
    "integration": "степень интегрированности",
}
"""The information without which an audit cannot be planned (C L30)."""


def need_of(case: Case) -> Need:
    """Return what the case asks of people: its standards and codes."""
    return Need(standards=tuple(standards(case)), codes=tuple(case.get("application.codes", [])))


def not_accredited(case: Case) -> Denied | None:
    """Return why no certificate may be issued today for the standards and codes of the case, None if it may (C-001)."""
    need, scope = need_of(case), case.registers("accreditation_scope")
    return certificate_denied(scope, need.standards, need.codes, case.today)


def missing_papers(application: Mapping[str, Any]) -> list[str]:
    """Return the documents that an application lacks, in the order of the list. Source: C L25 (C-011).

    >>> everything = {"standards": ["ISO 14001"], "documents": list(DOCUMENTS), "evaluation_sheet": False}
    >>> missing_papers(everything)
    ['перечень законодательных требований', 'лист оценки']
    """
    given = application.get("documents", [])
    missing = [title for kind, title in DOCUMENTS.items() if kind not in given]
    if {"ISO 14001", "ISO 45001"} & set(application["standards"]) and "legal_register" not in given:
        missing.append("перечень законодательных требований")
    if not application.get("evaluation_sheet"):
        missing.append("лист оценки")
    return missing


@step(
    writes=(
        "intake.status",
        "intake.missing",
        "intake.missing_text",
        "intake.scope_note",
        "intake.personnel_note",
        "intake.planning_complete",
        "intake.proposed_status",
    ),
    refuses=("REJECTED_SIGNATURE",),
    requirements=("C-009", "C-010", "C-011", "C-014", "C-015", "C-016"),
)
def register(case: Case) -> Outcome:
    """Register a validly signed application and say what its review will find.

    Reads:   application (start form)
    Writes:  intake  status "REGISTERED", missing papers and planning information, notes on scope and personnel
             a row of the journal of works; the applicant's account joins the case
    Refuses: REJECTED_SIGNATURE  the signature is absent, invalid, or of another BIN
    Source:  C L24-31 (C-008 to C-011, C-014 to C-016)
    """
    application = case["application"]
    _demand_signature(application)
    missing = missing_papers(application)
    planning = [title for name, title in PLANNING.items() if not application.get(name)]
    intake = {
        "status": "REGISTERED",
        "missing": missing + planning,
        "missing_text": ", ".join(missing + planning) or "Всё есть",
        "scope_note": _scope_note(case),
        "personnel_note": _personnel_note(case),
        "planning_complete": not planning,
        "proposed_status": "ACCEPTED",
    }
    return Outcome(
        data={"intake": intake},
        records=(works_row(case, "Заявка зарегистрирована", **{"Дата заявки": application["registered_on"]}),),
        participants=_applicant(case),
        replaces=("applicant",),
    )


def _applicant(case: Case) -> tuple[Participant, ...]:
    account = case.get("application.account")
    return (Participant(group="applicant", login=account),) if account else ()


def _demand_signature(application: Mapping[str, Any]) -> None:
    if application["signature"] != "valid" or application.get("signer_bin") != application["bin"]:
        raise Refused(
            "REJECTED_SIGNATURE",
            "Подпись заявки отсутствует, недействительна или принадлежит другому БИН.",
            field="signature",
        )


def _scope_note(case: Case) -> str:
    outside = outside_scope(
        case.registers("accreditation_scope"), standards(case), case["application.codes"], case.today
    )
    if not outside:
        return "Заявленная область входит в область аккредитации."
    return f"Вне области аккредитации: {_shown(outside)}."


def _personnel_note(case: Case) -> str:
    lacking = without_personnel(case.registers("competence"), need_of(case), case.today)
    if not lacking:
        return "По каждому коду есть оценённые эксперты-аудиторы или технические эксперты."
    return f"Нет оценённого персонала по: {_shown(lacking)}."


def _shown(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{standard} код {code}" for standard, code in pairs)


@step(writes=("intake.status",), requirements=("C-009",))
def tell_signature_rejected(case: Case) -> Outcome:
    """Tell the applicant that the signature was not accepted. Writes: intake.status REJECTED_SIGNATURE (C-009)."""
    letter = to_applicant(
        case,
        "signature_rejected",
        "Подпись заявки не принята",
        "Подпись заявки отсутствует, недействительна или принадлежит другому БИН. Подпишите заявку заново в ИС.",
    )
    return Outcome(
        data={"intake": {"status": "REJECTED_SIGNATURE"}},
        letters=(letter,),
        participants=_applicant(case),
        replaces=("applicant",),
    )


@guard(
    refuses=(
        "REVIEWER_NOT_APPOINTED",
        "COMPETENCE_MISSING",
        "OUT_OF_SCOPE",
        "NO_COMPETENT_PERSONNEL",
        "PLANNING_INFO_MISSING",
        "DOCUMENTS_MISSING",
        "RESOURCES_MISSING",
    ),
    requirements=("C-001", "C-013", "C-014", "C-015", "C-016", "C-017"),
)
def review(case: Case, values: Mapping[str, Any]) -> None:
    """Let only an evaluated head or appointee review, and accept only what the body may and can do.

    Refuses: REVIEWER_NOT_APPOINTED  neither head nor validly appointed
             COMPETENCE_MISSING      the reviewer has no evaluation for a standard
             OUT_OF_SCOPE, NO_COMPETENT_PERSONNEL, RESOURCES_MISSING   on accept
             PLANNING_INFO_MISSING, DOCUMENTS_MISSING   on anything but return for rework
    Source:  C L26-34 (C-013 to C-018)
    """
    _demand_reviewer(case)
    if values["outcome"] == "rework":
        return
    _demand_complete(case)
    if values["outcome"] == "refuse":
        return
    scope = case.registers("accreditation_scope")
    refuse(case, scope_denied(scope, standards(case), case["application.codes"], case.today), field="outcome")
    refuse(case, personnel_denied(case.registers("competence"), need_of(case), case.today), field="outcome")
    if not values["resources"]:
        raise Refused("RESOURCES_MISSING", "Ресурсов недостаточно: заявку принять нельзя.", field="resources")


def _demand_reviewer(case: Case) -> None:
    today = case.today.isoformat()
    appointed = any(
        str(row["valid_from"]) <= today <= str(row.get("valid_to") or today)
        for row in case.register("appointment", person=case.actor.login, duty="application_review")
    )
    if not (case.actor.has_role("head") or appointed):
        raise Refused(
            "REVIEWER_NOT_APPOINTED",
            "{name}: нет действующего назначения на анализ заявок. Его проводит руководитель или назначенный им.",
            name=case.actor.name,
        )
    refuse(
        case,
        evaluation_denied(case.registers("competence"), case.actor.login, "review", need_of(case), case.today),
    )


def _demand_complete(case: Case) -> None:
    if not case["intake.planning_complete"]:
        raise Refused(
            "PLANNING_INFO_MISSING",
            "Не хватает сведений для планирования: {missing}. Возможен только возврат на доработку.",
            field="outcome",
            missing=case["intake.missing_text"],
        )
    if case["intake.missing"]:
        raise Refused(
            "DOCUMENTS_MISSING",
            "Не хватает: {missing}. Возможен только возврат на доработку.",
            field="outcome",
            missing=case["intake.missing_text"],
        )


@step(writes=("intake.status",), requirements=("C-018",))
def ask_for_rework(case: Case) -> Outcome:
    """Return the application through the IS with the list of what is missing. Source: C L33 (C-018)."""
    letter = to_applicant(
        case,
        "application_rework",
        "Заявка возвращена на доработку",
        f"Заявка {case['application.is_number']} возвращена вам на доработку. Дополните: {case['review.missing']}. "
        "Исправьте заявку в информационной системе и подпишите её снова: рассмотрение продолжится, когда она поступит.",
    )
    return Outcome(
        data={"intake": {**case["intake"], "status": "REWORK"}},
        letters=(letter,),
        records=(works_row(case, "Заявка возвращена на доработку"),),
    )


@guard(refuses=("IS_STATUS_MISMATCH",), requirements=("C-020",))
def sign(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a status in the IS that differs from the decision. Source: C L34 (C-020)."""
    expected = "ACCEPTED" if case["review.outcome"] == "accept" else "REFUSED"
    if values["outcome"] == "sign" and values["is_status"] != expected:
        raise Refused(
            "IS_STATUS_MISMATCH",
            "Статус в ИС не совпадает с решением по заявке. Исправьте одно из двух.",
            field="is_status",
        )


@step(writes=("intake.status",), requirements=("C-019", "C-020"))
def decide(case: Case) -> Outcome:
    """Draw up and send the decision on the application.

    Reads:   review, application_decision (forms)
    Writes:  intake.status "ACCEPTED" or "REFUSED"; document application_decision; letter; journal of works
    Source:  C L34 (C-019, C-020)
    """
    accepted = case["review.outcome"] == "accept"
    reasons = (
        f"{sentence(case['review.scope_conclusion'])} {sentence(case['review.personnel_conclusion'])}"
        if accepted
        else case["review.reasons"]
    )
    result = "Заявка принята" if accepted else "В приёме заявки отказано"
    decision = case["application_decision"]
    document = paper(
        case,
        "application_decision",
        "Решение по заявке",
        {
            "Заявка": case["application.is_number"],
            "Результат": result,
            "Причины": reasons,
            "Сроки": case.get("review.capacity_note", "Желаемые сроки возможны"),
            "Запись в ИС": f"{'Принята' if accepted else 'Отказано'}, {decision['is_receipt']}",
            "Отправлено": shown(decision["sent_on"]),
        },
        (head_of_body(case),),
        own=HEAD,
    )
    letter = to_applicant(
        case,
        "application_decision",
        f"Решение по заявке {case['application.is_number']}",
        _told(case, result, reasons),
        encloses=("application_decision",),
    )
    return Outcome(
        data={"intake": {**case["intake"], "status": decision["is_status"]}},
        documents=(document,),
        letters=(letter,),
        records=(works_row(case, result),),
    )


def _told(case: Case, result: str, reasons: str) -> str:
    """What the applicant is told of the review: the result, why, and what comes next (C L34, C-019)."""
    number = case["application.is_number"]
    if case["review.outcome"] == "accept":
        return f"{result}: № {number}. {reasons} Дальше мы рассчитаем продолжительность аудита и пришлём расчёт вам."
    return f"{result}: № {number}. Причины: {sentence(reasons)} Когда они устранены, заявку можно подать снова."
