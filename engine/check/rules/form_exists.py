"""Forms that diagrams name are there."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("form-exists")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse the name of a form that the set does not have."""
    name = node.properties.get("formJsonSchemaFilename")
    if not name or name in place.whole.forms:
        return
    report(
        node,
        N_("Формы «{form}» нет."),
        N_("Проверьте имя файла в processes/forms (похоже на «{nearest}»)."),
        form=name,
        nearest=nearest(name, place.whole.forms),
    )
