"""Who decides: an auditor who took no part and is evaluated for all of the case, appointed by the director's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Participant
from handlers.application import need_of
from handlers.client_file import DIRECTOR, director, name_of, paper, refuse, shown
from rules.decision import TOOK_PART, decider_denied, independence_denied


def refuse_unfit(case: Case, person: str, *, kept_out: str) -> None:
    """Refuse to appoint somebody who took part, is in the group `kept_out`, or is not evaluated for all of the case.

    Source: C L174-175, L179 (C-093, C-102), L225 (C-126)
    """
    denial = decider_denied(
        case.registers("competence"),
        person,
        need_of(case),
        case.today,
        groups=_took_part(case),
        first_deciders=case.members(kept_out),
    )
    refuse(case, denial, field="person")


def refuse_involved(case: Case, *, kept_out: str = "") -> None:
    """Refuse a decision of somebody who took part or is in the group `kept_out`.

    Source: C L174 (C-093), L225 (C-126)
    """
    former = case.members(kept_out) if kept_out else ()
    refuse(case, independence_denied(case.actor.login, _took_part(case), first_deciders=former))


def appointed(case: Case, data: Mapping[str, Any] | None = None) -> Outcome:
    """Return the order on the decider, who joins in place of an earlier one, with what else the step writes.

    Reads: decider_order (form). Source: C L177-179 (C-102)
    """
    order = case["decider_order"]
    document = paper(
        case,
        "decider_order",
        f"Приказ {order['number']} о назначении принимающего решение",
        {"Дата": shown(order["dated"]), "Назначен": name_of(case, order["person"])},
        (director(case),),
        own=DIRECTOR,
    )
    return Outcome(
        data=data or {},
        documents=(document,),
        participants=(Participant(group="decider", login=order["person"]),),
        replaces=("decider",),
    )


def _took_part(case: Case) -> dict[str, tuple[str, ...]]:
    return {group: case.members(group) for group in TOOK_PART}
