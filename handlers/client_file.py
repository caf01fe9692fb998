"""What every paper of a certification case has in common: the client, the standards, names, the journal of works.

No step and no guard is here; rules are in the room `rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from engine.steps import Case, Document, Letter, Record, Refused
from rules.verdict import Denied

SITE_STATUSES = {
    "AUDITED": "проверяется отдельно",
    "SAMPLED_IN": "вошла в выборку",
    "SAMPLED_OUT_WITH_REASON": "не вошла, причина указана",
}

ROLE_NAMES = {
    "leader": "руководитель группы",
    "auditor": "эксперт-аудитор",
    "expert": "технический эксперт",
    "trainee": "стажёр",
}

CURRENCIES = {"KZT": "тенге", "UZS": "сум", "RUB": "рублей", "USD": "долларов США", "EUR": "евро"}


def day(value: str) -> date:
    """Read a date of a form or a register; raises ValueError for anything else."""
    return date.fromisoformat(str(value)[:10])


def shown(value: date | str) -> str:
    """Write a date as Russian readers do.

    >>> shown("2026-04-06")
    '06.04.2026'
    """
    found = value if isinstance(value, date) else day(value)
    return f"{found:%d.%m.%Y}"


def refuse(case: Case, reason: Denied | None, *, field: str | None = None) -> None:
    """Turn a rule's "no" into a refusal that calls people by name; do nothing when there is none."""
    if reason is None:
        return
    facts: dict[str, Any] = dict(reason.facts)
    if "person" in facts:
        facts["person"] = name_of(case, str(facts["person"]))
    raise Refused(reason.code, reason.template, field=field, **facts)


def name_of(case: Case, login: str) -> str:
    """Return a person's name; a login that nobody bears stays as it is."""
    for row in case.registers("person"):
        if row.get("login") == login:
            return str(row["name"])
    return login


def members(case: Case) -> list[tuple[str, str]]:
    """Return the team as (login, role), leader first; roles are `leader`, `auditor`, `expert`, `trainee`."""
    rows: Sequence[Mapping[str, Any]] = case.get("team.members", [])
    leader = case.get("team.leader")
    return ([(str(leader), "leader")] if leader else []) + [(str(row["person"]), str(row["role"])) for row in rows]


def with_role(case: Case, *roles: str) -> list[str]:
    """Return the logins of the team members who have one of the roles."""
    return [login for login, role in members(case) if role in roles]


def titled(case: Case, login: str, role: str) -> str:
    """Return a member as `name, role` for a signature or a list."""
    return f"{name_of(case, login)}, {ROLE_NAMES.get(role, role)}"


def team_titles(case: Case, *roles: str) -> list[str]:
    """Return the team, or those with one of the roles, as `name, role`."""
    return [titled(case, login, role) for login, role in members(case) if not roles or role in roles]


def head_of_body(case: Case) -> str:
    """Return the head of the body as a signer."""
    return f"{_holder(case, 'head')}, руководитель органа"


def director(case: Case) -> str:
    """Return the director as a signer."""
    return f"{_holder(case, 'director')}, директор"


def acting_director(case: Case) -> str:
    """Return whoever takes the director's step now as a signer: the director, or the person who stands in.

    A step that no person takes (time passed) names the director.
    """
    roles = next((row.get("roles", ()) for row in case.registers("person") if row["login"] == case.actor.login), None)
    if roles is None or "director" in roles:
        return f"{case.actor.name}, директор" if roles is not None else director(case)
    return f"{case.actor.name}, за директора"


def _holder(case: Case, role: str) -> str:
    for row in case.registers("person"):
        if role in row.get("roles", ()):
            return str(row["name"])
    return role


def standards(case: Case) -> list[str]:
    """Return the standards of the case, as the application names them."""
    return [str(each) for each in case.get("application.standards", [])]


def is_integrated(case: Case) -> bool:
    """Whether several management systems are certified together (C L12)."""
    return len(standards(case)) > 1


APPLICANT, DECIDER, DIRECTOR = "role:applicant", "role:decider", "role:director"
HEAD, LEADER, OFFICER = "role:head", "role:team_leader", "role:officer"
"""Who signs by office: entries of `must_sign`."""


def organisation(case: Case) -> str:
    """Return the organisation as a signer; who signs for it is known by the signature."""
    return f"{case.get('application.name', '')}, заявитель"


def paper(
    case: Case,
    kind: str,
    title: str,
    fields: Mapping[str, Any],
    signers: Iterable[str] = (),
    *,
    own: str = "",
    must_sign: Iterable[str] = (),
) -> Document:
    """Return a document that says whose case and which standards it is about, all standards in one (C-004).

    `must_sign` are those whose signature the case needs (logins, roles), `own` is one of them who decides it in this
    very step, and so signs it.
    """
    heading: dict[str, Any] = {
        "Дело": case.number,
        "Заявитель": case.get("application.name", ""),
        "БИН": case.get("application.bin", ""),
        "Стандарты": standards(case),
    }
    wanted = (*((own,) if own else ()), *must_sign)
    return Document(
        kind=kind,
        title=title,
        fields={**heading, **fields},
        signers=tuple(signers),
        must_sign=wanted,
        signed_by_actor=bool(own),
    )


