"""Documents, letters, journals and incidents: read by whom they are for, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import insert

from app.wiring import Services
from engine.service import Engine, Step
from storage.tables import document, incident, letter, record
from tests.web.conftest import Browser
from tests.web.test_access import join

Sign = Callable[..., Browser]
AT = "2026-01-12T06:00:00.000000+00:00"


@pytest.fixture
def papers(services: Services, case: int) -> int:
    """A case with two documents, a letter, a journal entry and an incident; an applicant takes part."""
    common = {"case_id": case, "element": "decide", "at": AT, "by": "head", "sha256": "0" * 64}
    fields = {"Решение": "Принять", "Срок": "2026-02-01", "Площадки": [{"Город": "Кентау", "Людей": 3}], "Итого": 1.5}
    rows = [
        {"kind": "open", "number": "R-2026-0001/1", "title": "Открытое решение", "confidential": False},
        {"kind": "closed", "number": "R-2026-0001/2", "title": "Закрытое приложение", "confidential": True},
    ]
    with services.database.writing() as connection:
        told = {"fields": json.dumps(fields, ensure_ascii=False), "signers": json.dumps(["Г. Касымова"])}
        connection.execute(insert(document), [{**common, **told, **row} for row in rows])
        connection.execute(
            insert(letter).values(
                case_id=case,
                kind="notice",
                addressee="a@b.example",
                subject="О решении",
                body="Уважаемый заявитель",
                message_id="<1@reglament>",
                created_at=AT,
            )
        )
        connection.execute(
            insert(record).values(
                journal="works", key="R-1", case_id=case, at=AT, fields='{"Заявитель": "ТОО «Кентау-Бетон»"}'
            )
        )
        connection.execute(
            insert(incident).values(
                case_id=case, element="check", error="нет связи", trace="Traceback", input='{"a": 1}', at=AT
            )
        )
    join(services, case, "applicant", "applicant")
    return case


def test_a_document_is_read_on_the_page_with_its_values_in_words(browser: Sign, papers: int) -> None:
    page = browser("head").get("/documents/1")

    for words in ("Открытое решение", "R-2026-0001/1", "01.02.2026", "Кентау", "1,5", "Г. Касымова"):
        assert words in page.text, words


def test_a_document_comes_as_a_pdf_named_by_its_number(browser: Sign, papers: int) -> None:
    answer = browser("head").client.get("/documents/1.pdf")

    assert answer.data.startswith(b"%PDF-")
    assert "filename=R-2026-0001-1.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("path", "party", "stranger"),
    [
        ("/documents/1", 200, 404),
        ("/documents/2", 404, 404),
        ("/documents/2.pdf", 404, 404),
        ("/letters/1", 404, 404),
        ("/journals/works", 404, 404),
    ],
)
def test_a_party_reads_what_is_open_and_a_stranger_nothing(
    browser: Sign, papers: int, path: str, party: int, stranger: int
) -> None:
    assert browser("applicant").get(path).status == party
    assert browser("auditor").get(path).status == stranger
    assert browser("head").get(path).status == 200


def test_a_journal_is_searched_and_leads_to_the_case(browser: Sign, papers: int) -> None:
    head = browser("head")

    assert "ТОО «Кентау-Бетон»" in head.get("/journals/works?q=кентау").text
    assert "Ничего не найдено" in head.get("/journals/works?q=тараз").text
    assert "Журнал работ" in head.get("/journals").text


def test_the_search_box_leads_straight_to_a_case_by_its_number(browser: Sign, papers: int) -> None:
    head = browser("head")

    assert head.get("/search?q=r-2026-0001").path == f"/cases/{papers}"
    assert head.get("/search?q=шум").path == "/cases"
    assert "R-2026-0001" in head.get("/search?q=R-2026-0001/1").text
    assert "Ничего не найдено" in head.get("/cases?q=ничего такого").text


def test_an_operator_sees_the_step_its_input_and_the_trace_and_repeats_it(
    browser: Sign, papers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def resume(engine: Engine, incident_id: int, actor: object) -> Step:
        asked.append(incident_id)
        return Step(case_id=papers, number="R-2026-0001", tasks=(), ended=False)

    monkeypatch.setattr(Engine, "resume", resume)
    admin = browser("admin")
    page = admin.get("/incidents/1")
    for words in ("Проверить обращение", "нет связи", '{"a": 1}', "Traceback"):
        assert words in page.text, words

    admin.send(page, "/incidents/1/resume")

    assert asked == [1]
    assert "Повторить шаг" not in browser("assessor").get("/incidents/1").text
    assert browser("assessor").post("/incidents/1/resume").status == 403
