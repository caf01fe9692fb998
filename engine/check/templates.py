"""What is told of a template of documents that cannot be set; setting it is the business of whoever can print."""

from __future__ import annotations

from engine.check.problem import Problem
from engine.messages import N_


def template_problem(path: str, line: int, why: str) -> Problem:
    """Return the problem of a template that Typst cannot set; `why` is its own sentence, `line` 0 if it names none."""
    return Problem(
        file=path,
        line=line,
        element="",
        severity="error",
        rule="template-sets",
        message_template=N_("Шаблон документа не составляется: {why}."),
        cure_template=N_("Откройте шаблон в редакторе, исправьте эту строку и посмотрите образец."),
        facts={"why": why.rstrip(".")},
    )
