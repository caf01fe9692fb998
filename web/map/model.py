"""What a map tells about the elements of a process, ready to be shown: names instead of ids, texts instead of rows.

It is made from a published set alone; where a case stands and which way it came is added by `web.map.pages`.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.diagram import Flow, Node, Process
from engine.library import DiagramSet
from engine.steps import Binding
from web.language import language, said
from web.map.order import in_flow_order
from web.map.terms import term_in_words
from web.navigation import duration, group_name, role_name
from web.refusals import refusal_words
from web.sections import section_words

EVENT_KINDS = ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """One way on from an element."""

    flow: str
    name: str
    condition: str
    target: str
    target_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element as a reader meets it."""

    id: str
    kind: str
    kind_name: str
    name: str
    documentation: str = ""
    role: str = ""
    on_behalf: str = ""
    requirements: tuple[Mapping[str, str], ...] = ()
    """Each with `id`, `text` and `section`."""
    handlers: tuple[Mapping[str, str], ...] = ()
    """Each with `name`, `summary`, `kind` (step, guard), and what it `writes` and `refuses`."""
    form: Mapping[str, str] | None = None
    """`file` and `title`."""
    deadline: Mapping[str, str] | None = None
    """`term` and the words of `web.map.terms`."""
    called: str = ""
    """Process that a call activity opens, if the set has it."""
    excludes: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    event: str = ""
    """What an event waits for or throws, in words."""
    next: tuple[Next, ...] = ()


def describe(diagrams: DiagramSet, process: Process, profile: str, handlers: Mapping[str, Binding]) -> list[Element]:
    """Return the elements of a process in the order of its flow."""
    describer = _Describer(diagrams, process, profile, handlers)
    return [describer.element(node) for node in in_flow_order(process)]


def names_of(diagrams: DiagramSet, process: Process) -> dict[str, str]:
    """Return id -> name in the reader's language of everything drawn whose name that language changes."""
    pools = [item for item in diagrams.diagrams[diagrams.path_of[process.id]].items if item.kind == "participant"]
    drawn = [(one.id, one.name) for one in pools]
    drawn += [(one.id, one.name) for one in process.lanes]
    drawn += [(one.id, one.name) for one in process.nodes]
    drawn += [(one.id, one.name) for one in process.flows]
    return {name: said(text) for name, text in drawn if said(text) != text}


def profile_of(diagrams: DiagramSet, process_id: str) -> str:
    """Return the profile under which a process runs: its own, else that of a process that calls it, else the first."""
    seen: set[str] = set()
    open_ids = [process_id]
    while open_ids:
        name = open_ids.pop(0)
        seen.add(name)
        own = diagrams.process_settings(name).get("profile")
        if own:
            return str(own)
        open_ids += [caller for caller in callers(diagrams, name) if caller not in seen]
    return next(iter(diagrams.profile.get("profiles", {})), "")


def callers(diagrams: DiagramSet, process_id: str) -> list[str]:
    """Return the processes that call a process, in the set's order."""
    return [
        process.id
        for process in diagrams.processes.values()
        if any(node.called_element == process_id for node in process.nodes)
    ]


def trail(diagrams: DiagramSet, process_id: str) -> list[str]:
    """Return the way from a process with which a case begins down to this one, both included."""
    path = [process_id]
    while path[0] not in diagrams.starting:
        above = [caller for caller in callers(diagrams, path[0]) if caller not in path]
        if not above:
            break
        path.insert(0, above[0])
    return path


def kind_name(kind: str) -> str:
    """Return what an element is called in the notation, in the reader's language."""
    names = {
        "userTask": _("задача человека"),
        "serviceTask": _("шаг системы"),
        "manualTask": _("ручная задача"),
        "callActivity": _("вызов схемы"),
        "subProcess": _("подпроцесс"),
        "businessRuleTask": _("таблица решений"),
        "exclusiveGateway": _("выбор"),
        "parallelGateway": _("параллельно"),
        "inclusiveGateway": _("выбор нескольких"),
        "eventBasedGateway": _("что случится раньше"),
        "startEvent": _("начало"),
        "endEvent": _("конец"),
        "boundaryEvent": _("событие на границе"),
        "intermediateCatchEvent": _("ожидание"),
        "intermediateThrowEvent": _("событие"),
    }
    return names.get(kind, kind)


