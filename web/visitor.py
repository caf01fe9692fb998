"""Who is looking: the signed-in person as Flask-Login, the engine and the read side know them."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from engine.library import DiagramSet
from engine.steps import Person
from storage.reading import people
from storage.reading.access import Viewer
from web.services import current_set, services

OVERSEERS = frozenset({"head", "director", "quality_engineer", "assessor", "admin"})
"""Roles whose office is to see every case; a case from which somebody is shut out stays hidden all the same."""


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in person."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.login: str = row["login"]
        self.name: str = row["name"]
        self.email: str = row["email"] or ""
        self.locale: str = row["locale"]
        self.roles: frozenset[str] = row["roles"]
        self.is_active_person: bool = bool(row["active"])
        self.stamp: int = row["session_stamp"]
        self.password_hash: str = row["password_hash"] or ""

    def get_id(self) -> str:
        """Return what the session remembers; a new stamp makes all older sessions void."""
        return f"{self.stamp}:{self.login}"

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.is_active_person


manager = LoginManager()
manager.login_view = "sign_in.show"
manager.session_protection = "basic"


@manager.user_loader  # type: ignore[untyped-decorator]
def load(session_id: str) -> Visitor | None:
    """Return the person of a session, None when it is over."""
    stamp, _, login = session_id.partition(":")
    with services().database.reading() as connection:
        row = people.person(connection, login)
    if row is None or not row["active"] or str(row["session_stamp"]) != stamp:
        return None
    return Visitor(row)


OPEN = frozenset({"static", "sign_in.show", "sign_in.sign_in", "sign_in.switch_language", "register.public"})
"""What can be asked for without having signed in; everything else is closed."""
OPEN_ROOMS = frozenset({"link", "public"})
"""Rooms for people without an account, each with a lock of its own."""


def demand_sign_in() -> Response | None:
    """Lead strangers to the sign-in page; None for everybody else, and for addresses that do not exist."""
    if current_user.is_authenticated or request.endpoint is None or request.endpoint in OPEN:
        return None
    if request.blueprint in OPEN_ROOMS:
        return None
    return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def person() -> Person:
    """Return the signed-in person as the engine knows people."""
    return Person(login=current_user.login, name=current_user.name, roles=current_user.roles)


def viewer() -> Viewer:
    """Return the signed-in person as the read side knows people."""
    if "viewer" not in g:
        diagrams = current_set()
        roles: frozenset[str] = current_user.roles
        g.viewer = Viewer(
            login=current_user.login,
            roles=roles,
            sees_all=bool(roles & OVERSEERS),
            processes=frozenset(processes_of(diagrams, roles)) if diagrams else frozenset(),
            is_party=not roles,
        )
    found: Viewer = g.viewer
    return found


def processes_of(diagrams: DiagramSet, roles: frozenset[str]) -> list[str]:
    """Return the starting processes in which one of the roles has something to do, called processes included."""
    return [name for name in diagrams.starting if roles & _roles_in(diagrams, name)]


def _roles_in(diagrams: DiagramSet, process_id: str) -> frozenset[str]:
    known: dict[str, frozenset[str]] = diagrams.__dict__.setdefault("_roles_by_process", {})
    if process_id not in known:
        found: set[str] = set()
        ahead, seen = [process_id], set()
        while ahead:
            name = ahead.pop()
            if name in seen or name not in diagrams.processes:
                continue
            seen.add(name)
            for node in diagrams.processes[name].nodes:
                if node.kind == "userTask":
                    found |= {node.role, node.properties.get("on_behalf", "")}
                if node.called_element:
                    ahead.append(node.called_element)
        known[process_id] = frozenset(found - {""})
    return known[process_id]
