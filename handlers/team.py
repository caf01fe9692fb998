"""The audit team: who may be in it, the agreement of the client, contested members, the director's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case, Outcome, Participant, Refused, guard, step
from handlers.application import need_of
from handlers.client_file import (
    APPLICANT,
    DIRECTOR,
    HEAD,
    answers,
    day,
    director,
    head_of_body,
    members,
    name_of,
    organisation,
    paper,
    refuse,
    shown,
    team_titles,
    titled,
    to_applicant,
    works_row,
)
from rules.competence import Member, team_denied, team_factors_denied
from rules.impartiality import tie_denied

_GROUPS = {"expert": "experts", "trainee": "trainees"}


@guard(
    refuses=(
        "LEADER_NOT_AUDITOR",
        "COMPETENCE_MISSING",
        "CONTRACT_MISSING",
        "FACTORS_MISSING",
        "LINKED_TO_PARTY",
        "MEMBER_TWICE",
        "STILL_ON_HOLD",
    ),
    requirements=("C-005", "C-041", "C-042", "C-043", "C-044", "C-045", "C-046"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a team that cannot or may not audit this client.

    Refuses: COMPETENCE_MISSING, LEADER_NOT_AUDITOR, CONTRACT_MISSING (external expert)  by the competence register
             LINKED_TO_PARTY   a tie with the client within the lookback of the profile
             FACTORS_MISSING   one of the nine factors has no answer
             MEMBER_TWICE      somebody is named twice
             STILL_ON_HOLD     the member whom the client had replaced is proposed again
    Source:  C L96-111 (C-005, C-041 to C-049)
    """
    team = [Member(login=values["leader"]), *(_member(case, row) for row in values.get("members", []))]
    _refuse_twice([member.login for member in team])
    refuse(case, team_factors_denied(values["factors"]), field="factors")
    lookback = str(case.terms.reading("conflict.lookback"))
    for member in team:
        ties = case.registers("tie")
        reason = tie_denied(ties, member.login, {case["application.bin"]}, case.today, lookback=lookback)
        refuse(case, reason, field="members")
        if member.login in case.members("on_hold"):
            raise Refused(
                "STILL_ON_HOLD",
                "{name}: замена принята, включить в группу снова нельзя.",
                field="members",
                name=name_of(case, member.login),
            )
    denials = team_denied(case.registers("competence"), team, values["leader"], need_of(case), case.today)
    refuse(case, denials[0] if denials else None, field="members")


def _member(case: Case, row: Mapping[str, Any]) -> Member:
    return Member(
        login=row["person"],
        role=row["role"],
        is_external=bool(row.get("external")),
        contract=_contract(case, row),
    )


def _contract(case: Case, row: Mapping[str, Any]) -> str:
    """The contract named in the form, if the register knows it as valid on this day."""
    today = case.today.isoformat()
    for known in case.register("service_contract", person=row["person"], number=row.get("contract", "")):
        if str(known["valid_from"]) <= today <= str(known["valid_to"]):
            return str(known["number"])
    return ""


def _refuse_twice(logins: Sequence[str]) -> None:
    if len(set(logins)) < len(logins):
        raise Refused("MEMBER_TWICE", "Один и тот же человек назван дважды. Уберите повтор.", field="members")


@step(writes=("team_sheet.text",), makes=("team_sheet",), requirements=("C-004", "C-041", "C-046", "C-047"))
def form(case: Case) -> Outcome:
    """Let the team join the case and send the client its agreement sheet.

    Reads:   team (form)
    Writes:  participants team_leader, audit_team (everybody, experts and trainees too), experts, trainees;
             team_sheet.text, what the client agrees to; document team_sheet; letter team_agreement
    Source:  C L110 (C-047); trainees and experts have an advisory voice (C-046)
    """
    joined = [Participant(group="team_leader", login=case["team.leader"])]
    for login, role in members(case):
        joined.append(Participant(group="audit_team", login=login))
        if role in _GROUPS:
            joined.append(Participant(group=_GROUPS[role], login=login))
    document = paper(
        case,
        "team_sheet",
        "Лист согласования группы аудита",
        {
            "Группа": team_titles(case),
            "Сроки": _dates(case),
            "Язык аудита": case["team.language"],
            "Что учтено при выборе": answers(case, "team.factors", "Фактор", "Как учтён"),
            "Беспристрастность": case.get("team.impartiality_reason", "Угроз нет"),
        },
        (organisation(case),),
        must_sign=(APPLICANT,),
    )
    letter = to_applicant(
        case,
        "team_agreement",
        "Согласование группы аудита",
        f"Просим согласовать группу аудита: {'; '.join(team_titles(case))}. Аудит {_dates(case)}, язык — "
        f"{case['team.language']}. Если у кого-то есть конфликт интересов, потребуйте замены и назовите причину.",
        encloses=("team_sheet",),
    )
    text = "\n".join([*team_titles(case), f"Аудит {_dates(case)}"])
    return Outcome(
        data={"team_sheet": {"text": text}},
        documents=(document,),
        letters=(letter,),
        participants=joined,
        replaces=("team_leader", "audit_team", "experts", "trainees"),
    )


