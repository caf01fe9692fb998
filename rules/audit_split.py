"""What follows from the time of an initial audit: its stages, the later audits, the time at a sampled site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from rules.audit_table import HALF, HUNDRED, exact, round_half_day
from rules.audit_time import AuditTime
from rules.sampling import Visit
from rules.verdict import Notice, notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The shares of the profile: of the initial audit's time, in parts of 1; times in days."""

    stage1: Fraction = Fraction(1, 3)
    surveillance: Fraction = Fraction(1, 3)
    recertification: Fraction = Fraction(2, 3)
    surveillance_min: Fraction = Fraction(1)
    site_reduction_cap: Fraction = Fraction(1, 2)

    @classmethod
    def of_profile(cls, reading: Callable[[str], Any]) -> Shares:
        """Read the shares from a profile's readings."""
        return cls(
            stage1=exact(reading("md5.stage1_share")),
            surveillance=exact(reading("md5.surveillance_ratio")),
            recertification=exact(reading("md5.recertification_ratio")),
            surveillance_min=exact(reading("md5.surveillance_min_days")),
            site_reduction_cap=exact(reading("md1.site_reduction_cap")),
        )


DEFAULT_SHARES = Shares()


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTime:
    """The audits of a cycle in days, each to half a day; the two stages make up the initial audit."""

    stage1: Fraction
    stage2: Fraction
    surveillance: Fraction
    """Of each year."""
    recertification: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTime:
    """The days at one sampled site, and a notice if the reductions asked for were cut."""

    days: Fraction
    percent: Fraction
    warning: Notice | None


def cycle_time(initial: Fraction, shares: Shares = DEFAULT_SHARES) -> CycleTime:
    """Return the stages of an initial audit and the later audits of its cycle.

    Stage 1 takes at least half a day and leaves at least half a day to stage 2; a year's surveillance takes at
    least one day. `initial` is the time for the organisation as it is at the time of asking, not as it once was.
    Source: IAF MD 5 (one third a year, two thirds); the split of stages and the least day are the body's policy.

    >>> cycle = cycle_time(Fraction(21))
    >>> [float(days) for days in (cycle.stage1, cycle.stage2, cycle.surveillance, cycle.recertification)]
    [7.0, 14.0, 7.0, 14.0]
    """
    stage1 = max(HALF, round_half_day(initial * shares.stage1))
    stage1 = min(stage1, max(HALF, initial - HALF))
    return CycleTime(
        stage1=stage1,
        stage2=initial - stage1,
        surveillance=max(shares.surveillance_min, round_half_day(initial * shares.surveillance)),
        recertification=max(shares.surveillance_min, round_half_day(initial * shares.recertification)),
    )


def time_of(visit: Visit, initial: AuditTime, shares: Shares = DEFAULT_SHARES) -> AuditTime:
    """Return the time of an audit of the cycle: the share of what an initial audit of the organisation would take now.

    `initial` is calculated for the organisation as it has become, with all its factors; they stay in the result as the
    evidence, and `final`, `floor` and `onsite_min` are those of the later audit.
    Source: IAF MD 5 (a third a year, two thirds); EA answer 32.2.
    """
    if visit is Visit.INITIAL:
        return initial
    share = shares.surveillance if visit is Visit.SURVEILLANCE else shares.recertification
    final = max(shares.surveillance_min, round_half_day(initial.final * share))
    onsite = initial.onsite_min / initial.final if initial.final else Fraction(0)
    least = max(shares.surveillance_min, Fraction(ceil(initial.floor * share * 2), 2))
    return replace(initial, final=final, floor=min(least, final), onsite_min=final * onsite)


def site_time(table_days: Fraction, reduction_percent: Fraction, shares: Shares = DEFAULT_SHARES) -> SiteTime:
    """Return the time at a sampled site: its table value less all reductions together, at most a half.

    Source: IAF MD 1 and MD 5, as EA answers 37.5 and 37.23 read them.

    >>> float(site_time(Fraction(4), Fraction(50)).days), float(site_time(Fraction(4), Fraction(70)).days)
    (2.0, 2.0)
    """
    percent = min(reduction_percent, shares.site_reduction_cap * HUNDRED)
    warning = None
    if percent < reduction_percent:
        warning = notice(
            "SITE_REDUCTION_CAPPED",
            "Уменьшение времени на площадке {asked} % ограничено: {percent} %.",
            asked=reduction_percent,
            percent=percent,
        )
    return SiteTime(days=round_half_day(table_days * (1 - percent / HUNDRED)), percent=percent, warning=warning)
