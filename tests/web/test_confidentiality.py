"""What is closed stays closed on every page, and whoever looks at what is confidential leaves an event."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from app.wiring import Services
from engine.clock import MovedClock
from engine.steps import Person
from storage import links
from storage import steps as write
from storage import uploads as stored
from storage.reading import cases
from tests.web.conftest import START, Browser

Sign = Callable[..., Browser]
Waiting = Callable[[int], dict[str, str]]
AT = "2026-01-12T05:00:00.000000+00:00"
TRACES = (
    "R-2026-0001",
    "Шум на площадке",
    "Мешает работать",
    "Закрытый лист",
    "Тайное письмо",
    "тайна.pdf",
    "ключ-строки",
)
CLERK = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
OFFICER = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))


def add(services: Services, table: str, **row: Any) -> None:
    with services.database.writing() as connection:
        write.insert_rows(connection, table, [row])


def join(services: Services, case: int, group: str, login: str) -> None:
    add(services, "participant", case_id=case, group=group, login=login, since=AT, until=None)


def issue(services: Services, case: int, kind: str, title: str, *, confidential: bool, by: str = "director") -> int:
    row = {
        "case_id": case, "kind": kind, "number": f"R/{title}", "title": title, "fields": '{"Содержание":"текст листа"}',
        "signers": "[]", "must_sign": "[]", "confidential": confidential, "element": "check", "at": AT, "by": by,
        "sha256": "0" * 64,
    }  # fmt: skip
    add(services, "document", **row)
    with services.database.reading() as connection:
        return int(cases.documents(connection, case)[0]["id"])


def keep(services: Services, case: int | None, name: str, by: str) -> str:
    with services.database.writing() as connection:
        return stored.keep(
            connection, filename=name, media_type="application/pdf", content=name.encode(), by=by, at=AT, case_id=case
        )


def words_of(content: bytes) -> str:
    """Return what an answer says: a page, or the sheets of a table inside its archive."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def looks(services: Services, case: int) -> list[dict[str, Any]]:
    with services.database.reading() as connection:
        return [row for row in cases.history(connection, case, 100) if row["type"] == "ConfidentialRead"]


# The case that somebody must not know of ----------------------------------------------------------------------------


@pytest.fixture
def whole(services: Services, case: int, waiting: Waiting) -> int:
    """A case with one of everything that a page could show."""
    file = keep(services, case, "тайна.pdf", "officer")
    services.engine.complete(waiting(case)["check"], {"conclusion": "Закрытый лист", "files": [file]}, OFFICER)
    issue(services, case, "sheet", "Закрытый лист", confidential=False)
    letter = {
        "case_id": case, "kind": "reply", "addressee": "x@example.kz", "subject": "Тайное письмо", "body": "Тайное",
        "message_id": "<1@x>", "due_on": None, "created_at": AT, "next_try_at": AT, "attempts": 0,
    }  # fmt: skip
    add(services, "letter", **letter)
    record = {"journal": "appeals", "key": "ключ-строки", "case_id": case, "fields": '{"Предмет":"Тайна"}', "at": AT}
    incident = {"case_id": case, "element": "check", "error": "Закрытый лист", "trace": "", "input": "{}", "at": AT}
    with services.database.writing() as connection:
        write.save_records(connection, [record])
        write.insert_rows(connection, "incident", [{**incident, "retry_at": None}])
    return case


def addresses(app: Flask, services: Services, case: int) -> Iterator[str]:
    """Yield every address that can be asked for by GET, with everything that could stand in its places."""
    with services.database.reading() as connection:
        set_hash = cases.set_of(connection, case)
        attachment = cases.attachments(connection, case)[0]["id"]
    task = next(iter(services.engine.library.set(set_hash).processes))
    texts = [
        attachment,
        "appeals",
        "review",
        set_hash,
        "request.json",
        "head",
        "review.bpmn",
        "R-2026-0001",
        "ключ-строки",
        task,
    ]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        places = [
            [1, 2] if type(rule._converters[name]).__name__ == "_RowNumber" else ["xlsx"] if name == "kind" else texts
            for name in sorted(rule.arguments)
        ]
        for values in product(*places):
            built = rule.build(dict(zip(sorted(rule.arguments), values, strict=True)))
            if built is not None:
                yield built[1]


