"""Judges files that may be anybody's: all reading and judging happens in a child process with bounds.

The child takes the work in units (read a file, judge a file, judge all together) and tells when it begins and ends one.
When it dies or has used up its time, the unit it was at becomes a problem of its file, and a new child goes on
without it.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from engine.check.context import CheckContext
from engine.check.problem import Problem
from engine.check.reading import too_heavy
from engine.messages import N_
from engine.xml import MAX_BYTES

SECONDS = 7.0  # of the processor, for one unit; on an idle machine that stays below the ten that are promised
SILENCE = 60.0  # seconds of the clock; a child that works is ended by its processor's time long before
KINDS = frozenset({".bpmn", ".dmn", ".json", ".yaml", ".yml", ".toml", ".csv"})
_ROOT = Path(__file__).resolve().parents[2]


def check_paths(paths: Sequence[Path], context: CheckContext) -> list[Problem]:
    """Judge files and folders together, without ever raising for what they hold.

    Problems name the files as the paths were given; a folder stands for the files of known kinds in it.
    """
    problems: list[Problem] = []
    files = list(_readable(paths, problems))
    broken: list[list[Any]] = []
    done: dict[str, list[Problem]] = {}
    while files:
        unit = _run(files, context, broken, done)
        if unit is None:
            break
        problems.append(too_heavy(unit[1] or str(files[0])))
        if unit[0] == "start" or unit in broken:
            break
        broken.append(unit)
    for found in done.values():
        problems.extend(found)
    return sorted(problems, key=lambda problem: problem.order)


def _readable(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    """Yield the files that can be read, each once, and tell of everything else."""
    seen: set[Path] = set()
    for path in paths:
        files = _in_folder(path) if path.is_dir() else [path]
        if not files:
            message = N_("В папке нет ни одного файла, который можно проверить.")
            cure = N_("Проверьте путь; проверяются схемы .bpmn и .dmn, формы .json, сценарии .yaml, таблицы .csv.")
            problems.append(_problem(path, "no-file", message, cure))
        for file in files:
            # The same file by another path is the same file; judged twice it would clash with itself.
            whole = file.resolve()
            if whole not in seen and _can_be_read(file, problems):
                yield file
            seen.add(whole)


def _in_folder(folder: Path) -> list[Path]:
    return [one for one in sorted(folder.rglob("*")) if one.suffix.lower() in KINDS and one.is_file()]


def _can_be_read(path: Path, problems: list[Problem]) -> bool:
    cure = N_("Проверьте путь и права.")
    if not path.is_file():
        message = N_("Файла нет.") if not path.exists() else N_("Это не обычный файл.")
        problems.append(_problem(path, "no-file", message, cure))
        return False
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        problems.append(_problem(path, "no-file", N_("Файл не открывается: {reason}."), cure, reason=error.strerror))
        return False
    if path.stat().st_size > MAX_BYTES:
        message = N_("Файл больше {limit} МБ.")
        cure = N_("Проверьте, тот ли это файл; схему такого размера разделите на подпроцессы.")
        problems.append(_problem(path, "too-large", message, cure, limit=MAX_BYTES // 1_000_000))
        return False
    return True


def _run(
    files: Sequence[Path], context: CheckContext, broken: Sequence[Sequence[Any]], done: dict[str, list[Problem]]
) -> list[Any] | None:
    """Run one child; returns the unit at which it broke, None if it came to the end."""
    order = {
        "paths": {str(path): str(path.absolute()) for path in files},
        "broken": broken,
        "done": list(done),
        "context": context.to_json(),
        "seconds": SECONDS,
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "engine.check.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
    )
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("A child process without pipes.")
    lines: queue.Queue[bytes | None] = queue.Queue()
    threading.Thread(target=_listen, args=(child.stdout, lines), daemon=True).start()
    threading.Thread(target=_hand_over, args=(child.stdin, json.dumps(order).encode()), daemon=True).start()
    try:
        return _follow(lines, done)
    finally:
        child.kill()
        child.wait()


def _follow(lines: queue.Queue[bytes | None], done: dict[str, list[Problem]]) -> list[Any] | None:
    unit: list[Any] = ["start", ""]
    until = time.monotonic() + SILENCE
    while True:
        try:
            line = lines.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return unit
        if line is None:
            return unit
        said = json.loads(line)
        if said.get("end"):
            return None
        if "problems" in said:
            done[json.dumps(said["unit"])] = [Problem(**one) for one in said["problems"]]
        else:
            unit = said["unit"]
            until = time.monotonic() + SILENCE


def _listen(stream: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(None)


def _hand_over(stream: IO[bytes], data: bytes) -> None:
    try:
        with stream:
            stream.write(data)
    except BrokenPipeError:
        return  # the child is gone; whoever listens to it notices


def _problem(path: Path, rule: str, message: str, cure: str, **facts: object) -> Problem:
    return Problem(
        file=str(path), line=0, element="", severity="error", rule=rule, message_template=message, cure_template=cure,
        facts=facts,
    )  # fmt: skip
