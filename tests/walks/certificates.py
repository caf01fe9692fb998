"""What holds of certificates after each step, asked of the rows alone: none of the rules under test is called here.

Whoever signed and decided is read from the forms as they were handed in, whoever audited likewise, and the register's
own words say what is in force.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storage import registers, tables
from storage import steps as stored
from storage.database import Connection
from storage.instants import from_text
from tests.walks.walking import Walk

Row = Mapping[str, Any]

DRAFTS = {"certificate.json", "reduced_certificate.json"}
SIGNATURES = {"certificate_signature_decider.json", "certificate_signature_head.json"}
ISSUES = {"issue_certificate", "issue_replacement", "issue_reduced"}
DECISIONS = {"decision.json", "extension_decision.json"}
"""Forms in which an auditor decides who must have had no part in the audit; the head decides on a re-issue."""
AUDITORS = ("team_leader", "audit_team", "stage1_executor", "experts", "trainees")
MARKS = ("evidence_assessment.json", "repeat_visit.json")
LIVE = ("VALID", "SUSPENDED")
LONGEST = 3  # years


def demand(walk: Walk, connection: Connection) -> None:
    """Fail unless each certificate was rightly issued, none is beyond its term, and no two stand for the same."""
    seen, version = walk.facts.get("certificates", 0), tables.record_version
    query = select(version).where(version.c.journal == "certificates", version.c.id > seen).order_by(version.c.id)
    for row in connection.execute(query).mappings().all():
        walk.facts["certificates"] = row["id"]
        state = {**row, "fields": json.loads(row["fields"])}
        if state["fields"]["Статус"] == "VALID" and "/" not in row["key"] and _is_issue(connection, row):
            Issue(walk, connection, state).demand()
    _one_for_each_scope(walk, connection)


def _is_issue(connection: Connection, state: Row) -> bool:
    """Whether a state of the register came of an issue, and not of a delivery, a confirmation or a lifting."""
    passage = tables.passage
    here = (passage.c.case_id == state["case_id"], passage.c.at == state["at"], passage.c.element.in_(ISSUES))
    return connection.execute(select(passage.c.id).where(*here)).first() is not None


class Issue:
    """One certificate at the moment of its issue."""

    def __init__(self, walk: Walk, connection: Connection, state: Row) -> None:
        self.walk, self.connection = walk, connection
        self.case = stored.case_row(connection, state["case_id"]) or {}
        self.data = stored.case_data(connection, state["case_id"])
        self.number, self.row, self.on = state["key"], state["fields"], _local(state["at"])
        query = select(tables.submission).where(tables.submission.c.case_id == state["case_id"])
        self.forms: Sequence[Row] = [
            {**row, "values": json.loads(row["values"])}
            for row in connection.execute(query.order_by(tables.submission.c.id)).mappings()
        ]
        version = tables.record_version
        former = self.data.get("held", {}).get("number", self.data.get("status_start", {}).get("certificate"))
        query = select(version).where(version.c.journal == "certificates", version.c.key == former)
        earlier = query.where(version.c.id < state["id"], version.c.case_id != state["case_id"])
        before = connection.execute(earlier.order_by(version.c.id)).mappings().all()
        told = self.data.get("held", {}).get("expires_on") or self.data.get("status_start", {}).get("valid_until")
        self.former_until = json.loads(before[-1]["fields"])["Действует до"] if before else told
        """Until when the certificate was in force that this one replaces, None if there was none."""

    def demand(self) -> None:
        self._signed_by_two()
        self._decided_by_somebody_else()
        self._nothing_is_open()
        self._accredited()
        self._within_the_term()

    def _signed_by_two(self) -> None:
        place = max(at for at, row in enumerate(self.forms) if row["form"] in DRAFTS)
        signed = [row for row in self.forms[place + 1 :] if row["form"] in SIGNATURES and row["values"]["signature"]]
        by = {row["form"]: row["actor"] for row in signed}
        assert by.keys() == SIGNATURES, self.told(f"signed by {by}")
        decider, head = (by[form] for form in sorted(SIGNATURES))
        assert decider != head, self.told(f"{head} signed for both")
        assert self.walk.people[head].has_role("head"), self.told(f"{head} signed as head")
        assert decider in self.members("decider"), self.told(f"{decider} signed as decider")

    def _decided_by_somebody_else(self) -> None:
        decided = [row for row in self.forms if row["form"] in DECISIONS]
        if not decided:
            return
        by = decided[-1]["actor"]
        took_part = {one for group in AUDITORS for one in self.members(group)}
        node = {node.id: node for one in self.walk.diagrams.processes.values() for node in one.nodes}
        took_part |= {
            row["actor"] for row in self.forms if row["element"] in node and self._is_audit(node[row["element"]])
        }
        assert by not in took_part, self.told(f"{by} decided and audited")
        assert by not in self.members("first_decider"), self.told(f"{by} decided again")

    def _is_audit(self, node: Any) -> bool:
        return node.role in AUDITORS

    def _nothing_is_open(self) -> None:
        numbers = self.data.get("grading", {}).get("numbers", [])
        if not numbers:
            return
        marked = [row for row in self.forms if row["form"] in MARKS and row["values"].get("marks")]
        assert marked, self.told(f"nobody marked {numbers}")
        done: dict[str, bool] = {}
        for mark in marked[-1]["values"]["marks"]:
            done[mark["number"]] = done.get(mark["number"], True) and mark["completed"]
        left = [number for number in numbers if not done.get(number)]
        assert not left, self.told(f"open nonconformities {left}")

    def _accredited(self) -> None:
        rows = registers.register(self.connection, "accreditation_scope")
        on = self.on.isoformat()
        covered = {
            (row["standard"], str(row["code"])) for row in rows if str(row["valid_from"]) <= on <= str(row["valid_to"])
        }
        wanted = {(standard, code) for standard in self.row["Стандарты"] for code in self.row["Коды IAF"]}
        assert wanted <= covered, self.told(f"not accredited for {wanted - covered} on {on}")

    def _within_the_term(self) -> None:
        until, kind = date.fromisoformat(self.row["Действует до"]), self.data.get("change", {}).get("kind", "")
        assert until >= self.on, self.told(f"issued on {self.on} until {until}")
        if self.former_until is None:
            decided = _local(next(row for row in reversed(self.forms) if row["form"] in DECISIONS)["at"])
            assert until <= _later(decided), self.told(f"decided on {decided}, until {until}")
            return
        before = date.fromisoformat(self.former_until)
        latest = _later(before) if kind in ("renewal", "restoration", "recertification") else before
        assert until <= latest, self.told(f"{kind}: until {until}, the former until {before}")

    def members(self, group: str) -> set[str]:
        """Return who is or was in a group of the case."""
        query = select(tables.participant.c.login).where(
            tables.participant.c.case_id == self.case["id"], tables.participant.c.group == group
        )
        return set(self.connection.execute(query).scalars())

    def told(self, what: str) -> str:
        return self.walk.story_of(f"certificate {self.number} of {self.case['number']}: {what}")


def _one_for_each_scope(walk: Walk, connection: Connection) -> None:
    """No holder has two certificates in force for one standard and one service."""
    today = walk.clock.now().date().isoformat()
    query = select(tables.record).where(tables.record.c.journal == "certificates")
    rows = [{**json.loads(row["fields"]), "_key": row["key"]} for row in connection.execute(query).mappings()]
    live = [row for row in rows if row.get("Статус") in LIVE and str(row.get("Действует до", "")) >= today]
    for one, other in combinations(live, 2):
        same = one["БИН"] == other["БИН"] and set(one["Стандарты"]) & set(other["Стандарты"])
        assert not (same and _services(one) & _services(other)), walk.story_of(f"two in force: {one}, {other}")


def _services(row: Row) -> set[str]:
    parts = str(row["Область"]).replace("\n", ";").split(";")
    return {" ".join(part.split()).casefold() for part in parts} - {""}


def _local(at: str) -> date:
    return from_text(at).astimezone(ZoneInfo("Asia/Almaty")).date()


def _later(day: date) -> date:
    try:
        return day.replace(year=day.year + LONGEST)
    except ValueError:
        return date(day.year + LONGEST, 3, 1)
