"""Which sites are audited: all of them, or a sample of IAF MD 1.

Square roots are taken on integers: the smallest n with 100·n² ≥ 36·x is the ceiling of 0.6·√x, and no float
gets a perfect square wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, isqrt
from typing import Any

from rules.audit_table import exact
from rules.verdict import Denied, NotPossible, denied

FACTORS = (
    "previous_audits",
    "complaints",
    "size_changes",
    "system_changes",
    "complexity",
    "changes_since",
    "management_review",
    "completeness",
    "significance",
    "language",
    "geography",
    "law",
)
"""The twelve factors of C L39-51, in the order of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What the profile says of a sample; shares are of 1."""

    formula: str = "MD1_sqrt"
    """`MD1_sqrt`, or `all_sites`: no site is ever left out but at surveillance."""
    random_share: Fraction = Fraction(1, 4)
    """IAF MD 1: of the sample, not of all sites."""
    unsampled_share: Fraction = Fraction(3, 10)
    """IAF MD 1 6.2.1: of a year's surveillance where no sampling is allowed."""

    @classmethod
    def of_profile(cls, reading: Callable[[str], Any]) -> Sampling:
        """Read it from a profile's readings."""
        return cls(
            formula=str(reading("md1.profile")),
            random_share=exact(reading("md1.random_share")),
            unsampled_share=exact(reading("md1.unsampled_surv")),
        )


DEFAULT_SAMPLING = Sampling()


class Visit(StrEnum):
    """The audit of the cycle that the sites are chosen for."""

    INITIAL = "initial"
    SURVEILLANCE = "surveillance"
    RECERTIFICATION = "recertification"


class SiteStatus(StrEnum):
    """What became of a site in the plan (C-024); every site has exactly one."""

    AUDITED = "AUDITED"
    SAMPLED_IN = "SAMPLED_IN"
    SAMPLED_OUT_WITH_REASON = "SAMPLED_OUT_WITH_REASON"


_SQUARED_FACTOR = {Visit.INITIAL: 100, Visit.SURVEILLANCE: 36, Visit.RECERTIFICATION: 64}  # (10·factor)²


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site within the scope; `activities` are codes of what is done there."""

    name: str
    activities: frozenset[str]
    central: bool = False
    personnel: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """The sites of one audit, and why these."""

    is_sampled: bool
    count: int
    """How many sites besides the central function are visited."""
    population: int
    """How many sites there are besides the central function: x of MD 1."""
    selected: tuple[str, ...]
    """Names, central function first, then in the order of the application."""
    random: tuple[str, ...]
    """Those of the selected that the seed chose."""
    statuses: Mapping[str, SiteStatus]
    reason: str
    """Russian sentence."""


def sample_size(sites: int, visit: Visit) -> int:
    """Return how many of x similar sites (without the central function) are visited; the root is rounded up.

    Source: IAF MD 1 (√x, 0.6·√x, 0.8·√x); C L37 (C-023).

    >>> [sample_size(100, visit) for visit in Visit], [sample_size(3, visit) for visit in Visit]
    ([10, 6, 8], [2, 2, 2])
    """
    if sites < 0:
        raise ValueError("A number of sites is not negative.")
    squared = _SQUARED_FACTOR[visit] * sites
    return min(sites, _ceil_div(_ceil_sqrt(squared), 10))


def unsampled_count(sites: int, visit: Visit, share: Fraction = DEFAULT_SAMPLING.unsampled_share) -> int:
    """Return how many of x sites are visited where no sampling is allowed: all, at surveillance 30 % rounded up.

    Source: IAF MD 1 6.2.1; C L37 (C-022).

    >>> unsampled_count(3, Visit.INITIAL), [unsampled_count(sites, Visit.SURVEILLANCE) for sites in (3, 4, 10)]
    (3, [1, 2, 3])
    """
    if visit is Visit.SURVEILLANCE:
        return ceil(share * sites)
    return sites


def random_count(sample: int, share: Fraction = DEFAULT_SAMPLING.random_share) -> int:
    """Return how many of a sample are chosen by chance: a quarter of it, rounded up. Source: IAF MD 1.

    >>> random_count(2), random_count(4), random_count(5), random_count(0)
    (1, 1, 2, 0)
    """
    return ceil(share * sample)


def plan_sites(
    sites: Sequence[Site],
    visit: Visit,
    *,
    seed: str,
    visited: Collection[str] = (),
    preferred: Sequence[str] = (),
    sampling: Sampling = DEFAULT_SAMPLING,
) -> SitePlan:
    """Choose the sites of an audit; the central function is always visited in addition.

    Different activities forbid sampling. Otherwise a quarter of the sample is chosen by the seed and the rest by
    people (`preferred`, in their order), then by size; sites not `visited` earlier in the cycle always come first.
    The same sites and seed give the same plan. Raises NotPossible: SITES_INVALID for no site, for equal names, for
    several central functions, for a preferred name that is no site.
    Source: C L37-38 (C-022, C-023, C-024); IAF MD 1 6.1, 6.2.
    """
    _check(sites, preferred)
    central = tuple(site.name for site in sites if site.central)
    others = [site for site in sites if not site.central]
    similar = len({site.activities for site in others}) == 1
    sampled = similar and len(others) > 1 and sampling.formula == "MD1_sqrt"
    unsampled = unsampled_count(len(others), visit, sampling.unsampled_share)
    count = sample_size(len(others), visit) if sampled else unsampled
    by_chance = _by_chance(
        others, random_count(count, sampling.random_share) if count < len(others) else 0, seed, visited
    )
    chosen = by_chance + _by_judgement(others, count - len(by_chance), by_chance, visited, preferred)
    selected = central + tuple(site.name for site in others if site.name in chosen)
    return SitePlan(
        is_sampled=sampled,
        count=count,
        population=len(others),
        selected=selected,
        random=by_chance,
        statuses={site.name: _status(site, chosen, sampled=sampled, count=count, of=len(others)) for site in sites},
        reason=_reason(visit, count, len(others), similar=similar, sampled=sampled),
    )


def missing_factors(answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the factors that have no answer; "not applicable" is an answer. Source: C L39-51 (C-025).

    >>> len(missing_factors({"law": "нет", "language": " "}))
    11
    """
    return tuple(name for name in FACTORS if not answers.get(name, "").strip())


