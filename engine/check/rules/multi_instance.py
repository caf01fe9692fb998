"""Multi-instance tasks: how many, over what, and what the library ignores."""

from __future__ import annotations

import re

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.conditions import ConditionError, parse
from engine.diagram import Loop, Node
from engine.messages import N_

MOST = 200  # instances


@node_rule("multi-instance")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse counts that make no sense, lists that are no names, and behaviours that are ignored."""
    loop = node.loop
    if loop is None or loop.kind == "standard":
        return
    message = _fault(loop, node)
    if message is None:
        return
    report(
        node,
        message,
        N_("Укажите loopDataInputRef: имя списка верхнего уровня данных дела, например voters."),
        line=loop.line,
        cardinality=loop.cardinality or "",
        collection=loop.collection or "",
        behavior=loop.behavior,
        condition=loop.condition or "",
        limit=MOST,
        kind=node.kind,
    )


def _fault(loop: Loop, node: Node) -> str | None:
    if node.kind != "userTask":
        return N_("Многоэкземплярной бывает только задача пользователя, а не {kind}.")
    if loop.behavior not in ("", "All"):
        return N_("Поведение «{behavior}» многоэкземплярной задачи не исполняется.")
    if (loop.cardinality is None) == (loop.collection is None):
        return N_("Нужно одно из двух: список (loopDataInputRef) или число экземпляров.")
    if loop.cardinality is not None and not _is_count(loop.cardinality):
        return N_("Число экземпляров «{cardinality}» не целое от 1 до {limit}.")
    if loop.collection is not None and not re.fullmatch(r"[A-Za-z_]\w*", loop.collection):
        return N_("«{collection}» не имя списка верхнего уровня данных дела.")
    if loop.condition:
        try:
            parse(loop.condition)
        except ConditionError:
            return N_("Условие завершения «{condition}» не читается.")
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST
