"""`reglament user ...`: people from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from difflib import get_close_matches
from typing import NoReturn

import click

from app.config import load
from app.options import data_option
from app.play.readable import demand_readable
from app.wiring import Services, upgraded
from engine.library import DiagramSet, read_folder
from engine.steps import SYSTEM
from storage import accounts, people, registers, sets
from storage.chain import Event, append
from storage.database import Connection
from storage.instants import to_text
from web.passwords import SHORTEST, passwords_of

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@click.group("user")
def group() -> None:
    """Люди: завести, показать, сменить пароль или роли, закрыть вход."""


@group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Имя и фамилия.")
@click.option("--email", help="Адрес электронной почты.")
@click.option("--role", "roles", multiple=True, help="Роль; можно несколько раз.")
@click.password_option(prompt="Пароль", help="Пароль; без ключа спросит.")
@data_option
def add(login: str, name: str, email: str | None, roles: Sequence[str], password: str, data: str | None) -> None:
    """Завести человека LOGIN."""
    _demand_login(login)
    with closing(upgraded(load(data))) as services:
        _demand_roles(services, roles)
        _add(services, login, name, email, roles, _hashed(services, password))
    click.echo(f"Заведён {login}: {name}.")


def _add(services: Services, login: str, name: str, email: str | None, roles: Sequence[str], hashed: str) -> None:
    with _change(services) as (connection, at):
        if not accounts.add_person(connection, login, name, email, "ru", at=at, by=SYSTEM.login):
            _stop(f"Логин {login} уже занят.")
        accounts.set_roles(connection, login, roles, at=at, by=SYSTEM.login)
        people.set_password(connection, login, hashed)


@group.command("list")
@data_option
def listed(data: str | None) -> None:
    """Показать людей и их роли."""
    with closing(upgraded(load(data))) as services, services.database.reading() as connection:
        for person in sorted(registers.people(connection), key=lambda row: str(row["login"])):
            state = "" if person["active"] else "  (вход закрыт)"
            click.echo(f"{person['login']:<14} {person['name']:<30} {', '.join(person['roles'])}{state}")


@group.command("password")
@click.argument("login")
@click.password_option(prompt="Новый пароль", help="Новый пароль; без ключа спросит.")
@data_option
def password(login: str, password: str, data: str | None) -> None:
    """Сменить пароль; все открытые сеансы человека завершаются."""
    with closing(upgraded(load(data))) as services, _change(services) as (connection, at):
        if not people.set_password(connection, login, _hashed(services, password)):
            _stop(f"Логина {login} нет.")
        append(connection, [Event(type="PasswordChanged", actor=SYSTEM.login, at=at, data={"login": login})])
    click.echo(f"Пароль {login} сменён.")


@group.command("roles")
@click.argument("login")
@click.argument("roles", nargs=-1)
@data_option
def roles(login: str, roles: Sequence[str], data: str | None) -> None:
    """Заменить роли человека на ROLES."""
    with closing(upgraded(load(data))) as services:
        _demand_roles(services, roles)
        with _change(services) as (connection, at):
            _demand_known(connection, login)
            accounts.set_roles(connection, login, roles, at=at, by=SYSTEM.login)
    click.echo(f"Роли {login}: {', '.join(roles) or 'нет'}.")


@group.command("deactivate")
@click.argument("login")
@data_option
def deactivate(login: str, data: str | None) -> None:
    """Закрыть человеку вход; его записи остаются."""
    with closing(upgraded(load(data))) as services, _change(services) as (connection, at):
        _demand_known(connection, login)
        accounts.set_active(connection, login, active=False, at=at, by=SYSTEM.login)
    click.echo(f"Вход для {login} закрыт.")


@contextmanager
def _change(services: Services) -> Iterator[tuple[Connection, str]]:
    with services.database.writing() as connection:
        yield connection, to_text(services.clock.now())


def _demand_known(connection: Connection, login: str) -> None:
    if not any(person["login"] == login for person in registers.people(connection)):
        _stop(f"Логина {login} нет.")


def _demand_login(login: str) -> None:
    if not LOGIN.fullmatch(login):
        _stop(f"Логин «{login}» не годится: латинские буквы, цифры, точка, дефис и подчёркивание, не больше 64 знаков.")


def _demand_roles(services: Services, roles: Sequence[str]) -> None:
    with services.database.reading() as connection:
        published = sets.current(connection)
    diagrams = services.library.set(published) if published else _shipped(services)
    known = sorted(name for name, role in diagrams.roles.items() if role.get("scope") != "case")
    for role in roles:
        if role not in known:
            near = get_close_matches(role, known, 1)
            hint = f"похоже на «{near[0]}»" if near else f"есть: {', '.join(known)}"
            _stop(f"Роли {role} в организации нет; {hint}.")


def _shipped(services: Services) -> DiagramSet:
    profile = {path: data for path, data in read_folder(services.config.processes).items() if path == "profile.toml"}
    demand_readable(profile)
    return DiagramSet("", profile)


def _hashed(services: Services, password: str) -> str:
    if len(password) < SHORTEST:
        _stop(f"Пароль короче {SHORTEST} знаков.")
    return passwords_of(services.config.argon2).hash(password)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
