"""The contract: its analysis, two signatures, its place in the journal. Its text is made by people."""

from __future__ import annotations

from engine.steps import Case, Outcome, Record, step
from handlers.client_file import director, money, paper, shown, to_applicant


@step(requirements=("C-003", "C-029", "C-030"))
def record(case: Case) -> Outcome:
    """Draw up the contract with its analysis and enter it in the journal of contracts.

    Reads:   contract_analysis, contract_client, contract_body, contract_delivery (forms)
    Writes:  documents contract_analysis and contract, a row of the journal `contracts`, a letter with the copy
    Source:  C L65-66 (C-029, C-030); C L12 (C-003: the contract carries the principles)
    """
    analysis = case["contract_analysis"]
    delivery = case["contract_delivery"]
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
    )
    contract = paper(
        case,
        "contract",
        f"Договор {analysis['number']}",
        {
            "Предмет": analysis["subject"],
            "Стоимость": money(analysis["price"], analysis["currency"]),
            "Условия оплаты": analysis["payment_terms"],
            "Подписан заявителем": f"{case['contract_client.signed_by']}, {shown(case['contract_client.signed_on'])}",
            "Подписан органом": shown(case["contract_body.signed_on"]),
            "Загрузка в ИС": delivery["is_receipt"],
            "Экземпляр передан": f"{delivery['received_by']}, {shown(delivery['delivered_on'])}",
        },
        (str(case["contract_client.signed_by"]), director(case)),
    )
    row = Record(
        journal="contracts",
        key=str(analysis["number"]),
        fields={
            "Заявитель": case["application.name"],
            "Дело": case.number,
            "Подписан": case["contract_body.signed_on"],
            "ИС": delivery["is_receipt"],
        },
    )
    letter = to_applicant(
        case,
        "contract_copy",
        f"Договор {analysis['number']}",
        f"Направляем ваш экземпляр договора {analysis['number']}, подписанного обеими сторонами. Дальше мы составим "
        "программу аудита и предложим вам состав группы.",
    )
    return Outcome(documents=(examined, contract), records=(row,), letters=(letter,))
