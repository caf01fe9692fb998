"""The language of the conditions on sequence flows: small, bounded, without side effects.

A condition is parsed once into closures over case data and then evaluated at every gateway, so parsing refuses
everything that evaluation would have to guard against. Nothing here reaches Python's `eval`: a name can only be looked
up in plain mappings, and the only calls are to the functions below.

Missing data are `None`: an ordering with `None` is false, arithmetic with `None` is `None`, `len(None)` is 0.
A path through a list gives the list of what its rows hold, so `count(vote.choice, 'grant')` counts votes.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.condition_terms import (
    CALLS,
    COMPARISONS,
    MAX_NUMBER,
    OPERATIONS,
    ConditionError,
    Term,
    arithmetic,
    junction,
    two_steps,
    walk,
)
from engine.messages import N_

MAX_TEXT = 2_000  # characters of one condition
MAX_DEPTH = 24  # levels of nesting
MAX_NODES = 300  # parts of one condition
__all__ = ["Comparison", "Condition", "ConditionError", "parse"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A place where a path is compared with literals: `decision.outcome in ['grant', 'refuse']`."""

    path: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition. `evaluate` may be called from several threads."""

    text: str
    comparisons: tuple[Comparison, ...]
    paths: frozenset[str]
    _term: Term

    def evaluate(self, data: Mapping[str, Any]) -> Any:
        """Return the value of the condition over case data; raises ConditionError naming the part that is at fault."""
        try:
            return self._term(data)
        except ConditionError:
            raise
        except Exception as error:  # data of a type that no form or handler can produce
            raise ConditionError(
                N_("Условие «{text}» нельзя вычислить: {reason}."), text=self.text, reason=type(error).__name__
            ) from error

    def names(self) -> set[str]:
        """Return the dotted paths that the condition reads."""
        return set(self.paths)


def parse(text: str) -> Condition:
    """Return the compiled condition; raises ConditionError with the position of what is not allowed."""
    return _parse(text)


@lru_cache(maxsize=2_048)
def _parse(text: str) -> Condition:
    if len(text) > MAX_TEXT:
        raise ConditionError(
            N_("Условие длиннее {limit} знаков; вынесите расчёт в служебную задачу."), position=MAX_TEXT, limit=MAX_TEXT
        )
    line = text.translate({9: " ", 10: " ", 13: " "})
    if not line.strip():
        raise ConditionError(N_("Условие пустое."), position=1)
    tree = _syntax(line)
    reader = _Reader(line)
    term = reader.term(tree.body, 1)
    return Condition(text.strip(), tuple(reader.comparisons), frozenset(reader.paths), term)


def _syntax(line: str) -> ast.Expression:
    try:
        return ast.parse(line.lstrip(), mode="eval")
    except SyntaxError as error:
        position = (error.offset or 1) + len(line) - len(line.lstrip())
        raise ConditionError(_advice(line), position=position, text=line.strip()) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise ConditionError(
            N_("Условие вложено слишком глубоко или содержит недопустимые знаки."), position=1
        ) from error


def _advice(line: str) -> str:
    """Return the sentence that fits the habit of another language which the text shows."""
    if line.lstrip().startswith(("${", "#{", "=")):
        return N_("«{text}» записано для другой системы: уберите обрамление и оставьте само сравнение.")
    if "&&" in line or "||" in line or "!" in line.replace("!=", ""):
        return N_("В «{text}» вместо &&, || и ! пишите and, or и not.")
    if "=" in line and not any(sign in line for sign in ("==", "!=", "<=", ">=")):
        return N_("В «{text}» равенство пишется двумя знаками: ==.")
    return N_("Условие «{text}» не читается.")


class _Reader:
    """Turns the syntax tree of one condition into closures and collects the paths and literals on the way."""

    def __init__(self, line: str) -> None:
        self.line = line.lstrip()
        self.shift = len(line) - len(self.line)
        self.nodes = 0
        self.paths: set[str] = set()
        self.comparisons: list[Comparison] = []

    def term(self, node: ast.expr, depth: int) -> Term:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise self.error(node, N_("Условие слишком сложное; разделите его на несколько развилок."))
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name() | ast.Attribute():
                return self.path(node)
            case ast.BoolOp():
                return junction(isinstance(node.op, ast.And), [self.term(value, depth + 1) for value in node.values])
            case ast.UnaryOp():
                return self.unary(node, depth)
            case ast.BinOp():
                return self.arithmetic(node, depth)
            case ast.Compare():
                return self.compare(node, depth)
            case ast.List() | ast.Tuple():
                parts = [self.term(part, depth + 1) for part in node.elts]
                return lambda data: [part(data) for part in parts]
            case ast.Call():
                return self.call(node, depth)
        raise self.error(
            node,
            N_("«{part}» не допускается: есть данные дела, константы, сравнения, and, or, not, in и {functions}."),
            functions=", ".join(sorted(CALLS)),
        )

    def constant(self, node: ast.Constant) -> Term:
        value = node.value
        if isinstance(value, bool | str) or value is None:
            return lambda data: value
        if isinstance(value, int | float) and abs(value) <= MAX_NUMBER:
            return lambda data: value
        raise self.error(node, N_("Значение «{part}» в условии не допускается."))

    def path(self, node: ast.Name | ast.Attribute) -> Term:
        parts = self.parts(node)
        if len(parts) == 1 and parts[0] in _WORDS:
            value = _WORDS[parts[0]]
            return lambda data: value
        self.paths.add(".".join(parts))
        if len(parts) == 2:
            return two_steps(*parts)
        return lambda data: walk(data, parts)

    def parts(self, node: ast.expr) -> tuple[str, ...]:
        names: list[str] = []
        here = node
        while isinstance(here, ast.Attribute):
            names.append(here.attr)
            here = here.value
        if not isinstance(here, ast.Name) or len(names) >= MAX_DEPTH:
            raise self.error(node, N_("«{part}» не путь к данным дела."))
        names.append(here.id)
        if any(name.startswith("__") for name in names):
            raise self.error(node, N_("Имя «{part}» в условии не допускается."))
        return tuple(reversed(names))

    def unary(self, node: ast.UnaryOp, depth: int) -> Term:
        inner = self.term(node.operand, depth + 1)
        if isinstance(node.op, ast.Not):
            return lambda data: not inner(data)
        if isinstance(node.op, ast.USub):
            return arithmetic(operator.sub, lambda data: 0, inner, self.segment(node))
        raise self.error(node, N_("Знак в «{part}» не допускается."))

    def arithmetic(self, node: ast.BinOp, depth: int) -> Term:
        compute = OPERATIONS.get(type(node.op))
        if compute is None:
            raise self.error(node, N_("Действие в «{part}» не допускается: только + - * // %."))
        return arithmetic(
            compute, self.term(node.left, depth + 1), self.term(node.right, depth + 1), self.segment(node)
        )

    def compare(self, node: ast.Compare, depth: int) -> Term:
        operands = [node.left, *node.comparators]
        terms = [self.term(operand, depth + 1) for operand in operands]
        tests = []
        for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
            test = COMPARISONS.get(type(sign))
            if test is None:
                raise self.error(node, N_("Сравнение в «{part}» не допускается: вместо is пишите ==."))
            self.note(left, sign, right)
            tests.append(test)
        where = self.segment(node)
        if len(tests) == 1:
            test, left_term, right_term = tests[0], terms[0], terms[1]
            return lambda data: test(left_term(data), right_term(data), where)
        return lambda data: all(
            test(left(data), right(data), where) for test, left, right in zip(tests, terms, terms[1:], strict=False)
        )

    def note(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> None:
        """Remember a comparison of a path with literals, whichever side the path is on."""
        if isinstance(sign, ast.Eq | ast.NotEq):
            for one, other in ((left, right), (right, left)):
                self.note_values(one, [other])
        elif isinstance(sign, ast.In | ast.NotIn):
            if isinstance(right, ast.List | ast.Tuple):
                self.note_values(left, right.elts)
            else:
                self.note_values(right, [left])

    def note_values(self, path: ast.expr, values: Sequence[ast.expr]) -> None:
        if not isinstance(path, ast.Name | ast.Attribute):
            return
        if isinstance(path, ast.Name) and path.id in _WORDS:
            return
        literals = tuple(_literal(value) for value in values)
        if _NOT_A_LITERAL not in literals:
            self.comparisons.append(Comparison(".".join(self.parts(path)), literals))

    def call(self, node: ast.Call, depth: int) -> Term:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in CALLS or node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
            raise self.error(
                node,
                N_("Вызов «{part}» не допускается; есть только функции {functions}."),
                functions=", ".join(sorted(CALLS)),
            )
        least, most = _ARGUMENTS[name]
        if not least <= len(node.args) <= most:
            raise self.error(node, N_("У функции в «{part}» не столько значений, сколько нужно."))
        if name == "count":
            self.note_values(node.args[0], node.args[1:])
        terms = [self.term(part, depth + 1) for part in node.args]
        function, where = CALLS[name], self.segment(node)
        return lambda data: function([term(data) for term in terms], where)

    def segment(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.line, node) or self.line

    def error(self, node: ast.expr, template: str, **facts: object) -> ConditionError:
        before = self.line.encode()[: node.col_offset].decode(errors="ignore")
        return ConditionError(template, position=len(before) + 1 + self.shift, part=self.segment(node)[:60], **facts)


_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
_NOT_A_LITERAL = object()
_ARGUMENTS = {"len": (1, 1), "any": (1, 1), "all": (1, 1), "min": (1, 20), "max": (1, 20), "count": (2, 2)}


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in _WORDS:
        return _WORDS[node.id]
    return _NOT_A_LITERAL
