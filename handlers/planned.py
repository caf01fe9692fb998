"""Works of a certificate that open by themselves: the keys of their plans, its recertification and its end.

No step and no guard is here.
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.steps import Case, PlannedCase


def plan_prefix(number: str) -> str:
    """Return the beginning of the keys of the planned controls of a certificate, and of its end."""
    return f"certificate/{number}/"


def recertification_prefix(number: str) -> str:
    """Return the beginning of the keys of the planned recertifications of a certificate.

    They stand apart from its other works: whoever begins one by hand does away with the planned one.
    """
    return f"recertification/{number}/"


def expiry_prefix(number: str) -> str:
    """Return the beginning of the keys of the planned ends of a certificate, one for each last day it was given."""
    return f"{plan_prefix(number)}expiry/"


def expiry(number: str, ends: date, holder: str, email: str) -> PlannedCase:
    """Return the case that ends a certificate the day after its last day, whatever became of its recertification."""
    data = {"certificate": number, "valid_until": ends.isoformat(), "holder": holder, "email": email}
    return PlannedCase(
        key=f"{expiry_prefix(number)}{ends}",
        process="certificate_expiry",
        data=data,
        opens_on=ends + timedelta(days=1),
    )


def reminder(case: Case, number: str, decided_on: str, ends: date) -> PlannedCase:
    """Return the recertification, which opens by itself three months before the expiry. Source: C L252 (C-143)."""
    return PlannedCase(
        key=f"{recertification_prefix(number)}{decided_on}",
        process="recertification",
        data={"certificate": number, "origin": "register"},
        opens_on=case.terms.due("recert.reminder", ends).day,
    )
