from datetime import date

import pytest

from rules.admissibility import (
    Applicant,
    Category,
    Earlier,
    Form,
    Item,
    Target,
    ground_denied,
    is_anonymous,
    is_collective,
    is_repeat,
    marks_denied,
    missing_parts,
    not_considered,
    proposed_category,
    repeated,
    term_of,
)
from tests.rules import shipped

NAMED = Applicant(name="ООО «Бирлик Тест»", place="Ташкент, ул. Садовая, 1")


def item(**changes):
    values = {"form": Form.ELECTRONIC, "applicants": (NAMED,), "reply_email": "a@birlik.example", "substance": "Суть"}
    return Item(**{**values, **changes})


@pytest.mark.parametrize(
    ("applicants", "anonymous"),
    [
        ((), True),
        ((Applicant(name="Н. Юсупова"),), True),  # a name alone
        ((Applicant(place="Ташкент"),), True),
        ((Applicant(name=" ", place="Ташкент"),), True),
        ((NAMED,), False),
        ((Applicant(), NAMED), False),  # one of several is enough
    ],
)
def test_anonymous_is_who_gives_no_name_or_no_place(applicants, anonymous):
    assert is_anonymous(item(applicants=applicants)) is anonymous


@pytest.mark.parametrize(
    ("changes", "category", "missing"),
    [
        ({}, Category.COMPLAINT, ()),
        ({"applicants": ()}, Category.COMPLAINT, ("identity",)),
        ({"reply_email": ""}, Category.COMPLAINT, ("reply_email",)),
        ({"form": Form.WRITTEN, "reply_email": ""}, Category.COMPLAINT, ()),
        ({"by_representative": True}, Category.COMPLAINT, ("authority",)),
        ({"substance": " "}, Category.APPEAL, ("substance",)),
        ({"substance": " "}, Category.COMPLAINT, ()),
    ],
)
def test_what_an_applicant_is_asked_to_complete(changes, category, missing):
    assert missing_parts(item(**changes), category) == missing


def test_only_an_expired_completion_closes_an_item():
    nameless = item(applicants=())  # "your inspector took a gift", no name, no address

    assert not_considered(nameless, Category.COMPLAINT, completion_expired=False) is None
    assert not_considered(nameless, Category.COMPLAINT, completion_expired=True) == "NOT_CONSIDERED_ANONYMOUS"
    represented = item(by_representative=True)
    assert not_considered(represented, Category.COMPLAINT, completion_expired=True) == "NOT_CONSIDERED_NO_AUTHORITY"
    assert not_considered(item(reply_email=""), Category.COMPLAINT, completion_expired=True) is None


def test_collective_begins_with_two():
    assert not is_collective(item())
    assert is_collective(item(applicants=(NAMED, NAMED)))


@pytest.mark.parametrize(
    ("received", "answered", "repeat"),
    [
        (date(2026, 11, 10), True, True),
        (date(2026, 11, 11), True, False),
        (date(2026, 11, 10), False, False),
        (date(2023, 11, 10), True, False),  # the first itself
    ],
)
def test_a_repeat_comes_within_three_years_of_an_answered_first(received, answered, repeat):
    assert is_repeat(date(2023, 11, 10), answered, received) is repeat


def test_the_journal_is_searched_by_applicant_and_matter():
    journal = [
        Earlier(number="А-3", applicant="Бирлик Тест", matter="Отказ", received_on=date(2025, 5, 1), is_answered=True),
        Earlier(number="А-1", applicant="бирлик  тест", matter="отказ", received_on=date(2024, 5, 1), is_answered=True),
        Earlier(number="А-2", applicant="Другой", matter="Отказ", received_on=date(2024, 1, 1), is_answered=True),
    ]

    first = repeated(journal, applicant="Бирлик Тест ", matter="ОТКАЗ", received=date(2026, 3, 2))

    assert first is not None
    assert first.number == "А-1"
    assert repeated(journal, applicant="Бирлик Тест", matter="Срок", received=date(2026, 3, 2)) is None


@pytest.mark.parametrize(
    ("within", "decision", "dissatisfied", "service", "category"),
    [
        (True, "Отказ № 5", False, False, "APPEAL"),
        (True, " ", True, False, "COMPLAINT"),
        (True, "", False, True, "APPLICATION"),
        (True, "", False, False, "PROPOSAL"),
        (False, "Отказ № 5", True, False, "OUT_OF_COMPETENCE"),
    ],
)
def test_the_category_is_proposed(within, decision, dissatisfied, service, category):
    proposed = proposed_category(
        within_competence=within, contested_decision=decision, is_dissatisfied=dissatisfied, wants_service=service
    )

    assert proposed == category


@pytest.mark.parametrize(
    ("category", "target", "study", "last"),
    [
        # Registered on Monday 2 March 2026.
        (Category.COMPLAINT, Target.BODY, False, date(2026, 3, 17)),
        (Category.COMPLAINT, Target.APPLICANT, False, date(2026, 4, 2)),
        (Category.PROPOSAL, Target.OTHER, False, date(2026, 3, 17)),
        (Category.PROPOSAL, Target.OTHER, True, date(2026, 4, 2)),
        (Category.APPEAL, Target.BODY, False, date(2026, 4, 2)),
        (Category.OUT_OF_COMPETENCE, Target.OTHER, False, date(2026, 3, 10)),  # 7 March is a Saturday
    ],
)
def test_each_kind_of_item_has_its_term(category, target, study, last):
    term = term_of(category, target, needs_study=study)

    assert shipped.profile("UZ_PTA").due(term, date(2026, 3, 2)).day == last


@pytest.mark.parametrize(
    ("ground", "reason", "refused"),
    [("PROCEDURE", "", False), ("OTHER_DECISION", "Прекращение", False), ("OTHER_DECISION", "", True), ("X", "", True)],
)
def test_another_decision_is_a_ground_with_a_reason(ground, reason, refused):
    assert (ground_denied(ground, reason) is not None) is refused


def test_a_resolution_has_all_its_marks():
    assert marks_denied({"category", "due"}, ("category", "due")) is None
    refused = marks_denied({"category"}, ("category", "due", "signature"))
    assert refused is not None
    assert refused.facts["marks"] == "due, signature"
