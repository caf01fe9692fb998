"""The time of a control: from the journal of cycles, a third of the initial time, kept by its plan."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import control_plan, control_points
from rules.sampling import Sampling, Site, Visit, plan_sites
from tests.handlers import test_audit_time
from tests.handlers.certification_case import Data, code_of
from tests.handlers.control_case import START, a_control, journal

CYCLE = journal("cycle", {START["certificate"]: {"Контроль, дней": 2.5}})
DATES: Data = {
    "control_dates": {"outcome": "agree", "date_from": "2026-02-16", "date_to": "2026-02-18"},
    "team": {
        "leader": "auditor1",
        "members": [{"person": "expert1", "role": "expert"}],
        "date_from": "2026-02-16",
        "date_to": "2026-02-18",
    },
}


def planned(*works: tuple[str, str]) -> dict[str, Any]:
    """Return a plan of works, each a day and who is there."""
    items = [{"day": day, "site": "Завод", "process": "Бетон", "auditor": login} for day, login in works]
    sites = [{"site": "Завод", "status": "AUDITED"}]
    return {"date_from": "2026-02-16", "date_to": "2026-02-18", "sites": sites, "items": items}


@pytest.mark.parametrize(
    ("works", "code"),
    [
        ([("2026-02-16", "auditor1")], "TIME_TOO_SHORT"),
        ([("2026-02-16", "auditor1"), ("2026-02-17", "expert1")], "TIME_TOO_SHORT"),  # an expert's day does not count
        ([("2026-02-16", "auditor1"), ("2026-02-17", "auditor1")], None),  # four fifths of 2.5 days
    ],
)
def test_a_plan_gives_the_auditors_the_calculated_time(works: list[tuple[str, str]], code: str | None) -> None:
    case = a_control(DATES, registers=CYCLE)

    assert code_of(control_plan.check, case, planned(*works)) == code


def test_a_control_of_a_certificate_whose_time_nobody_knows_is_planned_by_people() -> None:
    assert code_of(control_plan.check, a_control(DATES), planned(("2026-02-16", "auditor1"))) is None


def test_another_degree_of_integration_calculates_the_coming_audits_anew_with_every_reason() -> None:
    aspects = test_audit_time.aspects(
        effective_personnel=100, adjustments=[{"reason": "Зрелая система", "percent": -10}]
    )
    results = {"duration_aspects": aspects, "control_results": {"integration_text": "Было полная, стало частичная"}}

    outcome = control_points.recalculated(a_control(results, registers=CYCLE))

    fields = outcome.documents[0].fields  # seven days less a tenth are 6.3, to the nearest half day 6.5
    assert fields["Первичный аудит такой организации, дней"] == 6.5
    assert fields["Поправки"] == ["Зрелая система: -10 %"]
    cycle = next(record for record in outcome.records if record.journal == "cycle")
    assert (cycle.fields["Контроль, дней"], cycle.fields["Ресертификация, дней"]) == (2.0, 4.5)


def test_each_year_sees_other_sites_of_an_unlike_organisation() -> None:
    sites = [Site(name="Управление", activities=frozenset({"0"}), central=True)]
    sites += [Site(name=name, activities=frozenset({name})) for name in ("Карьер", "Завод", "Лаборатория")]

    first = plan_sites(sites, Visit.SURVEILLANCE, seed="1")
    second = plan_sites(sites, Visit.SURVEILLANCE, seed="2", visited=first.selected)
    recertified = plan_sites(sites, Visit.RECERTIFICATION, seed="1", sampling=Sampling())

    assert (first.count, first.is_sampled) == (1, False)
    assert {*first.selected} & {*second.selected} == {"Управление"}
    assert recertified.selected == ("Управление", "Карьер", "Завод", "Лаборатория")
