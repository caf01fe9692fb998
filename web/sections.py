"""Where in its document a requirement stands, in the reader's language: chapters have names or numbers."""

from __future__ import annotations

import re

from engine.messages import N_
from web.language import said

CHAPTERS = (
    N_("Преамбула"),
    N_("Анализ заявки"),
    N_("Расчет и выборка"),
    N_("Договор"),
    N_("Программа аудита"),
    N_("Этап 1"),
    N_("Команда"),
    N_("План аудита"),
    N_("Вступительное совещание"),
    N_("Чек-лист"),
    N_("Протокол НС"),
    N_("Акт"),
    N_("Заключительное совещание"),
    N_("Корректирующие действия"),
    N_("Отчет"),
    N_("Рассмотрение"),
    N_("Выдача"),
    N_("Инспекционный контроль"),
    N_("Приостановление"),
    N_("Переоформление"),
    N_("Ресертификация"),
    N_("Расширение"),
    N_("Сокращение"),
    N_("Реестр"),
    N_("Титул"),
    N_("Прил. Б"),
)
"""The chapters that have names."""
_NUMBER = re.compile(r"6\.\d+|\d+")  # the sixth chapter is the procedure itself, so its parts count as chapters
_NAMED = re.compile(r"(?P<name>.*?)\s*(?P<lines>\(.*\))?", re.DOTALL)


def section_words(section: str) -> str:
    """Return a section with its chapter's name in the reader's language; places in the text stay as they are."""
    found = _NAMED.fullmatch(section)
    return " ".join(filter(None, (said(found["name"]), found["lines"]))) if found else section


def chapter(section: str) -> str:
    """Return the chapter of a section: its number, or its name without places.

    >>> chapter("Этап 1 (L81)"), chapter("6.9.5 п.1, 6.10.10"), chapter("3.10"), chapter("Титул, 1.1")
    ('Этап 1', '6.9', '3', 'Титул')
    """
    number = _NUMBER.match(section)
    found = _NAMED.fullmatch(section)
    return number[0] if number else (found["name"] if found else section).partition(",")[0]
