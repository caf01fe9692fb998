"""The command line as a script meets it: words in, exit code, standard output and standard error out."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Container
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.options import PROCESSES

Say = Callable[..., Result]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Return a function that says words to `reglament`, in an installation of its own; a trace fails the test."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("REGLAMENT_DATA", str(tmp_path / "var"))

    def said(*words: str | Path, typed: str | None = None) -> Result:
        done = CliRunner().invoke(main, [str(word) for word in words], input=typed, prog_name="reglament")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return said


def small_set(folder: Path, rows: Container[str] | None = None) -> Path:
    """Make the shipped set cut down to one process and its scenario; of the requirements keep the named rows."""
    for inner in ("forms", "sample", "scenarios", "calendars"):
        (folder / inner).mkdir(parents=True)
    names = ["profile.toml", "complaints_report.bpmn", "scenarios/complaints-report.yaml", "sample/organisation.yaml"]
    names += [f"forms/{name}.json" for name in ("report_period", "annual_report", "management_review")]
    names += ["forms/report_acceptance.json", "calendars/KZ.csv", "calendars/UZ.csv"]
    for name in names:
        shutil.copy(PROCESSES / name, folder / name)
    with (PROCESSES / "requirements.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = [row for row in csv.DictReader(file) if rows is None or row["id"] in rows]
    with (folder / "requirements.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)
    return folder
