"""The sample organisation: who an empty installation is filled with, so that a newcomer can try it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from storage import people
from storage.database import Connection

FILE = Path("sample") / "organisation.yaml"
_PERSON = {"login", "name"}


class BadSample(ValueError):
    """The sample organisation cannot be read; the message names the file and says what to do."""


def read(processes: Path) -> dict[str, Any]:
    """Read the description of the sample organisation; days become ISO text. Raises BadSample."""
    path = processes / FILE
    try:
        loaded: Any = _plain(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadSample(f"{path} не открывается ({error.strerror}); верните файл") from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadSample(f"{path} не читается как YAML; исправьте его: reglament check {path}") from error
    people = loaded.get("people") if isinstance(loaded, dict) else None
    if not isinstance(people, list) or not all(isinstance(one, dict) and one.keys() >= _PERSON for one in people):
        raise BadSample(f"{path}: нужны organisation и people, у каждого login и name")
    if not isinstance(loaded.get("organisation"), dict) or "name" not in loaded["organisation"]:
        raise BadSample(f"{path}: нет organisation с именем (name)")
    return dict(loaded)


def load(
    connection: Connection, described: Mapping[str, Any], *, password_hash: Callable[[str], str] | None = None
) -> None:
    """Enter the sample organisation; with `password_hash` (login -> hash) its people can sign in."""
    people.save_setting(connection, "organisation", described["organisation"]["name"])
    people.save_setting(connection, "sample", "true")
    for person in described["people"]:
        people.enter_person(connection, person, person.get("roles", []))
        if password_hash is not None:
            people.set_password(connection, person["login"], password_hash(person["login"]))
    for register, rows in described.get("registers", {}).items():
        people.add_register_rows(connection, register, rows)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
