"""Times of timers are read on check, not when the case gets there."""

from __future__ import annotations

from engine.check.durations import duration_parts, is_moment
from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import EventDefinition, Node
from engine.messages import N_


@node_rule("timer")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse times that are malformed, negative, repeating, or that need a calendar without naming a term."""
    for event in node.events:
        if event.kind != "timer":
            continue
        message = _fault(event, has_term="deadline" in node.properties)
        if message is None:
            continue
        report(
            node,
            message,
            N_("Запишите срок по ISO 8601 (P5D, PT2H, P1M) или дату 2026-01-31T10:00."),
            line=event.line,
            time=event.time,
        )


def _fault(event: EventDefinition, *, has_term: bool) -> str | None:
    if event.time_kind == "timeCycle":
        return N_("Повторяющийся таймер «{time}» не исполняется: нарисуйте возврат потоком.")
    if not event.time:
        return N_("У таймера нет времени.")
    if event.time[0] in "'\"":
        return N_("Время {time} записано в кавычках; кавычки не нужны.")
    if event.time_kind == "timeDate":
        return None if is_moment(event.time) else N_("«{time}» не дата.")
    parts = duration_parts(event.time)
    if parts is None:
        return N_("«{time}» не срок по ISO 8601.")
    if not any(parts.values()):
        return N_("Срок «{time}» нулевой: таймер сработал бы сразу.")
    if not has_term and (parts.get("years") or parts.get("months")):
        return N_("Месяцы и годы в «{time}» считаются по календарю: нужен срок профиля (свойство deadline).")
    return None
