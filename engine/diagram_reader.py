"""Turns the XML of a BPMN file into the values of `engine.diagram`. Import `read_diagram` from there instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine.diagram import (
    NODES,
    Diagram,
    EventDefinition,
    Flow,
    Item,
    Lane,
    Loop,
    Node,
    Operator,
    Process,
)
from engine.drawing_reader import edges, foreign_ids, ids, marked_texts, shapes
from engine.messages import N_
from engine.xml import BPMN, SPIFF, UnreadableFile, elements, line_of, normalise, parse_xml, split_tag, text_of

_B, _S = f"{{{BPMN}}}", f"{{{SPIFF}}}"
_SCRIPTS = ("preScript", "postScript", "instructionsEndUser", "calledDecisionId", "allowGuest", "guestConfirmation")
_KNOWN_INSIDE = frozenset(
    {
        "incoming", "outgoing", "documentation", "extensionElements", "laneSet", "sequenceFlow",
        "dataInputAssociation", "dataOutputAssociation", "property", "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics", "script", "potentialOwner", "performer", "humanPerformer", "resourceRole",
        "rendering", "auditing", "monitoring", "categoryValueRef", "supports", "artifact", "completionCondition",
        "activationCondition", "inputSet", "outputSet", "dataInput", "dataOutput", "eventDefinitionRef",
    }
)  # fmt: skip


def read(path: str, data: bytes) -> Diagram:
    """Do what `engine.diagram.read_diagram` promises."""
    root = parse_xml(data)
    _demand_bpmn(root)
    unnamed = [element for element in root.iter(f"{_B}sequenceFlow") if not element.get("id")]
    normalise(root)
    refs = _references(root)
    processes = tuple(_process(element, refs) for element in root.findall(f"{_B}process"))
    if not any(process.nodes for process in processes):
        raise UnreadableFile(
            "empty-model",
            N_("В схеме нет ни одного процесса с элементами."),
            N_("Нарисуйте процесс: начало, задачи, конец."),
            line=line_of(root),
        )
    return Diagram(
        path=path,
        processes=processes,
        items=tuple(_root_items(root)),
        shapes=tuple(shapes(root)),
        edges=tuple(edges(root)),
        ids=tuple(ids(root)),
        foreign_ids=foreign_ids(root),
        unnamed_flows=tuple((element.get("id") or "", line_of(element)) for element in unnamed),
        texts=tuple(marked_texts(root)),
    )


def _demand_bpmn(root: etree._Element) -> None:
    """Raise UnreadableFile for what is XML but no BPMN 2.0, naming what it looks like instead."""
    namespace, name = split_tag(root)
    if namespace == BPMN and name == "definitions":
        return
    seen = f"{namespace} {name}".lower()
    if "xpdl" in seen or name == "Package":
        what = "XPDL"
    elif "html" in seen:
        what = "HTML"
    elif "dmn" in seen:
        what = "DMN"
    elif name == "definitions" and "bpmn" in seen:
        raise UnreadableFile(
            "namespace",
            N_("Пространство имён «{namespace}» не принадлежит BPMN 2.0."),
            N_("Сохраните схему как BPMN 2.0: пространство имён {expected}."),
            line=line_of(root), namespace=namespace, expected=BPMN,
        )  # fmt: skip
    else:
        what = name
    raise UnreadableFile(
        "not-bpmn",
        N_("Это не схема BPMN 2.0, а {what}."),
        N_("Сохраните схему в редакторе как BPMN 2.0 (корневой элемент definitions)."),
        line=line_of(root), what=what,
    )  # fmt: skip


def _references(root: etree._Element) -> Mapping[str, str | None]:
    """Return id -> code or name of errors, escalations, messages and signals."""
    found: dict[str, str | None] = {}
    for kind, attribute in (
        ("error", "errorCode"),
        ("escalation", "escalationCode"),
        ("message", "name"),
        ("signal", "name"),
    ):
        for element in root.findall(f"{_B}{kind}"):
            found[element.get("id", "")] = element.get(attribute) or ""
    return found


# processes ////


def _process(element: etree._Element, refs: Mapping[str, str | None]) -> Process:
    lanes = tuple(_lanes(element, ""))
    places = {node: lane for lane in lanes for node in lane.nodes}
    nodes: list[Node] = []
    flows: list[Flow] = []
    items: list[Item] = []
    _fill(element, element.get("id", ""), None, places, refs, nodes, flows, items)
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows:
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    defaults = {node.default for node in nodes if node.default}
    return Process(
        id=element.get("id", ""),
        name=element.get("name", ""),
        line=line_of(element),
        is_executable=element.get("isExecutable", "true") == "true",
        documentation=_documentation(element),
        properties=_properties(element),
        lanes=lanes,
        nodes=tuple(
            replace(node, incoming=tuple(incoming.get(node.id, ())), outgoing=tuple(outgoing.get(node.id, ())))
            for node in nodes
        ),
        flows=tuple(replace(flow, is_default=flow.id in defaults) for flow in flows),
        items=tuple(items),
    )


def _lanes(parent: etree._Element, above: str) -> Iterator[Lane]:
    for group in (*parent.findall(f"{_B}laneSet"), *parent.findall(f"{_B}childLaneSet")):
        for element in group.findall(f"{_B}lane"):
            declared = _properties(element).get("role", "")
            yield Lane(
                id=element.get("id", ""),
                name=element.get("name", ""),
                role=declared or element.get("name", "") or element.get("id", ""),
                nodes=tuple((ref.text or "").strip() for ref in element.findall(f"{_B}flowNodeRef")),
                line=line_of(element),
                parent=above,
                role_is_declared=bool(declared),
            )
            yield from _lanes(element, element.get("id", ""))


def _fill(
    parent: etree._Element,
    scope: str,
    inherited: Lane | None,
    places: Mapping[str, Lane],
    refs: Mapping[str, str | None],
    nodes: list[Node],
    flows: list[Flow],
    items: list[Item],
) -> None:
    """Collect what a process or sub-process holds, depth first in the file's order."""
    for element in elements(parent):
        namespace, name = split_tag(element)
        if namespace != BPMN:
            continue
        if name in NODES:
            items.extend(
                _item(io, "ioSpecification", element.get("id", "")) for io in element.findall(f"{_B}ioSpecification")
            )
            lane = places.get(element.get("id", ""), inherited)
            nodes.append(_node(element, name, scope, lane, refs))
            if name in ("subProcess", "transaction", "adHocSubProcess"):
                _fill(element, element.get("id", ""), lane, places, refs, nodes, flows, items)
        elif name == "sequenceFlow":
            flows.append(_flow(element, scope))
        elif name not in _KNOWN_INSIDE:
            items.append(_item(element, name, scope))


