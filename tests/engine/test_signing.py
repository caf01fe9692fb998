"""Completing a task that signs documents signs them: as whom, for whom, by which way, and when not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import RuleRefused
from engine.steps import Case, Document, Outcome, Participant, Person, has_signed, step
from storage import chain, signatures
from storage.database import Database
from storage.instants import to_text
from storage.reading import cases
from storage.uploads import keep
from tests.engine.small import BEGIN, CLERK, HEAD, Small, bpmn, service, user

SIGNERS = ("Руководитель, руководитель органа", "ТОО «Гость», заявитель")
MUST = ("head", "role:guest")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


@step(makes=("act",))
def draw_up(case: Case) -> Outcome:
    return Outcome(
        documents=[Document(kind="act", title="Акт", fields={"Итог": "годен"}, signers=SIGNERS, must_sign=MUST)]
    )


def small(database: Database, sign: str, **more: Any) -> Small:
    """A case whose act is drawn up after `write` and then waits in the task `sign`."""
    nodes = '<bpmn:startEvent id="begin"/>' + user("write") + service("draw", "t.draw_up") + sign
    flows = "begin -> write\nwrite -> draw\ndraw -> sign\nsign -> done"
    line = bpmn("line", nodes + '<bpmn:endEvent id="done"/>', flows)
    return Small(database, {"line.bpmn": line}, handlers={"t.draw_up": draw_up, **more})


def at_sign(world: Small) -> str:
    started = world.engine.start("line", {}, CLERK)
    written = world.engine.complete(world.task(started, "write"), {"text": "раз"}, CLERK)
    return world.task(written, "sign")


def given(database: Database) -> list[dict[str, Any]]:
    with database.reading() as connection:
        assert chain.first_break(connection) is None
        return signatures.of_case(connection, 1)


def scan(database: Database, task: str, login: str) -> str:
    with database.writing() as connection:
        keep(
            connection, content=b"%PDF-1.7 x", filename="scan.pdf", media_type="application/pdf", by=login,
            at=to_text(BEGIN), task_id=task, case_id=1,
        )  # fmt: skip
    return hashlib.sha256(b"%PDF-1.7 x").hexdigest()


def signed_events(database: Database) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return [row["data"] for row in cases.history(connection, 1, 100) if row["type"] == "DocumentSigned"]


def test_completing_a_task_signs_its_document_by_the_hash_of_the_contents(database: Database) -> None:
    world = small(database, user("sign", role="head", signs="act"))

    world.engine.complete(at_sign(world), {"text": "два"}, HEAD)

    (row,) = given(database)
    assert (row["login"], row["office"], row["role"], row["via"], row["kind"]) == (
        "head", "руководитель органа", "head", "", "step",
    )  # fmt: skip
    with database.reading() as connection:
        (paper,) = signatures.newest(connection, 1, ["act"])
    assert row["sha256"] == paper["sha256"]
    (told,) = signed_events(database)
    assert (told["document_kind"], told["number"], told["sha256"]) == ("act", paper["number"], paper["sha256"])


def test_an_answer_that_does_not_agree_signs_nothing(database: Database) -> None:
    world = small(database, user("sign", role="head", signs="act", signs_when="ok"))

    world.engine.complete(at_sign(world), {"text": "нет", "ok": False}, HEAD)

    assert given(database) == []


def test_an_answer_that_agrees_signs(database: Database) -> None:
    world = small(database, user("sign", role="head", signs="act", signs_when="ok"))

    world.engine.complete(at_sign(world), {"text": "да", "ok": True}, HEAD)

    assert [row["login"] for row in given(database)] == ["head"]


def test_a_task_cannot_be_completed_while_what_it_signs_is_not_there(database: Database) -> None:
    world = small(database, user("sign", role="head", signs="report"))
    task = at_sign(world)

    with pytest.raises(RuleRefused) as refused:
        world.engine.complete(task, {"text": "два"}, HEAD)

    assert refused.value.code == "NOTHING_TO_SIGN"
    assert given(database) == []


def test_what_was_signed_on_the_page_of_the_document_is_not_signed_twice(database: Database) -> None:
    world = small(database, user("sign", role="head", signs="act"))
    task = at_sign(world)
    with database.writing() as connection:
        (paper,) = signatures.newest(connection, 1, ["act"])
        row = {
            "login": "head",
            "name": "Руководитель",
            "office": "",
            "role": "",
            "at": to_text(BEGIN),
            "kind": "simple",
        }
        signatures.add(connection, paper, {**row, "sha256": "0" * 64, "subject": None, "serial": None}, None)

    world.engine.complete(task, {"text": "два"}, HEAD)

    assert [row["kind"] for row in given(database)] == ["simple"]


def test_who_enters_for_an_outsider_what_was_signed_on_paper_brings_the_scan(database: Database) -> None:
    world = small(database, user("sign", role="guest", signs="act", on_behalf="clerk"))
    task = at_sign(world)

    with pytest.raises(RuleRefused) as refused:
        world.engine.complete(task, {"text": "два"}, CLERK)
    assert refused.value.code == "SCAN_MISSING"
    sha256 = scan(database, task, "clerk")
    world.engine.complete(task, {"text": "два"}, CLERK)

    (row,) = given(database)
    assert (row["login"], row["role"], row["via"], row["office"]) == ("clerk", "guest", "on_behalf", "заявитель")
    assert has_signed("role:guest", row)
    assert not has_signed("clerk", row)
    (told,) = signed_events(database)
    assert (told["via"], told["scans"]) == ("on_behalf", [sha256])


def test_a_task_that_demands_proof_wants_the_scan_of_who_answers_for_an_outsider(database: Database) -> None:
    world = small(database, user("sign", role="guest", on_behalf="clerk", proof="true"))
    task = at_sign(world)

    with pytest.raises(RuleRefused) as refused:
        world.engine.complete(task, {"text": "два"}, CLERK)
    assert refused.value.code == "SCAN_MISSING"
    sha256 = scan(database, task, "clerk")
    world.engine.complete(task, {"text": "два"}, CLERK)

    assert given(database) == []
    with database.reading() as connection:
        done = next(row for row in cases.history(connection, 1, 50) if row["type"] == "TaskCompleted")
    assert (done["data"]["on_behalf_of"], done["data"]["scans"]) == ("guest", [sha256])


def test_a_deputy_who_acts_for_the_head_signs_for_the_office_and_not_as_the_head(database: Database) -> None:
    world = small(database, user("sign", role="head", signs="act", on_behalf="clerk"))

    world.engine.complete(at_sign(world), {"text": "два"}, CLERK)

    (row,) = given(database)
    assert has_signed("role:head", row)
    assert not has_signed("head", row)


def own_document(case: Case) -> Outcome:
    order = Document(
        kind="order", title="Приказ", fields={}, signers=("Руководитель, директор",), must_sign=("head",),
        signed_by_actor=True,
    )  # fmt: skip
    return Outcome(documents=[order])


OWN = bpmn(
    "line",
    '<bpmn:startEvent id="begin"/>'
    + user("decide", role="head")
    + service("issue", "t.issue")
    + user("sign")
    + '<bpmn:endEvent id="done"/>',
    "begin -> decide\ndecide -> issue\nissue -> sign\nsign -> done",
)


def test_who_decides_has_signed_the_document_that_puts_the_decision_on_paper(database: Database) -> None:
    world = Small(database, {"line.bpmn": OWN}, handlers={"t.issue": own_document})
    started = world.engine.start("line", {}, CLERK)

    world.engine.complete(world.task(started, "decide"), {"text": "раз"}, HEAD)

    (row,) = given(database)
    assert (row["login"], row["office"], row["role"], row["number"]) == ("head", "директор", "head", row["number"])


def test_a_document_is_never_signed_for_somebody_who_took_no_part_in_the_step(database: Database) -> None:
    world = Small(database, {"line.bpmn": OWN}, handlers={"t.issue": own_document})
    both = Person(login="both", name="Оба", roles=frozenset({"clerk", "head"}))
    started = world.engine.start("line", {}, CLERK)

    world.engine.complete(world.task(started, "decide"), {"text": "раз"}, both)

    assert given(database) == []


def test_a_step_sees_the_signatures_that_it_gives_itself(database: Database) -> None:
    seen: list[Any] = []

    def look(case: Case) -> Outcome:
        seen.extend(row["login"] for row in case.registers("signatures"))
        return Outcome(participants=[Participant(group="team", login="head")])

    nodes = user("sign", role="head", signs="act") + service("look", "t.look") + user("last")
    flows = "begin -> write\nwrite -> draw\ndraw -> sign\nsign -> look\nlook -> last\nlast -> done"
    first = '<bpmn:startEvent id="begin"/>' + user("write") + service("draw", "t.draw_up")
    line = bpmn("line", first + nodes + '<bpmn:endEvent id="done"/>', flows)
    world = Small(database, {"line.bpmn": line}, handlers={"t.draw_up": draw_up, "t.look": look})

    world.engine.complete(at_sign(world), {"text": "два"}, HEAD)

    assert seen == ["head"]
