"""Passwords: hashed with argon2, checked in the same time whether or not there is such a person."""

from __future__ import annotations

from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from web.services import HashCost

SHORTEST = 10
"""Fewest characters of a password that people choose themselves."""


class Passwords:
    """Hashes and checks passwords; the costs are argon2's own parameters, low ones are for tests."""

    def __init__(self, *, time_cost: int = 3, memory_cost: int = 65536, parallelism: int = 4) -> None:
        self._hash = PasswordHash(
            (Argon2Hasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism),)
        )
        self._nobody = self._hash.hash("a password that nobody has")

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return self._hash.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one behind the hash; takes as long when there is no hash."""
        if not kept:
            self._hash.verify(password, self._nobody)
            return False
        return self._hash.verify(password, kept)


@lru_cache
def passwords(time_cost: int = 3, memory_cost: int = 65536, parallelism: int = 4) -> Passwords:
    """Return one `Passwords` for each set of costs."""
    return Passwords(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


def passwords_of(cost: HashCost) -> Passwords:
    """Return the `Passwords` of an installation's configured cost."""
    return passwords(cost.time, cost.memory_kib, cost.parallelism)
