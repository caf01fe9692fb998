import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.findings import (
    Conclusion,
    Finding,
    Grade,
    both_readings,
    conclusion_denied,
    escalations,
    grade_denied,
    reckon,
    unaudited_denied,
)

ORDER = list(Conclusion)


def findings(significant=0, minor=0, negligible=0, notification=0):
    grades = [Grade.SIGNIFICANT] * significant + [Grade.MINOR] * minor + [Grade.NEGLIGIBLE] * negligible
    grades += [Grade.NOTIFICATION] * notification
    return [Finding(number=str(n), grade=grade) for n, grade in enumerate(grades, start=1)]


@pytest.mark.parametrize(
    ("counts", "two_level", "literal"),
    [
        ({}, "CONFORMING", "CONFORMING"),
        ({"notification": 25}, "CONFORMING", "CONFORMING"),  # C-064: never counts
        ({"negligible": 9}, "CONFORMING_SUBJECT_TO_CA", "CONFORMING_SUBJECT_TO_CA"),  # C-079
        ({"negligible": 10}, "NOT_CONFORMING", "NOT_CONFORMING"),  # C-079
        ({"significant": 1}, "NOT_CONFORMING", "NOT_CONFORMING"),  # C-079
        ({"minor": 10}, "NOT_CONFORMING", "CONFORMING_SUBJECT_TO_CA"),  # the readings part here
        ({"minor": 5, "negligible": 5}, "NOT_CONFORMING", "CONFORMING_SUBJECT_TO_CA"),
        ({"minor": 1}, "CONFORMING_SUBJECT_TO_CA", "CONFORMING_SUBJECT_TO_CA"),
    ],
)
def test_the_conclusion_of_both_readings(counts, two_level, literal):
    both = both_readings(findings(**counts))

    assert both["two_level"].conclusion == two_level
    assert both["three_level_literal"].conclusion == literal


def test_a_raised_group_counts_once_as_significant_and_leaves_the_count_of_ten():
    raised = [Finding(number=f"г{n}", grade=Grade.MINOR, group="Закупки") for n in range(3)]

    reckoning = reckon([*findings(minor=9), *raised], "two_level")

    assert (reckoning.tally.significant, reckoning.tally.counted) == (1, 9)
    assert reckoning.conclusion is Conclusion.NOT_CONFORMING


def test_per_standard_each_standard_has_its_own_ten():
    nine_each = [
        Finding(number=f"{standard}-{n}", grade=Grade.MINOR, standard=standard)
        for standard in ("ISO 9001", "ISO 14001")
        for n in range(9)
    ]

    assert reckon(nine_each, "two_level").conclusion is Conclusion.NOT_CONFORMING  # 18 in the case
    assert reckon(nine_each, "two_level", scope="per_standard").conclusion is Conclusion.CONFORMING_SUBJECT_TO_CA


def test_only_the_conclusion_that_follows_is_allowed():
    reckoning = reckon(findings(negligible=10), "two_level")

    assert conclusion_denied(Conclusion.NOT_CONFORMING, reckoning) is None
    refused = conclusion_denied(Conclusion.CONFORMING_SUBJECT_TO_CA, reckoning)
    assert refused is not None
    assert refused.code == "CONCLUSION_NOT_ALLOWED"
    assert refused.facts["counted"] == 10


def supplier_check(number, department, grade=Grade.MINOR, **more):
    return Finding(
        number=number, grade=grade, process="Закупки", type="нет оценки поставщика", department=department, **more
    )


def test_the_same_breach_in_two_departments_is_proposed_to_be_raised():
    # C-068: purchasing of two departments.
    proposals = escalations([supplier_check("1", "А"), supplier_check("2", "Б", Grade.NEGLIGIBLE)])

    assert [(each.process, each.departments, each.numbers) for each in proposals] == [
        ("Закупки", ("А", "Б"), ("1", "2"))
    ]


@pytest.mark.parametrize(
    "repeated",
    [
        [supplier_check("1", "А"), supplier_check("2", "А")],  # one department
        [supplier_check("1", "А"), supplier_check("2", "Б", Grade.SIGNIFICANT)],
        [supplier_check("1", "А"), supplier_check("2", "Б", Grade.NOTIFICATION)],
        [supplier_check("1", "А", group="г"), supplier_check("2", "Б", group="г")],  # raised already
        [supplier_check("1", ""), supplier_check("2", "")],
    ],
)
def test_what_does_not_repeat_across_departments_is_not_proposed(repeated):
    assert escalations(repeated) == ()


@pytest.mark.parametrize(
    ("grade", "potential", "verified", "code"),
    [
        (Grade.NOTIFICATION, True, True, None),
        (Grade.MINOR, False, True, None),
        (Grade.MINOR, True, True, "ONLY_NOTIFICATION"),  # C-064
        (Grade.NOTIFICATION, False, True, "NOT_NOTIFICATION"),
        (Grade.MINOR, False, False, "EVIDENCE_UNVERIFIED"),  # C-060
    ],
)
def test_grades_that_a_finding_cannot_have(grade, potential, verified, code):
    refused = grade_denied(grade, is_potential=potential, is_verified=verified)

    assert (refused.code if refused else None) == code


def test_grading_waits_for_every_selected_site():
    refused = unaudited_denied(["Офис", "Завод"], ["Офис"])  # C-063

    assert refused is not None
    assert refused.facts["sites"] == "Завод"
    assert unaudited_denied(["Офис"], ["Офис", "Склад"]) is None


GRADES = st.lists(st.sampled_from(Grade), max_size=30)


@given(GRADES, st.sampled_from(Grade))
def test_one_more_finding_never_improves_the_conclusion(grades, more):
    before = [Finding(number=str(n), grade=grade) for n, grade in enumerate(grades)]
    after = [*before, Finding(number="ещё", grade=more)]

    for taxonomy in ("two_level", "three_level_literal"):
        assert ORDER.index(reckon(before, taxonomy).conclusion) <= ORDER.index(reckon(after, taxonomy).conclusion)


@given(GRADES)
def test_the_two_level_reading_is_never_milder(grades):
    both = both_readings([Finding(number=str(n), grade=grade) for n, grade in enumerate(grades)])

    literal = both["three_level_literal"].conclusion
    assert ORDER.index(both["two_level"].conclusion) >= ORDER.index(literal)
