"""Personal links: how somebody without an account is let in to do the tasks of one outside role in one case.

A link is made by staff who may act for that role, is open until its last day unless it is withdrawn, and every visit
leaves an event. What its holder does goes through the engine's ordinary commands (`engine.service`), whose
transaction asks `demand_open` again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.clock import Clock
from engine.diagram import Node
from engine.duties import NO_ACCESS
from engine.errors import EngineError, Excluded, LinkClosed, NotFound, NotYours
from engine.library import DiagramSet, Library
from engine.steps import Admission, Person
from storage import links
from storage import steps as write
from storage.chain import Event, append
from storage.database import Connection, Database
from storage.instants import from_text, to_text

DAYS = 30
"""How long a link is open where the profile has no reading `outside.link_days`."""
LETTER = "personal_link"
LOGIN = "link:"
"""What the login of everybody who came by a link begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A letter that carries the link: `body` holds `storage.links.MARK` where the token will stand."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The commands on personal links, each in one transaction."""

    database: Database
    library: Library
    clock: Clock

    def create(
        self, case_id: int, role: str, name: str, email: str, actor: Person, *, invitation: Invitation | None = None
    ) -> str | None:
        """Make a link and return its token, which can be had only now; None if a letter is to carry it.

        Raises NotFound for a case or role that is not there, NotYours or Excluded if the actor may not invite.
        """
        now = self.clock.now()
        token = links.new_token() if invitation is None else None
        with self.database.writing() as connection:
            case = _case(connection, case_id)
            diagrams = self.library.set(case["set_hash"])
            if role not in diagrams.outside:
                raise NotFound(what=role)
            groups = write.participants(connection, case_id)
            found = may_invite(diagrams, case["process"], role, actor, groups)
            if found is not None:
                raise found
            days = timedelta(days=link_days(self.library, case))
            login = LOGIN + links.new_token()[:12]
            row = {
                "token_hash": links.hash_of(token) if token else None,
                "login": login,
                "case_id": case_id,
                "role": role,
                "name": name,
                "email": email,
                "created_by": actor.login,
                "created_at": to_text(now),
                "expires_at": to_text(now + days),
            }
            row["message_id"] = _queue(connection, row, invitation, now) if invitation else None
            link_id = links.keep(connection, row)
            data = {"link": link_id, "role": role, "login": login, "name": name, "until": row["expires_at"]}
            append(connection, [_event("LinkCreated", actor.login, now, case_id, {**data, "by_letter": not token})])
        return token

    def revoke(self, link_id: int, actor: Person) -> None:
        """Close a link for good. Raises as `create` does."""
        now = self.clock.now()
        with self.database.writing() as connection:
            row = links.one(connection, link_id)
            if row is None:
                raise NotFound(what=f"ссылка {link_id}")
            case = _case(connection, row["case_id"])
            groups = write.participants(connection, row["case_id"])
            found = may_invite(self.library.set(case["set_hash"]), case["process"], row["role"], actor, groups)
            if found is not None:
                raise found
            if links.revoke(connection, link_id, at=to_text(now), by=actor.login):
                data = {"link": link_id, "name": row["name"]}
                append(connection, [_event("LinkRevoked", actor.login, now, row["case_id"], data)])

    def enter(self, token: str) -> tuple[Person, dict[str, Any]]:
        """Return who holds a token and the link's row with its case. Raises NotFound or LinkClosed.

        The first look of a visit is an event; those within an hour belong to the same visit.
        """
        now = self.clock.now()
        with self.database.reading() as connection:
            row = links.by_hash(connection, links.hash_of(token))
        if row is None:
            raise NotFound(what="ссылка")
        _demand_open(row, now)
        last = from_text(row["last_used_at"]) if row["last_used_at"] else None
        if last is None or now - last > timedelta(seconds=links.VISIT):
            with self.database.writing() as connection:
                links.mark_used(connection, row["id"], to_text(now))
                data = {"link": row["id"], "name": row["name"]}
                append(connection, [_event("LinkUsed", row["login"], now, row["case_id"], data)])
        admission = Admission(case_id=row["case_id"], role=row["role"], token_hash=row["token_hash"])
        return Person(login=row["login"], name=row["name"], admission=admission), row


