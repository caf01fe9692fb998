"""The child of `app.proving`: plays all scenarios against a set in a folder and writes what they prove as JSON.

Called as `python -m app.proving_child SET PROCESSES ANSWER`; PROCESSES holds the scenarios and the sample organisation.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.coverage import coverage
from app.play.files import play_files, scenario_files
from app.play.player import Played
from app.play.scenario import BadScenario, read
from app.registry import bindings
from engine.library import DiagramSet, read_folder
from storage.sets import hash_of

LOW_PRIORITY = 15


def proof(folder: Path, processes: Path) -> dict[str, Any]:
    """Return `rows` as `coverage --json` has them, `scenarios` by name, and `titles` of documents by kind."""
    files = read_folder(folder)
    played = play_files(scenario_files([processes / "scenarios"]), files, processes)
    rows = [one.as_dict() for one in coverage(DiagramSet(hash_of(files), files), bindings(), played)]
    return {
        "rows": [{**row, "scenarios": [Path(name).stem for name in row["scenarios"]]} for row in rows],
        "scenarios": {Path(one.scenario).stem: _told(one) for one in played},
        "titles": {kind: title for one in played for kind, title in one.titles.items()},
    }


def _told(one: Played) -> dict[str, Any]:
    try:
        title = read(Path(one.scenario)).title
    except BadScenario:
        title = ""
    return {"title": title, "passed": one.failure is None, "steps": one.steps}


def main(arguments: Sequence[str]) -> None:
    """Write the answer in one piece, so that half of one is never read."""
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    folder, processes, answer = map(Path, arguments)
    half = answer.with_suffix(".half")
    half.write_text(json.dumps(proof(folder, processes), ensure_ascii=False), encoding="utf-8")
    half.replace(answer)


if __name__ == "__main__":
    main(sys.argv[1:])
