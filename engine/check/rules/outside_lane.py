"""A node is drawn in the lane that it belongs to, and a lane in its pool."""

from __future__ import annotations

from engine.check.geometry import centre, contains, touches
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Bounds, Diagram, Node, Process
from engine.messages import N_


@diagram_rule("outside-lane")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse nodes outside their lane, or outside the pool when they have none."""
    pools = {item.ref: item.id for item in diagram.items if item.kind == "participant"}
    for process in diagram.processes:
        pool = diagram.shape.get(pools.get(process.id, ""))
        for node in process.nodes:
            shape = diagram.shape.get(node.id)
            room = diagram.shape.get(_lane_of(node, process)) or pool
            if shape is None or room is None or shape.plane != room.plane or _fits(node, shape.bounds, room.bounds):
                continue
            report(
                node,
                N_("«{element}» нарисован вне своей дорожки «{lane}»."),
                N_("Переместите фигуру в дорожку или отдайте элемент той дорожке, где он нарисован."),
                line=shape.line,
                element=node.id,
                lane=room.element,
            )


def _lane_of(node: Node, process: Process) -> str:
    if node.kind == "boundaryEvent" and node.attached_to in process.node and not node.lane:
        return process.node[node.attached_to].lane
    return node.lane


def _fits(node: Node, bounds: Bounds, room: Bounds) -> bool:
    # Half of a boundary event hangs over the rim of its task, which may stand at the rim of the lane.
    if node.kind == "boundaryEvent":
        return touches(centre(bounds), room)
    return contains(room, bounds)
