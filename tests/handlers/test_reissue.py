"""Re-issue: three reasons, one month, the head's decision; and what is taken from the register."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.held import client_record, current, demand_held, enterable, load
from handlers.reissue import assess, decidable, decide, requested
from handlers.replacement import draft
from tests.handlers.certification_case import a_case, application, code_of

ROW = {
    "_key": "СМ.2026.0001",
    "Держатель": "ТОО «Кентау-Бетон»",
    "БИН": "180540012345",
    "Область": "Бетон",
    "Стандарты": ["ISO 9001"],
    "Коды IAF": ["16"],
    "Адреса": "Завод: Кентау",
    "Выдан": "2026-03-02",
    "Действует до": "2029-03-02",
    "Статус": "VALID",
}
CLIENT = client_record("СМ.2026.0001", application())
REGISTERS = {"journals/certificates": [ROW], "journals/certified_clients": [{**CLIENT.fields, "_key": CLIENT.key}]}
REQUEST: dict[str, Any] = {
    "certificate": "СМ.2026.0001",
    "origin": "register",
    "reason": "name",
    "what": "Новое название",
    "changed_on": "2028-02-29",
    "submitted_on": "2028-03-10",
}


def a_reissue(
    more: dict[str, Any] | None = None,
    *,
    actor: str = "head",
    now: str = "2028-03-20T10:00",
    groups: dict[str, list[str]] | None = None,
) -> Any:
    known = {"held": {"number": "СМ.2026.0001", "holder": "ТОО «Кентау-Бетон»"}, "reissue": REQUEST}
    return a_case({**known, **(more or {})}, now=now, actor=actor, registers=REGISTERS, groups=groups)


def test_a_reason_outside_the_three_is_refused_with_the_list() -> None:
    assert code_of(requested, a_reissue(), REQUEST) is None
    assert code_of(requested, a_reissue(), REQUEST | {"reason": "other"}) == "REISSUE_REASON"
    assert code_of(requested, a_reissue(), REQUEST | {"changed_on": "2028-03-11"}) == "CHANGE_LATER"


@pytest.mark.parametrize(
    ("values", "row", "code"),
    [
        ({"certificate": "СМ.2020.0009"}, ROW, "CERTIFICATE_UNKNOWN"),
        ({"facts": {}}, ROW, "CERTIFICATE_KNOWN"),
        ({}, ROW | {"Статус": "WITHDRAWN"}, "CERTIFICATE_NOT_VALID"),
        ({}, ROW | {"Действует до": "2028-03-19"}, "CERTIFICATE_NOT_VALID"),
    ],
)
def test_only_a_certificate_in_force_can_be_worked_on(values: Any, row: Any, code: str) -> None:
    case = a_case({}, now="2028-03-20T10:00", registers={"journals/certificates": [row]})

    assert code_of(lambda held, given: demand_held(held, given), case, REQUEST | values) == code


def test_the_successor_of_a_cancelled_certificate_is_found() -> None:
    rows = [ROW | {"Статус": "CANCELLED", "Заменён на": "СМ.2027.0004"}, ROW | {"_key": "СМ.2027.0004"}]

    found = current(a_case({}, registers={"journals/certificates": rows}), "СМ.2026.0001")

    assert found is not None
    assert found["_key"] == "СМ.2027.0004"


def test_the_holder_comes_from_the_journal_of_clients() -> None:
    outcome = load(a_reissue(), form="reissue")

    assert outcome.data["application"]["sites"] == application()["sites"]
    assert outcome.data["held"]["expires_on"] == "2029-03-02"


@pytest.mark.parametrize(("came", "late"), [("2028-03-29", False), ("2028-03-30", True)])
def test_documents_after_a_month_are_late_and_the_head_is_told(came: str, late: bool) -> None:
    outcome = assess(a_reissue({"succession": {"submitted_on": came}}))

    assert outcome.data["reissue_check"]["late"] is late
    assert bool(outcome.letters) is late


def decision(**changes: Any) -> dict[str, Any]:
    values = {
        "outcome": "reissue",
        "new_name": "ТОО «Кентау ЖБИ»",
        "new_address": "г. Кентау",
        "new_sites": application()["sites"],
        "expires_on": "2029-03-02",
        "signer": "auditor4",
        "reasons": "Подтверждено",
        "is_receipt": "1",
        "signature": True,
    }
    return values | changes


@pytest.mark.parametrize(
    ("actor", "late", "changes", "code"),
    [
        ("head", False, {}, None),
        ("deputy_head", False, {}, "NOT_THE_HEAD"),
        ("head", True, {}, "LATE_NOT_DECIDED"),
        ("head", True, {"late_reason": "Болезнь"}, None),
        ("head", False, {"expires_on": "2029-03-03"}, "EXPIRY_CHANGED"),
        ("head", False, {"signer": "auditor3"}, "COMPETENCE_MISSING"),
    ],
)
def test_the_head_alone_decides_and_late_only_with_a_reason(actor: str, late: bool, changes: Any, code: Any) -> None:
    check = {"late": late, "last_day": "2028-03-29"}
    case = a_reissue(
        {"reissue_check": check, "held": {"expires_on": "2029-03-02"}}, actor=actor, now="2027-03-01T10:00"
    )

    assert code_of(decidable, case, decision(**changes)) == code


@pytest.mark.parametrize(("actor", "code"), [("head", "NOT_INDEPENDENT"), ("deputy_head", None), ("director", None)])
def test_after_an_upheld_appeal_anybody_but_the_head_who_refused_decides(actor: str, code: str | None) -> None:
    data = {"reissue_check": {"late": False, "last_day": "2028-03-29"}, "held": {"expires_on": "2029-03-02"}}
    case = a_reissue(data, actor=actor, now="2027-03-01T10:00", groups={"first_decider": ["head"]})

    assert code_of(decidable, case, decision()) == code


def test_a_refused_reissue_can_be_appealed_and_takes_over_nothing() -> None:
    held = load(a_reissue(), form="reissue").data
    check = {"late": False, "last_day": "2028-03-29", "text": ""}
    values = decision(outcome="refuse", reasons="Срок пропущен")

    outcome = decide(a_reissue({**held, "reissue_check": check, "reissue_decision": values}, actor="head"))

    assert outcome.data["refused"]["what"] == "в переоформлении сертификата"
    assert (outcome.data["refused"]["by"], outcome.data["refused"]["reasons"]) == ("head", ["Срок пропущен"])
    assert outcome.data["decision_register"]["status"] == "APPEALABLE"
    assert "change" not in outcome.data
    assert outcome.letters == ()


def test_what_another_work_did_meanwhile_is_not_lost() -> None:
    held = load(a_reissue(), form="reissue").data
    check = {"late": False, "last_day": "2028-03-29", "text": ""}
    decided = decide(a_reissue({**held, "reissue_check": check, "reissue_decision": decision()})).data
    extended = ROW | {"Область": "Бетон; Плиты", "Выдан": "2028-03-15"}
    client = client_record("СМ.2026.0001", application(scope="Бетон; Плиты"))
    registers = {
        "journals/certificates": [extended],
        "journals/certified_clients": [{**client.fields, "_key": client.key}],
    }

    drafted = draft(a_case({**held, **decided}, now="2028-03-20T10:00", registers=registers)).data

    assert drafted["held"]["issued_on"] == "2028-03-15"
    assert drafted["application"]["scope"] == "Бетон; Плиты"
    assert drafted["application"]["name"] == "ТОО «Кентау ЖБИ»"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "CERTIFICATE_CLASH"),
        ({"certificate": "СМ.2026.0001"}, None),  # the register has it already
        ({"scope": "Кирпич"}, None),
        ({"standards": ["ISO 14001"]}, None),
        ({"bin": "180540067890"}, None),
        ({"valid_until": "2028-03-19"}, None),  # over since yesterday
    ],
)
def test_a_certificate_from_before_the_register_is_not_entered_beside_another_for_the_same(
    changes: dict[str, Any], code: str | None
) -> None:
    values = {"certificate": "KZ-7", "bin": "180540012345", "scope": "Плиты; бетон", "standards": ["ISO 9001"]}

    assert code_of(enterable, a_reissue(), {**values, "valid_until": "2030-03-02", **changes}) == code
