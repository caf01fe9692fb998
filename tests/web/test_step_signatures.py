"""A task that signs documents, as people meet it: in the inbox, by a personal link, on paper, and where it is shown."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from app.wiring import Services
from engine.library import read_folder
from engine.steps import SYSTEM
from storage import signatures
from storage.chain import Event, append
from storage.tables import document
from tests.web.conftest import PROCESSES, START, Browser
from tests.web.test_links import CLERK, HEAD, OFFICER, made, task_path

Sign = Callable[..., Browser]
Waiting = Callable[[int], dict[str, str]]
AT = "2026-01-12T06:00:00.000000+00:00"
FIELDS = json.dumps({"Решение": "Принять"}, ensure_ascii=False)
SHA256 = hashlib.sha256(FIELDS.encode()).hexdigest()
SIGNERS = ["Гульнара Касымова, руководитель органа", "ТОО «Жетысу», заявитель"]


@pytest.fixture
def asked(services: Services, waiting: Waiting) -> int:
    """A case in which the applicant's task, which signs the minutes, waits; the head has signed by their own task."""
    files = read_folder(PROCESSES)
    bpmn = files["review.bpmn"].decode()
    signs = '<spiffworkflow:property name="signs" value="minutes"/>'
    files["review.bpmn"] = (
        bpmn.replace('name="on_behalf" value="clerk"/>', f'name="on_behalf" value="clerk"/>{signs}')
        .replace('name="excludes" value="reviewers"/>', f'name="excludes" value="reviewers"/>{signs}')
        .encode()
    )
    services.engine.publish(files, SYSTEM, "tests")
    case = services.engine.start("review", START, CLERK).case_id
    services.engine.complete(waiting(case)["check"], {"conclusion": "всё верно"}, OFFICER)
    draw_up(services, case)
    services.engine.complete(waiting(case)["decide"], {"outcome": "accept"}, HEAD)
    return case


def draw_up(services: Services, case: int) -> None:
    told = {"kind": "minutes", "number": "R-2026-0001/1", "sha256": SHA256}
    row = {
        "case_id": case, "title": "Протокол", "fields": FIELDS, "signers": json.dumps(SIGNERS, ensure_ascii=False),
        "must_sign": '["head", "role:applicant"]', "confidential": False, "element": "check", "at": AT, "by": "officer",
    }  # fmt: skip
    with services.database.writing() as connection:
        connection.execute(insert(document).values(**row, **told))
        append(connection, [Event(type="DocumentIssued", actor="officer", at=AT, case_id=case, data=told)])


def of_case(services: Services, case: int) -> list[dict[str, Any]]:
    with services.database.reading() as connection:
        return signatures.of_case(connection, case)


def test_a_task_shows_what_completing_it_will_sign(browser: Sign, asked: int, waiting: Waiting) -> None:
    page = browser("clerk").get(f"/tasks/{waiting(asked)['answer']}")

    assert "Выполнив задачу, вы подпишете" in page.text
    assert "Протокол № R-2026-0001/1" in page.text
    assert SHA256[:12] in page.text
    assert re.search(r'href="/documents/\d+\.pdf"', page.html)


def test_who_came_by_a_link_reads_the_document_and_signs_it_by_answering(
    browser: Sign, services: Services, asked: int
) -> None:
    path = made(browser("clerk"), asked)
    guest = browser()
    page = guest.get(task_path(guest.get(path)))
    assert "Выполнив задачу, вы подпишете" in page.text
    paper = re.findall(r'href="(/l/[^"]+/documents/\d+)"', page.html)[0]
    assert "Принять" in guest.get(paper).text

    guest.send(page, page.path, received="true")

    signed = of_case(services, asked)[-1]
    assert signed["login"].startswith("link:")
    assert (signed["name"], signed["role"], signed["via"]) == ("Бауыржан Оспанов", "applicant", "link")
    text = browser("head").get(f"/documents/{signed['document_id']}").text
    assert "по личной ссылке Бауыржан Оспанов" in text
    assert "ждёт подписи" not in text


def test_a_signature_on_paper_is_entered_only_with_its_scan_and_the_document_leads_to_it(
    browser: Sign, services: Services, asked: int, waiting: Waiting
) -> None:
    clerk = browser("clerk")
    page = clerk.get(f"/tasks/{waiting(asked)['answer']}")
    assert "без него подпись не записывается" in page.text
    bad = clerk.send(page, page.path + "/complete", received="true")
    assert (bad.status, list(waiting(asked))) == (422, ["answer"])
    assert "приложите скан" in bad.text

    clerk.send(page, page.path + "/complete", received="true", files={"_scan": (io.BytesIO(b"%PDF-1.7 x"), "лист.pdf")})

    signed = of_case(services, asked)[-1]
    assert (signed["login"], signed["role"], signed["via"]) == ("clerk", "applicant", "on_behalf")
    text = browser("head").get(f"/documents/{signed['document_id']}").text
    assert "на бумаге внёс(ла) Айгерим Сулейменова" in text
    assert "скан: лист.pdf" in text


def test_the_proof_holds_for_what_tasks_have_signed_and_breaks_with_the_row(
    browser: Sign, services: Services, asked: int
) -> None:
    signed = of_case(services, asked)[0]
    page = browser("head").get(f"/documents/{signed['document_id']}/verify")
    assert "Всё сходится" in page.text

    with services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE signature SET via = 'on_behalf'")

    assert "Не сходится" in browser("head").get(f"/documents/{signed['document_id']}/verify").text


def test_who_signed_by_a_task_may_add_a_signature_with_a_key(browser: Sign, services: Services, asked: int) -> None:
    signed = of_case(services, asked)[0]

    text = browser("head").get(f"/documents/{signed['document_id']}").text

    assert "можно добавить подпись своим ключом" in text
    sheet = services.press.sheet(signed["document_id"])
    assert sheet.startswith(b"%PDF")
