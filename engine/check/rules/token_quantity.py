"""Token quantities: the library ignores them."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("token-quantity")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse startQuantity and completionQuantity other than 1."""
    for name in ("startQuantity", "completionQuantity"):
        if node.attributes.get(name, "1") == "1":
            continue
        report(
            node,
            N_("Количество маркеров {name}={value} не исполняется."),
            N_("Уберите атрибут; повторение рисуется многоэкземплярной задачей."),
            name=name,
            value=node.attributes[name],
        )