@dataclass(frozen=True, slots=True)
class _Describer:
    diagrams: DiagramSet
    process: Process
    profile: str
    handlers: Mapping[str, Binding]

    def element(self, node: Node) -> Element:
        words = node.properties
        return Element(
            id=node.id,
            kind=node.kind,
            kind_name=kind_name(node.kind),
            name=said(node.name) or self._unnamed(node),
            documentation=said(node.documentation),
            role=self._role(node.role),
            on_behalf=self._role(words.get("on_behalf", "")),
            requirements=tuple(self._requirements(node.requirements)),
            handlers=tuple(self._handlers(node)),
            form=self._form(words.get("formJsonSchemaFilename", "")),
            deadline=self._deadline(words.get("deadline", "")),
            called=node.called_element
            if node.called_element and node.called_element in self.diagrams.processes
            else "",
            excludes=self._groups(words.get("excludes", "")),
            joins=self._groups(words.get("joins", "")),
            signs=tuple(words.get("signs", "").split()),
            event=self._event(node),
            next=tuple(self._next(self.process.flow[name]) for name in node.outgoing),
        )

    def _called(self, process: str) -> str:
        return process if process in self.diagrams.processes else ""

    def _unnamed(self, node: Node) -> str:
        """A join or an event that has no name is called by what it is."""
        return kind_name(node.kind)

    def _role(self, role: str) -> str:
        return role_name(role, self.diagrams) if role else ""

    def _groups(self, names: str) -> tuple[str, ...]:
        return tuple(group_name(name, self.diagrams) for name in names.split())

    def _requirements(self, ids: Iterable[str]) -> Iterable[dict[str, str]]:
        for name in ids:
            row = self.diagrams.requirement(name, language())
            yield {"id": name, "text": row["requirement"], "section": section_words(row["section"])}

    def _handlers(self, node: Node) -> Iterable[dict[str, str]]:
        called = ((node.operator.name if node.operator else "", "step"), (node.properties.get("guard", ""), "guard"))
        for name, kind in called:
            if name:
                found = self.handlers.get(name)
                yield {
                    "name": name,
                    "kind": kind,
                    "summary": summary_of(found, self.diagrams, node.requirements),
                    "writes": ", ".join(found.writes) if found else "",
                    "refuses": "; ".join(refusal_words(code) for code in found.refuses) if found else "",
                }

    def _form(self, file: str) -> dict[str, str] | None:
        if not file:
            return None
        form = self.diagrams.forms.get(file)
        return {"file": file, "title": said(str(form.schema.get("title", file)) if form else file)}

    def _deadline(self, term: str) -> dict[str, str] | None:
        if not term:
            return None
        profiles: Mapping[str, Any] = self.diagrams.profile.get("profiles", {})
        for name in (self.profile, *profiles):
            found = profiles.get(name, {}).get("terms", {}).get(term)
            if found is not None:
                return {"term": term, **term_in_words(found, profiles[name])}
        return {"term": term, "title": term}

    def _event(self, node: Node) -> str:
        if node.kind not in EVENT_KINDS or node.event is None:
            return ""
        event = node.event
        if event.kind == "timer":
            return _("срок: %(length)s", length=duration(event.time))
        if event.kind == "error":
            return _("отказ: %(code)s", code=refusal_words(event.code)) if event.code else _("любой отказ")
        return {"terminate": _("завершает дело целиком"), "message": _("итог связанного дела")}.get(
            event.kind, event.kind
        )

    def _next(self, flow: Flow) -> Next:
        target = self.process.node.get(flow.target)
        return Next(
            flow=flow.id,
            name=said(flow.name) or (_("иначе") if flow.is_default else ""),
            condition=flow.condition or "",
            target=flow.target,
            target_name=(said(target.name) or self._unnamed(target)) if target else flow.target,
        )


def summary_of(handler: Binding | None, diagrams: DiagramSet, said_already: Collection[str] = ()) -> str:
    """Return what a handler sees to, in the reader's language: the requirements it names, else what it says of itself.

    Programmers describe handlers in English, so a Russian reader gets the requirements first; those in `said_already`
    stand beside it anyway.
    """
    if handler is None:
        return ""
    if language() == "ru" and handler.requirements:
        rows = (diagrams.requirement(one, "ru") for one in handler.requirements if one not in said_already)
        return " ".join(row["requirement"] for row in rows)
    return (inspect.getdoc(handler.call) or "").split("\n")[0].partition(" Source:")[0]
