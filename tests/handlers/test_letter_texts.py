"""Letters to people: each greets, says which case it is about, ends as sentences do, and names whom to ask."""

from __future__ import annotations

import pytest

from handlers.client_file import letter_text, to_applicant, to_role
from handlers.item import to_people, to_sender
from tests.handlers.certification_case import a_case
from tests.handlers.item_case import an_item


def test_a_letter_to_the_applicant_greets_names_the_case_and_whom_to_ask() -> None:
    text = to_applicant(a_case(), "report_copy", "Отчёт", "Направляем отчёт").body

    assert text.startswith("Здравствуйте!\n\nНаправляем отчёт.\n\n")
    assert "Дело № С-2026-0001: ТОО «Кентау-Бетон», ISO 9001." in text
    assert "officer@sertico.example, вам ответит Данияр Ахметов" in text


def test_a_letter_to_a_sender_thanks_and_names_the_item_and_whom_to_ask() -> None:
    (letter,) = to_sender(an_item(), "receipt", "Принято", "Обращение зарегистрировано")

    assert letter.body.startswith("Здравствуйте!\n\nБлагодарим")
    assert "Обращение зарегистрировано.\n\nНомер обращения: А-2026-0001." in letter.body
    assert "kense@sertico.example" in letter.body


def test_nobody_from_whom_a_case_is_kept_is_named_in_its_letters() -> None:
    assert "clerk" not in letter_text(an_item(groups={"no_access": ("officer",)}), "Текст")
    assert "officer@" not in letter_text(an_item(groups={"no_access": ("officer",)}), "Текст")


@pytest.mark.parametrize("body", ["Подготовьте договор", "Подготовьте договор."])
def test_a_letter_to_staff_is_short_and_names_the_case(body: str) -> None:
    (letter,) = to_role(a_case(), "head", "reminder", "Нет договора", body)

    assert letter.body == "Подготовьте договор.\n\nДело № С-2026-0001."


def test_a_letter_to_a_member_of_the_commission_greets_and_names_the_item() -> None:
    (letter,) = to_people(an_item(), ["member1"], "materials", "Материалы", "Материалы направлены")

    assert letter.body == "Здравствуйте!\n\nМатериалы направлены.\n\nНомер обращения: А-2026-0001."
