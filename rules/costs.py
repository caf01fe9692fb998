"""Who pays for an appeal once its decision is final.

Source: A 6.11 (A-093): each party bears its own expenses, the losing party those of commission and experts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rules.verdict import NotPossible, denied
from rules.voting import Result

PartlyUpheld = Literal["none_charged", "shared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What each side pays for commission and experts, in the currency of the costs; own expenses are not in it."""

    appellant: Fraction
    body: Fraction
    unassigned: Fraction
    """Charged to nobody: the body has borne it already as organiser."""


def charged(
    result: Result, commission: Fraction, experts: Fraction, *, is_final: bool, partly: PartlyUpheld = "none_charged"
) -> Charge:
    """Return who pays the commission and the experts.

    Dismissed, the appellant lost; upheld, the body did; partly upheld, nobody is charged unless the profile shares.
    Raises NotPossible: NOT_FINAL before the decision is final, COSTS_INVALID for negative costs.
    Source: A 6.11 (A-093); profile costs.partly_upheld.

    >>> charge = charged(Result.DISMISSED, Fraction(900), Fraction(100), is_final=True)
    >>> int(charge.appellant), int(charge.body)
    (1000, 0)
    """
    if not is_final:
        raise NotPossible(denied("NOT_FINAL", "Решение ещё не окончательное, расходы распределять рано."))
    if commission < 0 or experts < 0:
        raise NotPossible(denied("COSTS_INVALID", "Расходы не могут быть отрицательными."))
    total, nothing = commission + experts, Fraction(0)
    if result is Result.DISMISSED:
        return Charge(appellant=total, body=nothing, unassigned=nothing)
    if result is Result.UPHELD:
        return Charge(appellant=nothing, body=total, unassigned=nothing)
    if partly == "shared":
        return Charge(appellant=total / 2, body=total / 2, unassigned=nothing)
    return Charge(appellant=nothing, body=nothing, unassigned=total)
