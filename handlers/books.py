"""The rows that an item has in the books of the procedure: Appendices A and B, the control form.

The row of the one journal (Appendix C) is in item.py. No step and no guard is here.
"""

from __future__ import annotations

from engine.steps import Case, Record
from handlers.client_file import name_of
from handlers.item import addresses, applicant_names, applicants, journal_row


def opening_rows(case: Case) -> list[Record]:
    """Return the rows that a new item gets: the one journal, and the book that its way of coming asks for."""
    rows = [journal_row(case, "REGISTERED")]
    register_of = case["intake.register"]
    if register_of == "STATE_CORRESPONDENCE":
        fields = {
            "Вх. №": case["registration.incoming_number"],
            "От кого": applicant_names(case),
            "О чём": case["submission.subject"],
        }
        rows.append(Record(journal="state_correspondence", key=case.number, fields=fields))
    elif register_of == "COMMENTS_BOOK":
        rows.append(comments_book_row(case))
    elif register_of == "RECEPTION_BOOK":
        rows.append(reception_row(case))
    return rows


def comments_book_row(case: Case) -> Record:
    """Return the item's sheet of the book of comments and proposals, Appendix B (A-041)."""
    return Record(
        journal="comments_book",
        key=case.number,
        fields={
            "№": case.number,
            "Дата": case["submission.received_on"],
            "Заявитель": applicant_names(case),
            "Адрес заявителя": addresses(case),
            "Представитель": case.get("submission.representative_name", ""),
            "Телефон": case.get("submission.phone", ""),
            "Обращение": case["submission.summary"],
            "Принятые меры": case.get("reply.measures", case.get("reply.text", "ожидается")),
            "Подпись директора": "подписано" if case.get("reply_approval.decision") == "APPROVE" else "ожидается",
            "Ответ отправлен": case.get("reply_dispatch.sent_on", "ожидается"),
            "Особые отметки": case.get("item_archive.note", ""),
        },
    )


def reception_row(case: Case) -> Record:
    """Return the item's row of the book of personal reception: the eight columns of Appendix A (A-036)."""
    return Record(
        journal="reception_book",
        key=case.number,
        fields={
            "№": case.number,
            "Дата": case["submission.received_on"],
            "Ф. И. О. обратившегося": applicant_names(case),
            "Адрес места жительства и (или) работы": _places(case),
            "Содержание обращения": case["submission.summary"],
            "Результат рассмотрения": case.get("reception.result", "ожидается"),
            "Отметка об ответе": case.get("reception.answer", "ожидается"),
            "Подпись заявителя": case.get("reception.consent", "ожидается"),
        },
    )


def _places(case: Case) -> str:
    """Return where the visitors live and work, of each what they said."""
    said = [(row.get("address"), row.get("work_or_study")) for row in applicants(case)]
    return "; ".join(str(place) for both in said for place in both if place) or "не указан"


def control_form_row(case: Case) -> Record:
    """Return the row of the journal of registration and control forms (A-009)."""
    fields = {
        "Номер формы": case["control_form.number"],
        "Обращение": case.number,
        "Завёл": name_of(case, case.actor.login),
        "Препятствия": case.get("control_form.obstacles", "нет"),
    }
    return Record(journal="control_forms", key=str(case["control_form.number"]), fields=fields)
