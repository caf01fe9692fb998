"""The audit on site: declarations before anything else, checklists, the opening meeting, observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case, Document, Outcome, Refused, guard, step
from handlers.client_file import (
    APPLICANT,
    LEADER,
    members,
    name_of,
    paper,
    refuse,
    refuse_unsigned,
    shown,
    team_titles,
    titled,
    to_applicant,
)
from handlers.signatures import demand_signatures
from rules.impartiality import declaration_denied, undeclared


def declared(case: Case) -> list[str]:
    """Return the logins of those who signed the declaration for this audit."""
    rows: Sequence[Mapping[str, Any]] = case.get("declaration", [])
    return [str(row["by"]) for row in rows]


def _demand_declaration(case: Case) -> None:
    refuse(case, declaration_denied(case.actor.login, declared(case)))


@step(makes=("declarations",), requirements=("C-003", "C-055"))
def declare(case: Case) -> Outcome:
    """Draw up the declarations of impartiality and confidentiality, for each of the team to sign.

    Reads:   team, and the form `declaration` for what is declared
    Source:  C L12, L121 (C-003, C-055)
    """
    fields = case.forms("declaration").get("properties", {}).values()
    said = [str(field["title"]) for field in fields if field.get("const") is True]
    team = members(case)
    document = paper(
        case,
        "declarations",
        "Декларации экспертов-аудиторов",
        {
            "Каждый из подписавших заявляет": said,
            "Группа": [titled(case, login, role) for login, role in team],
        },
        team_titles(case),
        must_sign=[login for login, _ in team],
    )
    return Outcome(documents=(document,))


@guard(refuses=("DECLARATION_MISSING", "SITE_UNKNOWN"), requirements=("C-003", "C-057"))
def checklist(case: Case, values: Mapping[str, Any]) -> None:
    """Let only those who signed their declaration prepare questions, for sites of the sample.

    Refuses: DECLARATION_MISSING  the member has not signed the declaration for this audit
             SITE_UNKNOWN         a question is about a site that is not audited
    Source:  C L12, L125 (C-003, C-057)
    """
    _demand_declaration(case)
    _demand_sites(case, values["questions"], "questions")


def _demand_sites(case: Case, rows: Sequence[Mapping[str, Any]], field: str) -> None:
    selected = case["sampling.selected"]
    strange = sorted({str(row["site"]) for row in rows} - set(selected))
    if strange:
        raise Refused(
            "SITE_UNKNOWN",
            "Площадок {sites} нет в выборке. Возможны: {selected}.",
            field=field,
            sites=", ".join(strange),
            selected=", ".join(selected),
        )


@guard(refuses=("DECLARATION_MISSING",), requirements=("C-003", "C-057"))
def leader(case: Case, values: Mapping[str, Any]) -> None:
    """Let the leader agree checklists only with a declaration of his own. Source: C L12, L125 (C-003, C-057)."""
    _demand_declaration(case)


@guard(
    refuses=("UNSIGNED_DOCUMENT", "DECLARATION_MISSING", "SIGNATURE_MISSING"), requirements=("C-054", "C-055", "C-056")
)
def opening(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse minutes of the opening meeting without every declaration and every signature.

    Source:  C L121-122 (C-055, C-056)
    """
    demand_signatures(case)
    missing = undeclared([login for login, _ in members(case)], declared(case))
    if missing:
        raise Refused(
            "DECLARATION_MISSING",
            "Нет деклараций: {names}. Получите их до совещания.",
            field="declarations",
            names=", ".join(name_of(case, login) for login in missing),
        )
    refuse_unsigned(values["participants"], "participants")


@step(
    writes=("fieldwork_questions.rows",),
    makes=("opening_minutes",),
    requirements=("C-054", "C-055", "C-056", "C-058"),
)
def record_opening(case: Case) -> Outcome:
    """Draw up the minutes of the opening meeting with the declarations, and lay out the agreed questions.

    Reads:   opening_meeting, declaration, checklist (forms)
    Writes:  fieldwork_questions.rows  the questions of the latest checklist of each member, for the observations
    Source:  C L121-126 (C-054 to C-056, C-058)
    """
    meeting = case["opening_meeting"]
    signed = {str(row["by"]): row for row in case.get("declaration", [])}
    noted = [
        {"Кто": name_of(case, login), "Что сообщил органу": str(row.get("note", "Дополнений нет"))}
        for login, row in signed.items()
    ]
    document = paper(
        case,
        "opening_minutes",
        "Протокол вступительного совещания",
        {
            "Дата": shown(meeting["held_on"]),
            "Место": meeting["place"],
            "Председатель": name_of(case, case["team.leader"]),
            "Участники": [{"Имя": row["name"], "Должность": row["position"]} for row in meeting["participants"]],
            "Декларации": noted,
            "Экземпляр передан заявителю": shown(meeting["delivered_on"]),
        },
        [f"{row['name']}, {row['position']}" for row in meeting["participants"]],
        own=LEADER,
        must_sign=(APPLICANT,),
    )
    letter = to_applicant(
        case,
        "opening_minutes",
        "Протокол вступительного совещания",
        f"Направляем ваш экземпляр протокола вступительного совещания от {shown(meeting['held_on'])}. Все члены группы "
        "подписали декларации: сведения, полученные при аудите, не разглашаются.",
        encloses=("opening_minutes",),
    )
    return Outcome(
        data={"fieldwork_questions": {"rows": _questions(case)}},
        documents=(document,),
        letters=(letter,),
    )