def factors_denied(answers: Mapping[str, str]) -> Denied | None:
    """Refuse a sampling record that does not answer each of the twelve factors. Source: C L39-51 (C-025)."""
    missing = missing_factors(answers)
    if not missing:
        return None
    return denied(
        "FACTORS_MISSING",
        "Не рассмотрено факторов выборки: {count} из 12 ({factors}). Ответьте на каждый или напишите «неприменимо».",
        count=len(missing),
        factors=missing,
    )


def _ceil_sqrt(number: int) -> int:
    root = isqrt(number)
    return root if root * root == number else root + 1


def _ceil_div(number: int, by: int) -> int:
    return -(-number // by)


def _check(sites: Sequence[Site], preferred: Sequence[str]) -> None:
    names = [site.name for site in sites]
    if not sites or len(set(names)) < len(names) or sum(site.central for site in sites) > 1:
        raise NotPossible(
            denied("SITES_INVALID", "Назовите площадки, каждую один раз, и не больше одной центральной функции.")
        )
    unknown = [name for name in preferred if name not in names]
    if unknown:
        raise NotPossible(denied("SITES_INVALID", "Таких площадок нет: {sites}.", sites=unknown))


def _by_chance(sites: Sequence[Site], count: int, seed: str, visited: Collection[str]) -> tuple[str, ...]:
    # A hash and not `random`: the same draw on every Python version, and anybody can repeat it by hand.
    drawn = sorted(
        sites, key=lambda site: (site.name in visited, hashlib.sha256(f"{seed}:{site.name}".encode()).hexdigest())
    )
    return tuple(site.name for site in drawn[:count])


def _by_judgement(
    sites: Sequence[Site], count: int, taken: tuple[str, ...], visited: Collection[str], preferred: Sequence[str]
) -> tuple[str, ...]:
    wish = {name: rank for rank, name in enumerate(preferred)}
    left = [site for site in sites if site.name not in taken]
    left.sort(key=lambda site: (site.name in visited, wish.get(site.name, len(wish)), -site.personnel))
    return tuple(site.name for site in left[:count])


def _status(site: Site, chosen: tuple[str, ...], *, sampled: bool, count: int, of: int) -> SiteStatus:
    if site.central or count == of or (not sampled and site.name in chosen):
        return SiteStatus.AUDITED
    return SiteStatus.SAMPLED_IN if site.name in chosen else SiteStatus.SAMPLED_OUT_WITH_REASON


def _reason(visit: Visit, count: int, of: int, *, similar: bool, sampled: bool) -> str:
    if of <= 1:
        return "Площадка одна, выборки нет."
    if similar and not sampled:
        return f"Выборку орган не применяет: {count} из {of} и центральная функция."
    if similar:
        return f"Деятельность на площадках одна и та же: выборка {count} из {of} и центральная функция."
    if visit is Visit.SURVEILLANCE:
        return f"Деятельность на площадках разная: без выборки, в этом году {count} из {of} и центральная функция."
    return f"Деятельность на площадках разная: без выборки, все {of} и центральная функция."
