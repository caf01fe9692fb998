"""Every word of the command line: its help, its exit codes, where it keeps its data, what it says when it cannot."""

from __future__ import annotations

import gc
import json
import re
import shutil
import socket
import sqlite3
from functools import partial
from pathlib import Path

import click
import pytest

from app.cli import WORDS, main
from app.commands.serve import listen
from app.config import Config
from app.wiring import upgraded
from storage.database import Database
from tests.app.conftest import Say

FAMILIES = {"db": ("upgrade", "check", "backup", "restore"), "user": ("add", "list", "password", "roles", "deactivate")}
EVERY = [[word] for word in WORDS] + [[family, word] for family, words in FAMILIES.items() for word in words]
PASSWORD = "длинная фраза"


@pytest.fixture(autouse=True)
def translations_are_built() -> None:
    assert list(Path("app/translations").glob("ru/LC_MESSAGES/*.mo")), "python3 manage.py builds them"


@pytest.mark.parametrize("words", [[], *EVERY], ids=" ".join)
def test_the_help_of_every_word_is_russian(say: Say, words: list[str]) -> None:
    done = say(*words, "--help")

    assert done.exit_code == 0
    assert done.stdout.startswith("Как вызвать: reglament")
    assert not re.search(r"Usage|Options|Commands|Show this", done.stdout)