@pytest.mark.parametrize("login", ["head", "admin", "assessor", "officer2"])
def test_no_page_shows_a_trace_of_a_case_to_whom_it_is_closed(
    app: Flask, browser: Sign, services: Services, whole: int, waiting: Waiting, login: str
) -> None:
    join(services, whole, "no_access", login)
    visitor = browser(login)

    traces = {}
    for address in [*addresses(app, services, whole), *(f"/tasks/{task}" for task in waiting(whole).values())]:
        if address == "/sign-out":
            continue
        page = visitor.client.get(address, follow_redirects=True)
        assert page.status_code < 500, address
        shown = words_of(page.get_data()).replace(address, "")
        found = [trace for trace in TRACES if trace in shown and trace not in unquote(address)]
        if found:
            traces[address] = found
    assert traces == {}


def test_the_same_pages_do_show_it_to_a_colleague(app: Flask, browser: Sign, services: Services, whole: int) -> None:
    """What the test above looks for can be found at all."""
    visitor = browser("both")
    texts = [
        words_of(visitor.client.get(one, follow_redirects=True).get_data()) for one in addresses(app, services, whole)
    ]

    assert {trace for trace in TRACES if any(trace in text for text in texts)} == set(TRACES)


def test_the_map_counts_no_case_that_is_closed(browser: Sign, services: Services, whole: int) -> None:
    with services.database.reading() as connection:
        address = f"/api/processes/review/{cases.set_of(connection, whole)}/map"
    assert json.loads(browser("head").client.get(address).get_data())["passed"]
    join(services, whole, "no_access", "head")

    seen = json.loads(browser("head").client.get(address).get_data())
    assert (seen["passed"], seen["open"]) == ({}, {})


def test_a_search_by_words_of_a_closed_case_finds_nothing(browser: Sign, services: Services, whole: int) -> None:
    join(services, whole, "no_access", "admin")
    visitor = browser("admin")

    for words in ("R-2026-0001", "Шум", "Сулейменова"):
        for page in (f"/search?q={words}", f"/cases?q={words}", f"/inbox?q={words}", f"/journals/appeals?q={words}"):
            found = re.sub(r'value="[^"]*"|href="[^"]*"', "", visitor.get(page).html)
            assert "Мешает" not in found
            assert "Шум на площадке" not in found


def test_a_closed_case_is_not_named_in_the_history_of_the_case_that_opened_it(
    browser: Sign, services: Services, case: int
) -> None:
    child = services.engine.start("review", {**START, "subject": "Жалоба на руководителя"}, CLERK)
    with services.database.writing() as connection:
        from storage.chain import Event, append

        opened = Event(type="CaseOpened", actor="system", at=AT, case_id=case, data={"number": child.number})
        append(connection, [opened])
    assert child.number in browser("head").get(f"/cases/{case}").text

    join(services, child.case_id, "no_access", "head")
    assert child.number not in browser("head").get(f"/cases/{case}").text


def test_the_head_sees_what_is_due_within_three_days_and_the_deputy_what_is_about_the_head(
    browser: Sign, services: Services, case: int, clock: MovedClock
) -> None:
    head, deputy = browser("head"), browser("auditor")  # the second in `controlled_by`
    panel = "Сроки под контролем"
    assert panel not in head.get("/inbox").text  # due on the 19th, today is the 12th

    clock.move(clock.now() + timedelta(days=4))
    assert panel in head.get("/inbox").text
    assert panel not in deputy.get("/inbox").text

    join(services, case, "no_access", "head")
    assert panel in deputy_of_all(browser, services, case, "both", panel)
    join(services, case, "no_access", "both")
    join(services, case, "control", "auditor")
    assert panel not in head.get("/inbox").text
    assert panel in deputy.get("/inbox").text


def deputy_of_all(browser: Sign, services: Services, case: int, login: str, panel: str) -> str:
    """Another holder of the first role still watches."""
    assert panel not in browser("auditor").get("/inbox").text
    return browser(login).get("/inbox").text


