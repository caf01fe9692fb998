"""The books of the procedure have the columns of its appendices, and nobody who came is left out of them."""

from __future__ import annotations

from handlers.books import comments_book_row, reception_row
from tests.handlers.item_case import an_item, submission

VISITORS = [
    {"name": "Нигора Саидова", "address": "Бухара, ул. Навруз, 8", "work_or_study": "Школа № 4"},
    {"name": "Темур Рахимов", "work_or_study": "Завод «Нур»"},
]


def test_the_book_of_reception_has_the_eight_columns_and_where_each_visitor_lives_and_works() -> None:
    row = reception_row(an_item({"submission": submission(kind="ORAL", channel=None, applicants=VISITORS)})).fields

    assert list(row) == [
        "№",
        "Дата",
        "Ф. И. О. обратившегося",
        "Адрес места жительства и (или) работы",
        "Содержание обращения",
        "Результат рассмотрения",
        "Отметка об ответе",
        "Подпись заявителя",
    ]
    assert row["Ф. И. О. обратившегося"] == "Нигора Саидова, Темур Рахимов"
    assert row["Адрес места жительства и (или) работы"] == "Бухара, ул. Навруз, 8; Школа № 4; Завод «Нур»"
    assert row["Результат рассмотрения"] == "ожидается"


def test_a_sheet_of_the_book_of_comments_has_both_its_sides() -> None:
    data = {
        "submission": submission(channel="BOOK", representative_name="Г. Каримова", phone="+998 65 223 00 00"),
        "reply": {"text": "Исправлено.", "measures": "Срок сокращён."},
        "reply_approval": {"decision": "APPROVE"},
        "reply_dispatch": {"sent_on": "2026-03-12"},
    }

    row = comments_book_row(an_item(data)).fields

    assert row == {
        "№": "А-2026-0001",
        "Дата": "2026-03-02",
        "Заявитель": "ООО «Самарканд Смазка»",
        "Адрес заявителя": "Самарканд",
        "Представитель": "Г. Каримова",
        "Телефон": "+998 65 223 00 00",
        "Обращение": "Протокол выдан с опозданием.",
        "Принятые меры": "Срок сокращён.",
        "Подпись директора": "подписано",
        "Ответ отправлен": "2026-03-12",
        "Особые отметки": "",
    }
