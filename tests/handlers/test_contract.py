"""The contract: two signatures, two papers, a journal."""

from __future__ import annotations

from handlers.contract import draw, record
from tests.handlers.certification_case import a_case

DATA = {
    "contract_analysis": {
        "number": "Д-1",
        "procedure": "ДП 02/07",
        "subject": "Сертификация",
        "risks": "Выполним",
        "price": 100,
        "currency": "KZT",
        "payment_terms": "Предоплата",
    },
    "contract_client": {"signed_by": "Б. Оспанов", "signed_on": "2026-02-02"},
    "contract_body": {"signed_on": "2026-02-03"},
    "contract_delivery": {"is_receipt": "ИС-Д-1", "delivered_on": "2026-02-04", "received_by": "Б. Оспанов"},
}


def test_a_contract_is_drawn_up_with_its_analysis_and_waits_for_both_sides() -> None:
    analysis, contract = draw(a_case(DATA, actor="lawyer")).documents

    assert analysis.fields["Порядок"] == "ДП 02/07"
    assert (analysis.must_sign, analysis.signed_by_actor) == (("role:lawyer",), True)
    assert contract.signers == ("ТОО «Кентау-Бетон», заявитель", "Марат Жаксылыков, директор")
    assert contract.must_sign == ("role:applicant", "role:director")


def test_a_signed_contract_stands_in_its_journal_with_the_receipt_of_the_information_system() -> None:
    outcome = record(a_case(DATA))

    assert (outcome.records[0].journal, outcome.records[0].key) == ("contracts", "Д-1")
    assert outcome.records[0].fields["ИС"] == "ИС-Д-1"
    assert [letter.kind for letter in outcome.letters] == ["contract_copy"]
