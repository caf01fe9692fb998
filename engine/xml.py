"""Reads XML that may come from anywhere, and puts right what the standard allows and the library drops.

No entity is expanded, no DTD accepted, nothing fetched, and size and depth are bounded, so that a file can be opened
before anybody has looked at it. What the elements mean is in `engine.diagram`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree

from engine.messages import N_

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
STANDARD = frozenset({BPMN, BPMNDI, DC, DI})

MAX_BYTES = 5_000_000  # of one file; the largest diagrams of modelling tools stay below one tenth of it
_DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)", re.I)


class UnreadableFile(ValueError):
    """A file that is not what its name says.

    `rule` is the machine name of the fault, `template` and `cure` are Russian sentences whose places `facts` fill,
    `line` counts from 1 (0 when the fault has no line).
    """

    def __init__(self, rule: str, template: str, cure: str, *, line: int = 0, **facts: object) -> None:
        self.rule = rule
        self.template = template
        self.cure = cure
        self.line = line
        self.facts = facts
        super().__init__(template.format(**facts))


def parse_xml(data: bytes) -> etree._Element:
    """Return the root element; raises UnreadableFile with the line of the fault.

    Any encoding that the XML declaration or a byte order mark names is accepted (UTF-16, ISO-8859-1, windows-1252).
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            "too-large",
            N_("Файл больше {limit} МБ."),
            N_("Проверьте, тот ли это файл; схему такого размера разделите на подпроцессы."),
            limit=MAX_BYTES // 1_000_000,
        )
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableFile("xml", N_("Файл пуст."), N_("Сохраните схему в редакторе заново."))
    found = _DOCTYPE.search(data)
    if found:
        raise UnreadableFile(
            "doctype",
            N_("Файл содержит DOCTYPE или объявление сущностей."),
            N_("Удалите объявление: в схеме BPMN ему не место, а раскрытие сущностей опасно."),
            line=data.count(b"\n", 0, found.start()) + 1,
        )
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(
            "xml",
            N_("Файл не читается как XML: {reason}."),
            N_("Откройте файл в редакторе схем и сохраните заново или исправьте названную строку."),
            line=error.lineno or 0,
            reason=(error.msg or "").rstrip("."),
        ) from error
    except (ValueError, LookupError) as error:
        raise UnreadableFile(
            "xml",
            N_("Файл не читается как XML: {reason}."),
            N_("Сохраните файл в кодировке UTF-8."),
            reason=str(error).rstrip("."),
        ) from error
    return root


def normalise(root: etree._Element) -> etree._Element:
    """Put right in place what SpiffWorkflow 3.2 drops or stumbles over; returns the same element.

    Every sequence flow, lane and message flow gets an id: the standard allows a flow without one, the library drops it,
    and everything after it never runs. Properties and parameters get the attributes that the library demands.
    """
    for element in root.iter(f"{{{SPIFF}}}property", f"{{{SPIFF}}}parameter"):
        demanded = {"name": "", "value": ""} if split_tag(element)[1] == "property" else {"id": "", "type": "str"}
        for name, default in demanded.items():
            if element.get(name) is None:
                element.set(name, default)
    taken = {element.get("id") for element in root.iter(etree.Element) if element.get("id")}
    for element in root.iter(f"{{{BPMN}}}sequenceFlow", f"{{{BPMN}}}messageFlow", f"{{{BPMN}}}lane"):
        if element.get("id"):
            continue
        source = element.get("sourceRef") or element.get("name") or "x"
        for new in _names(etree.QName(element).localname, source, element.get("targetRef") or ""):
            if new not in taken:
                element.set("id", new)
                taken.add(new)
                break
    return root


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the child elements, without comments and processing instructions."""
    for child in parent:
        if isinstance(child.tag, str):
            yield child


def split_tag(element: etree._Element) -> tuple[str, str]:
    """Return (namespace, local name) of an element."""
    name = etree.QName(element)
    return name.namespace or "", name.localname


def line_of(element: etree._Element) -> int:
    """Return the source line of an element, 0 if it has none."""
    line: int | None = cast("Any", element).sourceline  # the stubs give it no type
    return line or 0


def text_of(element: etree._Element) -> str:
    """Return all text inside an element, stripped."""
    return "".join(str(part) for part in element.itertext()).strip()


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_pis=True, recover=False
    )


def _names(kind: str, source: str, target: str) -> Iterator[str]:
    stem = re.sub(r"[^\w.-]+", "_", "_".join(filter(None, (kind, source, target))))
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1
