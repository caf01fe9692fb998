from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sampling import (
    FACTORS,
    Site,
    SiteStatus,
    Visit,
    factors_denied,
    plan_sites,
    random_count,
    sample_size,
    unsampled_count,
)
from rules.verdict import NotPossible
from tests.rules import shipped


def alike(count: int) -> list[Site]:
    office = Site(name="Офис", activities=frozenset({"35"}), central=True, personnel=10)
    return [office, *(Site(name=f"АЗС {n}", activities=frozenset({"29"}), personnel=n) for n in range(1, count + 1))]


QUARRY, PLANT, LABORATORY = (
    Site(name=name, activities=frozenset({code})) for name, code in (("Карьер", "2"), ("Завод", "16"), ("Лаб.", "34"))
)
UNLIKE = [Site(name="Офис", activities=frozenset({"35"}), central=True), QUARRY, PLANT, LABORATORY]


@pytest.mark.parametrize("row", shipped.table("md1_sample"), ids=lambda row: f"x={row['x']}")
def test_the_rule_agrees_with_the_reference_table(row):
    sites = int(row["x"])

    assert [sample_size(sites, visit) for visit in Visit] == [
        int(row["initial"]),
        int(row["surveillance"]),
        int(row["recertification"]),
    ]
    assert unsampled_count(sites, Visit.SURVEILLANCE) == int(row["unsampled_surv"])


def test_sites_with_different_activities_are_all_audited():
    # C-022: the applicant wants √3 = 2 visits; the activities differ, so all three and the central function.
    plan = plan_sites(UNLIKE, Visit.INITIAL, seed="С-1")

    assert not plan.is_sampled
    assert plan.selected == ("Офис", "Карьер", "Завод", "Лаб.")
    assert set(plan.statuses.values()) == {SiteStatus.AUDITED}


def test_surveillance_of_different_sites_takes_thirty_percent_and_other_sites_the_next_year():
    first = plan_sites(UNLIKE, Visit.SURVEILLANCE, seed="С-1/1")
    second = plan_sites(UNLIKE, Visit.SURVEILLANCE, seed="С-1/2", visited=first.selected)

    assert (first.count, second.count) == (1, 1)  # ⌈0.3 · 3⌉
    assert first.selected[0] == second.selected[0] == "Офис"
    assert first.selected[1] != second.selected[1]


def test_alike_sites_are_sampled_with_the_central_function_in_addition():
    plan = plan_sites(alike(10), Visit.INITIAL, seed="С-2")  # ⌈√10⌉ = 4

    assert plan.is_sampled
    assert (plan.count, plan.population, len(plan.selected)) == (4, 10, 5)
    assert plan.selected[0] == "Офис"
    assert len(plan.random) == 1  # a quarter of four
    assert sum(status is SiteStatus.SAMPLED_OUT_WITH_REASON for status in plan.statuses.values()) == 6


def test_people_choose_before_size_does():
    plan = plan_sites(alike(10), Visit.INITIAL, seed="С-2", preferred=["АЗС 1", "АЗС 2", "АЗС 3"])

    chosen = set(plan.selected) - {"Офис", *plan.random}
    assert chosen <= {"АЗС 1", "АЗС 2", "АЗС 3", "АЗС 10"}
    assert len(chosen & {"АЗС 1", "АЗС 2", "АЗС 3"}) >= 2


def test_the_draw_can_be_repeated_and_another_seed_draws_otherwise():
    seeds = [f"С-{n}" for n in range(20)]
    draws = [plan_sites(alike(25), Visit.INITIAL, seed=seed).random for seed in seeds]

    assert draws == [plan_sites(alike(25), Visit.INITIAL, seed=seed).random for seed in seeds]
    assert len(set(draws)) > 10


def test_one_site_is_no_sample():
    plan = plan_sites([PLANT], Visit.SURVEILLANCE, seed="")

    assert plan.selected == ("Завод",)
    assert not plan.is_sampled


@pytest.mark.parametrize(
    ("sites", "preferred"), [([], ()), ([PLANT, PLANT], ()), ([PLANT], ("Склад",)), (alike(1) * 2, ())]
)
def test_contradictory_sites_are_refused(sites, preferred):
    with pytest.raises(NotPossible) as refused:
        plan_sites(sites, Visit.INITIAL, seed="", preferred=preferred)

    assert refused.value.why.code == "SITES_INVALID"


def test_each_of_the_twelve_factors_is_answered_or_not_applicable():
    answers = dict.fromkeys(FACTORS, "неприменимо")
    assert len(FACTORS) == 12
    assert factors_denied(answers) is None

    refused = factors_denied({**answers, "language": " "})

    assert refused is not None
    assert refused.facts == {"count": 1, "factors": "language"}


@given(st.integers(0, 100_000))
def test_a_sample_is_the_exact_ceiling_of_the_root(sites):
    sample = sample_size(sites, Visit.INITIAL)

    assert sample == (isqrt(sites - 1) + 1 if sites else 0)
    assert 10 * sample_size(sites, Visit.SURVEILLANCE) >= 6 * isqrt(sites)
    assert sample_size(sites, Visit.SURVEILLANCE) <= sample_size(sites, Visit.RECERTIFICATION) <= sample <= sites


@given(st.integers(2, 60), st.sampled_from(Visit), st.text(max_size=5), st.sets(st.integers(1, 60), max_size=60))
def test_a_plan_selects_its_count_once_and_gives_every_site_one_status(count, visit, seed, seen):
    sites = alike(count)
    visited = {f"АЗС {n}" for n in seen}

    plan = plan_sites(sites, visit, seed=seed, visited=visited)

    assert len(plan.selected) == plan.count + 1 == len(set(plan.selected))
    assert set(plan.random) <= set(plan.selected)
    assert len(plan.random) >= random_count(plan.count) or plan.count == count
    assert set(plan.statuses) == {site.name for site in sites}
    fresh = {site.name for site in sites[1:]} - visited
    assert len(set(plan.selected) & fresh) == min(len(fresh), plan.count)  # unseen sites come first
