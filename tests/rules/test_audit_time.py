from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.audit_split import cycle_time, site_time
from rules.audit_table import System, band_of, exact, round_half_day, system_of
from rules.audit_time import Adjustment, AuditTime, Demand, Limits, allocation_denied, audit_time, onsite_warning
from rules.integration import integration_reduction, team_capability
from rules.verdict import NotPossible
from tests.rules import shipped

TABLES = {system: shipped.table(f"{system}_initial") for system in System}
QUALITY = Demand(system=System.QUALITY, personnel=100)
ENVIRONMENT = Demand(system=System.ENVIRONMENT, personnel=100, complexity="medium")
SAFETY = Demand(system=System.HEALTH_AND_SAFETY, personnel=100, complexity="high")


def integrated(percent: int = 20) -> AuditTime:
    return audit_time(TABLES, [QUALITY, ENVIRONMENT, SAFETY], integration_percent=Fraction(percent))


def test_three_systems_of_a_hundred_people_take_twenty_one_days_together():
    time = integrated()  # 7 + 8 + 11 = 26; 26 · 0.8 = 20.8

    assert [one.band.days for one in time.systems] == [7, 8, 11]
    assert time.base == 26
    assert time.exact == exact(20.8)
    assert time.final == 21
    assert time.onsite_min == exact(16.8)  # 21 · 0.8
    assert cycle_time(time.final).surveillance == 7
    assert cycle_time(time.final).recertification == 14
    assert time.warnings == ()


@pytest.mark.parametrize(
    ("personnel", "days"),
    [(1, "3/2"), (5, "3/2"), (6, "2"), (10, "2"), (11, "5/2"), (86, "7"), (125, "7"), (126, "8"), (10700, "22")],
)
def test_the_quality_table_changes_at_the_edges_of_its_bands(personnel, days):
    assert band_of(TABLES[System.QUALITY], system=System.QUALITY, personnel=personnel).days == Fraction(days)


@pytest.mark.parametrize(
    ("complexity", "days"), [("high", 17), ("medium", 13), ("low", 10), ("limited", Fraction(13, 2))]
)
def test_the_environment_table_has_a_column_for_each_complexity(complexity, days):
    # 626-875, limited: 6.5; one public program has 6.0 there.
    band = band_of(TABLES[System.ENVIRONMENT], system=System.ENVIRONMENT, personnel=700, complexity=complexity)

    assert band.days == days
    assert (band.minimum, band.maximum) == (626, 875)


@pytest.mark.parametrize(
    ("demand", "code"),
    [
        (Demand(system=System.QUALITY, personnel=10_701), "MANUAL_AUDIT_TIME"),
        (Demand(system=System.ENVIRONMENT, personnel=20, complexity="special"), "MANUAL_AUDIT_TIME"),
        (Demand(system=System.QUALITY, personnel=0), "PERSONNEL_INVALID"),
        (Demand(system=System.ENVIRONMENT, personnel=20), "NO_COMPLEXITY"),
        (Demand(system=System.HEALTH_AND_SAFETY, personnel=20, complexity="limited"), "NO_COMPLEXITY"),
    ],
)
def test_what_the_tables_do_not_say_is_refused_and_not_guessed(demand, code):
    with pytest.raises(NotPossible) as refused:
        audit_time(TABLES, [demand])

    assert refused.value.why.code == code


def test_a_reduction_beyond_thirty_percent_is_cut_and_noted():
    adjustments = [
        Adjustment(reason="Зрелая система", percent=Fraction(-20)),
        Adjustment(reason="Нет проектирования", percent=Fraction(-15)),
    ]

    time = audit_time(TABLES, [QUALITY], adjustments)

    assert time.systems[0].asked_percent == -35
    assert time.systems[0].percent == -30
    assert time.exact == exact(4.9)  # 7 · 0.7
    assert time.final == 5
    assert [warning.code for warning in time.warnings] == ["REDUCTION_CAPPED"]


def test_increases_have_no_cap():
    time = audit_time(TABLES, [QUALITY], [Adjustment(reason="Языки и цеха", percent=Fraction(80))])

    assert time.exact == exact(12.6)  # 7 · 1.8
    assert time.warnings == ()


def test_an_adjustment_of_one_system_leaves_the_others_alone():
    only_safety = Adjustment(reason="Аварийность", percent=Fraction(10), system=System.HEALTH_AND_SAFETY)

    time = audit_time(TABLES, [QUALITY, SAFETY], [only_safety])

    assert [one.days for one in time.systems] == [7, exact(12.1)]  # 11 · 1.1


def test_both_reductions_multiply_to_forty_four_percent():
    demands = [QUALITY, ENVIRONMENT, SAFETY]
    mature = [Adjustment(reason="Зрелая система", percent=Fraction(-30))]

    time = audit_time(TABLES, demands, mature, integration_percent=Fraction(20))

    assert time.exact == 26 * exact(0.56)  # IAF MD 11: 0.7 · 0.8, never 0.5
    assert time.floor == 15  # 14.56 rounded up to half a day


