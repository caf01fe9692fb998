"""Runs the rules over what was read; the edge at which a rule's own fault becomes a problem instead of a trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from engine.check.context import CheckContext
from engine.check.problem import Problem
from engine.check.reading import Read, read_file
from engine.check.registry import EnoughSaidError, Report, Rule, all_rules
from engine.check.whole import Place, Whole
from engine.diagram import Diagram, read_diagram
from engine.messages import N_
from engine.xml import UnreadableFile

BROKEN = N_("Проверку «{check}» не удалось довести до конца: {reason}.")
BROKEN_CURE = N_("Упростите схему; если не поможет, передайте файл разработчику.")


def check_set(files: Mapping[str, bytes], context: CheckContext) -> list[Problem]:
    """Judge the files of a set together, path -> content; returns the problems in the order of files and lines.

    For files that are ours: nothing bounds time and memory here (see `check_paths`).
    """
    read = [read_file(path, data) for path, data in files.items()]
    whole = whole_of(read, context, files)
    problems = [problem for one in read for problem in one.problems]
    for one in read:
        problems.extend(check_one(one, whole))
    problems.extend(check_together(whole))
    return sorted(set_apart(problems), key=lambda problem: problem.order)


def _background(read: Sequence[Read], context: CheckContext) -> Iterator[Diagram]:
    """Yield the diagrams of the set that no checked file replaces, by its name or by the id of its process."""
    names = {PurePosixPath(one.path).name for one in read}
    taken = {process.id for one in read if one.diagram is not None for process in one.diagram.processes}
    for path, data in context.diagrams.items():
        if PurePosixPath(path).name in names:
            continue
        try:
            diagram = read_diagram(path, data)
        except UnreadableFile:
            continue
        if not any(process.id in taken for process in diagram.processes):
            yield diagram


def whole_of(read: Sequence[Read], context: CheckContext, files: Mapping[str, bytes]) -> Whole:
    """Put what was read together."""
    diagrams = [one.diagram for one in read if one.diagram is not None]
    forms = [one.form for one in read if one.form is not None]
    scenarios = [one.scenario for one in read if one.scenario is not None]
    background = list(_background(read, context))
    behind = {diagram.path: context.diagrams[diagram.path] for diagram in background}
    return Whole(diagrams, context, {**behind, **files}, forms, scenarios, background)


def check_one(read: Read, whole: Whole) -> list[Problem]:
    """Judge one file by the rules that look at files one by one."""
    problems: list[Problem] = []
    for rule in sorted(all_rules(), key=lambda rule: rule.scope == "last"):
        if rule.scope == "last" and any(problem.severity == "error" for problem in problems):
            break
        report = Report(rule.name, rule.severity, read.path, problems)
        for arguments in _arguments(rule, read, whole):
            if not _find(rule, report, *arguments):
                break
    return problems


def check_together(whole: Whole) -> list[Problem]:
    """Judge by the rules that need all files at once."""
    problems: list[Problem] = []
    for rule in all_rules():
        if rule.scope == "set":
            _find(rule, Report(rule.name, rule.severity, "", problems), whole)
    behind = {diagram.path for diagram in whole.background}
    return [problem for problem in problems if problem.file not in behind]


def set_apart(problems: Sequence[Problem]) -> list[Problem]:
    """Drop repetitions: the same rule at the same element and line is said once."""
    seen: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.file, problem.line, problem.element, problem.rule, problem.message), problem)
    return list(seen.values())


def _arguments(rule: Rule, read: Read, whole: Whole) -> Iterator[tuple[Any, ...]]:
    if rule.scope == "form" and read.form is not None:
        yield (read.form, whole)
    if read.diagram is None:
        return
    if rule.scope in ("diagram", "last"):
        yield (read.diagram, whole)
    if rule.scope not in ("node", "flow", "process"):
        return
    for process in read.diagram.processes:
        place = Place(process, read.diagram, whole)
        if rule.scope == "process":
            yield (place,)
            continue
        for thing in process.nodes if rule.scope == "node" else process.flows:
            yield (thing, place)


def _find(rule: Rule, report: Report, *arguments: Any) -> bool:
    """Run a rule once; returns whether it should be asked about more of the same file."""
    try:
        rule.find(*arguments, report)
    except EnoughSaidError:
        return False
    except Exception as error:  # noqa: BLE001 (a file of any content must give a problem, never a trace)
        reason = f"{type(error).__name__}: {error}"[:120]
        Report(rule.name, "error", report.file, report.problems).at(
            "", 0, BROKEN, BROKEN_CURE, check=rule.name, reason=reason
        )
        return False
    return True
