"""The application: signature, completeness, what its review may conclude."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.application import ask_for_rework, decide, missing_papers, register, review, sign, tell_signature_rejected
from tests.handlers.certification_case import a_case, application, code_of, refused_code

ACCEPT = {"outcome": "accept", "resources": True}


def registered(**changes: Any) -> dict[str, Any]:
    """Return case data after registration of a changed application."""
    data = {"application": application(**changes)}
    return {**data, **register(a_case(data)).data}


@pytest.mark.parametrize(
    "changes",
    [{"signature": "invalid"}, {"signature": "absent", "signer_bin": None}, {"signer_bin": "990101300011"}],
    ids=["invalid", "absent", "of another BIN"],
)
def test_an_application_without_a_valid_signature_of_the_applicant_is_not_registered(changes: dict[str, Any]) -> None:
    case = a_case({"application": application(**changes)})

    assert refused_code(register, case) == "REJECTED_SIGNATURE"

    told = tell_signature_rejected(case)
    assert told.data["intake"] == {"status": "REJECTED_SIGNATURE"}
    assert [letter.kind for letter in told.letters] == ["signature_rejected"]


def test_a_complete_application_lacks_nothing_and_lets_its_applicant_join() -> None:
    outcome = register(a_case())

    assert outcome.data["intake"]["missing"] == []
    assert outcome.data["intake"]["planning_complete"] is True
    assert [(each.group, each.login) for each in outcome.participants] == [("applicant", "applicant")]
    assert outcome.records[0].journal == "works"


def test_every_missing_paper_is_listed() -> None:
    given = application(documents=["charter", "policy"], evaluation_sheet=False, standards=["ISO 45001"])

    assert missing_papers(given) == [
        "справка о государственной регистрации",
        "руководство по системе менеджмента",
        "перечень и карта процессов",
        "отчёт о внутреннем аудите",
        "анализ со стороны руководства",
        "организационная структура",
        "перечень законодательных требований",
        "лист оценки",
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"codes": ["11"]}, "OUT_OF_SCOPE"),
        ({"codes": ["3"]}, "NO_COMPETENT_PERSONNEL"),
        ({"personnel": None}, "PLANNING_INFO_MISSING"),
        ({"integration": None}, "PLANNING_INFO_MISSING"),
        ({"evaluation_sheet": False}, "DOCUMENTS_MISSING"),
    ],
)
def test_only_what_the_body_may_and_can_do_is_accepted(changes: dict[str, Any], code: str | None) -> None:
    assert code_of(review, a_case(registered(**changes)), ACCEPT) == code


def test_an_application_that_lacks_something_may_always_be_returned() -> None:
    assert code_of(review, a_case(registered(personnel=None)), {"outcome": "rework"}) is None


def test_without_resources_nothing_is_accepted() -> None:
    assert code_of(review, a_case(registered()), ACCEPT | {"resources": False}) == "RESOURCES_MISSING"


def test_a_reviewer_is_the_head_or_appointed_and_evaluated() -> None:
    data = registered()

    assert code_of(review, a_case(data, actor="head"), ACCEPT) is None
    assert code_of(review, a_case(data, actor="auditor1"), ACCEPT) == "REVIEWER_NOT_APPOINTED"
    assert code_of(review, a_case(data, now="2028-03-01T10:00"), ACCEPT) == "REVIEWER_NOT_APPOINTED"
    assert code_of(review, a_case(data, registers={"competence": []}), ACCEPT) == "COMPETENCE_MISSING"


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        ("accept", "ACCEPTED", None),
        ("accept", "REFUSED", "IS_STATUS_MISMATCH"),
        ("refuse", "REFUSED", None),
        ("refuse", "ACCEPTED", "IS_STATUS_MISMATCH"),
    ],
)
def test_the_status_in_the_information_system_equals_the_decision(outcome: str, status: str, code: str | None) -> None:
    case = a_case({"review": {"outcome": outcome}})

    assert code_of(sign, case, {"outcome": "sign", "is_status": status}) == code


def test_a_return_for_rework_lists_what_is_missing_in_a_letter() -> None:
    data = registered(personnel=None) | {"review": {"outcome": "rework", "missing": "Численность"}}

    outcome = ask_for_rework(a_case(data))

    assert outcome.data["intake"]["status"] == "REWORK"
    assert "Численность" in outcome.letters[0].body


def test_a_refusal_is_a_signed_document_with_reasons_that_was_sent() -> None:
    signed = {"outcome": "sign", "is_status": "REFUSED", "is_receipt": "ИС-1", "sent_on": "2026-03-02"}
    data = registered() | {"review": {"outcome": "refuse", "reasons": "Нет ресурсов"}, "application_decision": signed}

    outcome = decide(a_case(data, actor="head"))

    assert outcome.data["intake"]["status"] == "REFUSED"
    assert outcome.documents[0].fields["Причины"] == "Нет ресурсов"
    assert outcome.documents[0].signers == ("Гульнара Касымова, руководитель органа",)
    assert outcome.letters[0].to == "quality@kentau-beton.example"
