"""Settings: where data live, how the server listens. Environment first, then the command line, no file."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = ROOT / "processes"
MEGABYTE = 1024 * 1024


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


def load(data: str | None = None, *, processes: Path = PROCESSES) -> Config:
    """Read the settings; makes the data folder and the session key on first use.

    `data` is `--data`; without it `$REGLAMENT_DATA`, without that `var/` beside the program.
    """
    folder = Path(data or os.environ.get("REGLAMENT_DATA") or ROOT / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return Config(
        data=folder,
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'reglament.db'}",
        processes=processes,
        secret_key=_secret_key(folder),
        is_behind_https=os.environ.get("REGLAMENT_HTTPS") == "1",
    )


def _secret_key(folder: Path) -> str:
    path = folder / "session.key"
    try:
        # Created with its final mode and only if it is new: two processes that start at once share one key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
