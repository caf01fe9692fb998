"""The list of a multi-instance task is declared in the file."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("collection-declared", severity="warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a list that other programs would drop: to BPMN its name is a reference, and it must lead somewhere."""
    name = node.loop.collection if node.loop else None
    if node.loop is None or not name or any(name == known for known, _ in place.diagram.ids):
        return
    report(
        node,
        N_("Список «{name}» в файле не объявлен: Camunda Modeler и bpmn.io при сохранении уберут его из задачи."),
        N_('Добавьте в начало процесса <bpmn:property id="{name}" /> или сохраните схему в нашем редакторе.'),
        line=node.loop.line,
        name=name,
    )
