"""Works out once for each set in force what its scenarios prove, in a child process beside the running installation.

Playing every scenario takes seconds of a whole processor, which no page may wait for and no thread of the server may
take from the others; so a child of low priority does it, and the pages show what it found and when.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.data_folder import ROOT
from app.wiring import Services
from storage import coverage
from storage.instants import to_text

log = logging.getLogger(__name__)
LONGEST_SECONDS = 1_800
LOOK_SECONDS = 0.2
RULES = ("rules", "handlers", "engine", "app")
"""The rooms whose change may change what a scenario proves."""


class Prover:
    """Proves the set in force, unless that was done; `stopping` ends a proof that is under way."""

    def __init__(self, services: Services, stopping: threading.Event) -> None:
        self._services = services
        self._stopping = stopping
        self._basis = ""
        self._given_up: set[str] = set()

    def round(self) -> int:
        """Prove the set in force if nobody has; returns how many sets were proven, 0 or 1."""
        processes = self._services.config.processes
        if not self._basis:
            self._basis = basis_of(processes)
        with self._services.database.reading() as connection:
            name = coverage.unproven(connection, self._basis)
        if name is None or name in self._given_up:
            return 0
        found = self._proven(self._services.library.set(name).files, processes)
        if found is None:
            self._given_up.add(name)
            return 0
        with self._services.database.writing() as connection:
            coverage.keep(connection, name, basis=self._basis, at=to_text(self._services.clock.now()), found=found)
        return 1

    def _proven(self, files: Mapping[str, bytes], processes: Path) -> dict[str, Any] | None:
        """Let a child play the scenarios; None when it failed, took too long or the installation is closing."""
        with tempfile.TemporaryDirectory(prefix="reglament-proof-") as folder:
            place = Path(folder)
            for path, content in files.items():
                (place / "set" / path).parent.mkdir(parents=True, exist_ok=True)
                (place / "set" / path).write_bytes(content)
            answer = place / "answer.json"
            command = [sys.executable, "-m", "app.proving_child", str(place / "set"), str(processes), str(answer)]
            # Whatever the child leaves behind when it is stopped goes with the folder.
            environment = {**os.environ, "TMPDIR": folder}
            with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL) as child:  # noqa: S603
                code = self._awaited(child)
            if code != 0 or not answer.is_file():
                if not self._stopping.is_set():
                    log.warning("What the scenarios prove could not be worked out (exit code %s).", code)
                return None
            found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
            return found

    def _awaited(self, child: subprocess.Popen[bytes]) -> int:
        for _ in range(int(LONGEST_SECONDS / LOOK_SECONDS)):
            if child.poll() is not None or self._stopping.wait(LOOK_SECONDS):
                break
        if child.poll() is None:
            child.kill()
        return child.wait()


def basis_of(processes: Path) -> str:
    """Return the hash of all that decides what a set's scenarios prove beside the set: they themselves, and rules."""
    digest = hashlib.sha256()
    told = [*processes.glob("scenarios/*.y*ml"), *processes.glob("sample/*")]
    for path in sorted([*told, *(file for room in RULES for file in (ROOT / room).rglob("*.py"))]):
        if path.is_file():
            digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
