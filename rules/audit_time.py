"""How many days an initial audit takes: the table values of IAF MD 5, adjusted, and integrated by IAF MD 11.

Days are `Fraction`s all the way, because 0.7 · 0.8 and thirds must not lose half a day to binary rounding.
The tables are in rules/audit_table.py, the share for integration in rules/integration.py, and what follows from
the total (stages, surveillance, recertification, sites) in rules/audit_split.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from rules.audit_table import HUNDRED, Band, Row, System, band_of, exact, round_half_day
from rules.verdict import Denied, Notice, NotPossible, denied, notice

ASPECTS = (
    "standards",
    "size",
    "technology",
    "outsourcing",
    "previous_audits",
    "sites",
    "risks",
    "combination",
)
"""The aspects a to h of C L52-60 that a calculation must answer, in the order of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers of the profile that bound a calculation; shares are of 1, times are days."""

    edition: str = "IAF MD 5:2019, Issue 4, Version 2"
    max_reduction: Fraction = Fraction(3, 10)
    max_integration: Fraction = Fraction(1, 5)
    onsite_min: Fraction = Fraction(4, 5)

    @classmethod
    def of_profile(cls, reading: Callable[[str], Any]) -> Limits:
        """Read the limits from a profile's readings."""
        return cls(
            edition=str(reading("md5.edition")),
            max_reduction=exact(reading("md5.max_reduction")),
            max_integration=exact(reading("md11.max_reduction")),
            onsite_min=exact(reading("md5.onsite_min_ratio")),
        )


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One management system to audit: its effective personnel and, but for quality, its complexity or risk."""

    system: System
    personnel: int
    complexity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A reason to take more (positive) or less (negative) time, in percent of the table value.

    Without a system it holds for each of them.
    """

    reason: str
    percent: Fraction
    system: System | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemTime:
    """The time of one system: its band, the percent asked for, the percent granted, and the days after it."""

    system: System
    personnel: int
    band: Band
    adjustments: tuple[Adjustment, ...]
    asked_percent: Fraction
    percent: Fraction
    days: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTime:
    """The calculated time of an initial audit with all that explains it; every time in audit days."""

    edition: str
    systems: tuple[SystemTime, ...]
    base: Fraction
    """Sum of the table values."""
    adjusted: Fraction
    """Sum after the adjustments of MD 5."""
    integration_percent: Fraction
    """Reduction for integration, 0 to 20, by MD 11."""
    exact: Fraction
    final: Fraction
    """`exact` to the nearest half day; what is shown and agreed, and the minimum without an override (C-027)."""
    floor: Fraction
    """The least that MD 5 and MD 11 allow with every reduction used up, rounded up to half a day."""
    onsite_min: Fraction
    warnings: tuple[Notice, ...]


def audit_time(
    tables: Mapping[System, Sequence[Row]],
    demands: Sequence[Demand],
    adjustments: Sequence[Adjustment] = (),
    *,
    integration_percent: Fraction = Fraction(0),
    limits: Limits = DEFAULT_LIMITS,
) -> AuditTime:
    """Calculate the time of an initial audit: each system alone by MD 5, the sum, then MD 11 upon it.

    Reductions beyond 30 % of a table value, and beyond 20 % for integration, are cut to that and noted; there is
    no cap on increases. Raises NotPossible as `band_of`, and REASON_MISSING for an adjustment without a reason.
    Source: C L52-61 (C-026, C-027); IAF MD 5 (30 %); IAF MD 11 2.2 (sum, then at most 20 %, multiplied: 0.7 · 0.8).
    """
    _demand_sense(demands, adjustments)
    systems = tuple(_system_time(tables[demand.system], demand, adjustments, limits) for demand in demands)
    warnings = [_capped(time) for time in systems if time.percent != time.asked_percent]
    integration = integration_percent if len(demands) > 1 else Fraction(0)
    if integration > limits.max_integration * HUNDRED:
        integration = limits.max_integration * HUNDRED
        warnings.append(
            notice(
                "INTEGRATION_CAPPED",
                "Уменьшение за интеграцию {asked} % ограничено: {percent} %.",
                asked=integration_percent,
                percent=integration,
            )
        )
    base = sum((time.band.days for time in systems), Fraction(0))
    adjusted = sum((time.days for time in systems), Fraction(0))
    days = adjusted * (1 - integration / HUNDRED)
    least = base * (1 - limits.max_reduction) * (1 - (limits.max_integration if len(demands) > 1 else 0))
    final = round_half_day(days)
    return AuditTime(
        edition=limits.edition,
        systems=systems,
        base=base,
        adjusted=adjusted,
        integration_percent=integration,
        exact=days,
        final=final,
        floor=Fraction(ceil(least * 2), 2),
        onsite_min=final * limits.onsite_min,
        warnings=tuple(warnings),
    )


def allocation_denied(allocated: Fraction, time: AuditTime, *, reason: str, by_head: bool) -> Denied | None:
    """Refuse an approved time below the calculated one unless the head approves it with a reason.

    Source: C L61 (C-027).
    """
    if allocated >= time.final:
        return None
    facts: dict[str, object] = {"allocated": allocated, "minimum": time.final}
    if not by_head:
        return denied(
            "TIME_BELOW_MINIMUM",
            "Время {allocated} дн. меньше расчётного {minimum} дн. Это может утвердить только руководитель органа.",
            **facts,
        )
    if not reason.strip():
        return denied(
            "TIME_BELOW_MINIMUM",
            "Время {allocated} дн. меньше расчётного {minimum} дн. Напишите обоснование.",
            **facts,
        )
    return None


def onsite_warning(onsite: Fraction, time: AuditTime) -> Notice | None:
    """Warn when less than the usual share (80 %) of the time is spent at the client's; a reason is then due.

    Source: ГОСТ Р 54318-2021 4.1.2 (IAF MD 5): "as a rule", so it is no refusal.
    """
    if onsite >= time.onsite_min:
        return None
    return notice(
        "ONSITE_SHARE",
        "На площадках {onsite} дн., обычно не меньше {least} дн. Обоснуйте.",
        onsite=onsite,
        least=time.onsite_min,
    )


def _demand_sense(demands: Sequence[Demand], adjustments: Sequence[Adjustment]) -> None:
    if not demands or len({demand.system for demand in demands}) < len(demands):
        raise NotPossible(denied("NO_TABLE", "Назовите стандарты аудита, каждый один раз."))
    if any(not adjustment.reason.strip() for adjustment in adjustments):
        raise NotPossible(denied("REASON_MISSING", "У поправки ко времени нет причины. Напишите причину."))


def _system_time(rows: Sequence[Row], demand: Demand, adjustments: Sequence[Adjustment], limits: Limits) -> SystemTime:
    band = band_of(rows, system=demand.system, personnel=demand.personnel, complexity=demand.complexity)
    own = tuple(each for each in adjustments if each.system in (None, demand.system))
    asked = sum((each.percent for each in own), Fraction(0))
    percent = max(asked, -limits.max_reduction * HUNDRED)
    return SystemTime(
        system=demand.system,
        personnel=demand.personnel,
        band=band,
        adjustments=own,
        asked_percent=asked,
        percent=percent,
        days=band.days * (1 + percent / HUNDRED),
    )


def _capped(time: SystemTime) -> Notice:
    return notice(
        "REDUCTION_CAPPED",
        "{table}: уменьшение {asked} % ограничено: {percent} % табличного времени.",
        table=time.band.table,
        asked=-time.asked_percent,
        percent=-time.percent,
    )
