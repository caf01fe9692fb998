"""Settings: where data live, how the server listens. Environment first, then the command line, no file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import click

from app.data_folder import ROOT, data_folder, database_url, made, session_key
from app.options import PROCESSES
from outside.addresses import emails
from outside.smtp import BadAddress, MailServer

__all__ = ["PROCESSES", "ROOT", "Argon2Cost", "BadSetting", "Config", "load"]

MEGABYTE = 1024 * 1024


class BadSetting(click.ClickException):
    """A setting of the environment that cannot be used."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Настройка ${name} не годится. {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Argon2Cost:
    """What a password hash costs; the default is argon2's own for interactive sign-in."""

    time: int = 3
    memory_kib: int = 65_536
    parallelism: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that differs between installations."""

    data: Path
    """Folder for the database, the key of the sessions and the letters; nothing is kept elsewhere."""
    database_url: str
    processes: Path = PROCESSES
    """Folder whose diagrams are published on an empty database."""
    secret_key: str = ""
    is_behind_https: bool = False
    """Whether cookies are sent over https only (`REGLAMENT_HTTPS=1`)."""
    upload_bytes: int = 10 * MEGABYTE
    """Greatest size of one upload."""
    argon2: Argon2Cost = field(default_factory=Argon2Cost)
    sign_in_limit: str = "10 per minute"
    """Attempts to sign in, for each address and for each login."""
    smtp_url: str = ""
    """The mail server (`$REGLAMENT_SMTP`, smtp:// or smtps://); without one letters stay files in `data/outbox`."""
    mail_from: str = ""
    """Whose letters they are for the mail server (`$REGLAMENT_MAIL_FROM`)."""
    public_url: str = ""
    """Where the public reaches these pages (`$REGLAMENT_PUBLIC_URL`), for the QR code of certificates."""
    public_limit: str = "30 per minute"
    """How often one address may ask for certificates without signing in."""


def load(data: str | None = None, *, processes: Path = PROCESSES) -> Config:
    """Read the settings; makes the data folder and the session key on first use.

    `data` is `--data`; without it `$REGLAMENT_DATA`, without that `var/` beside the program.
    """
    folder = made(data_folder(data))
    smtp_url, mail_from = os.environ.get("REGLAMENT_SMTP", ""), os.environ.get("REGLAMENT_MAIL_FROM", "")
    if smtp_url:
        _demand_mail_settings(smtp_url, mail_from)
    return Config(
        data=folder,
        database_url=database_url(folder),
        processes=processes,
        secret_key=session_key(folder),
        is_behind_https=os.environ.get("REGLAMENT_HTTPS") == "1",
        smtp_url=smtp_url,
        mail_from=mail_from,
        public_url=os.environ.get("REGLAMENT_PUBLIC_URL", "").rstrip("/"),
    )


def _demand_mail_settings(smtp_url: str, mail_from: str) -> None:
    try:
        MailServer.at(smtp_url)
    except BadAddress as error:
        raise BadSetting("REGLAMENT_SMTP", "Нужно smtp://имя:пароль@сервер:порт или smtps://…") from error
    if len(emails(mail_from)) != 1:
        raise BadSetting("REGLAMENT_MAIL_FROM", "Нужен адрес отправителя, например: post@body.example")
