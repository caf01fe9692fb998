"""What a handler decided is taken in: the live case changes at once, the rows to write pile up in the step."""

from __future__ import annotations

import json
from datetime import datetime, time

from engine.ongoing import OngoingStep
from engine.steps import Document, Letter, Outcome, Record, Told, has_signed
from engine.view import register
from storage import blobs, messages, plans
from storage import steps as write
from storage.instants import to_text


def apply(step: OngoingStep, outcome: Outcome, element: str) -> None:
    """Take in what a handler decided."""
    for key, value in outcome.data.items():
        step.fold(key, json.loads(write.to_json(value)))
    for group in outcome.replaces:
        if step.live.participants.pop(group, None):
            step.replaced.append(group)
            step.happened("ParticipantsReplaced", element, group=group)
    for participant in outcome.participants:
        step.join(participant.group, participant.login)
    for document in outcome.documents:
        _issue(step, document, element)
    for letter in outcome.letters:
        _queue(step, letter, element)
    for record in outcome.records:
        _record(step, record, element)
    step.cases.extend(outcome.cases)
    step.closings.extend(outcome.closes)
    _plan(step, outcome, element)
    for told in outcome.tells:
        _tell(step, told, element)


def _issue(step: OngoingStep, document: Document, element: str) -> None:
    step.live.documents += 1
    fields = write.to_json(dict(document.fields))
    row = {
        "case_id": step.live.id,
        "kind": document.kind,
        "number": f"{step.live.number}/{step.live.documents}",
        "title": document.title,
        "fields": fields,
        "signers": write.to_json(list(document.signers)),
        "must_sign": write.to_json(list(document.must_sign)),
        "confidential": document.confidential,
        "element": element,
        "at": step.at,
        "by": step.actor.login,
        "sha256": blobs.sha256_of(fields),
    }
    step.add("document", row)
    step.happened("DocumentIssued", element, kind=row["kind"], number=row["number"], sha256=row["sha256"])
    own = {"login": step.actor.login, "role": step.role, "via": step.via}
    if document.signed_by_actor and step.task_id and any(has_signed(one, own) for one in document.must_sign):
        offices = dict(reversed([title.split(", ", 1) for title in document.signers if ", " in title]))
        step.sign(row, element, office=offices.get(step.actor.name, ""))


def _queue(step: OngoingStep, letter: Letter, element: str) -> None:
    place = f"{step.live.id} {step.live.version} {len(step.events)} {step.at}"
    message_id = f"<{step.live.id}-{blobs.sha256_of(place)[:24]}@reglament>"
    row = {
        "case_id": step.live.id,
        "kind": letter.kind,
        "addressee": letter.to,
        "subject": letter.subject,
        "body": letter.body,
        "message_id": message_id,
        "due_on": letter.due.isoformat() if letter.due else None,
        "encloses": write.to_json(_enclosed(step, letter)),
        "created_at": step.at,
        "next_try_at": step.at,
        "attempts": 0,
    }
    step.add("letter", row)
    step.happened("LetterQueued", element, kind=letter.kind, to=letter.to, subject=letter.subject)


def _enclosed(step: OngoingStep, letter: Letter) -> list[str]:
    """Numbers of the documents that go with a letter: the newest of each kind."""
    if not letter.encloses:
        return []
    newest = {str(row["kind"]): str(row["number"]) for row in register(step, "documents")}
    return [newest[kind] for kind in letter.encloses if kind in newest]


def _record(step: OngoingStep, record: Record, element: str) -> None:
    fields = dict(record.fields)
    step.records[record.journal, record.key] = {
        "journal": record.journal,
        "key": record.key,
        "case_id": step.live.id,
        "fields": write.to_json(fields),
        "at": step.at,
    }
    step.happened("RecordWritten", element, journal=record.journal, key=record.key, fields=fields)


def _plan(step: OngoingStep, outcome: Outcome, element: str) -> None:
    for key in plans.cancel(step.connection, outcome.cancels, step.at):
        step.happened("PlanCancelled", element, key=key)
    zone = step.live.terms.zone
    rows = [
        {
            "key": planned.key,
            "case_id": step.live.id,
            "process": planned.process,
            "profile": planned.profile,
            "data": write.to_json(dict(planned.data)),
            "opens_at": to_text(datetime.combine(planned.opens_on, time.min, zone)),
            "planned_at": step.at,
            "cancelled_at": None,
        }
        for planned in outcome.plans
    ]
    if rows:
        plans.plan(step.connection, rows)
    for row in rows:
        step.happened("CasePlanned", element, key=row["key"], process=row["process"], opens_at=row["opens_at"])


def _tell(step: OngoingStep, told: Told, element: str) -> None:
    """Leave a message for the case that opened this one; what it said before under this name stands."""
    live = step.live
    if live.parent_id is None:
        return
    data = write.to_json(dict(told.data))
    row = {
        "key": f"{live.number}/{told.message}",
        "message": told.message,
        "from_case_id": live.id,
        "to_case_id": live.parent_id,
        "element": element,
        "data": data,
        "told_at": step.at,
        "status": "waiting",
    }
    if messages.tell(step.connection, row):
        step.has_post = True
        to = write.case_row(step.connection, live.parent_id)
        number = to["number"] if to else ""
        step.happened("MessageTold", element, message=told.message, number=number, data=json.loads(data))
