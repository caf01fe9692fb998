"""A whole certification: at its end everybody has signed what they had to, and every signature can be proved."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.config import PROCESSES
from app.evidence import Evidence
from app.play import player
from app.play.scenario import read
from engine.library import read_folder
from engine.steps import has_signed
from storage import signatures
from storage.database import Database
from storage.reading.rows import every
from storage.tables import document


def test_no_document_of_a_granted_certificate_lacks_a_signature_and_each_can_be_proved(tmp_path: Path) -> None:
    scenario = read(PROCESSES / "scenarios" / "certification-major-closed-then-granted.yaml")
    database = Database(f"sqlite:///{tmp_path}/story.db", synchronous="OFF")
    stage = player.Player(read_folder(PROCESSES), PROCESSES)._prepared(database, scenario)
    player._start(stage, scenario)
    for step in scenario.steps:
        player._take(stage, step)

    with database.reading() as connection:
        newest = {row["kind"]: row for row in signatures.documents(connection, stage.case_id)}
        given = signatures.register(connection, stage.case_id)
        papers = every(connection, select(document.c.id).where(document.c.case_id == stage.case_id))
    missing = [
        (row["number"], row["title"], wanted)
        for row in newest.values()
        for wanted in row["must_sign"]
        if not any(one["number"] == row["number"] and has_signed(wanted, one) for one in given)
    ]
    assert missing == []
    signed = {(one["kind"], one["role"]) for one in given}
    for kind in ("audit_plan", "audit_act", "opening_minutes", "closing_minutes", "contract", "team_sheet"):
        assert (kind, "applicant") in signed, kind
    assert {("certificate", "decider"), ("certificate", "head"), ("decision_grant", "decider")} <= signed
    evidence = Evidence(database)
    assert all(one.holds for row in papers for one in evidence.of(row["id"]))
    database.close()
