"""The standard's own XML schema: order of elements, allowed attributes, identifiers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import SpiffWorkflow
from lxml import etree

from engine.check.registry import Report, last_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_
from engine.xml import normalise, parse_xml

MOST = 5  # problems of a file: the first ones are the cause of the others


@last_rule("standard-schema")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse what BPMN20.xsd refuses."""
    data = whole.files.get(diagram.path)
    if data is None:
        return
    schema = _schema()
    if schema.validate(normalise(parse_xml(data))):
        return
    for error in list(cast("Any", schema.error_log))[:MOST]:
        report.at(
            "",
            error.line,
            N_("Не по схеме BPMN 2.0: {reason}."),
            N_("Исправьте порядок и имена элементов в названной строке или сохраните схему редактором."),
            reason=error.message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "").rstrip("."),
        )


@cache
def _schema() -> etree.XMLSchema:
    folder = Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema"
    return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))
