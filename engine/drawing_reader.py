"""Reads how a BPMN file is drawn, and the ids and template marks that stand anywhere in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from lxml import etree

from engine.diagram import Bounds, Edge, Shape
from engine.xml import BPMN, BPMNDI, DC, DI, SPIFF, STANDARD, elements, line_of, split_tag

_MARKS = ("{{", "{%", "{#")


def _planes(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
        for element in elements(plane):
            yield plane.get("bpmnElement", ""), element


def shapes(root: etree._Element) -> Iterator[Shape]:
    """Yield the shapes whose bounds can be read."""
    for plane, element in _planes(root):
        bounds = _bounds(element.find(f"{{{DC}}}Bounds"))
        if split_tag(element) != (BPMNDI, "BPMNShape") or bounds is None:
            continue
        yield Shape(
            element=element.get("bpmnElement", ""),
            bounds=bounds,
            line=line_of(element),
            label=_label(element),
            is_horizontal=element.get("isHorizontal", "true") != "false",
            is_expanded=element.get("isExpanded") == "true",
            plane=plane,
        )


def edges(root: etree._Element) -> Iterator[Edge]:
    """Yield the edges with the points that can be read."""
    for plane, element in _planes(root):
        if split_tag(element) != (BPMNDI, "BPMNEdge"):
            continue
        points = [(_number(point.get("x")), _number(point.get("y"))) for point in element.findall(f"{{{DI}}}waypoint")]
        yield Edge(
            element=element.get("bpmnElement", ""),
            points=tuple((x, y) for x, y in points if x is not None and y is not None),
            line=line_of(element),
            label=_label(element),
            plane=plane,
        )


def _label(element: etree._Element) -> Bounds | None:
    return _bounds(element.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds"))


def _bounds(element: etree._Element | None) -> Bounds | None:
    if element is None:
        return None
    x, y, width, height = (_number(element.get(name)) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None:
        return None
    return Bounds(x=x, y=y, width=width, height=height)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e7 else None


def ids(root: etree._Element) -> Iterator[tuple[str, int]]:
    """Yield every id of the standard's own elements with its line."""
    for element in root.iter(etree.Element):
        identifier = element.get("id")
        if identifier and split_tag(element)[0] in STANDARD:
            yield identifier, line_of(element)


def foreign_ids(root: etree._Element) -> Mapping[str, int]:
    """Return the ids of extension elements inside processes with their lines."""
    return {
        identifier: line_of(element)
        for process in root.findall(f"{{{BPMN}}}process")
        for element in process.iter(etree.Element)
        if (identifier := element.get("id")) and split_tag(element)[0] not in STANDARD
    }


def marked_texts(root: etree._Element) -> Iterator[tuple[str, str, int]]:
    """Yield what looks like a template: texts and values that another engine would run before showing them.

    What other tools keep for themselves in namespaces of their own is nobody's business here.
    """
    for element in root.iter(etree.Element):
        if split_tag(element)[0] not in STANDARD | {SPIFF}:
            continue
        values = [str(value) for key, value in element.attrib.items() if not str(key).startswith("{")]
        for text in (element.text or "", *values):
            if any(mark in text for mark in _MARKS):
                yield _owner(element), text.strip(), line_of(element)


def _owner(element: etree._Element) -> str:
    """Return the id of the nearest element of the standard around this one."""
    here: etree._Element | None = element
    while here is not None:
        if split_tag(here)[0] in STANDARD and here.get("id"):
            return here.get("id") or ""
        here = here.getparent()
    return ""
