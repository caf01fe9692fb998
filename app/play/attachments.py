"""Files in scenarios: where a form wants a file, a scenario writes its name, and a small one is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.service import Engine
from engine.steps import Person
from storage.instants import to_text
from storage.uploads import keep

SCAN = "подписанный лист.pdf"


def with_attachments(
    engine: Engine,
    schema: Mapping[str, Any],
    values: Mapping[str, Any],
    actor: Person,
    task_id: str | None = None,
    case_id: int | None = None,
) -> dict[str, Any]:
    """Return the values with a stored upload in place of each file name."""

    def replaced(node: Mapping[str, Any], value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: replaced(node.get("properties", {}).get(key, {}), inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [replaced(node.get("items", {}), inner) for inner in value]
        if isinstance(value, str) and value and node.get("format") == "attachment":
            return stored(value)
        return value

    def stored(filename: str) -> str:
        return _stored(engine, filename, actor, task_id, case_id)

    result: dict[str, Any] = replaced(schema, values)
    return result


def add_scan(engine: Engine, actor: Person, task_id: str, case_id: int) -> None:
    """Add to a task the scan by which somebody of the body proves what somebody from outside has signed or done."""
    _stored(engine, SCAN, actor, task_id, case_id)


def _stored(engine: Engine, filename: str, actor: Person, task_id: str | None, case_id: int | None) -> str:
    with engine.database.writing() as connection:
        return keep(
            connection,
            content=f"%PDF-1.4\n% {filename}\n".encode(),
            filename=filename,
            media_type="application/pdf",
            by=actor.login,
            at=to_text(engine.clock.now()),
            task_id=task_id,
            case_id=case_id,
        )
