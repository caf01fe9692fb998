"""Requirements that nodes name are rows of requirements.csv."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("requirement-exists")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse unknown ids of requirements."""
    for requirement in node.requirements:
        if requirement in place.context.requirements:
            continue
        report(
            node,
            N_("Требования «{requirement}» нет в requirements.csv."),
            N_("Исправьте номер (похоже на «{nearest}»)."),
            requirement=requirement,
            nearest=nearest(requirement, place.context.requirements),
        )
