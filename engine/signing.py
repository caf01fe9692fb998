"""Signing by a step: whoever completes a task that `signs` documents has signed them, in the same transaction.

The signature is under the document's contents, by the hash that its DocumentIssued noted: the PDF may not be printed
yet. Signing on the document's own page, by password or with a key, is `app.signing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.conditions import parse
from engine.diagram import Node
from engine.duties import Groups, acts_on_behalf
from engine.errors import RuleRefused
from engine.library import DiagramSet
from engine.messages import N_
from engine.ongoing import OngoingStep
from engine.signers import places, standing
from engine.steps import ON_BEHALF, ROLE, Person
from storage import signatures
from storage.reading import cases

Row = Mapping[str, Any]

LINK = "link"
"""`via` of a signature that was given through a personal link."""
NOTHING_TO_SIGN = N_("Подписывать пока нечего: документ «{kind}» в этом деле ещё не составлен.")
SCAN_MISSING = N_("Вы вносите подпись за другого: приложите скан подписанного документа, он и есть доказательство.")
PROOF_MISSING = N_("Вы вносите ответ за другого: приложите скан того, что его доказывает.")


def kinds_to_sign(node: Node | None, values: Mapping[str, Any]) -> list[str]:
    """Return the kinds of the documents that completing a task with these values signs.

    The property `signs` names them, all that a case may have; `signs_when` is a condition over the fields of the form:
    an answer that does not agree signs nothing.
    """
    kinds = node.properties.get("signs", "").split() if node else []
    condition = node.properties.get("signs_when") if node else None
    return kinds if not condition or parse(condition).evaluate(values) else []


def demands_scan(node: Node | None, values: Mapping[str, Any]) -> bool:
    """Whether whoever completes a task with these values for somebody from outside must add a scan.

    What is signed for another always wants one; so does a task whose property `proof` says it (a receipt).
    """
    return bool(kinds_to_sign(node, values)) or (node is not None and node.properties.get("proof") == "true")


def papers_to_sign(step: OngoingStep, node: Node, row: Row, values: Mapping[str, Any]) -> list[Row]:
    """Return the documents that completing the task signs; raises RuleRefused if there is none, or no proof."""
    kinds = kinds_to_sign(node, values)
    if not kinds:
        if demands_scan(node, values) and _lacks_scan(step, row):
            raise RuleRefused("SCAN_MISSING", PROOF_MISSING)
        return []
    found: list[Row] = [*signatures.newest(step.connection, step.live.id, kinds)]
    if not found:
        raise RuleRefused("NOTHING_TO_SIGN", NOTHING_TO_SIGN, kind=", ".join(kinds))
    if _lacks_scan(step, row):
        raise RuleRefused("SCAN_MISSING", SCAN_MISSING)
    return found


def _lacks_scan(step: OngoingStep, row: Row) -> bool:
    is_for_outsider = needs_scan(row, step.actor, step.live.participants, step.live.diagrams)
    return is_for_outsider and not scans_of(step, row["id"])


def scans_of(step: OngoingStep, task_id: str) -> list[str]:
    """Return the hashes of what was added to a task, oldest first."""
    return [one["sha256"] for one in cases.attachments_of_task(step.connection, task_id)]


def act_in(step: OngoingStep, row: Row) -> None:
    """Note in which role, and how, the step's person does a task; what is signed in the step says so."""
    step.task_id, step.role = row["id"], row["role"]
    if step.actor.admission is not None:
        step.via = LINK
    elif acts_on_behalf(row, step.actor, step.live.participants):
        step.via = ON_BEHALF


def sign(step: OngoingStep, element: str, papers: Sequence[Row]) -> None:
    """Sign the documents as the step's person; what they have signed before is not signed again."""
    if not papers:
        return
    scans = scans_of(step, str(step.task_id))
    for paper in papers:
        given = signatures.of_document(step.connection, paper["id"])
        if _is_signed(step, paper, given):
            continue
        people = signatures.signing_people(step.connection, [paper])
        holders = signatures.holders(step.connection, step.live.id, [paper])
        place = standing(places(paper, given, people, holders), step.actor.login, step.role, step.via)
        step.sign(paper, element, office=place.office if place else "", scans=scans)


def needs_scan(row: Row, person: Person, groups: Groups, diagrams: DiagramSet) -> bool:
    """Whether the person, of the body, enters in a task what somebody from outside has signed on paper."""
    return row["role"] in diagrams.outside and acts_on_behalf(row, person, groups)


def _is_signed(step: OngoingStep, paper: Row, given: Sequence[Row]) -> bool:
    is_by_role = f"{ROLE}{step.role}" in paper["must_sign"]
    if is_by_role or step.via == ON_BEHALF:
        return any(one["role"] == step.role for one in given)
    # What the person signed on the document's own page, in no role, counts as well.
    return any(one["login"] == step.actor.login and one["via"] != ON_BEHALF for one in given)
