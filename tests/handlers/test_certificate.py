"""The certificate: two signatures, the register, the cycle, the surveillance contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from handlers.certificate import compose, draft, issue, record_contract, record_delivery, remind_contract
from tests.handlers.certification_case import a_case, refused_code

NUMBER = {"kind": "certificate", "number": "С-1/9", "title": "Сертификат", "must_sign": []}
BY = {role: {"number": "С-1/9", "login": role, "role": role, "via": ""} for role in ("decider", "head")}
SIGNED: dict[str, Any] = {"documents": [NUMBER], "signatures": list(BY.values())}
DATA: dict[str, Any] = {
    "certificate": {"scope": "Бетон", "addresses": "Завод: Кентау", "is_number": "ИС-С-8"},
    "decision": {"decided_on": "2026-03-02", "valid_until": "2029-03-02"},
    "decider_order": {"person": "auditor4"},
}


def composed(certificates: Sequence[Mapping[str, Any]] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return data and registers of a case whose certificate is drawn up and signed."""
    registers = {"journals/certificates": certificates}
    drawn = compose(a_case(DATA, registers=registers))
    kept = [{**record.fields, "_key": record.key} for record in drawn.records]
    return DATA | drawn.data, {**registers, **SIGNED, "journals/certificate_numbers": kept}


@pytest.mark.parametrize("signed", ["decider", "head"])
def test_a_certificate_with_one_signature_is_not_issued(signed: str) -> None:
    data, registers = composed()

    code = refused_code(issue, a_case(data, registers={**registers, "signatures": [BY[signed]]}))

    assert code == "SIGNATURE_MISSING"


def test_signatures_under_an_earlier_draft_do_not_issue_the_certificate() -> None:
    data, registers = composed()
    again = {**registers, "documents": [NUMBER, NUMBER | {"number": "С-1/10"}]}

    assert refused_code(issue, a_case(data, registers=again)) == "SIGNATURE_MISSING"


def test_a_number_given_to_a_certificate_to_be_signed_is_given_to_no_other() -> None:
    data, registers = composed()
    assert data["certificate"]["number"] == "СМ.2026.0001"

    again = compose(a_case(data, registers=registers))
    other = [{**row, "Дело": "С-2026-0777"} for row in registers["journals/certificate_numbers"]]
    elsewhere = compose(a_case(DATA, registers={**registers, "journals/certificate_numbers": other}))

    assert again.data["certificate"]["number"] == "СМ.2026.0001"
    assert elsewhere.data["certificate"]["number"] == "СМ.2026.0002"


def test_the_certificate_waits_for_the_signatures_that_the_reading_demands() -> None:
    (document,) = compose(a_case(DATA)).documents

    assert document.signers == ("Нурлан Абдрахманов, эксперт-аудитор", "Гульнара Касымова, руководитель органа")
    assert sorted(document.must_sign) == ["role:decider", "role:head"]


@pytest.mark.parametrize(
    ("now", "scope_until", "code"),
    [
        ("2029-03-02T23:00", "2029-03-02", None),
        ("2029-03-03T00:00", "2030-01-31", "DECISION_OUTDATED"),  # the decided term is over
        ("2026-03-03T10:00", "2026-03-02", "DECISION_OUTDATED"),  # the accreditation is
    ],
)
def test_what_could_not_be_decided_today_is_not_issued_today(now: str, scope_until: str, code: str | None) -> None:
    scope = [{"standard": "ISO 9001", "code": "16", "valid_from": "2024-02-01", "valid_to": scope_until}]
    data, registers = composed()
    case = a_case(data, now=now, registers={**registers, "accreditation_scope": scope})

    assert (refused_code(issue, case) if code else issue(case) and None) == code


