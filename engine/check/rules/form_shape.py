"""A form filled in by many at once lies in the case data as a list: it cannot also be filled in by one."""

from __future__ import annotations

from engine.check.registry import Report, set_rule
from engine.check.whole import Place, Whole
from engine.diagram import Node
from engine.messages import N_


@set_rule("form-shape")
def check(whole: Whole, report: Report) -> None:
    """Refuse a form that both a multi-instance task and a plain one use."""
    first: dict[str, Node] = {}
    uses: list[tuple[str, Node, Place]] = [
        (form, node, place)
        for place in whole.all_places
        for node in place.process.nodes
        if (form := node.properties.get("formJsonSchemaFilename")) and node.kind in ("userTask", "startEvent")
    ]
    for form, node, place in uses:
        other = first.setdefault(form, node)
        if (other.loop is None) == (node.loop is None):
            continue
        report.within(place.diagram.path)(
            node,
            N_("Форму «{form}» заполняют и многие сразу («{many}»), и один («{one}»)."),
            N_("Заведите для одной из задач свою форму: данные многих лежат списком."),
            form=form,
            many=node.id if node.loop else other.id,
            one=other.id if node.loop else node.id,
        )
