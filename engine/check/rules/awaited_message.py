"""A message that a diagram waits for is told by some handler: what nobody tells would be waited for for ever."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("awaited-message")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a message without a name, and one that no handler declares in its `tells`."""
    event = node.event
    if node.kind != "intermediateCatchEvent" or event is None or event.kind != "message":
        return
    if not event.code:
        report(
            node,
            N_("Событие ждёт сообщения без имени."),
            N_("Объявите в файле message с именем (name) и сошлитесь на него (messageRef)."),
            line=event.line,
        )
        return
    if place.whole.written.told(event.code):
        return
    told = sorted({path.partition(".")[0] for one in place.context.signatures.values() for path in one.tells})
    report(
        node,
        N_("Сообщения «{message}» не передаёт ни один обработчик: дело ждало бы его вечно."),
        N_("Проверьте имя сообщения (похоже на «{nearest}»); обработчик связанного дела называет его в tells."),
        line=event.line,
        message=event.code,
        nearest=nearest(event.code, told),
    )
