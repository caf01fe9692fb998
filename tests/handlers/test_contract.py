"""The contract: two signatures, two documents, a journal."""

from __future__ import annotations

from handlers.contract import record
from tests.handlers.certification_case import a_case


def test_a_contract_has_its_analysis_both_signatures_and_a_receipt_of_the_information_system() -> None:
    data = {
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

    outcome = record(a_case(data))

    analysis, contract = outcome.documents
    assert analysis.fields["Порядок"] == "ДП 02/07"
    assert contract.signers == ("Б. Оспанов", "Марат Жаксылыков, директор")
    assert contract.fields["Загрузка в ИС"] == "ИС-Д-1"
    assert (outcome.records[0].journal, outcome.records[0].key) == ("contracts", "Д-1")
    assert [letter.kind for letter in outcome.letters] == ["contract_copy"]