def _node(element: etree._Element, kind: str, scope: str, lane: Lane | None, refs: Mapping[str, str | None]) -> Node:
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=element.get("name", ""),
        line=line_of(element),
        scope=scope,
        lane=lane.id if lane else "",
        role=lane.role if lane else "",
        properties=_properties(element),
        documentation=_documentation(element),
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


def _flow(element: etree._Element, scope: str) -> Flow:
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


def _item(element: etree._Element, kind: str, scope: str) -> Item:
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


def _properties(element: etree._Element) -> Mapping[str, str]:
    return {
        found.get("name", ""): found.get("value", "")
        for found in element.findall(f"{_B}extensionElements/{_S}properties/{_S}property")
    }


def _documentation(element: etree._Element) -> str:
    return "\n".join((child.text or "").strip() for child in element.findall(f"{_B}documentation")).strip()


# the rest of the file ////


def _root_items(root: etree._Element) -> Iterator[Item]:
    for element in elements(root):
        namespace, name = split_tag(element)
        if namespace != BPMN or name in ("process", "extensionElements", "documentation"):
            continue
        if name in ("collaboration", "choreography", "globalConversation"):
            if name != "collaboration":
                yield _item(element, name, "")
            for child in elements(element):
                space, inner = split_tag(child)
                if space == BPMN and inner not in ("documentation", "extensionElements"):
                    yield _item(child, inner, element.get("id", ""))
        else:
            yield _item(element, name, "")