def _dates(case: Case) -> str:
    return f"{shown(case['team.date_from'])} – {shown(case['team.date_to'])}"


@guard(refuses=("NOT_A_MEMBER",), requirements=("C-048",))
def objection(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a demand to replace somebody who is not in the team. Source: C L111 (C-048)."""
    if values["outcome"] == "replace" and values["member"] not in [login for login, _ in members(case)]:
        raise Refused("NOT_A_MEMBER", "Этого человека нет в группе. Назовите члена группы.", field="member")


@step(writes=("team_hold.member", "team_hold.is_leader", "team_hold.since", "team_hold.text"), requirements=("C-048",))
def hold(case: Case) -> Outcome:
    """Put the contested member on hold until the decision.

    Reads:   team_agreement (form)
    Writes:  team_hold  {"member": login, "is_leader": bool, "since": ISO date, "text": the demand}; group on_hold
    Source:  C L111 (C-048)
    """
    member = case["team_agreement.member"]
    letters = (
        to_applicant(
            case,
            "replacement_received",
            "Требование замены члена группы",
            f"Ваше требование заменить члена группы ({name_of(case, member)}) принято к рассмотрению. До решения его "
            "участие "
            "приостановлено; о решении мы напишем вам.",
        ),
    )
    held = {
        "member": member,
        "is_leader": member == case["team.leader"],
        "since": case.today.isoformat(),
        "text": f"Заменить: {name_of(case, member)}. {case.get('team_agreement.reason', '')}",
    }
    return Outcome(
        data={"team_hold": held}, letters=letters, participants=(Participant(group="on_hold", login=member),)
    )


@step(requirements=("C-048", "C-049"))
def keep(case: Case) -> Outcome:
    """Let the contested member go on and tell the client why: the head's decision stands for the client's agreement.

    Source:  C L111 (C-048, C-049)
    """
    document = paper(
        case,
        "team_sheet",
        "Лист согласования группы аудита: требование о замене отклонено",
        {
            "Группа": team_titles(case),
            "Сроки": _dates(case),
            "Требовали заменить": name_of(case, case["team_hold.member"]),
            "Почему отклонено": case["replacement.reason"],
        },
        (head_of_body(case),),
        own=HEAD,
    )
    letter = to_applicant(
        case,
        "replacement_declined",
        "Решение о замене члена группы",
        f"Мы рассмотрели ваше требование заменить члена группы ({name_of(case, case['team_hold.member'])}) и не "
        "нашли для "
        f"этого оснований: {case['replacement.reason']}",
    )
    # Whoever was replaced before stays out; only the one whom the body keeps comes back.
    others = [login for login in case.members("on_hold") if login != case["team_hold.member"]]
    return Outcome(
        documents=(document,),
        letters=(letter,),
        participants=[Participant(group="on_hold", login=login) for login in others],
        replaces=("on_hold",),
    )


@guard(refuses=("ORDER_TOO_EARLY",), requirements=("C-049",))
def order(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an order dated before the decision to replace a member. Source: C L111 (C-049)."""
    decided = case.get("replacement.decided_on")
    if values["outcome"] == "approve" and decided and day(values["dated"]) < day(decided):
        raise Refused(
            "ORDER_TOO_EARLY",
            "Приказ от {dated} раньше решения о замене от {decided}. Нужен новый приказ.",
            field="dated",
            dated=shown(values["dated"]),
            decided=shown(decided),
        )


@step(requirements=("C-031", "C-045", "C-049"))
def issue_order(case: Case) -> Outcome:
    """Draw up the director's order on team and dates. Reads: order, team (forms). Source: C L67, L111 (C-049)."""
    contracts = [
        {"Эксперт": name_of(case, row["person"]), "Договор": row.get("contract", "")}
        for row in case.get("team.members", [])
        if row.get("external")
    ]
    document = paper(
        case,
        "audit_order",
        f"Приказ {case['order.number']} о группе аудита",
        {
            "Дата": shown(case["order.dated"]),
            "Группа": [titled(case, login, role) for login, role in members(case)],
            "Сроки аудита": _dates(case),
            "Договоры с внешними экспертами": contracts,
        },
        (director(case),),
        own=DIRECTOR,
    )
    return Outcome(documents=(document,), records=(works_row(case, "Группа назначена"),))
