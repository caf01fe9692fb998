"""What every paper of a received item has in common: who sent it, where to answer, its row in the one journal.

No step and no guard is here; rules are in the room `rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from engine.steps import SYSTEM, Case, Document, Letter, Record
from handlers.client_file import GREETING, contact, day, name_of, sentence, shown, to_role

CATEGORY_NAMES = {
    "APPLICATION": "заявление",
    "PROPOSAL": "предложение",
    "COMPLAINT": "жалоба (претензия)",
    "APPEAL": "апелляция",
    "OUT_OF_COMPETENCE": "вне компетенции",
}
TARGET_NAMES = {"BODY": "орган по сертификации", "APPLICANT": "заявитель или держатель сертификата", "OTHER": "другие"}
RESULT_NAMES = {
    "UPHELD": "апелляция удовлетворена",
    "PARTLY_UPHELD": "апелляция удовлетворена частично",
    "DISMISSED": "апелляция отклонена",
}
CONCLUSION_NAMES = {
    "JUSTIFIED": "обоснована",
    "PARTLY_JUSTIFIED": "обоснована частично",
    "UNFOUNDED": "явно необоснованна",
}
STATUS_NAMES = {
    "REGISTERED": "зарегистрировано",
    "NOT_CONSIDERED_ANONYMOUS": "не рассматривается: анонимное",
    "NOT_CONSIDERED_NO_AUTHORITY": "не рассматривается: полномочия не подтверждены",
    "DECLINED": "не принято к рассмотрению",
    "UNDER_CONSIDERATION": "рассматривается",
    "PUT_IN_WRITING": "изложено письменно, заведено новое обращение",
    "ANSWERED": "дан ответ",
    "FORWARDED": "переслано по принадлежности",
    "LEFT_WITHOUT_CONSIDERATION": "оставлено без рассмотрения с разъяснением",
    "CLOSED_SATISFIED": "закрыто, заявитель удовлетворён",
    "CLOSED_SILENT": "закрыто, возражений нет",
    "CLOSED_WITH_DISAGREEMENT": "закрыто с несогласием заявителя",
    "LATE": "срок апелляции пропущен",
    "FINAL": "решение окончательно",
    "CONTESTED": "решение оспорено",
    "REOPENED": "решение пересматривается",
}
THANKS = "Благодарим вас за обращение: оно помогает нам работать лучше."


def applicants(case: Case) -> list[Mapping[str, Any]]:
    """Return the applicants as they are known now, completed if the sender completed them."""
    return list(case.get("item.applicants", case.get("submission.applicants", [])))


def applicant_names(case: Case) -> str:
    """Return the applicants' names as one text; a dash where none is known."""
    return ", ".join(str(row["name"]) for row in applicants(case) if row.get("name")) or "не указан"


def addresses(case: Case) -> str:
    """Return the applicants' postal addresses, or places of work or study, as one text."""
    found = [str(row.get("address") or row.get("work_or_study") or "") for row in applicants(case)]
    return "; ".join(each for each in found if each) or "не указан"


def tax_numbers(case: Case) -> list[str]:
    """Return the numbers and the names by which the tie register may know the parties."""
    return [str(row[key]) for row in applicants(case) for key in ("tax_number", "name") if row.get(key)]


def reply_address(case: Case) -> str:
    """Return where an answer goes: the e-mail, else name and postal address, else an empty text."""
    email = case.get("item.email", case.get("submission.email"))
    if email:
        return str(email)
    for row in applicants(case):
        place = row.get("address") or row.get("work_or_study")
        if place:
            return f"{row.get('name', '')}, {place}".strip(", ")
    return ""


def category_of(case: Case) -> str:
    """Return the category by the resolution, or the proposed one while there is no resolution."""
    return str(case.get("resolution.category", case.get("intake.proposed_category", "")))


def to_sender(
    case: Case, kind: str, subject: str, body: str, *, due: date | None = None, encloses: Sequence[str] = ()
) -> list[Letter]:
    """Return a letter to the sender that thanks and names the item; none when there is nowhere to write to."""
    address = reply_address(case)
    if not address:
        return []
    parts = (GREETING, THANKS, sentence(body), f"Номер обращения: {case.number}.", contact(case, "clerk"))
    text = "\n\n".join(part for part in parts if part)
    return [Letter(kind=kind, to=address, subject=subject, body=text, due=due, encloses=encloses)]


def to_parties(case: Case, kind: str, subject: str, body: str, *, encloses: Sequence[str] = ()) -> list[Letter]:
    """Return a letter to each party of an appeal: to the appellant, and to the head who speaks for the body."""
    return [
        *to_sender(case, kind, subject, body, encloses=encloses),
        *to_role(case, "head", kind, subject, body, encloses=encloses),
    ]


