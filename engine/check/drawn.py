"""Finds the drawn shapes of a diagram's nodes and what may lie on what; shared by the rules about drawing."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import EVENTS, GATEWAYS, SUBPROCESSES, Bounds, Diagram, Flow, Node, Shape


def nodes_of(diagram: Diagram) -> Mapping[str, Node]:
    """Return the nodes of all processes by id."""
    return {node.id: node for process in diagram.processes for node in process.nodes}


def flows_of(diagram: Diagram) -> list[Flow]:
    """Return the flows of all processes."""
    return [flow for process in diagram.processes for flow in process.flows]


def is_drawn(diagram: Diagram) -> bool:
    """Whether the file has any drawing; one without is reported once, as a whole."""
    return bool(diagram.shapes)


def hidden_scopes(diagram: Diagram) -> set[str]:
    """Return the sub-processes that are drawn closed: what they hold needs no shape."""
    planes = {shape.plane for shape in diagram.shapes}
    nodes = nodes_of(diagram)
    hidden = {
        node.id
        for node in nodes.values()
        if node.kind in SUBPROCESSES
        and node.id not in planes
        and (shape := diagram.shape.get(node.id)) is not None
        and not shape.is_expanded
    }
    for node in nodes.values():  # the file's order is outside in
        if node.kind in SUBPROCESSES and node.scope in hidden:
            hidden.add(node.id)
    return hidden


def scopes_around(node: Node, nodes: Mapping[str, Node]) -> set[str]:
    """Return the sub-processes around a node."""
    around: set[str] = set()
    scope = node.scope
    while scope in nodes and scope not in around:
        around.add(scope)
        scope = nodes[scope].scope
    return around


def label_box(shape: Shape, name: str) -> Bounds:
    """Return where the name of an event or gateway is written: as the file says, else below the shape."""
    from engine.check.geometry import LABEL_LINE, LABEL_WIDTH, centre, text_box

    if shape.label is not None:
        return text_box(name, shape.label)
    x, _ = centre(shape.bounds)
    below = Bounds(x=x - LABEL_WIDTH / 2, y=shape.bounds.bottom + 4, width=LABEL_WIDTH, height=LABEL_LINE)
    return text_box(name, below)


def has_outer_label(node: Node) -> bool:
    """Whether a node's name is written beside its shape."""
    return bool(node.name) and node.kind in EVENTS | GATEWAYS
