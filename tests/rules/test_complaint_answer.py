"""The rules of complaint reports, replies and extensions, at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from rules.complaint_answer import (
    Closure,
    Conclusion,
    Fact,
    closure,
    conclusion_denied,
    extension_denied,
    facts_denied,
    is_justified,
    reply_denied,
    training_denied,
    unsigned_denied,
)

LATE = Fact(fact="Срок  нарушен", check="журнал", result="на два дня", is_confirmed=True)
RUDE = Fact(fact="Грубость", check="опрос", result="не было", is_confirmed=False)


def test_each_planned_fact_needs_a_check_with_a_result() -> None:
    assert facts_denied([LATE, RUDE], ["срок нарушен", "грубость"]) is None

    missing = facts_denied([LATE], ["срок нарушен", "грубость"])

    assert missing is not None
    assert missing.message == "Нет проверки с результатом: грубость."


def test_a_report_without_facts_is_refused() -> None:
    refused = facts_denied([], [])

    assert refused is not None
    assert refused.code == "FACT_UNCHECKED"


@pytest.mark.parametrize(
    ("facts", "conclusion", "breach", "refused"),
    [
        ([LATE], Conclusion.JUSTIFIED, "PRESENT", False),
        ([RUDE], Conclusion.UNFOUNDED, "ABSENT", False),
        ([LATE, RUDE], Conclusion.PARTLY_JUSTIFIED, "PRESENT", False),
        ([RUDE], Conclusion.JUSTIFIED, "ABSENT", True),
        ([LATE], Conclusion.UNFOUNDED, "", True),
        ([RUDE], Conclusion.UNFOUNDED, "PRESENT", True),
    ],
)
def test_a_conclusion_agrees_with_the_facts(
    facts: list[Fact], conclusion: Conclusion, breach: str, refused: bool
) -> None:
    assert (conclusion_denied(facts, conclusion, breach=breach) is not None) is refused


def test_every_member_signs_the_report() -> None:
    assert unsigned_denied(["a", "b"], {"a", "b"}) is None
    refused = unsigned_denied(["a", "b", "c"], {"a"})
    assert refused is not None
    assert refused.facts["people"] == "b, c"


def test_a_justified_complaint_is_answered_with_analysis_and_measures() -> None:
    assert reply_denied(justified=True, analysis="a", measures="m") is None
    assert reply_denied(justified=False, analysis="", measures="") is None
    assert reply_denied(justified=True, analysis="a", measures=" ") is not None


def test_only_the_trained_sign_replies() -> None:
    rows = [{"person": "director", "topic": "Жалобы"}]

    assert training_denied(rows, "director", "Жалобы") is None
    assert training_denied(rows, "lawyer", "Жалобы") is not None


@pytest.mark.parametrize(
    ("new_due", "code"),
    [
        (date(2026, 4, 2), "EXTENSION_TOO_SHORT"),
        (date(2026, 4, 3), None),
        (date(2026, 5, 4), None),
        (date(2026, 5, 5), "EXTENSION_TOO_LONG"),
    ],
)
def test_a_term_is_extended_later_than_before_and_not_beyond_the_limit(new_due: date, code: str | None) -> None:
    refused = extension_denied(new_due, date(2026, 4, 2), date(2026, 5, 4))

    assert (refused.code if refused else None) == code


def test_dissatisfaction_closes_with_disagreement_and_silence_closes_too() -> None:
    assert [closure(each) for each in (True, None, False)] == [
        Closure.SATISFIED,
        Closure.SILENT,
        Closure.WITH_DISAGREEMENT,
    ]


def test_a_partly_justified_complaint_counts_as_justified() -> None:
    assert [is_justified(each) for each in Conclusion] == [True, True, False]