def to_people(
    case: Case, logins: Iterable[str], kind: str, subject: str, body: str, *, encloses: Sequence[str] = ()
) -> list[Letter]:
    """Return a letter to each of the people who may know of the case."""
    closed = case.members("no_access")
    rows = {str(row["login"]): row for row in case.registers("person")}
    text = f"{GREETING}\n\n{sentence(body)}\n\nНомер обращения: {case.number}."
    return [
        Letter(
            kind=kind,
            to=str(rows.get(login, {}).get("email") or login),
            subject=subject,
            body=text,
            encloses=encloses,
        )
        for login in logins
        if login not in closed
    ]


def paper(case: Case, kind: str, title: str, fields: Mapping[str, Any], **more: Any) -> Document:
    """Return a document that says which item it is about; `more` are `signers` and `confidential`."""
    heading: dict[str, Any] = {
        "Обращение": case.number,
        "Заявитель": applicant_names(case),
        "Предмет": case.get("submission.subject", ""),
    }
    return Document(kind=kind, title=title, fields={**heading, **fields, "Порядок": _procedure(case)}, **more)


def _procedure(case: Case) -> str:
    """Return by which edition of the procedure the item is handled, flagged when its validity is over (A-002)."""
    edition = case.get("registration.procedure_edition") or case.terms.reading("procedure.edition")
    known = f"редакция {edition}, {case.terms.reading('standard.clause')}"
    if not case.get("registration.procedure_expired"):
        return known
    until = shown(str(case.terms.reading("procedure.valid_until")))
    return f"{known}; срок действия редакции истёк {until}, обращение рассматривается в обычном порядке"


def signed_now(case: Case, signer: str) -> dict[str, Any]:
    """Return what makes a paper signed by the person whose step it is made in, who bears the title `signer`."""
    if case.actor.login == SYSTEM.login:  # time has taken the step
        return {"signers": (signer,)}
    return {"signers": (signer,), "must_sign": (case.actor.login,), "signed_by_actor": True}


def journal_row(case: Case, status: str, **more: Any) -> Record:
    """Return the item's row of the one journal, whole, with the columns of Appendix C and the added ones.

    Source: A 6.3.2.2, Appendix C (A-040, A-068); columns added by the reading `journal.one`.
    """
    number = case.get("registration.incoming_number", "")
    known: dict[str, Any] = {
        "Вх. № и дата": f"{number} от {shown_or_dash(case, 'registration.incoming_on')}",
        "Поступило": case.get("submission.received_on", ""),
        "Зарегистрировано": case.get("registration.registered_on", case.today.isoformat()),
        "Заявитель": applicant_names(case),
        "Сведения о заявителе": _about_sender(case),
        "Предмет": case.get("submission.subject", ""),
        "Краткое содержание": case.get("submission.summary", ""),
        "Категория": CATEGORY_NAMES.get(category_of(case), ""),
        "Кого касается": TARGET_NAMES.get(str(case.get("resolution.target", "")), ""),
        "Ознакомлен с процедурой": case.get("item.acquainted", case.get("registration.acquainted", "")),
        "Ответственный": _named(case, "resolution.responsible"),
        "Срок": case.get("control.due_on", ""),
        "Обоснована": case.get("conclusion.justified", ""),
        "Повторное к": case.get("intake.earlier_case", ""),
        "Оспорено": case.get("submission.contested_decision", ""),
        "Решение": RESULT_NAMES.get(str(case.get("verdict.result", "")), ""),
        "Решение вынесено": case.get("verdict.decided_on", ""),
        "Исх. №": case.get("reply_dispatch.outgoing_number", ""),
        "Ответ отправлен": case.get("reply_dispatch.sent_on", ""),
        "Код статуса": status,
        "Статус": STATUS_NAMES.get(status, status),
    }
    return Record(journal="appeals", key=case.number, fields={**known, **more})


def shown_or_dash(case: Case, path: str) -> str:
    """Return a date of the case as Russian readers write it, or a dash."""
    value = case.get(path)
    return shown(day(str(value))) if value else "—"


def names(case: Case, logins: Sequence[str]) -> list[str]:
    """Return the people's names in the given order."""
    return [name_of(case, login) for login in logins]


def _about_sender(case: Case) -> str:
    known = [applicant_names(case), addresses(case), case.get("submission.phone"), case.get("item.email")]
    known += [row.get("headed_by") for row in applicants(case)]
    return "; ".join(str(each) for each in known if each)


def _named(case: Case, path: str) -> str:
    login = case.get(path)
    return name_of(case, str(login)) if login else ""