def test_the_register_holds_what_the_certificate_says_and_the_cycle_its_dates() -> None:
    data, registers = composed([{"_key": "СМ.2026.0001"}])

    outcome = issue(a_case(data, registers=registers))

    assert data["certificate"]["number"] == "СМ.2026.0002"
    certificate, client, cycle, works = outcome.records
    assert (client.journal, client.fields["Численность"]) == ("certified_clients", 60)
    assert certificate.fields["Действует до"] == "2029-03-02"
    assert certificate.fields["Статус"] == "VALID"
    assert cycle.fields["Первый контроль до"] == "2027-03-02"
    assert cycle.fields["Ресертификация до"] < certificate.fields["Действует до"]
    assert works.journal == "works"


def test_a_new_certificate_cancels_what_was_valid_for_the_same_scope() -> None:
    data, registers = composed()
    first = issue(a_case(data, registers=registers)).records[0]
    data, registers = composed([{**first.fields, "_key": first.key}])

    cancelled, granted, *_ = issue(a_case(data, registers=registers)).records

    assert (cancelled.key, cancelled.fields["Статус"]) == ("СМ.2026.0001", "CANCELLED")
    assert (granted.key, granted.fields["Статус"]) == ("СМ.2026.0002", "VALID")


def test_the_draft_names_every_site() -> None:
    assert draft(a_case()).data["certificate_draft"]["addresses"] == "Завод: г. Кентау, ул. Заводская, 4"


def test_delivery_adds_the_state_register_and_the_cabinet() -> None:
    issued = DATA["certificate"] | {"number": "СМ.2026.0001", "issued_on": "2026-03-02", "valid_until": "2029-03-02"}
    delivery = {"register_entry": "РЕЕСТР-511", "cabinet_on": "2026-03-03"}

    outcome = record_delivery(a_case(DATA | {"certificate": issued, "certificate_delivery": delivery}))

    assert outcome.records[0].fields["Реестр ИС"] == "РЕЕСТР-511"
    assert outcome.records[0].fields["Держатель"] == "ТОО «Кентау-Бетон»"
    assert outcome.letters[0].kind == "certificate_delivered"


def test_nine_months_without_a_signed_contract_ask_about_the_status_of_the_certificate() -> None:
    issued = DATA["certificate"] | {"number": "СМ.2026.0001", "issued_on": "2026-05-31", "valid_until": "2029-03-02"}
    delivery = {"register_entry": "РЕЕСТР-511", "cabinet_on": "2026-05-31"}

    (planned,) = record_delivery(a_case(DATA | {"certificate": issued, "certificate_delivery": delivery})).plans

    # Nine months after the thirty-first of May are the last of February; the question opens on the day after.
    assert (planned.process, planned.opens_on.isoformat()) == ("certificate_status", "2027-03-01")
    assert planned.key == "certificate/СМ.2026.0001/2026-03-02/contract"
    assert (planned.data["action"], planned.data["grounds"]) == ("SUSPEND", ["obstructed_surveillance"])


def test_the_head_is_reminded_of_a_missing_surveillance_contract() -> None:
    letters = remind_contract(a_case({"certificate": {"number": "СМ.2026.0001"}})).letters

    assert [letter.to for letter in letters] == ["head@sertico.example"]


@pytest.mark.parametrize(("answer", "status"), [("sign", "SIGNED"), ("decline", "DECLINED")])
def test_the_surveillance_contract_is_in_its_journal_signed_or_not(answer: str, status: str) -> None:
    contract = {"number": "ИК-1", "unplanned_clause": False, "handed_on": "2026-03-02"}
    signature = {"outcome": answer, "answered_on": "2026-03-05"}
    data = {
        "certificate": {"number": "СМ.2026.0001"},
        "decision": DATA["decision"],
        "surveillance_contract": contract,
        "surveillance_signature": signature,
    }

    outcome = record_contract(a_case(data))
    row = outcome.records[0]
    assert list(outcome.cancels) == (["certificate/СМ.2026.0001/2026-03-02/contract"] if answer == "sign" else [])

    assert (row.journal, row.key, row.fields["Статус"]) == ("surveillance_contracts", "ИК-1", status)
    assert row.fields["Внеплановый контроль"] == "НЕ ОГОВОРЁН"
