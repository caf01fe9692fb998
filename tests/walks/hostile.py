"""What people try who may not: each attempt is refused with its code, is an event, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select

from engine.duties import NO_ACCESS, has_role, obstacle
from engine.errors import EngineError
from engine.links import Links
from engine.steps import Person
from storage import steps as stored
from storage import tables
from tests.walks.values import answers
from tests.walks.walking import Walk

Row = Mapping[str, Any]
BEGIN = "2020-01-01T00:00:00.000000+00:00"
COUNTED = (tables.submission, tables.participant, tables.record_version, tables.document, tables.letter, tables.draft)


@dataclass
class Hostile:
    """Somebody who tries everything at what waits now; `tried` counts the attempts by their code."""

    walk: Walk
    tried: dict[str, int] = field(default_factory=dict)
    closed: set[tuple[str, str, str]] = field(default_factory=set)
    """(process, task, group) of the attempts by members of groups that a task is closed to."""

    def at_everything(self) -> None:
        """Try each open task by some who may not, and some commands that are nobody's."""
        for row in self.walk.waiting():
            self.strangers(row)
            self.links(row)
        self.past()

    def at_what_is_closed(self) -> None:
        """Try each open task as a member of each group that it is closed to."""
        for row in self.walk.waiting():
            self.excluded(row)

    def strangers(self, row: Row) -> None:
        """A person without the role, and the administrator, can neither do a task, nor take or give it."""
        groups = self.walk.groups(row["case_id"])
        others = [one for one in self.walk.people.values() if obstacle(row, one, groups, self.walk.diagrams)]
        picked = self.walk.random.sample(others, min(2, len(others)))
        picked += [one for one in others if one.has_role("admin") and one not in picked]
        for person in picked:
            found = obstacle(row, person, groups, self.walk.diagrams)
            self._cannot(row, person, found.code if found else "")

    def _cannot(self, row: Row, person: Person, code: str) -> None:
        engine, task = self.walk.engine, row["id"]
        self.refused(lambda: self.complete(row, person), code, person, row)
        self.refused(lambda: engine.claim(task, person), code, person, row)
        handing = "role" if row["reserved_for"] else code  # what waits for one person is nobody's to give
        self.refused(lambda: engine.hand_over(task, person, person), handing, person, row)
        self.refused(lambda: engine.save_draft(task, {}, person), code, person, None)
        for able in self.walk.able(row)[:1]:
            self.refused(lambda by=able: engine.hand_over(task, by, person), handing, able, row)

    def excluded(self, row: Row) -> None:
        """Whoever is in a group that the diagram closes a task to cannot do it, with whatever role; each once."""
        groups = self.walk.groups(row["case_id"])
        for group in {NO_ACCESS, *row["excludes"].split()}:
            mark = (row["process"], row["element"], group)
            if mark not in self.closed and (groups.get(group) or self.walk.able(row)):
                self.closed.add(mark)
                self._excluded(row, group, groups.get(group, ()))

    def _excluded(self, row: Row, group: str, members: Sequence[str]) -> None:
        """Try it as each member of a group; of an empty one as somebody who could do it, and joins for the attempt."""
        if not members:
            person = self.walk.random.choice(self.walk.able(row))
            with self.joined(row["case_id"], group, person.login):
                self.refused(lambda: self.complete(row, person), "independence", person, row)
        for login in members:
            roles = frozenset({row["role"], row["on_behalf"] or row["role"], "admin"})
            person = Person(login=login, name=login, roles=roles)
            self.refused(lambda by=person: self.complete(row, by), "independence", person, row)

    @contextmanager
    def joined(self, case_id: int, group: str, login: str) -> Iterator[None]:
        """Let somebody be of a group for a moment."""
        row = {"case_id": case_id, "group": group, "login": login, "since": BEGIN, "until": None}
        with self.walk.engine.database.writing() as connection:
            stored.insert_rows(connection, "participant", [row])
        self.walk.engine._live.forget([case_id])
        yield
        with self.walk.engine.database.writing() as connection:
            last = connection.execute(select(func.max(tables.participant.c.id))).scalar_one()
            connection.execute(delete(tables.participant).where(tables.participant.c.id == last))
        self.walk.engine._live.forget([case_id])

    def links(self, row: Row) -> None:
        """A personal link opens the tasks of its own role in its own case alone, and only while it is open."""
        role = self.walk.random.choice(sorted(self.walk.diagrams.outside))
        links = Links(database=self.walk.engine.database, library=self.walk.engine.library, clock=self.walk.clock)
        for inviting in self.walk.people.values():
            try:
                token = links.create(row["case_id"], role, "Сосед", "a@b.example", inviting)
            except EngineError:
                continue
            guest, link = links.enter(token or "")
            code = "link" if has_role(row, guest, {}) else "role"
            if code == "link":
                links.revoke(link["id"], inviting)
            self.refused(lambda by=guest: self.complete(row, by), code, guest, row)
            return

    def past(self) -> None:
        """What was done cannot be done again, and there is nothing to resume where nothing failed."""
        engine = self.walk.engine
        with engine.database.reading() as connection:
            done = select(tables.submission).where(tables.submission.c.task_id.is_not(None))
            rows = connection.execute(done.order_by(tables.submission.c.id.desc()).limit(3)).mappings().all()
        for row in rows:
            for login in {row["actor"], self.walk.random.choice(list(self.walk.people))} & self.walk.people.keys():
                who = self.walk.people[login]
                self.refused(lambda by=who, at=row["task_id"]: engine.complete(at, {}, by), "stale", who, row)
        admin = next(one for one in self.walk.people.values() if one.has_role("admin"))
        self.refused(lambda: engine.resume(1, admin), "not_found", admin, None)

    def complete(self, row: Row, actor: Person) -> Any:
        """Hand in an answer that the right person could give."""
        known = answers().get(row["element"])
        values = self.walk.values.moved(*known[0]) if known else {}
        return self.walk.engine.complete(row["id"], values, actor, key="ключ")

    def refused(self, attempt: Callable[[], Any], code: str, actor: Person, row: Row | None) -> None:
        """Demand that an attempt is refused with this code and changes nothing, but is an event if it was at a task."""
        before, last = self.standing(), self.last_event()
        try:
            attempt()
        except EngineError as error:
            seen = error.code
        else:
            seen = "done"
        what = f"{actor.login} at {row['element'] if row else 'the system'}: {seen}, not {code}"
        assert seen == code, self.walk.story_of(what)
        assert self.standing() == before, self.walk.story_of(f"{what}; but something changed")
        if row is not None:
            fresh = self.events_since(last)
            assert fresh == [("TaskRefused", actor.login, row["element"])], self.walk.story_of(f"{what}: {fresh}")
        self.tried[code] = self.tried.get(code, 0) + 1

    def standing(self) -> list[Any]:
        """Return what tells whether anything changed: each step moves a version, each claim an assignee."""
        with self.walk.engine.database.reading() as connection:
            counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in COUNTED]
            versions = connection.execute(select(tables.case.c.id, tables.case.c.version, tables.case.c.status)).all()
            taken = connection.execute(select(tables.open_task.c.id, tables.open_task.c.assignee)).all()
            return [counts, versions, taken]

    def last_event(self) -> int:
        with self.walk.engine.database.reading() as connection:
            return connection.execute(select(func.max(tables.event.c.seq))).scalar_one() or 0

    def events_since(self, last: int) -> list[tuple[str, str, str]]:
        columns = (tables.event.c.type, tables.event.c.actor, tables.event.c.element)
        query = select(*columns).where(tables.event.c.seq > last).order_by(tables.event.c.seq)
        with self.walk.engine.database.reading() as connection:
            return [(kind, actor, element) for kind, actor, element in connection.execute(query)]


def repeated(walk: Walk, row: Row, actor: Person, values: Mapping[str, Any]) -> None:
    """Hand in the same answer twice with one key: the second is the first one's answer, and nothing happens again."""
    first = walk.engine.complete(row["id"], values, actor, key="одно и то же")
    hostile = Hostile(walk)
    before = hostile.standing()
    second = walk.engine.complete(row["id"], values, actor, key="одно и то же")
    assert second.repeated, walk.story_of(f"{row['element']} was not known again")
    assert (second.case_id, second.number) == (first.case_id, first.number), walk.story_of("another answer")
    assert hostile.standing() == before, walk.story_of(f"{row['element']} happened twice")
