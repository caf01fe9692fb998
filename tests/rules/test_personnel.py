from fractions import Fraction

import pytest

from rules.personnel import Personnel, effective_personnel
from rules.verdict import NotPossible


@pytest.mark.parametrize(
    ("people", "effective"),
    [
        (Personnel(full_time=100), 100),
        (Personnel(full_time=10, part_time_equivalent=Fraction(1, 3)), 11),  # a part of a person counts as one
        (Personnel(full_time=10, non_permanent_present=5), 15),
        # 200 − 150 · (1 − 0.4) = 110
        (
            Personnel(
                full_time=200, similar_work=150, similar_work_factor=Fraction(2, 5), rationale="Уборка по одной карте"
            ),
            110,
        ),
    ],
)
def test_effective_personnel(people, effective):
    assert effective_personnel(people) == effective


def test_people_under_control_count_for_health_and_safety_alone():
    people = Personnel(full_time=40, under_control=12)

    assert effective_personnel(people) == 40
    assert effective_personnel(people, health_and_safety=True) == 52


@pytest.mark.parametrize(
    ("people", "code"),
    [
        (Personnel(full_time=10, similar_work=5, similar_work_factor=Fraction(1, 2)), "REASON_MISSING"),
        (Personnel(full_time=-1), "PERSONNEL_INVALID"),
        (Personnel(full_time=10, similar_work=11), "PERSONNEL_INVALID"),
        (Personnel(full_time=10, similar_work_factor=Fraction(0), rationale="х"), "PERSONNEL_INVALID"),
    ],
)
def test_contradictions_and_silent_reductions_are_refused(people, code):
    with pytest.raises(NotPossible) as refused:
        effective_personnel(people)

    assert refused.value.why.code == code
