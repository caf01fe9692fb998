"""The sample organisation with stories played into it, each on a clock of its own: the pages of cases as people leave
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app import sample
from app.config import Argon2Cost, Config
from app.play.player import perform
from app.play.scenario import Scenario, read
from app.play.stage import Stage
from app.wiring import Services, upgraded
from engine.clock import MovedClock
from engine.library import DiagramSet, read_folder
from engine.steps import SYSTEM, people_by_login
from storage import registers

PROCESSES = Path(__file__).parents[2] / "processes"
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)

Stories = Iterable[tuple[str, int]]
"""Names of scenarios, and how many of their steps are played."""


def played(
    folder: Path, password_hash: str, stories: Stories, zone: str, cut: Callable[[Scenario, DiagramSet, int], Scenario]
) -> Services:
    """Return an installation in which the stories have happened, as far as `cut` leaves them."""
    config = Config(
        data=folder,
        database_url=f"sqlite:///{folder / 'stories.db'}",
        secret_key="a key for tests",
        argon2=Argon2Cost(time=1, memory_kib=8, parallelism=1),
        sign_in_limit="500 per minute",
    )
    services = upgraded(config, clock=MovedClock(BEGIN))
    diagrams = services.library.set(services.engine.publish(read_folder(PROCESSES), SYSTEM, "tests"))
    with services.database.writing() as connection:
        sample.load(connection, sample.read(PROCESSES), password_hash=lambda login: password_hash)
        people = people_by_login(registers.people(connection))
    for name, count in stories:
        scenario = cut(read(PROCESSES / "scenarios" / f"{name}.yaml"), diagrams, count)
        clock = MovedClock(BEGIN)
        services.engine.clock = clock
        stage = Stage(engine=services.engine, diagrams=diagrams, clock=clock, zone=ZoneInfo(zone), people=people)
        failed = perform(stage, scenario)
        assert failed is None, failed
    return services
