"""A commit and nothing else: what the disk alone costs, with the settings under which cases are stored."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class BareCommits:
    """A database of one table, opened like ours: write-ahead log, full sync at each commit."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE row (text TEXT)"):
            self._connection.execute(statement)

    def commit(self, text: str) -> None:
        """Write one row and commit it."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO row VALUES (?)", (text,))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
