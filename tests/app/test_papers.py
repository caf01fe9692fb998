"""Every kind of paper that the procedures make: set from what was played and from much worse, and read back."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typst
from sqlalchemy import select

from app.config import PROCESSES
from app.play.player import Player, perform
from app.play.scenario import read
from app.printing import loaded, printed, template_for, templates_of, version_of
from engine.library import read_folder
from outside import qr
from storage.tables import case, document
from tests.outside.drawn import Sheet, outside, overlaps, sheets

HANDLERS = Path(__file__).parents[2] / "handlers"
FILES = read_folder(PROCESSES)
TEMPLATES = templates_of(FILES)
SCENARIOS = (
    "appeal-dismissed-late",
    "appeal-tied-vote",
    "certification-late-corrective-actions",
    "certification-refused-then-appeal",
    "complaint-about-body",
    "complaint-anonymous",
    "complaint-from-supervisory-body",
    "complaints-report",
    "extension-same-kind",
    "out-of-competence-explained",
    "preliminary-assessment",
    "recertification-too-late",
    "reduction-by-holder",
    "reissue-ended-meanwhile",
    "status-kept",
    "surveillance-confirmed",
    "surveillance-refusal-answered",
    "surveillance-suspended-then-lifted",
    "suspension-by-holder",
)
"""Together they make every kind of paper."""

NAME = (
    "«Қазақстан-Өзбекстан құрылыс материалдары өндірістік-коммерциялық бірлестігі „Ұлы дала“ — Oʻzbekiston qurilish "
    "mollari, Gʻijduvon tumani, Ғиждувон, ҳамкорлик ва тараққиёт» жауапкершілігі шектеулі серіктестігі"
)
HASH = "5d867b8f83dc6cbd" * 4
WORD = "https://tizim.example.uz/reestr/sertifikatlar/2026/0001-Ұзынсөз-превысокомногорассмотрительствующий"
ROWS = 50
NUMBERED = ("Дело", "Обращение", "Номер", "Стандарты", "Отчётный и два предыдущих года", "По месяцам")
"""Fields whose values the system or a list gives, none of which is long."""
CODE = re.compile(
    r"\b(?!ISO|IAF|IEC|SHA|KZ)[A-Z][A-Z_0-9]{3,}\b|\b[a-z]+_[a-z_0-9]+\b|\b(?:auditor|expert|member|trainee|chair)\d\b"
)
"""Codes and logins, which no reader of a paper should meet."""
DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}|[\d.,]+")


@cache
def played() -> Mapping[str, Mapping[str, Any]]:
    """Return kind -> the fullest paper of that kind in the scenarios."""
    found: dict[str, Mapping[str, Any]] = {}
    player = Player(FILES, PROCESSES)
    for name in SCENARIOS:
        scenario = read(PROCESSES / "scenarios" / f"{name}.yaml")
        with player._stage(scenario) as stage:
            assert perform(stage, scenario) is None, name
            query = select(document, case.c.number.label("case_number")).join(case, case.c.id == document.c.case_id)
            with stage.engine.database.reading() as connection:
                for row in connection.execute(query).mappings():
                    known = found.get(row["kind"])
                    if known is None or len(str(row["fields"])) > len(str(known["fields"])):
                        found[row["kind"]] = dict(row)
    return found


@pytest.fixture(scope="module")
def press() -> Iterator[Callable[[Mapping[str, Any]], bytes]]:
    """Set a paper as it is printed, in this process, which is faster than the child of each."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in TEMPLATES.items():
            (Path(folder) / name).write_bytes(content)

        def pressed(row: Mapping[str, Any]) -> bytes:
            name = template_for(TEMPLATES, row["kind"])
            code = qr.svg("https://organ.example/certificates/1") if row["kind"] == "certificate" else None
            data = printed(
                row, {"number": row["case_number"]}, "ТОО «Сарыарка-Сертико»", zone=ZoneInfo("Asia/Almaty"),
                is_sample=False, template=version_of(TEMPLATES, name), qr=code,
            )  # fmt: skip
            made = typst.compile(
                str(Path(folder) / name), root=folder, pdf_standards=["a-2b"], ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=int(AT.timestamp()),
            )  # fmt: skip
            return bytes(made)

        yield pressed


AT = datetime(2026, 1, 12, tzinfo=UTC)
NAMED = re.compile(r'(?:paper\(\s*case,|Document\()\s*(?:kind=)?"(\w+)"')
COMPUTED = (
    *("decision_grant", "decision_refusal", "refusal_letter_1", "refusal_letter_2"),
    *("status_reduce", "status_suspend", "status_withdraw"),
)
"""Kinds that handlers put together from what was decided."""
KINDS = sorted({*COMPUTED, *NAMED.findall("".join(path.read_text(encoding="utf-8") for path in HANDLERS.glob("*.py")))})
WITH_TABLE = ("appeal_materials", "audit_programme", "case_index", "checklist")


def is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def worse(value: Any) -> Any:
    """Return a value as the hardest case gives it: names without end, words without a break, fifty rows."""
    if isinstance(value, str):
        return value if DATE.fullmatch(value) else f"{value} {NAME}"
    if isinstance(value, list) and value:
        rows = [worse(one) for one in islice(cycle(value), ROWS if is_table(value) else 12)]
        return [*rows, *((dict.fromkeys(value[0], word) if is_table(value) else word) for word in (WORD, HASH))]
    if isinstance(value, dict):
        return {label: worse(inner) for label, inner in value.items()}
    return value


