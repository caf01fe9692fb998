"""Turns one BPMN element into the values of `engine.diagram`: a node, a flow, an item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.diagram import EventDefinition, Flow, Item, Lane, Loop, Node, Operator
from engine.xml import BPMN, SPIFF, elements, line_of, split_tag, text_of

_B, _S = f"{{{BPMN}}}", f"{{{SPIFF}}}"
_SCRIPTS = ("preScript", "postScript", "instructionsEndUser", "calledDecisionId", "allowGuest", "guestConfirmation")


def read_node(
    element: etree._Element, kind: str, scope: str, lane: Lane | None, refs: Mapping[str, str | None]
) -> Node:
    """Return an element of the flow with all that is said of it; `refs` is id -> code or name of its events."""
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=element.get("name", ""),
        line=line_of(element),
        scope=scope,
        lane=lane.id if lane else "",
        role=lane.role if lane else "",
        properties=properties_of(element),
        documentation=documentation_of(element),
        default=element.get("default", ""),
        attached_to=element.get("attachedToRef", ""),
        interrupting=element.get("cancelActivity", element.get("isInterrupting", "true")) != "false",
        events=tuple(_events(element, refs)),
        called_element=element.get("calledElement"),
        operator=_operator(element),
        loop=_loop(element),
        scripts=_scripts(element),
        attributes=attributes,
        data_refs=tuple(
            (ref.text or "").strip()
            for path in ("dataInputAssociation/{b}sourceRef", "dataOutputAssociation/{b}targetRef")
            for ref in element.findall(_B + path.format(b=_B))
        ),
    )


def read_flow(element: etree._Element, scope: str) -> Flow:
    """Return a sequence flow."""
    condition = element.find(f"{_B}conditionExpression")
    return Flow(
        id=element.get("id", ""),
        name=element.get("name", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        line=line_of(element),
        scope=scope,
        condition=None if condition is None else text_of(condition),
        language="" if condition is None else condition.get("language", ""),
    )


def read_item(element: etree._Element, kind: str, scope: str) -> Item:
    """Return something else that stands in the file: data, an artefact, a root element."""
    return Item(
        id=element.get("id", ""),
        kind=kind,
        name=element.get("name", ""),
        line=line_of(element),
        scope=scope,
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        ref=element.get("dataObjectRef") or element.get("dataStoreRef") or element.get("processRef") or "",
    )


def _events(element: etree._Element, refs: Mapping[str, str | None]) -> Iterator[EventDefinition]:
    for child in elements(element):
        namespace, name = split_tag(child)
        if namespace != BPMN:
            continue
        if name == "eventDefinitionRef":
            yield EventDefinition(kind="reference", line=line_of(child), ref=(child.text or "").strip())
        elif name.endswith("EventDefinition"):
            yield _event(child, name.removesuffix("EventDefinition"), refs)


def _event(element: etree._Element, kind: str, refs: Mapping[str, str | None]) -> EventDefinition:
    ref = next(
        (
            element.get(f"{word}Ref") or ""
            for word in ("error", "message", "signal", "escalation")
            if element.get(f"{word}Ref")
        ),
        "",
    )
    time_kind = time = ""
    for child in elements(element):
        name = split_tag(child)[1]
        if name in ("timeDuration", "timeDate", "timeCycle", "condition"):
            time_kind, time = name, text_of(child)
    code = refs.get(ref.rpartition(":")[2], refs.get(ref)) if ref else None
    if kind == "link":
        code = element.get("name", "")
    return EventDefinition(kind=kind, line=line_of(element), ref=ref, code=code, time_kind=time_kind, time=time)


def _operator(element: etree._Element) -> Operator | None:
    found = element.find(f"{_B}extensionElements/{_S}serviceTaskOperator")
    if found is None:
        return None
    return Operator(
        name=found.get("id", ""),
        parameters={parameter.get("id", ""): parameter.get("value", "") for parameter in found.iter(f"{_S}parameter")},
        line=line_of(found),
        result_variable=found.get("resultVariable", ""),
    )


def _loop(element: etree._Element) -> Loop | None:
    standard = element.find(f"{_B}standardLoopCharacteristics")
    if standard is not None:
        return Loop(
            kind="standard",
            line=line_of(standard),
            maximum=standard.get("loopMaximum"),
            condition=standard.findtext(f"{_B}loopCondition"),
        )
    many = element.find(f"{_B}multiInstanceLoopCharacteristics")
    if many is None:
        return None
    item = many.find(f"{_B}inputDataItem")
    return Loop(
        kind="sequential" if many.get("isSequential") == "true" else "parallel",
        line=line_of(many),
        cardinality=_stripped(many.findtext(f"{_B}loopCardinality")),
        collection=_stripped(many.findtext(f"{_B}loopDataInputRef")),
        item=item.get("id", "") if item is not None else "",
        condition=_stripped(many.findtext(f"{_B}completionCondition")),
        behavior=many.get("behavior", ""),
    )


def _stripped(text: str | None) -> str | None:
    return text.strip() if text is not None else None


def _scripts(element: etree._Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for child in element.findall(f"{_B}script"):
        found["script"] = child.text or ""
    for name in _SCRIPTS:
        for child in element.findall(f"{_B}extensionElements/{_S}{name}"):
            found[name] = (child.text or "").strip()
    return {name: text for name, text in found.items() if text or name == "script"}


def properties_of(element: etree._Element) -> Mapping[str, str]:
    """Return the properties that an element was given (`spiffworkflow:property`)."""
    return {
        found.get("name", ""): found.get("value", "")
        for found in element.findall(f"{_B}extensionElements/{_S}properties/{_S}property")
    }


def documentation_of(element: etree._Element) -> str:
    """Return an element's help text."""
    return "\n".join((child.text or "").strip() for child in element.findall(f"{_B}documentation")).strip()
