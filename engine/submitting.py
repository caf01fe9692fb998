"""A task is completed: who and what is asked first, then the values are folded, signed for, and the task is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import replacing, run, signing
from engine.accepting import accepted, keep_attachments
from engine.duties import acts_on_behalf, demand
from engine.errors import EngineError, Stale
from engine.ongoing import OngoingStep
from engine.open_tasks import demand_open
from engine.transaction import Transaction
from storage import steps as write

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What somebody may hand in for a task, checked; nothing is changed yet."""

    step: OngoingStep
    row: Row
    values: dict[str, Any]
    papers: Sequence[Row]
    """Documents that are signed by it."""


def admit(transaction: Transaction, row: Row, values: Mapping[str, Any]) -> Submission:
    """Take the task's case and check who submits what.

    Raises NotReady, NotYours, Excluded, Taken, InvalidForm or RuleRefused; the case stays as it was.
    """
    live = transaction.cases.take_version(transaction.connection, row["case_id"], row["version"])
    try:
        demand_open(live)
        demand(row, transaction.actor, live.participants, live.diagrams)
        step = transaction.step(live)
        step.has_drafts = bool(row["has_draft"])
        step.chain_end = write.chain_end(row)
        node = live.node(row["process"], row["element"])
        cleaned = accepted(step, node, live.diagrams.form(row["form"]), values, live.id)
        papers = signing.papers_to_sign(step, node, row, cleaned)
    except EngineError:
        transaction.cases.put_back(live)
        raise
    return Submission(step=step, row=row, values=cleaned, papers=papers)


def submit(submission: Submission) -> dict[str, Any]:
    """Complete the task, up to where the process may run on; returns what the row of the submission says.

    Raises Stale if the process has left the task.
    """
    step, row, values = submission.step, submission.row, submission.values
    live, actor = step.live, step.actor
    node = live.node(row["process"], row["element"])
    on_behalf_of = row["role"] if acts_on_behalf(row, actor, live.participants) else None
    task = run.find(live.workflow, UUID(row["id"]))
    if task is None:
        raise Stale(task=row["name"], by="", at="")
    if row["reserved_for"]:
        own = {**values, **replacing.signed_by(actor, task)}
        step.fold(row["data_key"], [*live.data.get(row["data_key"], []), own])
    else:
        step.fold(row["data_key"], values)
    keep_attachments(step, live.diagrams.form(row["form"]), values)
    if "joins" in node.properties:
        step.join(node.properties["joins"], actor.login)
    how: dict[str, Any] = {"via": "link"} if actor.admission is not None else {}
    if signing.needs_scan(row, actor, live.participants, live.diagrams):
        scans = signing.scans_of(step, row["id"])
        how |= {"scans": scans} if scans else {}
    step.happened(
        "TaskCompleted", node.id, task=row["id"], form=row["form"], on_behalf_of=on_behalf_of, values=values, **how
    )
    signing.act_in(step, row)
    signing.sign(step, node.id, submission.papers)
    ran = run.Ran()
    run.complete_user_task(task, ran)
    step.passed.extend(ran.passed)
    return {"task_id": row["id"], "element": row["element"], "form": row["form"], "on_behalf_of": on_behalf_of}
