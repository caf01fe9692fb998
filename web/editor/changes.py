"""What a draft changes against the published file, element by element, for whoever decides about publishing it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from engine.diagram import Flow, Node, Process, read_diagram
from engine.xml import UnreadableFile
from web.language import said
from web.map.model import kind_name

MOST_LINES = 60
"""Changed lines of a text file that are shown."""


def changes(path: str, published: bytes | None, draft: bytes) -> list[str]:
    """Return what a draft changes, one sentence each; [] if it changes nothing but the drawing."""
    if published is None:
        return [_("новый файл")]
    if path.endswith(".bpmn"):
        try:
            return list(_processes(read_diagram(path, published).processes, read_diagram(path, draft).processes))
        except UnreadableFile:
            return [_("схема не читается")]
    return _lines(published.decode("utf-8-sig"), draft.decode("utf-8-sig"))


def _processes(before: tuple[Process, ...], after: tuple[Process, ...]) -> Iterator[str]:
    known = {process.id: process for process in before}
    for process in after:
        old = known.get(process.id)
        if old is None:
            yield _("добавлен процесс «%(name)s»", name=process.name or process.id)
            continue
        yield from _words(_("процесс"), _facts_of_process(old), _facts_of_process(process))
        yield from _elements(_named(old), _named(process))


def _elements(before: Mapping[str, Node | Flow], after: Mapping[str, Node | Flow]) -> Iterator[str]:
    for name, element in after.items():
        if name not in before:
            yield _("добавлено: %(what)s", what=_title(element, after))
    for name, element in before.items():
        if name not in after:
            yield _("удалено: %(what)s", what=_title(element, before))
            continue
        yield from _words(_title(after[name], after), _facts(element), _facts(after[name]))


def _words(title: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for fact in dict.fromkeys([*before, *after]):
        old, new = before.get(fact, ""), after.get(fact, "")
        if old != new:
            yield _("%(title)s, %(fact)s: %(old)s → %(new)s", title=title, fact=fact, old=old or "—", new=new or "—")


def _named(process: Process) -> dict[str, Node | Flow]:
    return {**process.node, **process.flow}


def _title(element: Node | Flow, elements: Mapping[str, Node | Flow]) -> str:
    if isinstance(element, Node):
        return f"{kind_name(element.kind)} «{said(element.name) or element.id}»"
    ends = (_end(element.source, elements), _end(element.target, elements))
    return _("переход «%(source)s» → «%(target)s»", source=ends[0], target=ends[1])


def _end(name: str, elements: Mapping[str, Node | Flow]) -> str:
    found = elements.get(name)
    return said(found.name) or name if found else name


def _facts_of_process(process: Process) -> dict[str, str]:
    return {_("название"): process.name, _("пояснение"): process.documentation, **_named_properties(process.properties)}


def _facts(element: Node | Flow) -> dict[str, str]:
    if isinstance(element, Flow):
        return {
            _("название"): element.name,
            _("условие"): element.condition or "",
            _("откуда"): element.source,
            _("куда"): element.target,
            _("по умолчанию"): _("да") if element.is_default else "",
        }
    event = element.event
    return {
        _("вид"): kind_name(element.kind),
        _("название"): element.name,
        _("пояснение"): element.documentation,
        _("роль"): element.role,
        **_named_properties(element.properties),
        _("обработчик"): element.operator.name if element.operator else "",
        **({f"{key}": value for key, value in element.operator.parameters.items()} if element.operator else {}),
        _("вызываемая схема"): element.called_element or "",
        _("событие"): f"{event.kind} {event.time} {event.code or ''}".strip() if event else "",
        _("для каждого из"): (element.loop.collection or "") if element.loop else "",
    }


def _named_properties(properties: Mapping[str, str]) -> dict[str, str]:
    words = {
        "formJsonSchemaFilename": _("форма"),
        "deadline": _("срок"),
        "requirements": _("требования"),
        "excludes": _("не допускаются"),
        "joins": _("исполнитель входит в группу"),
        "guard": _("проверка"),
        "on_behalf": _("за исполнителя"),
        "replaceable": _("вместо назначенного может участник групп"),
        "proof": _("ответ за другого доказывают сканом"),
        "signs": _("подписывает документы"),
        "signs_when": _("подписывает, если"),
    }
    return {words.get(name, name): value for name, value in properties.items()}


def _lines(before: str, after: str) -> list[str]:
    compared: Any = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    changed = [line for line in compared if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    more = len(changed) - MOST_LINES
    return [*changed[:MOST_LINES], *([_("и ещё строк: %(count)s", count=more)] if more > 0 else [])]
