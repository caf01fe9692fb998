"""The contract: its analysis, two signatures, its place in the journal. Its text is made by people."""

from __future__ import annotations

from engine.steps import Case, Outcome, Record, step
from handlers.client_file import APPLICANT, DIRECTOR, director, money, organisation, paper, to_applicant


@step(makes=("contract",), requirements=("C-003", "C-029", "C-030"))
def draw(case: Case) -> Outcome:
    """Draw up the record of the contract's analysis, which the lawyer signs by it, and the contract for both sides.

    Reads:   contract_analysis (form)
    Writes:  documents contract_analysis and contract
    Source:  C L65-66 (C-029, C-030); C L12 (C-003: the contract carries the principles)
    """
    analysis = case["contract_analysis"]
    examined = paper(
        case,
        "contract_analysis",
        "Запись анализа договора",
        {
            "Порядок": analysis["procedure"],
            "Предмет": analysis["subject"],
            "Выводы": analysis["risks"],
            "Обязательства по принципам": "Включены",
        },
        (f"{case.actor.name}, юрист",),
        own="role:lawyer",
    )
    contract = paper(
        case,
        "contract",
        f"Договор {analysis['number']}",
        {
            "Предмет": analysis["subject"],
            "Стоимость": money(analysis["price"], analysis["currency"]),
            "Условия оплаты": analysis["payment_terms"],
        },
        (organisation(case), director(case)),
        must_sign=(APPLICANT, DIRECTOR),
    )
    return Outcome(documents=(examined, contract))


@step(requirements=("C-030",))
def record(case: Case) -> Outcome:
    """Enter the contract that both sides have signed in the journal of contracts, and send the client a copy.

    Reads:   contract_analysis, contract_body, contract_delivery (forms)
    Source:  C L66 (C-030)
    """
    analysis = case["contract_analysis"]
    row = Record(
        journal="contracts",
        key=str(analysis["number"]),
        fields={
            "Заявитель": case["application.name"],
            "Дело": case.number,
            "Подписан": case["contract_body.signed_on"],
            "ИС": case["contract_delivery.is_receipt"],
        },
    )
    letter = to_applicant(
        case,
        "contract_copy",
        f"Договор {analysis['number']}",
        f"Направляем ваш экземпляр договора {analysis['number']}, подписанного обеими сторонами. Дальше мы составим "
        "программу аудита и предложим вам состав группы.",
        encloses=("contract",),
    )
    return Outcome(records=(row,), letters=(letter,))
