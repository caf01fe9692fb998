"""The layout of a form that a task names is there."""

from __future__ import annotations

from pathlib import PurePosixPath

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("ui-form-exists")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse the name of a layout that the set does not have."""
    name = node.properties.get("formUiSchemaFilename")
    known = {PurePosixPath(path).name for path in place.whole.files} | set(place.context.forms)
    if not name or name in known:
        return
    report(
        node,
        N_("Файла раскладки «{form}» нет."),
        N_("Проверьте имя (похоже на «{nearest}») или уберите свойство formUiSchemaFilename."),
        form=name,
        nearest=nearest(name, known),
    )
