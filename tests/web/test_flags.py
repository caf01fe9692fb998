"""What holds for a whole case stands above each of its pages: the expired procedure, the case that it repeats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.config import PROCESSES
from app.wiring import Services
from engine.library import read_folder
from engine.steps import SYSTEM, Person
from storage import steps as write
from tests.handlers.item_case import submission
from tests.web.conftest import Browser

CLERK = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
EXPIRED, REPEATED = "Срок действия порядка истёк", "Обращение повторное"


@pytest.fixture
def registered(services: Services) -> Callable[..., tuple[int, dict[str, str]]]:
    """Register an item; returns its case and element -> open task."""
    services.engine.publish(read_folder(PROCESSES), SYSTEM, "tests")

    def register(**readings: Any) -> tuple[int, dict[str, str]]:
        begun = services.engine.start("appeal", submission(received_on="2026-01-12"), CLERK, readings=readings)
        values = {"incoming_number": "1", "incoming_on": "2026-01-12", "acquainted": "NOT_NEEDED"}
        task = next(row for row in begun.tasks if row["element"] == "register_item")
        step = services.engine.complete(task["id"], values, CLERK)
        return begun.case_id, {row["element"]: row["id"] for row in step.tasks}

    return register


def test_an_expired_procedure_is_flagged_on_the_case_and_on_each_task(
    browser: Callable[..., Browser], registered: Callable[..., tuple[int, dict[str, str]]]
) -> None:
    case, tasks = registered()
    clerk = browser("clerk")

    assert EXPIRED in clerk.get(f"/cases/{case}").text
    assert EXPIRED in clerk.get(f"/tasks/{tasks['send_preliminary_reply']}").text
    assert "review_procedure" in tasks


def test_a_valid_procedure_is_not(
    browser: Callable[..., Browser], registered: Callable[..., tuple[int, dict[str, str]]]
) -> None:
    case, tasks = registered(**{"procedure.valid_until": "2027-12-31"})

    assert EXPIRED not in browser("clerk").get(f"/cases/{case}").text
    assert "review_procedure" not in tasks


def test_the_second_item_under_the_expired_procedure_asks_nobody_again(
    registered: Callable[..., tuple[int, dict[str, str]]],
) -> None:
    assert "review_procedure" in registered()[1]
    assert "review_procedure" not in registered()[1]


def test_a_repeated_item_leads_to_the_case_that_it_repeats_unless_that_is_hidden(
    browser: Callable[..., Browser], services: Services, registered: Callable[..., tuple[int, dict[str, str]]]
) -> None:
    first, _ = registered()
    second, _ = registered()
    with services.database.writing() as connection:
        write.save_values(connection, second, {"intake": {"earlier_case": "А-2026-0001", "repeat": True}})
    page = browser("clerk").get(f"/cases/{second}")

    assert REPEATED in page.text
    assert f'href="/cases/{first}"' in page.html

    hidden = {"case_id": first, "group": "no_access", "login": "clerk", "since": "2026", "until": None}
    with services.database.writing() as connection:
        write.insert_rows(connection, "participant", [hidden])
    assert REPEATED not in browser("clerk").get(f"/cases/{second}").text
