"""The error events of a call or sub-process and the errors that end events inside throw are the same list."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import SUBPROCESSES, Node
from engine.messages import N_


@node_rule("called-errors")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse an error event on a call or sub-process in which nothing throws that code."""
    event, host = node.event, place.process.node.get(node.attached_to)
    if node.kind != "boundaryEvent" or event is None or event.kind != "error" or host is None:
        return
    called = place.called(host)
    if called is None and host.kind not in SUBPROCESSES:
        return
    inside = called.process.nodes if called is not None else place.process.nodes
    scope = called.process.id if called is not None else host.id
    thrown = {
        one.code
        for inner in inside
        if inner.kind == "endEvent" and inner.scope == scope
        for one in inner.events
        if one.kind == "error" and one.code
    }
    if (not event.code and thrown) or event.code in thrown:
        return
    report(
        node,
        N_("Ошибку «{code}» внутри «{host}» никто не бросает: этот путь не исполнится."),
        N_("Поставьте внутри конечное событие этой ошибки (есть: {thrown}; похоже на «{nearest}»)."),
        code=event.code or "—",
        host=host.id,
        thrown=", ".join(sorted(code for code in thrown if code)) or "—",
        nearest=nearest(event.code or "", [code for code in thrown if code]),
    )
