"""The command line as a script meets it: words in, exit code, standard output and standard error out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main

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
