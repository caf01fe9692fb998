"""Judges DMN tables: the library takes hit policies and FEEL for something else without a word, so few forms pass."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.check.problem import Problem
from engine.messages import N_
from engine.xml import elements, line_of, split_tag, text_of

_POLICIES = frozenset({"FIRST", "COLLECT"})
_FEEL = ("..", "not(", "[", "]", "for ", "some ", "every ", "function(", "instance of")


def decision_problems(path: str, root: etree._Element) -> Iterator[Problem]:
    """Yield what SpiffWorkflow 3.2 would evaluate wrongly in a DMN file."""
    namespace, name = split_tag(root)
    if "DMN" not in namespace or name != "definitions":
        yield _problem(
            path, root, "dmn", N_("Это не таблица решений DMN."), N_("Сохраните файл в редакторе как DMN."), what=name
        )
        return
    for table in root.iter(f"{{{namespace}}}decisionTable"):
        policy = (table.get("hitPolicy") or "UNIQUE").upper()
        if policy not in _POLICIES:
            yield _problem(
                path, table, "dmn-hit-policy",
                N_("Правило выбора {policy} исполняется как «первая подходящая строка»."),
                N_("Поставьте FIRST (первая подходящая) или COLLECT (все подходящие)."),
                policy=policy,
            )  # fmt: skip
        if table.get("aggregation"):
            yield _problem(
                path, table, "dmn-hit-policy",
                N_("Свёртка {what} у COLLECT не исполняется."), N_("Считайте итог в служебной задаче."),
                what=table.get("aggregation") or "",
            )  # fmt: skip
    for entry in root.iter(
        f"{{{namespace}}}inputEntry", f"{{{namespace}}}outputEntry", f"{{{namespace}}}literalExpression"
    ):
        text = text_of(entry)
        if any(mark in text for mark in _FEEL) and not text.startswith('"'):
            yield _problem(
                path, entry, "dmn-feel",
                N_("Выражение FEEL «{text}» исполняется неверно: диапазоны, списки и not() не поддержаны."),
                N_("Запишите строки таблицы простыми сравнениями или перенесите правило в служебную задачу."),
                text=text[:80],
            )  # fmt: skip
    if not any(True for _ in elements(root)):
        yield _problem(path, root, "dmn", N_("В файле нет решений."), N_("Нарисуйте таблицу решений."))


def _problem(path: str, at: etree._Element, rule: str, message: str, cure: str, **facts: object) -> Problem:
    return Problem(
        file=path,
        line=line_of(at),
        element=at.get("id") or "",
        severity="error",
        rule=rule,
        message_template=message,
        cure_template=cure,
        facts=facts,
    )
