"""Which sites are audited: who may calculate it, the draw, and the status of every site."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.application import need_of
from handlers.client_file import refuse
from rules.competence import evaluation_denied
from rules.sampling import Sampling, Site, SitePlan, Visit, factors_denied, plan_sites
from rules.verdict import NotPossible

VISITS = {"recertification": Visit.RECERTIFICATION, "surveillance": Visit.SURVEILLANCE}
"""Processes whose audits are no initial ones."""


def visit_of(case: Case) -> Visit:
    """Return which audit of the cycle a case is about."""
    return VISITS.get(case.process, Visit.INITIAL)


@guard(refuses=("COMPETENCE_MISSING", "FACTORS_MISSING", "SITES_INVALID"), requirements=("C-021", "C-025"))
def evaluated(case: Case, values: Mapping[str, Any]) -> None:
    """Let only an evaluated executor or the head prepare the sampling, with an answer to each factor.

    Refuses: COMPETENCE_MISSING  no evaluation for the calculation
             FACTORS_MISSING     one of the twelve factors has no answer
             SITES_INVALID       a preferred name is no site of the application
    Source:  C L37-51 (C-021, C-025)
    """
    refuse(
        case,
        evaluation_denied(case.registers("competence"), case.actor.login, "calculation", need_of(case), case.today),
    )
    refuse(case, factors_denied(values["factors"]), field="factors")
    try:
        plan_of(case, visit_of(case), values)
    except NotPossible as error:
        refuse(case, error.why, field="preferred")


@step(
    writes=("sampling.applied", "sampling.selected", "sampling.statuses", "sampling.reason", "sampling.count"),
    requirements=("C-022", "C-023", "C-024"),
)
def draw(case: Case) -> Outcome:
    """Choose the sites of the initial audit, or of a recertification, and give each site one status.

    Reads:   application.sites, sampling_factors (form)
    Writes:  sampling  {"applied": bool, "selected": [names], "count": int without the central function,
             "reason": str, "statuses": [{"site", "status", "reason"}]}
    Source:  C L37-38 (C-022 to C-024); IAF MD 1
    """
    try:
        plan = plan_of(case, visit_of(case), case["sampling_factors"])
    except NotPossible as error:
        facts: dict[str, Any] = dict(error.why.facts)
        raise Refused(error.why.code, error.why.template, **facts) from error
    return Outcome(data={"sampling": told(plan, case.get("sampling_factors.excluded_reason"))})


def told(plan: SitePlan, excluded_reason: str | None = None) -> dict[str, Any]:
    """Return a plan of sites as case data: what `draw` writes under `sampling`."""
    excluded = excluded_reason or plan.reason
    statuses = [
        {"site": site, "status": status.value}
        | ({"reason": excluded} if status.value == "SAMPLED_OUT_WITH_REASON" else {})
        for site, status in plan.statuses.items()
    ]
    return {
        "applied": plan.is_sampled,
        "selected": list(plan.selected),
        "count": plan.count,
        "reason": plan.reason,
        "statuses": statuses,
    }


def plan_of(
    case: Case, visit: Visit, factors: Mapping[str, Any], *, seed: str | None = None, visited: Collection[str] = ()
) -> SitePlan:
    """Return which sites of the application an audit visits, with those that `factors` prefer.

    `visited` are sites that the cycle has seen already; `seed` is the application's number unless another is given.
    Raises NotPossible for a preferred name that is no site, or for an application without sites.
    """
    sites = [
        Site(
            name=row["name"],
            # The same code with another activity is another activity: the procedure speaks of activities, not codes.
            activities=frozenset({f"{row['code']}:{row['activity'].strip().lower()}"}),
            central=bool(row.get("central")),
            personnel=int(row["personnel"]),
        )
        for row in case["application.sites"]
    ]
    preferred = [row["site"] for row in factors.get("preferred", [])]
    by = seed or case["application.is_number"]
    sampling = Sampling.of_profile(case.terms.reading)
    return plan_sites(sites, visit, seed=by, preferred=preferred, visited=visited, sampling=sampling)