def _questions(case: Case) -> list[dict[str, str]]:
    return [dict(question) for row in _checklists(case) for question in row["questions"]]


def _checklists(case: Case) -> list[Mapping[str, Any]]:
    """Return the latest checklist of each place in the team; who took a colleague's place has two."""
    latest = {str(row.get("instead_of", row["by"])): row for row in case.get("checklist", [])}
    return list(latest.values())


@guard(
    refuses=("DECLARATION_MISSING", "SITE_UNKNOWN", "OUTSIDE_AUDIT", "TRAINEE_PERMISSION_MISSING"),
    requirements=("C-003", "C-058", "C-060", "C-062"),
)
def observe(case: Case, values: Mapping[str, Any]) -> None:
    """Accept observations of declared members, at sites of the sample, inside the audit.

    Refuses: OUTSIDE_AUDIT              an observation before the opening meeting or in the future
             TRAINEE_PERMISSION_MISSING a trainee asked without the leader's permission
    Source:  C L126, L137 (C-058, C-062)
    """
    _demand_declaration(case)
    _demand_sites(case, values["observations"], "observations")
    begun = case["opening_meeting.held_on"]
    if any(not begun <= row["on"] <= case.today.isoformat() for row in values["observations"]):
        raise Refused(
            "OUTSIDE_AUDIT",
            "Наблюдения возможны со дня вступительного совещания по сегодня.",
            field="observations",
        )
    role = dict(members(case)).get(case.actor.login)
    if role == "trainee" and not values.get("leader_permission"):
        raise Refused(
            "TRAINEE_PERMISSION_MISSING",
            "Стажёр задаёт вопросы только с разрешения руководителя группы. Укажите разрешение.",
            field="leader_permission",
        )


@step(writes=("gathered.sites", "gathered.rows"), requirements=("C-057", "C-058", "C-060", "C-061", "C-063"))
def gather(case: Case) -> Outcome:
    """Lay out what the team saw, so that the leader need not write it again, and issue the filled checklists.

    Reads:   fieldwork (form, a submission for each member)
    Writes:  gathered  {"sites": [{"site", "on": last day there}], "rows": [one for each observation that does not
             conform, with its source, whether it is verified and by whom]}
    Source:  C L128-140 (C-060, C-061, C-063)
    """
    seen = [(str(each["by"]), row) for each in case.get("fieldwork", []) for row in each["observations"]]
    days: dict[str, str] = {}
    for _, row in seen:
        days[row["site"]] = max(str(row["on"]), days.get(row["site"], ""))
    rows = [_draft_finding(login, row) for login, row in seen if not row["conforms"]]
    return Outcome(
        data={"gathered": {"sites": [{"site": s, "on": on} for s, on in days.items()], "rows": rows}},
        documents=[_filled(case, login, role) for login, role in members(case) if _has_worked(case, login)],
    )


def _has_worked(case: Case, login: str) -> bool:
    return any(row["by"] == login for form in ("checklist", "fieldwork") for row in case.get(form, []))


def _filled(case: Case, login: str, role: str) -> Document:
    """Return a member's checklist with its columns filled in, and the questions that were left without an answer."""
    sheets = [row for row in _checklists(case) if row["by"] == login]
    seen = [row for each in case.get("fieldwork", []) if each["by"] == login for row in each["observations"]]
    answered = {row["question"] for row in seen}
    left = [row for sheet in sheets for row in sheet["questions"] if row["question"] not in answered]
    changes = [sheet["change_reason"] for sheet in sheets if sheet.get("change_reason")]
    fields = {
        "Заполнил": titled(case, login, role),
        "Редакция": ", ".join(sheet["version"] for sheet in sheets) or "Без вопросов, составленных заранее",
        "Причина изменения формы или содержания": "; ".join(changes) or "Не изменялись",
        "Вопросы и ответы": [_answer(case, row) for row in [*seen, *left]],
    }
    return paper(case, "checklist", f"Чек-лист: {name_of(case, login)}", fields, (titled(case, login, role),))


def _answer(case: Case, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Площадка, процесс": f"{row['site']}, {row['process']}",
        "Пункт": row["clause"],
        "Вопрос": row["question"],
        "Что установлено": row.get("observation", "Не рассматривался"),
        "Источник": case.said("fieldwork.observations.source", row.get("source", "")),
        "Проверено": _yes_no(row.get("verified")),
        "Соответствует": _yes_no(row.get("conforms")),
    }


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "да" if value else "нет"


def _draft_finding(login: str, row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("site", "process", "clause", "source", "verified")}
    return {**kept, "kind": "nonconformity", "text": row["observation"], "verifier": login}
