"""`reglament user ...`: people from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from app.commands.serve import data_option
from app.config import load
from app.passwords import hasher
from app.wiring import Services, upgraded
from storage import people
from storage import steps as stored
from storage.chain import Event, append
from storage.instants import to_text

SHORTEST_PASSWORD = 10  # characters


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
    services = upgraded(load(data))
    hashed = _hashed(services, password)
    with services.database.writing() as connection:
        if any(person["login"] == login for person in stored.people(connection)):
            _stop(f"Логин {login} уже занят.")
        people.save_person(connection, {"login": login, "name": name, "email": email}, roles)
        people.set_password(connection, login, hashed)
        append(connection, [_event(services, "PersonAdded", login=login, roles=list(roles))])
    click.echo(f"Заведён {login}: {name}.")


@group.command("list")
@data_option
def listed(data: str | None) -> None:
    """Показать людей и их роли."""
    services = upgraded(load(data))
    with services.database.reading() as connection:
        for person in sorted(stored.people(connection), key=lambda row: str(row["login"])):
            state = "" if person["active"] else "  (вход закрыт)"
            click.echo(f"{person['login']:<14} {person['name']:<30} {', '.join(person['roles'])}{state}")


@group.command("password")
@click.argument("login")
@click.password_option(prompt="Новый пароль", help="Новый пароль; без ключа спросит.")
@data_option
def password(login: str, password: str, data: str | None) -> None:
    """Сменить пароль; все открытые сеансы человека завершаются."""
    services = upgraded(load(data))
    hashed = _hashed(services, password)
    with services.database.writing() as connection:
        if not people.set_password(connection, login, hashed):
            _stop(f"Логина {login} нет.")
        append(connection, [_event(services, "PasswordChanged", login=login)])
    click.echo(f"Пароль {login} сменён.")


@group.command("roles")
@click.argument("login")
@click.argument("roles", nargs=-1)
@data_option
def roles(login: str, roles: Sequence[str], data: str | None) -> None:
    """Заменить роли человека на ROLES."""
    _change(data, login, roles=list(roles))
    click.echo(f"Роли {login}: {', '.join(roles) or 'нет'}.")


@group.command("deactivate")
@click.argument("login")
@data_option
def deactivate(login: str, data: str | None) -> None:
    """Закрыть человеку вход; его записи остаются."""
    _change(data, login, active=False)
    click.echo(f"Вход для {login} закрыт.")


def _change(data: str | None, login: str, *, roles: list[str] | None = None, active: bool = True) -> None:
    services = upgraded(load(data))
    with services.database.writing() as connection:
        found = next((person for person in stored.people(connection) if person["login"] == login), None)
        if found is None:
            _stop(f"Логина {login} нет.")
            return
        people.save_person(
            connection, {**found, "active": active and found["active"]}, found["roles"] if roles is None else roles
        )
        append(connection, [_event(services, "PersonChanged", login=login, roles=roles, active=active)])


def _hashed(services: Services, password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        _stop(f"Пароль короче {SHORTEST_PASSWORD} знаков.")
    return hasher(services.config.argon2).hash(password)


def _event(services: Services, kind: str, **data: object) -> Event:
    return Event(type=kind, actor="system", at=to_text(services.clock.now()), data=data)


def _stop(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(1)
