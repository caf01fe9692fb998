"""Message flows connect pools in the drawing; nothing is sent along them."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("message-flow")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse message flows with a missing end, and those inside one pool."""
    owner = {item.id: item.id for item in diagram.items if item.kind == "participant"}
    for process in diagram.processes:
        pool = next((item.id for item in diagram.items if item.ref == process.id), process.id)
        owner.update({node.id: pool for node in process.nodes})
    for item in diagram.items:
        if item.kind != "messageFlow":
            continue
        missing = [end for end in (item.source, item.target) if end not in owner]
        if missing:
            message = N_("Поток сообщений ссылается на «{end}», которого в файле нет.")
            report(item, message, N_("Проведите поток заново или удалите его."), end=missing[0] or "—")
        elif owner[item.source] == owner[item.target]:
            message = N_("Поток сообщений внутри одного пула.")
            report(item, message, N_("Внутри пула соединяет поток управления."))
