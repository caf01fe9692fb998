"""Password hashes for the command line and the sample organisation: argon2, at the cost that is configured."""

from __future__ import annotations

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.config import Argon2Cost


def hasher(cost: Argon2Cost) -> PasswordHash:
    """Return the hasher of an installation."""
    return PasswordHash((Argon2Hasher(time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.parallelism),))