def answers(case: Case, path: str, about: str, said: str) -> list[dict[str, Any]]:
    """Return the fields of a fieldset as rows of a paper: what was asked, under `about`, and the answer to it."""
    return [{about: title, said: answer} for title, answer in case.words(path).items()]


def money(amount: float | str, currency: str) -> str:
    """Write an amount as people of these countries do, with the currency by its name.

    >>> money(1850000, "KZT"), money(2500.5, "UZS")
    ('1 850 000 тенге', '2 500,50 сум')
    """
    value = float(amount)
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return f"{whole.replace(',', ' ').replace('.', ',')} {CURRENCIES.get(currency, currency)}"


GREETING = "Здравствуйте!"


def contact(case: Case, role: str) -> str:
    """Return whom to ask about a letter, as a sentence; empty while nobody with an address may be named."""
    closed = case.members("no_access")
    for row in case.registers("person"):
        if role in row.get("roles", ()) and row.get("email") and row["login"] not in closed:
            return f"Если нужны пояснения, напишите на {row['email']}, вам ответит {row['name']}."
    return ""


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does.

    >>> sentence("Замечаний нет"), sentence("Готово.")
    ('Замечаний нет.', 'Готово.')
    """
    said = text.strip()
    return said if not said or said[-1] in ".!?…:;" else f"{said}."


def letter_text(case: Case, body: str) -> str:
    """Return a letter to a client whole: a greeting, what it says, which case it is about, whom to ask."""
    about = ", ".join(part for part in (str(case.get("application.name", "")), *standards(case)) if part)
    named = f"Дело № {case.number}: {about}." if about else f"Дело № {case.number}."
    return "\n\n".join(part for part in (GREETING, sentence(body), named, contact(case, "officer")) if part)


def to_applicant(
    case: Case, kind: str, subject: str, body: str, *, due: date | None = None, encloses: Sequence[str] = ()
) -> Letter:
    """Return a letter to the applicant's address, with the newest papers of the kinds that it encloses."""
    to = str(case.get("application.email", ""))
    return Letter(kind=kind, to=to, subject=subject, body=letter_text(case, body), due=due, encloses=encloses)


def to_role(case: Case, role: str, kind: str, subject: str, body: str, *, encloses: Sequence[str] = ()) -> list[Letter]:
    """Return a letter to everybody who holds an organisation role and may know of the case.

    Where the case is closed to all of them, as a complaint about the director is to the director, the letter goes to
    the first role that stands in (register `role`).
    """
    closed = case.members("no_access")
    staff = [row for row in case.registers("person") if row["login"] not in closed and row.get("active", True)]
    stand_ins = next((row["stand_in"] for row in case.registers("role") if row["role"] == role), ())
    for one in (role, *stand_ins):
        found = [row for row in staff if one in row.get("roles", ())]
        if found:
            text = f"{sentence(body)}\n\nДело № {case.number}."
            addresses = [str(row.get("email") or row["login"]) for row in found]
            return [Letter(kind=kind, to=to, subject=subject, body=text, encloses=encloses) for to in addresses]
    return []


def works_row(case: Case, stage: str, **more: Any) -> Record:
    """Return the case's row of the journal of conformity works (Appendix 6), whole, with `more` known now.

    A refusal that may still be appealed stands in it at once, or only when it is final (reading refusal.journal).
    """
    known: dict[str, Any] = {
        "Заявитель": case.get("application.name", ""),
        "Стандарты": standards(case),
        "Заявка": case.get("application.is_number", ""),
        "Договор": case.get("contract_analysis.number", ""),
        "Приказ": case.get("order.number", ""),
        "Акт": case.get("act_register.number", ""),
        "Дата акта": case.get("act_register.date", ""),
        "Решение по результатам": case.get("decision_register.result", ""),
        "Принял решение": case.get("decision_register.decider", ""),
        "Сертификат": _certificate(case),
        "Статус": _status(case),
    }
    fields = {**known, "Стадия": stage, **more}
    if fields["Статус"] == "APPEALABLE" and case.terms.reading("refusal.journal") == "when_final":
        fields |= dict.fromkeys(("Решение по результатам", "Принял решение", "Статус"), "")
    return Record(journal="works", key=case.number, fields=fields)


def _certificate(case: Case) -> str:
    """The number of the certificate that the case has issued, else of the one that it is about."""
    issued = case.get("certificate.number") if case.get("certificate.entered_on") else None
    return str(issued or case.get("held.number", ""))


def _status(case: Case) -> str:
    """How far the work has come, for the journal: the decision, else termination, else the application."""
    decided: str | None = case.get("decision_register.status")
    if decided:
        return decided
    if case.get("ca_status.result") == "TERMINATED":
        return "TERMINATED"
    return str(case.get("intake.status", ""))


def unsigned(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of those in a list of participants who have not signed."""
    return [str(row.get("name", "")) for row in rows if not row.get("signed")]


def refuse_unsigned(rows: Sequence[Mapping[str, Any]], field: str) -> None:
    """Refuse minutes that lack a signature. Source: C L121-122, L154 (C-056, C-077)."""
    missing = unsigned(rows)
    if missing:
        raise Refused(
            "SIGNATURE_MISSING",
            "Не подписали: {names}. Получите подписи всех участников, включая стажёров и наблюдателей.",
            field=field,
            names=", ".join(missing),
        )