# Confidential papers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "status"),
    [("head", 200), ("officer", 404), ("clerk", 404), ("admin", 404), ("assessor", 404)],
)
def test_a_confidential_document_is_open_to_those_whom_the_profile_names(
    browser: Sign, services: Services, case: int, login: str, status: int
) -> None:
    document = issue(services, case, "annex", "Закрытое приложение", confidential=True)
    visitor = browser(login)

    assert visitor.get(f"/documents/{document}").status == status
    assert ("Закрытое приложение" in visitor.get(f"/cases/{case}").text) == (status == 200)
    assert len(looks(services, case)) == (status == 200)


def test_a_member_of_the_commission_reads_only_after_signing_the_statement(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    document = issue(services, case, "annex", "Закрытое приложение", confidential=True)
    join(services, case, "reviewers", "officer")
    member = browser("officer")
    assert member.get(f"/documents/{document}").status == 404

    services.engine.complete(waiting(case)["check"], {"conclusion": "x"}, OFFICER)  # the statement of this set

    assert member.get(f"/documents/{document}").status == 200
    assert looks(services, case)[0]["actor"] == "officer"


def test_every_look_is_an_event_with_what_was_seen(browser: Sign, services: Services, case: int) -> None:
    document = issue(services, case, "annex", "Закрытое приложение", confidential=True)
    head = browser("head")
    head.get(f"/documents/{document}")
    head.get(f"/documents/{document}")

    assert [(row["actor"], row["data"]["what"]) for row in looks(services, case)] == [
        ("head", "Закрытое приложение")
    ] * 2
    assert "Прочитано конфиденциальное: Закрытое приложение" in head.get(f"/cases/{case}").text


def test_confidential_answers_and_files_are_left_out_for_the_others(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    closed, open_file = keep(services, case, "закрыт.pdf", "officer"), keep(services, case, "открыт.pdf", "officer")
    proofs = [{"title": "Первое", "file": closed, "closed": True}, {"title": "Второе", "file": open_file}]
    services.engine.complete(
        waiting(case)["check"], {"conclusion": "видно всем", "secret": "рецептура", "proofs": proofs}, OFFICER
    )
    page = "/submissions/2"

    clerk, head, officer = browser("clerk"), browser("head"), browser("officer")
    assert "видно всем" in clerk.get(page).text
    assert "рецептура" not in clerk.get(page).text
    assert "закрыт.pdf" not in clerk.get(page).text + clerk.get(f"/cases/{case}").text
    assert clerk.get(f"/uploads/{closed}").status == 404
    assert clerk.get(f"/uploads/{open_file}").status == 200
    assert looks(services, case) == []

    assert "рецептура" in officer.get(page).text  # the author's own words
    assert looks(services, case) == []
    assert "рецептура" in head.get(page).text
    assert head.get(f"/uploads/{closed}").status == 200
    assert [row["data"]["what"] for row in looks(services, case)] == ["закрыт.pdf", "Заключение"]


def test_parties_get_the_protocol_without_its_closed_annexes(browser: Sign, services: Services, case: int) -> None:
    protocol = issue(services, case, "protocol", "Протокол 1", confidential=True)
    annex = issue(services, case, "protocol_annex", "Рецептура", confidential=True)
    join(services, case, "applicant", "applicant")
    token = links.new_token()
    with services.database.writing() as connection:
        links.keep(
            connection,
            {
                "token_hash": links.hash_of(token), "login": "link:a", "case_id": case, "role": "applicant",
                "name": "Гость", "email": "g@example.kz", "created_by": "clerk", "created_at": AT,
                "expires_at": "2027-01-01T00:00:00.000000+00:00",
            },
        )  # fmt: skip

    account, guest = browser("applicant"), browser()
    for prefix, party in (("", account), (f"/l/{token}", guest)):
        assert party.get(f"{prefix}/documents/{protocol}").status == 200
        assert party.get(f"{prefix}/documents/{annex}").status == 404
    assert "Рецептура" not in account.get(f"/cases/{case}").text + guest.get(f"/l/{token}").text
