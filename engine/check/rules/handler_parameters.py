"""The parameters of a service task fit the signature of its handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from engine.check.context import Handler
from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node, Operator
from engine.messages import N_

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (int, float), "bool": (bool,), "list": (list,), "dict": (dict,),
    "tuple": (list, tuple),
}  # fmt: skip
_WORDS = {"true": True, "false": False, "null": None}


@node_rule("handler-parameters")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse unknown, missing and unreadable parameters."""
    handler = place.context.signatures.get(node.operator.name) if node.operator else None
    if node.operator is None or handler is None or node.kind != "serviceTask":
        return
    for message, name, value in _faults(node.operator, handler):
        report(
            node,
            message,
            N_("Обработчик принимает: {known} (похоже на «{nearest}»). Значение — константа: 'текст', 12, true."),
            line=node.operator.line,
            name=name,
            value=value[:60],
            handler=handler.name,
            type=handler.types.get(name, ""),
            known=", ".join((*handler.required, *handler.optional)) or "—",
            nearest=nearest(name, (*handler.required, *handler.optional)),
        )


def _faults(operator: Operator, handler: Handler) -> Iterator[tuple[str, str, str]]:
    for name in handler.required:
        if name not in operator.parameters:
            yield N_("Обработчику {handler} не передан параметр «{name}»."), name, ""
    for name, value in operator.parameters.items():
        if name not in handler.required and name not in handler.optional:
            yield N_("У обработчика {handler} нет параметра «{name}»."), name, value
            continue
        try:
            literal = _WORDS[value.strip()] if value.strip() in _WORDS else ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            yield N_("Значение параметра «{name}» ({value}) не константа."), name, value
            continue
        allowed = _TYPES.get(handler.types.get(name, ""))
        if allowed and (not isinstance(literal, allowed) or (isinstance(literal, bool) and bool not in allowed)):
            yield N_("Параметр «{name}» должен быть {type}, а передано {value}."), name, value
