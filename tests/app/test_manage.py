"""manage.py: one command on a bare machine; its words, its messages, when it installs again and when it does not."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The file's own names, with nothing installed and nothing started; `became` is what it went on as."""
    names = runpy.run_path(str(ROOT / "manage.py"), run_name="manage")
    became: list[str] = []
    names["main"].__globals__.update(names)
    held = names["main"].__globals__
    monkeypatch.setitem(held, "set_up", lambda *, with_tests: "")
    monkeypatch.setitem(held, "_become", became.extend)
    monkeypatch.setitem(held, "test", lambda arguments: 7)
    return SimpleNamespace(**{**names, "held": held, "became": became})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["--help"]),
        (["run", "--port", "8001"], ["serve", "--port", "8001"]),
        (["play", "a.yaml", "--json"], ["play", "a.yaml", "--json"]),
        (["--data", "x", "verify"], ["--data", "x", "verify"]),
    ],
)
def test_every_word_but_test_goes_to_the_command_of_the_product(
    manage: Any, arguments: list[str], words: list[str]
) -> None:
    manage.main(arguments)

    assert Path(manage.became[0]).name.startswith("reglament")
    assert manage.became[1:] == words


def test_the_word_test_is_its_own(manage: Any) -> None:
    assert manage.main(["test", "-x"]) == 7
    assert manage.became == []


def test_a_python_that_is_too_old_is_told_so(
    manage: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 10, "final", 0))

    code = manage.main(["run"])

    said = capsys.readouterr()
    assert code == 1
    assert said.err == "Reglament needs Python 3.11 or newer, this is 3.8. Install it and call it by name.\n"
    assert said.out == ""
    assert manage.became == []


def test_a_set_up_that_fails_says_why_on_standard_error_and_starts_nothing(
    manage: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(manage.held, "set_up", lambda *, with_tests: "pip says no")

    assert manage.main(["check", "--json"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "pip says no\n")
    assert manage.became == []


def test_a_change_of_what_is_installed_changes_the_digest_and_nothing_else_does(
    manage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyproject.toml", "requirements.lock", "hatch_build.py"):
        (tmp_path / name).write_text(name)
    catalogue = tmp_path / "app" / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("one")
    monkeypatch.setitem(manage.held, "ROOT", tmp_path)
    before = manage._digest()

    (tmp_path / "app" / "code.py").write_text("other code")
    assert manage._digest() == before
    catalogue.write_text("two")
    assert manage._digest() != before


def test_a_stamp_that_is_missing_or_broken_counts_as_nothing_installed(
    manage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(manage.held, "STAMP", tmp_path / "installed.stamp")
    assert manage._stamp() == ["", "", ""]

    (tmp_path / "installed.stamp").write_text("half")
    assert manage._stamp() == ["", "", ""]


def test_all_that_the_set_up_says_goes_to_standard_error(
    manage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where: list[Any] = []
    for name in ("VENV", "STAMP"):
        monkeypatch.setitem(manage.held, name, tmp_path / name.lower())
    monkeypatch.setattr("subprocess.call", lambda command, **options: where.append(options["stdout"]) or 0)

    assert manage._make_venv() == ""
    assert manage._install(["digest", "folder", "run"]) == ""

    assert where == [sys.stderr, sys.stderr]
    assert capsys.readouterr().out == ""
    assert (tmp_path / "stamp").read_text() == "digest\nfolder\nrun"


def test_an_installation_that_fails_leaves_no_stamp(
    manage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(manage.held, "STAMP", tmp_path / "stamp")
    (tmp_path / "stamp").write_text("of the time before")
    monkeypatch.setattr("subprocess.call", lambda command, **options: 1)

    assert "pip says why above" in manage._install(["digest", "folder", "run"])
    assert not (tmp_path / "stamp").exists()


def test_an_old_python_can_read_the_file_if_only_to_be_told_that_it_is_too_old() -> None:
    ast.parse((ROOT / "manage.py").read_text(encoding="utf-8"), feature_version=(3, 7))
