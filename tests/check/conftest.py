"""A small world for the diagrams in `tests/diagrams`: two roles, two terms, two forms, a few handlers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.check import CheckContext
from engine.steps import Binding, Case, Outcome

DIAGRAMS = Path(__file__).parents[1] / "diagrams"


def count(case: Case, *, rate: str = "base") -> Outcome:
    raise NotImplementedError


def pay(case: Case, *, account: str, amount: int = 0) -> Outcome:
    raise NotImplementedError


def plain(case: Case) -> Outcome:
    raise NotImplementedError


def complete(case: Case, values: Mapping[str, Any]) -> None:
    raise NotImplementedError


def binding(
    name: str,
    call: Any,
    kind: str = "step",
    writes: tuple[str, ...] = (),
    refuses: tuple[str, ...] = (),
    makes: tuple[str, ...] = (),
) -> Binding:
    known = {"writes": writes, "refuses": refuses, "makes": makes}
    return Binding(name=name, kind=kind, call=call, requirements=("C-001",), **known)


@pytest.fixture(scope="session")
def context() -> CheckContext:
    bindings = [
        binding("fees.count", count, writes=("fee.amount", "voters"), refuses=("NO_FEE",), makes=("bill",)),
        binding("fees.pay", pay),
        replace(binding("fees.judge", plain), tells=("verdict.result",)),
        binding("fees.remind", plain, writes=("reminder.is_due",)),
        binding("fees.name_voters", plain, writes=("voters",)),
        binding("papers.complete", complete, kind="guard"),
    ]
    return CheckContext(
        roles={"officer": "organisation", "head": "organisation", "applicant": "case"},
        groups=frozenset({"team"}),
        terms={"review.reply": frozenset({"P5D"}), "review.month": frozenset({"P1M"})},
        requirements=frozenset({"C-001", "C-002"}),
        handlers={one.name: one for one in bindings},
        forms={path.name: json.loads(path.read_bytes()) for path in (DIAGRAMS / "forms").glob("*.json")},
        members={"officer": frozenset({"officer1", "officer2"}), "head": frozenset({"head1"})},
    )
