"""Groups of excludes and joins are groups of the profile; on_behalf is a role of the organisation."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("groups-exist")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse unknown groups and roles."""
    roles = place.context.roles
    groups = {*place.context.groups, *(role for role, scope in roles.items() if scope == "case")}
    for name, known in (("excludes", groups), ("joins", groups), ("replaceable", groups), ("on_behalf", set(roles))):
        for one in node.properties.get(name, "").split():
            if one in known:
                continue
            report(
                node,
                N_("«{group}» в свойстве {name} не известна профилю."),
                N_("Возьмите группу из profile.toml (похоже на «{nearest}»)."),
                group=one,
                name=name,
                nearest=nearest(one, known),
            )
