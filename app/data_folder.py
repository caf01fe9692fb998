"""The folder in which an installation keeps everything: where it is, where its database is, the key of its sessions."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent


class BadFolder(click.ClickException):
    """The data folder cannot be used."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(
            f"Папка данных {folder} не годится: {error.strerror}. "
            "Укажите другую (--data или $REGLAMENT_DATA) или дайте на неё права."
        )


def data_folder(data: str | None = None) -> Path:
    """Return the folder: `--data`, without it `$REGLAMENT_DATA`, without that `var/` beside the program."""
    return Path(data or os.environ.get("REGLAMENT_DATA") or ROOT / "var").resolve()


def made(folder: Path) -> Path:
    """Return the folder after making it; raises BadFolder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFolder(folder, error) from error
    return folder


def database_url(folder: Path) -> str:
    """Return where the database is: `$DATABASE_URL`, without it a file in the folder."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'reglament.db'}"


def session_key(folder: Path) -> str:
    """Return the key with which sessions are signed, made at the first call; raises BadFolder."""
    path = folder / "session.key"
    try:
        if not path.exists() or path.stat().st_size == 0:
            _make_key(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadFolder(folder, error) from error


def _make_key(path: Path) -> None:
    """Write a key whole and then give it its name, if nobody was faster: two that start at once share one key."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and path.stat().st_size == 0:
            path.unlink()  # left by a program that was stopped between making and writing it
        path.hardlink_to(new)
    except FileExistsError:
        return
    finally:
        new.unlink(missing_ok=True)
