"""What is measured on: a procedure of usual size, its answers, and a throw-away installation that runs it.

32 nodes, 12 user tasks, two gateways that skip a task, one that goes back, a parallel part, two service tasks, three
timers, a deadline at each task (procedure/). A case answers all 12 tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from app import sample
from app.bench import journal
from app.config import Config
from app.options import PROCESSES
from app.wiring import Services, build
from engine.clock import Clock
from engine.library import read_folder
from engine.steps import SYSTEM, Binding, Person
from storage import schema
from storage.database import Database
from web.passwords import passwords_of

FOLDER = Path(__file__).parent / "procedure"
CALENDAR = "calendars/KZ.csv"
PROCESS = "bench"
PASSWORD = "skorost-2026"  # noqa: S105  # of an installation that lives for a minute
PERSON = Person(login="bench", name="Измеритель", roles=frozenset({"clerk", "officer", "head"}))

START: Mapping[str, Any] = {
    "applicant": "ТОО «Кентау-Бетон»",
    "subject": "Просим рассмотреть запрос о подтверждении соответствия системы менеджмента.",
    "received_on": "2026-01-12",
}
ANSWERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "register": ("registration", {"number": "17-2026", "papers": "missing", "registered_on": "2026-01-12"}),
    "request_papers": ("papers", {"list": "Устав, перечень площадок", "asked_on": "2026-01-13", "count": 2}),
    "assign": ("assignment", {"executor": "Данияр Ахметов", "importance": "usual", "note": "Без выезда не закрывать"}),
    "study": ("study", {"summary": "Документы в порядке.", "pages": 120, "finished_on": "2026-01-20"}),
    "plan_visit": ("plan", {"goal": "Посмотреть площадку", "days": 2, "begins_on": "2026-01-26"}),
    "agree_visit": ("agreement", {"agreed_on": "2026-01-21", "answer": "yes", "note": "С утра"}),
    "report": ("report", {"text": "Установлено одно несоответствие.", "findings": 1, "written_on": "2026-01-29"}),
    "correct": ("corrections", {"what": "Журнал дополнен", "accepted": "yes", "checked_on": "2026-02-09"}),
    "check_report": ("check", {"verdict": "accept", "checked_on": "2026-02-10", "remark": "Нет"}),
    "decide": ("decision", {"outcome": "grant", "basis": "Отчёт и исправления.", "decided_on": "2026-02-11"}),
    "issue": ("answer", {"number": "17-2026/О", "handed_on": "2026-02-12", "way": "hand"}),
    "archive": ("archive", {"place": "Шкаф 3", "sheets": 140, "archived_on": "2026-02-13"}),
}
"""User task -> its case-data key and the values that it is completed with."""


def files() -> dict[str, bytes]:
    """Return the set of the procedure; the calendar is the one that the program ships."""
    return {**read_folder(FOLDER), CALENDAR: (PROCESSES / CALENDAR).read_bytes()}


def handlers() -> Mapping[str, Binding]:
    """Return the handlers of the procedure."""
    binding: Binding = journal.enter.__dict__["__reglament__"]
    return {binding.name: binding}


def services(folder: Path, *, clock: Clock | None = None) -> Services:
    """Return the installation in a folder; it must have been made by `install`."""
    config = Config(data=folder, database_url=_url(folder), processes=FOLDER, secret_key=token_hex(32))
    return build(config, clock=clock, handlers=handlers())


def install(folder: Path, diagrams: Mapping[str, bytes]) -> Services:
    """Make an installation in an empty folder: database, one person, the set of diagrams."""
    database = Database(_url(folder))
    schema.upgrade(database)
    database.close()
    made = services(folder)
    row = {"login": PERSON.login, "name": PERSON.name, "email": "bench@reglament.example", "roles": PERSON.roles}
    described = {"organisation": {"name": "Измерение скорости"}, "people": [row]}
    password_hash = passwords_of(made.config.argon2).hash(PASSWORD)
    with made.database.writing() as connection:
        sample.load(connection, described, password_hash=lambda login: password_hash)
    made.engine.publish(diagrams, SYSTEM)
    return made


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'reglament.db'}"
