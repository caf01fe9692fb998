"""Turns the XML of a BPMN file into the values of `engine.diagram`. Import `read_diagram` from there instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine.diagram import NODES, Diagram, Flow, Item, Lane, Node, Process
from engine.drawing_reader import edges, foreign_ids, ids, marked_texts, shapes
from engine.element_reader import documentation_of, properties_of, read_flow, read_item, read_node
from engine.messages import N_
from engine.xml import BPMN, UnreadableFile, elements, line_of, normalise, parse_xml, split_tag

_B = f"{{{BPMN}}}"
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
        documentation=documentation_of(element),
        properties=properties_of(element),
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
            declared = properties_of(element).get("role", "")
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
                read_item(io, "ioSpecification", element.get("id", ""))
                for io in element.findall(f"{_B}ioSpecification")
            )
            lane = places.get(element.get("id", ""), inherited)
            nodes.append(read_node(element, name, scope, lane, refs))
            if name in ("subProcess", "transaction", "adHocSubProcess"):
                _fill(element, element.get("id", ""), lane, places, refs, nodes, flows, items)
        elif name == "sequenceFlow":
            flows.append(read_flow(element, scope))
        elif name not in _KNOWN_INSIDE:
            items.append(read_item(element, name, scope))


# the rest of the file ////


def _root_items(root: etree._Element) -> Iterator[Item]:
    for element in elements(root):
        namespace, name = split_tag(element)
        if namespace != BPMN or name in ("process", "extensionElements", "documentation"):
            continue
        if name in ("collaboration", "choreography", "globalConversation"):
            if name != "collaboration":
                yield read_item(element, name, "")
            for child in elements(element):
                space, inner = split_tag(child)
                if space == BPMN and inner not in ("documentation", "extensionElements"):
                    yield read_item(child, inner, element.get("id", ""))
        else:
            yield read_item(element, name, "")
