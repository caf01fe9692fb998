"""How much shorter an audit of several standards together may be: IAF MD 11."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from rules.audit_table import HUNDRED
from rules.verdict import NotPossible, denied


def integration_reduction(level: int, capability: int, *, largest: Fraction = Fraction(1, 5)) -> Fraction:
    """Propose the percent by which an integrated audit is shorter: a share of 20 %, down to a step of 5 %.

    `level` of integration and `capability` of the team are percents, 0 to 100. It is a proposal for people to judge.
    Source: IAF MD 11 (the cap of 20 %); the steps are the body's policy.

    >>> int(integration_reduction(100, 100)), int(integration_reduction(80, 90)), int(integration_reduction(100, 20))
    (20, 10, 0)
    """
    if not (0 <= level <= HUNDRED and 0 <= capability <= HUNDRED):
        raise NotPossible(denied("INTEGRATION_INVALID", "Уровень интеграции и способность группы — от 0 до 100 %."))
    percent = largest * HUNDRED * level / HUNDRED * capability / HUNDRED
    return Fraction(floor(percent / 5) * 5)


def team_capability(standards_by_auditor: Sequence[int], standards: int) -> Fraction:
    """Return how far a team can audit several standards at once, in percent: 100·Σ(Xi−1) / (Z·(Y−1)).

    Xi is the number of the case's standards that auditor i is competent in, Z the auditors, Y the standards.
    One standard gives 0, since there is nothing to integrate. Source: IAF MD 11.

    >>> team_capability([3, 1], 3)
    Fraction(50, 1)
    """
    if standards < 2 or not standards_by_auditor:
        return Fraction(0)
    extra = sum(max(0, count - 1) for count in standards_by_auditor)
    return HUNDRED * extra / (len(standards_by_auditor) * (standards - 1))
