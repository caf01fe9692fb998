"""The child process of `engine.check.paths`: takes an order from standard input and tells what it finds, line by line.

A file can take this process down, by memory, time or a fault in a library; it must never be the one that answers a
person.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.check.context import CheckContext
from engine.check.problem import Problem
from engine.check.reading import Read, read_file
from engine.check.run import check_one, check_together, set_apart, whole_of

MEMORY = 512 * 1024 * 1024  # bytes of address space
PROCESSOR = 60  # seconds of processor over all files


def main() -> None:
    """Do the units of the order that are not done or broken yet."""
    order = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # nothing else may speak on the line of answers
    skip = {json.dumps(unit) for unit in order["broken"]}
    done = set(order["done"])

    def unit(kind: str, path: str, find: Callable[[], list[Problem]], *, always: bool = False) -> None:
        key = json.dumps([kind, path])
        if key in skip or (key in done and not always):
            return
        answer.write(json.dumps({"unit": [kind, path]}) + "\n")
        # The signal ends the process, in a library's C code too. Time of the processor, not of the clock: a machine
        # that is busy with other things makes no file heavy.
        signal.setitimer(signal.ITIMER_PROF, order["seconds"])
        problems = [asdict(problem) for problem in set_apart(find())]
        if key not in done:
            answer.write(json.dumps({"unit": [kind, path], "problems": problems}) + "\n")

    _all_units(order, unit)
    answer.write('{"end": true}\n')
    answer.flush()


def _all_units(order: dict[str, Any], unit: Callable[..., None]) -> None:
    files: dict[str, bytes] = {}
    read: dict[str, Read] = {}

    def take(path: str, place: str) -> list[Problem]:
        files[path] = Path(place).read_bytes()
        read[path] = read_file(path, files[path])
        return list(read[path].problems)

    for path, place in order["paths"].items():  # as it was given, and where that is
        unit("read", path, lambda path=path, place=place: take(path, place), always=True)
    whole = whole_of(list(read.values()), CheckContext.from_json(order["context"]), files)
    for path, one in read.items():
        unit("judge", path, lambda one=one: check_one(one, whole))
    unit("together", "", lambda: check_together(whole))


if __name__ == "__main__":
    main()
