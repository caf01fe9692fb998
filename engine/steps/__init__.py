"""The words in which a handler speaks to the engine: what it is given, what it returns, how it says no.

This is all that a handler may import from the engine. It holds values only: no SpiffWorkflow, no database, no clock.
"""

from __future__ import annotations

from engine.steps.binding import Binding, guard, step
from engine.steps.case import Case, value_at
from engine.steps.outcome import Closing, Document, Letter, NewCase, Outcome, Participant, PlannedCase, Record, Told
from engine.steps.person import SYSTEM, Admission, Person, people_by_login
from engine.steps.refusal import Refused, TryAgain
from engine.steps.signature import ON_BEHALF, ROLE, has_signed
from engine.steps.terms import Due, Terms

__all__ = [
    "ON_BEHALF",
    "ROLE",
    "SYSTEM",
    "Admission",
    "Binding",
    "Case",
    "Closing",
    "Document",
    "Due",
    "Letter",
    "NewCase",
    "Outcome",
    "Participant",
    "Person",
    "PlannedCase",
    "Record",
    "Refused",
    "Terms",
    "Told",
    "TryAgain",
    "guard",
    "has_signed",
    "people_by_login",
    "step",
    "value_at",
]