def test_integration_beyond_twenty_percent_is_cut_and_noted():
    time = integrated(30)

    assert time.integration_percent == 20
    assert [warning.code for warning in time.warnings] == ["INTEGRATION_CAPPED"]


def test_one_standard_alone_has_nothing_to_integrate():
    assert audit_time(TABLES, [QUALITY], integration_percent=Fraction(20)).exact == 7


def test_an_adjustment_needs_a_reason():
    with pytest.raises(NotPossible, match="причин"):
        audit_time(TABLES, [QUALITY], [Adjustment(reason=" ", percent=Fraction(-5))])


@pytest.mark.parametrize(
    ("allocated", "reason", "by_head", "code"),
    [
        (Fraction(21), "", False, None),
        (Fraction(20), "Аудит начат по прежнему расчёту", True, None),
        (Fraction(20), " ", True, "TIME_BELOW_MINIMUM"),
        (Fraction(20), "Заявитель просил", False, "TIME_BELOW_MINIMUM"),
    ],
)
def test_less_than_the_calculated_time_takes_the_head_and_a_reason(allocated, reason, by_head, code):
    refused = allocation_denied(allocated, integrated(), reason=reason, by_head=by_head)  # C-027

    assert (refused.code if refused else None) == code


def test_less_than_four_fifths_on_site_is_a_warning():
    warning = onsite_warning(exact(16.5), integrated())

    assert warning is not None
    assert warning.message == "На площадках 16,5 дн., обычно не меньше 16,8 дн. Обоснуйте."
    assert onsite_warning(exact(16.8), integrated()) is None


@pytest.mark.parametrize(
    ("initial", "stages", "later"),
    [
        ("3/2", ("1/2", "1"), ("1", "1")),  # a third of 1.5 is 0.5, below one day of surveillance
        ("1", ("1/2", "1/2"), ("1", "1")),
        ("8", ("5/2", "11/2"), ("5/2", "11/2")),  # 2.67 and 5.33 to half days
    ],
)
def test_the_stages_and_later_audits_follow_from_the_total(initial, stages, later):
    cycle = cycle_time(Fraction(initial))

    assert (cycle.stage1, cycle.stage2) == tuple(map(Fraction, stages))
    assert (cycle.surveillance, cycle.recertification) == tuple(map(Fraction, later))


def test_a_sampled_site_keeps_half_of_its_time():
    assert site_time(Fraction(6), Fraction(44)).warning is None
    assert site_time(Fraction(6), Fraction(70)).days == 3
    assert site_time(Fraction(6), Fraction(70)).warning is not None


@pytest.mark.parametrize(
    ("level", "capability", "percent"), [(100, 100, 20), (99, 100, 15), (50, 100, 10), (100, 24, 0), (0, 100, 0)]
)
def test_integration_is_proposed_in_steps_of_five(level, capability, percent):
    assert integration_reduction(level, capability) == percent


@pytest.mark.parametrize(("by_auditor", "standards", "percent"), [([3, 3], 3, 100), ([3, 1], 3, 50), ([2], 1, 0)])
def test_a_team_is_as_able_as_its_auditors_know_several_standards(by_auditor, standards, percent):
    assert team_capability(by_auditor, standards) == percent


def test_a_standard_without_a_table_is_named():
    with pytest.raises(NotPossible, match="ISO 50001"):
        system_of("ISO 50001")


def test_the_shipped_readings_are_the_limits():
    assert Limits.of_profile(shipped.profile("KZ_PCS").reading) == Limits()


@given(st.integers(1, 10_699), st.sampled_from(["high", "medium", "low", "limited"]))
def test_more_people_never_take_less_time(personnel, complexity):
    for system in System:
        column = "low" if system is System.HEALTH_AND_SAFETY and complexity == "limited" else complexity
        fewer, more = (
            band_of(TABLES[system], system=system, personnel=count, complexity=column).days
            for count in (personnel, personnel + 1)
        )
        assert fewer <= more


@given(st.fractions(0, 500))
def test_rounding_moves_by_a_quarter_of_a_day_at_most(days):
    assert abs(round_half_day(days) - days) <= Fraction(1, 4)
    assert (round_half_day(days) * 2).denominator == 1


@given(st.lists(st.integers(-40, 60), max_size=4), st.integers(0, 40), st.integers(1, 10_700))
def test_no_adjustment_passes_the_floor_by_more_than_the_rounding(percents, integration, personnel):
    demands = [
        Demand(system=System.QUALITY, personnel=personnel),
        Demand(system=System.ENVIRONMENT, personnel=personnel, complexity="low"),
    ]
    adjustments = [Adjustment(reason="Причина", percent=Fraction(percent)) for percent in percents]

    time = audit_time(TABLES, demands, adjustments, integration_percent=Fraction(integration))

    assert time.exact >= time.base * exact(0.56)


@given(st.integers(1, 1000))
def test_the_stages_are_the_whole_audit(half_days):
    initial = Fraction(half_days + 1, 2)

    cycle = cycle_time(initial)

    assert cycle.stage1 + cycle.stage2 == initial
    assert cycle.stage1 >= Fraction(1, 2) <= cycle.stage2