def letters(text: str) -> str:
    """What is left of a text when line breaks, hyphens and capitals do not count."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def values(value: Any) -> Iterator[str]:
    """Yield every text that a paper must show."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from values(inner)
    elif isinstance(value, str) and value:
        yield value


def read_back(made: list[Sheet]) -> str:
    return letters("".join(sheet.text for sheet in made))


def shows(text: str, value: str) -> bool:
    """Whether the text has the value, a date also as words."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})\.(\d{2})\.(\d{4})", value)
    if not found:
        return letters(value) in text
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    months = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ]
    return f"{day}{month}{year}" in text or f"{int(day)}{months[int(month) - 1]}{year}" in text


def hard(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {label: value if label in NUMBERED else worse(value) for label, value in loaded(row["fields"]).items()}
    signers = [f"{NAME}, руководитель группы"] * 3 + [f"{one}, {NAME}" for one in loaded(row["signers"])]
    return {**row, "title": f"{row['title']} {NAME}", "fields": fields, "signers": signers}


def is_numbered(made: list[Sheet]) -> bool:
    """Whether every sheet says which of how many it is."""
    return all(f"лист {place} из {len(made)}" in sheet.repeated for place, sheet in enumerate(made, 1))


def faults(made: list[Sheet]) -> list[str]:
    """Return what is printed over something else or off the sheet."""
    return [f"over each other: {pair}" for sheet in made for pair in overlaps(sheet)] + [
        f"off the sheet: {text}" for sheet in made for text in outside(sheet)
    ]


def test_every_kind_that_a_handler_makes_is_played_and_looked_at() -> None:
    assert set(played()) == set(KINDS), "Add a scenario that makes it to SCENARIOS, or a computed kind to COMPUTED."


@pytest.mark.parametrize("kind", KINDS)
def test_a_played_paper_says_all_that_the_case_says_and_no_code(kind: str, press: Callable[..., bytes]) -> None:
    row = played()[kind]
    content = press(row)
    made = sheets(content)
    text = read_back(made)

    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert not any("\u200b" in sheet.text for sheet in made)
    assert len(made) <= 5
    assert faults(made) == []
    assert [value for value in values(loaded(row["fields"])) if not shows(text, value)] == []
    said = [*values(loaded(row["fields"])), *loaded(row["signers"])]
    signers = [part for signer in loaded(row["signers"]) for part in signer.split(", ", 1)]
    assert [part for part in signers if letters(part) not in text] == []
    assert CODE.findall(" ".join([row["title"], *said])) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_holds_long_names_three_alphabets_and_fifty_rows(kind: str, press: Callable[..., bytes]) -> None:
    row = hard(played()[kind])
    made = sheets(press(row))
    text = read_back(made)

    assert len(made) <= 60
    assert faults(made) == []
    assert [value for value in values(row["fields"]) if not shows(text, value)] == []
    assert is_numbered(made)


@pytest.mark.parametrize("kind", WITH_TABLE)
def test_the_head_of_a_table_is_repeated_on_every_sheet_where_it_goes_on(
    kind: str, press: Callable[..., bytes]
) -> None:
    row = hard(played()[kind])
    label, table = next((label, value) for label, value in row["fields"].items() if is_table(value))
    head = letters("".join(table[0]))
    made = sheets(press({**row, "fields": {label: table}}))

    first = next(place for place, sheet in enumerate(made) if head in letters(sheet.text))
    last = max(place for place, sheet in enumerate(made) if letters(WORD) in letters(sheet.text))

    assert last - first > 2
    assert all(head in letters(sheet.repeated) for sheet in made[first + 1 : last])


@pytest.mark.parametrize(("template", "value"), [("letter", NAME), ("letter", HASH), ("signature_sheet", HASH)])
def test_letters_and_sheets_of_signatures_hold_long_names_and_hashes(
    template: str, value: str, press: Callable[..., bytes]
) -> None:
    signed = {"Кто": NAME, "Когда": "30.03.2026 11:20:05", "Чем": "простая", "Сертификат": WORD, "Подписан": HASH}
    fields = {"Кому": f"{NAME} {WORD}", "Текст": f"Здравствуйте!\n\n{value}", "Отпечаток": HASH, "Подписали": [signed]}

    made = sheets(press({**played()["case_index"], "kind": template, "title": NAME, "fields": fields, "signers": []}))

    text = read_back(made)
    assert faults(made) == []
    assert [one for one in values(fields) if not shows(text, one)] == []


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_signatures_are_never_torn_from_their_heading(lines: int, press: Callable[..., bytes]) -> None:
    fields = {f"Строка {number}": "Текст" for number in range(lines)}
    row = {
        **played()["case_index"],
        "kind": "any",
        "fields": fields,
        "signers": ["Асель Тулегенова, эксперт-аудитор"] * 9,
    }

    made = sheets(press(row))

    heading = next(sheet for sheet in made if "Подписи" in sheet.text)
    assert "Асель Тулегенова" in heading.text.partition("Подписи")[2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_whole_when_everything_optional_is_empty(kind: str, press: Callable[..., bytes]) -> None:
    row = played()[kind]
    fields = {label: [] if isinstance(value, list) else "" for label, value in loaded(row["fields"]).items()}

    made = sheets(press({**row, "fields": fields, "signers": []}))

    assert len(made) == 1
    assert faults(made) == []