def test_the_words_are_those_of_the_contract() -> None:
    context = click.Context(main)
    assert sorted(main.list_commands(context)) == sorted(
        ["serve", "work", "check", "play", "coverage", "verify", "bench", "db", "user"]
    )
    for family, words in FAMILIES.items():
        group = main.get_command(context, family)
        assert isinstance(group, click.Group)
        assert sorted(group.commands) == sorted(words)


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"], ["check", "--jsn"], ["play"], ["verify", "more"], ["serve", "--port", "many"],
        ["serve", "--port", "99999"], ["db", "restore"], ["db", "nonsense"], ["user", "add", "bob"], ["--data"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_code_two_and_leaves_standard_output_empty(say: Say, words: list[str]) -> None:
    done = say(*words)

    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Ошибка: " in done.stderr


def test_data_lie_where_the_option_the_variable_or_the_address_says(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ["user", "add", "aigerim", "--name", "Айгерим", "--password", PASSWORD]

    say(*add)
    say(*add, "--data", tmp_path / "own")
    say("--data", tmp_path / "global", *add)
    say("--data", tmp_path / "not-here", *add, "--data", tmp_path / "nearer")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    say(*add)

    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.db"))
    assert found == [
        "elsewhere.db", "global/reglament.db", "nearer/reglament.db", "own/reglament.db", "var/reglament.db",
    ]  # fmt: skip
    assert not (tmp_path / "not-here").exists()


@pytest.mark.parametrize("words", ["verify", "user list", "db check", "db upgrade", "work", "serve --port 0"])
def test_a_broken_database_is_a_sentence_and_stays_as_it_is(say: Say, tmp_path: Path, words: str) -> None:
    database = tmp_path / "var" / "reglament.db"
    database.parent.mkdir()
    database.write_bytes(b"never a database" * 1000)

    done = say(*words.split())

    assert done.exit_code == 1
    assert "повреждена" in done.stderr
    assert "reglament db restore" in done.stderr
    assert database.read_bytes() == b"never a database" * 1000


@pytest.mark.parametrize("words", ["user list", "db check", "db upgrade", "work", "serve --port 0"])
def test_a_database_of_a_later_program_is_a_sentence_and_stays_as_it_is(say: Say, tmp_path: Path, words: str) -> None:
    say("db", "upgrade")
    with sqlite3.connect(tmp_path / "var" / "reglament.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    done = say(*words.split())

    assert done.exit_code == 1
    assert "База новее программы" in done.stderr
    assert "версия 9999" in done.stderr


def test_a_database_that_another_process_writes_to_is_a_sentence(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("db", "upgrade")
    monkeypatch.setattr("app.wiring.Database", partial(Database, busy_milliseconds=50))
    other = sqlite3.connect(tmp_path / "var" / "reglament.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    done = say("user", "add", "aigerim", "--name", "Айгерим", "--password", PASSWORD)
    other.close()

    assert done.exit_code == 1
    assert "занята другим процессом" in done.stderr
    assert say("user", "list").stdout == ""


def test_a_database_that_cannot_be_written_can_still_be_verified(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("user", "add", "aigerim", "--name", "Айгерим", "--password", PASSWORD)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///file:{tmp_path}/var/reglament.db?mode=ro&uri=true")

    done = say("user", "add", "daniyar", "--name", "Данияр", "--password", PASSWORD)
    verified = say("verify")

    assert done.exit_code == 1
    assert "нельзя писать" in done.stderr
    assert (verified.exit_code, verified.stdout) == (0, "Цепочка цела: событий 1.\n")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "База не открывается"),
        ("nosuch://someone:hunter2@host/base", "База не открывается"),
        ("sqlite:////no/such/folder/base.db", "unable to open"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence_without_its_password(
    say: Say, monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    done = say("user", "list")

    assert done.exit_code == 1
    assert told in done.stderr
    assert "hunter2" not in done.output


def test_a_data_folder_that_is_a_file_is_a_sentence(say: Say, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    done = say("user", "list", "--data", tmp_path / "taken")

    assert done.exit_code == 1
    assert f"Папка данных {tmp_path / 'taken'} не годится" in done.stderr


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # waitress 3.0 forgets the socket that it could not bind
def test_a_port_that_is_taken_and_a_host_that_is_none_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(data=tmp_path, database_url=f"sqlite:///{tmp_path}/serve.db", secret_key="a key for tests")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        for host, port in (("127.0.0.1", other.getsockname()[1]), ("no.such.host.invalid", 0)):
            with pytest.raises(SystemExit) as stopped:
                listen(upgraded(config), host, port, greet=lambda port: None)
            said = capsys.readouterr()
            assert stopped.value.code == 1
            assert f"Адрес {host}:{port} занять не удалось" in said.err
            assert said.out == ""
    gc.collect()


def test_copies_are_made_and_brought_back(say: Say, tmp_path: Path) -> None:
    say("user", "add", "aigerim", "--name", "Айгерим", "--password", PASSWORD)
    made = say("db", "backup", tmp_path / "copy.db")
    say("user", "add", "daniyar", "--name", "Данияр", "--password", PASSWORD)

    brought = say("db", "restore", tmp_path / "copy.db")

    assert (made.exit_code, brought.exit_code) == (0, 0)
    assert [line.split()[0] for line in say("user", "list").stdout.splitlines()] == ["aigerim"]
    kept = Path(brought.stdout.split(": ")[1].strip())
    shutil.copy(kept, tmp_path / "kept.db")
    assert "событий 2" in say("db", "restore", kept).stdout + say("verify").stdout


def test_a_copy_into_a_taken_name_or_from_nothing_is_refused(say: Say, tmp_path: Path) -> None:
    nothing = say("db", "backup", tmp_path / "copy.db")
    say("db", "upgrade")
    (tmp_path / "copy.db").write_text("mine")
    taken = say("db", "backup", tmp_path / "copy.db")
    no_copy = say("db", "restore", tmp_path / "copy.db")

    assert [done.exit_code for done in (nothing, taken, no_copy)] == [1, 1, 1]
    assert "ещё нет" in nothing.stderr
    assert "уже есть" in taken.stderr
    assert "не копия" in no_copy.stderr
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_people_are_entered_listed_changed_and_shut_out(say: Say) -> None:
    say("user", "add", "aigerim", "--name", "Айгерим", "--role", "clerk", "--role", "officer", "--password", PASSWORD)
    say("user", "password", "aigerim", typed=f"{PASSWORD}!\n{PASSWORD}!\n")
    say("user", "roles", "aigerim", "head")
    say("user", "deactivate", "aigerim")

    assert say("user", "list").stdout.split() == ["aigerim", "Айгерим", "head", "(вход", "закрыт)"]
    assert "событий 5" in say("verify").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "aigerim", "--name", "Другая", "--password", PASSWORD], "Логин aigerim уже занят"),
        (["add", "a b", "--name", "Кто", "--password", PASSWORD], "Логин «a b» не годится"),
        (["add", "new", "--name", "Кто", "--role", "clrk", "--password", PASSWORD], "похоже на «clerk»"),
        (["add", "new", "--name", "Кто", "--role", "team_leader", "--password", PASSWORD], "в организации нет"),
        (["add", "new", "--name", "Кто", "--password", "short"], "Пароль короче"),
        (["roles", "aigerim", "hed"], "похоже на «head»"),
        (["roles", "nobody", "head"], "Логина nobody нет"),
        (["password", "nobody", "--password", PASSWORD], "Логина nobody нет"),
        (["deactivate", "nobody"], "Логина nobody нет"),
    ],
)
def test_a_change_of_people_that_cannot_be_is_refused_and_changes_nothing(
    say: Say, words: list[str], told: str
) -> None:
    say("user", "add", "aigerim", "--name", "Айгерим", "--role", "clerk", "--password", PASSWORD)

    done = say("user", *words)

    assert done.exit_code == 1
    assert told in done.stderr
    assert say("user", "list").stdout.split() == ["aigerim", "Айгерим", "clerk"]


def test_coverage_of_a_set_that_cannot_be_read_names_the_file(say: Say, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text("roles = [")

    done = say("coverage", "--processes", tmp_path, "--json")

    assert done.exit_code == 1
    assert "profile.toml:0 не читается как TOML" in done.stderr


@pytest.mark.parametrize("word", ["check", "play"])
def test_json_is_one_document_also_where_names_are_no_text(say: Say, tmp_path: Path, word: str) -> None:
    done = say(word, tmp_path / "\udcff.yaml", "--json")

    assert done.exit_code == 1
    assert len(json.loads(done.stdout)) == 1
