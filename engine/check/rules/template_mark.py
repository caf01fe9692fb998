"""No code in a diagram ever runs: Jinja marks in texts."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("template-mark")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse {{ }} and {% %} anywhere."""
    for element, text, line in diagram.texts:
        report.at(
            element,
            line,
            N_("Текст «{text}» содержит шаблон; он остался бы на странице как есть."),
            N_("Уберите фигурные скобки: значения показывает форма."),
            text=text[:60],
        )
