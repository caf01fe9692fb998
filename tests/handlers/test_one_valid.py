"""Whatever works follow one another, a holder has one valid certificate for a service, and none outlives its term."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.steps import Case, Outcome, Refused
from handlers import certificate, renewal, replacement
from handlers.held import demand_held, entry_of, load
from rules.certificates import Restoration, recertified, recertified_expiry
from rules.durations import last_day
from rules.one_valid import clashing, is_live
from tests.handlers.certification_case import a_case, application

BINS = ("180540012345", "180540067890")
SCOPES = ("Бетон", "Бетон; Плиты", "Кирпич")
SIGNED: dict[str, Sequence[Mapping[str, Any]]] = {
    "documents": [{"kind": "certificate", "number": "С-1/1", "title": "Сертификат", "must_sign": []}],
    "signatures": [{"number": "С-1/1", "login": role, "role": role, "via": ""} for role in ("decider", "head")],
}
"""The newest certificate of the work at hand, signed by both."""
KINDS = ("reissue", "extension_same_kind", "extension_new_kind", "renewal")
Work = dict[str, Any]


class Certificates(RuleBasedStateMachine):
    """The register, the works that wait on it, and a day; every step is taken by the product's own handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2028, 2, 29)
        self.journals: dict[str, dict[str, Mapping[str, Any]]] = {
            name: {} for name in ("certificates", "certified_clients", "certificate_numbers")
        }
        self.works: list[Work] = []
        self.limits: dict[str, date] = {}
        """Number -> the last day that any certificate with it may promise."""

    def case(self, data: Work) -> Case:
        rows = SIGNED | {
            f"journals/{name}": [{**fields, "_key": key} for key, fields in kept.items()]
            for name, kept in self.journals.items()
        }
        rows["accreditation_scope"] = [{"standard": "ISO 9001", "code": code} for code in ("16", "28")]
        return a_case(data, now=f"{self.today}T10:00", registers=rows, groups={"decider": ["auditor4"]})

    def take(self, outcome: Outcome) -> None:
        for record in outcome.records:
            if record.journal in self.journals:
                self.journals[record.journal][record.key] = record.fields

    def tried(self, step: Callable[[Case], Outcome], work: Work) -> str:
        """Take a step for a work; return the code of its refusal, or nothing."""
        try:
            outcome = step(self.case(work))
        except Refused as refused:
            return refused.code
        work.update(outcome.data)
        self.take(outcome)
        return ""

    @property
    def numbers(self) -> list[str]:
        return sorted(key for key in self.journals["certificates"] if "/" not in key)

    def status(self, number: str, status: str) -> None:
        row = self.journals["certificates"][number]
        self.journals["certificates"][number] = {**row, "Статус": status}

    @precondition(lambda self: len(self.numbers) < 5)
    @rule(holder=st.sampled_from(BINS), scope=st.sampled_from(SCOPES), codes=st.sampled_from((["16"], ["16", "28"])))
    def grant(self, holder: str, scope: str, codes: Sequence[str]) -> None:
        until = last_day(self.today, "P3Y")
        data = {
            "application": application(bin=holder, scope=scope, codes=codes),
            "certificate": {"scope": scope, "addresses": "Завод: Кентау", "is_number": "1"},
            "decision": {"decided_on": self.today.isoformat(), "valid_until": until.isoformat()},
            "decider_order": {"person": "auditor4"},
        }
        before = set(self.numbers)
        assert self.tried(certificate.compose, data) == ""
        assert self.tried(certificate.issue, data) == ""
        assert data["certificate"]["number"] not in before
        self.limits[data["certificate"]["number"]] = until

    @precondition(lambda self: self.numbers and len(self.works) < 4)
    @rule(data=st.data(), kind=st.sampled_from(KINDS), service=st.sampled_from(("Плиты", "Кирпич", "Монтаж")))
    def begin(self, data: st.DataObject, kind: str, service: str) -> None:
        values = {"certificate": data.draw(st.sampled_from(self.numbers)), "origin": "register"}
        try:
            demand_held(self.case({}), values, may_be_expired=kind == "renewal")
        except Refused:
            return
        work: Work = {"form": values, "kind": kind, "extension": {"added": [{"service": service, "code": "28"}]}}
        assert self.tried(lambda case: load(case, form="form"), work) == ""
        ends = work["held"]["expires_on"]
        work["renewal"] = {"window_until": last_day(date.fromisoformat(ends), "P6M").isoformat()}
        self.works.append(work)
        if data.draw(st.booleans(), label="decided at once"):
            self.decide(work)

    @precondition(lambda self: self.works)
    @rule(data=st.data())
    def a_decision_is_taken(self, data: st.DataObject) -> None:
        self.decide(data.draw(st.sampled_from(self.works)))

    def decide(self, work: Work) -> None:
        ends = date.fromisoformat(work["held"]["expires_on"])
        kind, until = work["kind"], ends
        if kind == "renewal":
            way = recertified(ends, self.today)
            if way is Restoration.NEW_PROCESS:
                self.works.remove(work)
                return
            kind = "recertification" if way is Restoration.RENEW else "restoration"
            until = recertified_expiry(ends, self.today)
        work["change"] = {"kind": kind, "decided_on": self.today.isoformat(), "expires_on": until.isoformat()}
        self.tried(replacement.draft, work)

    @precondition(lambda self: any("change" in work for work in self.works))
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        work = data.draw(st.sampled_from([work for work in self.works if "change" in work]))
        old = work["held"]["number"]
        before = self.journals["certificates"][old]
        work["certificate"] = {"scope": work["application"]["scope"], "addresses": "Завод", "is_number": "2"}
        assert self.tried(replacement.compose, work) == ""
        code = self.tried(replacement.issue, work)
        if code == "CERTIFICATE_CHANGED":
            self.tried(replacement.draft, work)
            return
        self.works.remove(work)
        if code:
            return
        self.settle(old, before, work["change"])

    def settle(self, old: str, before: Mapping[str, Any], change: Mapping[str, Any]) -> None:
        """Check what was issued in place of `before`, and remember how far it may reach."""
        is_renewal = change["kind"] in replacement.RENEWALS
        assert before["Статус"] in (("VALID", "SUSPENDED", "EXPIRED") if is_renewal else ("VALID",))
        assert is_renewal or self.today <= date.fromisoformat(before["Действует до"])
        issued = [key for key in self.numbers if key not in self.limits]
        new = issued[0] if issued else old
        self.limits[new] = self.limits[old]
        if is_renewal:
            self.limits[new] = last_day(self.limits[old], "P3Y")
        assert (new == old) == (change["kind"] != "extension_new_kind")

    @precondition(lambda self: self.works)
    @rule(data=st.data())
    def run_out(self, data: st.DataObject) -> None:
        work = data.draw(st.sampled_from(self.works))
        if self.today > date.fromisoformat(work["held"]["expires_on"]):
            assert self.tried(renewal.expire, work) == ""

    @precondition(lambda self: self.numbers)
    @rule(
        data=st.data(), change=st.sampled_from((("VALID", "SUSPENDED"), ("SUSPENDED", "VALID"), ("VALID", "WITHDRAWN")))
    )
    def suspend_lift_or_withdraw(self, data: st.DataObject, change: tuple[str, str]) -> None:
        number = data.draw(st.sampled_from(self.numbers))
        if self.journals["certificates"][number]["Статус"] == change[0]:
            self.status(number, change[1])

    @rule(days=st.sampled_from((1, 1, 1, 30, 181, 1000)))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @invariant()
    def one_valid_certificate_for_a_holder_and_a_service(self) -> None:
        entries = [entry_of({**row, "_key": key}) for key, row in self.journals["certificates"].items()]
        for one, other in combinations([entry for entry in entries if is_live(entry, self.today)], 2):
            assert not clashing([one], other, self.today), (one, other)

    @invariant()
    def no_certificate_outlives_its_term(self) -> None:
        for number in self.numbers:
            assert entry_of({**self.journals["certificates"][number], "_key": number}).expires_on <= self.limits[number]


TestCertificates = Certificates.TestCase
TestCertificates.settings = settings(
    max_examples=50, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
