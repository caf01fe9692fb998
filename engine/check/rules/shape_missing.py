"""Every node and lane is drawn."""

from __future__ import annotations

from engine.check.drawn import hidden_scopes, is_drawn
from engine.check.registry import Report, Thing, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("shape-missing")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse nodes, lanes and pools without a shape."""
    if not is_drawn(diagram):
        return
    hidden = hidden_scopes(diagram)
    things: list[Thing] = [item for item in diagram.items if item.kind == "participant"]
    for process in diagram.processes:
        things.extend(process.lanes)
        things.extend(node for node in process.nodes if node.scope not in hidden)
    for thing in things:
        if thing.id in diagram.shape or not thing.id:
            continue
        report(
            thing,
            N_("Элемент «{element}» не нарисован."),
            N_("Поставьте его фигуру в редакторе или удалите элемент."),
            element=thing.id,
        )