def demand_open(connection: Connection, actor: Person, now: datetime) -> None:
    """Raise LinkClosed if the actor came by a link that is over by now; everybody else passes."""
    if actor.admission is None:
        return
    row = links.by_hash(connection, actor.admission.token_hash)
    if row is None or (row["case_id"], row["role"]) != (actor.admission.case_id, actor.admission.role):
        raise LinkClosed
    _demand_open(row, now)


def may_invite(
    diagrams: DiagramSet, process: str, role: str, actor: Person, groups: dict[str, list[str]]
) -> EngineError | None:
    """Return why the actor may not let somebody in for a role, None if they may.

    Whoever may act on behalf of the role in this process may, and the roles and case groups that the profile names
    (`[process.<id>] invites`); nobody whom a task of that role excludes, for the link would lead around it.
    """
    nodes = list(_tasks_of(diagrams, process, role))
    closed = {NO_ACCESS, *(group for node in nodes for group in node.properties.get("excludes", "").split())}
    for group in sorted(closed):
        if actor.login in groups.get(group, ()):
            return Excluded(task=diagrams.group_name(role), group=diagrams.group_name(group))
    inviting = {node.properties.get("on_behalf", "") for node in nodes}
    inviting |= {str(one) for one in diagrams.process_settings(process).get("invites", ())}
    if any(actor.has_role(one) or actor.login in groups.get(one, ()) for one in inviting - {""}):
        return None
    return NotYours(task=diagrams.group_name(role), role="«" + ", ".join(sorted(inviting - {""})) + "»")


def link_days(library: Library, case: dict[str, Any]) -> int:
    """Return for how many days a new link of a case is open: the reading `outside.link_days`."""
    try:
        return int(library.terms(case["set_hash"], case["profile"], case["readings"]).reading("outside.link_days"))
    except KeyError:
        return DAYS


def _tasks_of(diagrams: DiagramSet, process: str, role: str) -> Iterator[Node]:
    ahead, seen = [process], set()
    while ahead:
        name = ahead.pop()
        if name in seen or name not in diagrams.processes:
            continue
        seen.add(name)
        for node in diagrams.processes[name].nodes:
            if node.kind == "userTask" and node.role == role:
                yield node
            if node.called_element:
                ahead.append(node.called_element)


def _case(connection: Connection, case_id: int) -> dict[str, Any]:
    row = write.case_row(connection, case_id)
    if row is None:
        raise NotFound(what=f"дело {case_id}")
    return row


def _demand_open(row: dict[str, Any], now: datetime) -> None:
    if row["revoked_at"] is not None or from_text(row["expires_at"]) <= now:
        raise LinkClosed


def _queue(connection: Connection, row: dict[str, Any], invitation: Invitation, now: datetime) -> str:
    message_id = f"<{row['case_id']}-{row['login'].removeprefix(LOGIN)}@reglament>"
    letter = {
        "case_id": row["case_id"],
        "kind": LETTER,
        "addressee": row["email"],
        "subject": invitation.subject,
        "body": invitation.body,
        "message_id": message_id,
        "due_on": None,
        "created_at": to_text(now),
        "next_try_at": to_text(now),
        "attempts": 0,
    }
    write.insert_rows(connection, "letter", [letter])
    data = {"kind": LETTER, "to": row["email"], "subject": invitation.subject}
    append(connection, [_event("LetterQueued", row["created_by"], now, row["case_id"], data)])
    return message_id


def _event(kind: str, actor: str, now: datetime, case_id: int, data: dict[str, Any]) -> Event:
    return Event(type=kind, actor=actor, at=to_text(now), case_id=case_id, data=data)
