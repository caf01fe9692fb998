"""Documents as people meet them: signed by whom they name, proved by whoever asks, their templates tried before use."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from app.wiring import Services
from outside.signing import checked
from storage import signatures as stored
from storage.reading import papers
from storage.tables import blob, document, event, signature
from tests.outside.keys import PASSPHRASE, Authority
from tests.web.conftest import FIELDS, PASSWORD, Browser, Page

Sign = Callable[..., Browser]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def sign(browser: Browser, paper: int, *, password: str = PASSWORD, files: Any = None, passphrase: str = "") -> Page:
    page = browser.get(f"/documents/{paper}")
    return browser.send(page, f"/documents/{paper}/sign", password=password, passphrase=passphrase, files=files)


def key(authority: Authority, name: str = "Асель Тулегенова") -> dict[str, Any]:
    return {"key": (io.BytesIO(authority.key_of(name)), "key.p12")}


def rows(services: Services, paper: int) -> list[dict[str, Any]]:
    with services.database.reading() as connection:
        return stored.of_document(connection, paper)


def test_a_signer_signs_with_the_password_and_it_is_seen_everywhere(
    services: Services, browser: Sign, case: int, paper: int
) -> None:
    page = sign(browser("auditor"), paper)

    assert "Документ подписан" in page.text
    (row,) = rows(services, paper)
    with services.database.reading() as connection:
        kept = papers.document_one(connection, paper)
        (told,) = connection.execute(select(event.c.data).where(event.c.type == "DocumentSigned")).scalars()
    assert kept is not None
    assert (row["login"], row["office"], row["kind"]) == ("auditor", "эксперт-аудитор", "simple")
    assert row["sha256"] == kept["pdf_sha256"] == json.loads(told)["sha256"]
    listed = browser("head").get(f"/cases/{case}")
    assert "Асель Тулегенова, эксперт-аудитор подписано" in listed.text
    assert "Подписан документ: Акт R-2026-0001/1" in listed.text


def test_the_page_tells_who_has_signed_and_who_is_waited_for(browser: Sign, paper: int) -> None:
    page = browser("head").get(f"/documents/{paper}")

    assert "Асель Тулегенова, эксперт-аудитор ждёт подписи" in page.text
    assert "Гость не подписано здесь" in page.text


def test_a_wrong_password_signs_nothing(services: Services, browser: Sign, paper: int) -> None:
    page = sign(browser("auditor"), paper, password="не тот пароль")

    assert page.status == 422
    assert "Это не ваш пароль" in page.text
    assert rows(services, paper) == []


def test_somebody_else_is_offered_no_signature_and_refused_one(services: Services, browser: Sign, paper: int) -> None:
    officer = browser("officer")

    assert f"/documents/{paper}/sign" not in officer.get(f"/documents/{paper}").html
    refused = officer.post(f"/documents/{paper}/sign", password=PASSWORD)

    assert refused.status == 422
    assert "Вас нет среди тех" in refused.text
    assert rows(services, paper) == []


def test_nobody_signs_twice(services: Services, browser: Sign, paper: int) -> None:
    auditor = browser("auditor")
    sign(auditor, paper)

    again = auditor.post(f"/documents/{paper}/sign", password=PASSWORD)

    assert "Вы уже подписали" in again.text
    assert len(rows(services, paper)) == 1


def test_a_stranger_to_the_case_finds_neither_document_nor_signatures(browser: Sign, paper: int) -> None:
    stranger = browser("applicant")

    for path in ("", ".pdf", "/signatures.pdf", "/signed.pdf", "/verify"):
        assert stranger.get(f"/documents/{paper}{path}").status == 404
    assert stranger.post(f"/documents/{paper}/sign", password=PASSWORD).status == 404


def test_two_people_sign_with_keys_and_a_reader_of_pdf_verifies_both(
    services: Services, browser: Sign, paper: int, authority: Authority
) -> None:
    sign(browser("auditor"), paper, files=key(authority), passphrase=PASSPHRASE)
    sign(browser("head"), paper, files=key(authority, "Гульнара Касымова"), passphrase=PASSPHRASE)

    signed = browser("head").client.get(f"/documents/{paper}/signed.pdf").data

    assert signed.startswith(services.press.printed(paper))
    found = checked(signed, [authority.root])
    assert [(one.field, one.holds, one.is_trusted) for one in found] == [
        ("Signature-auditor", True, True),
        ("Signature-head", True, True),
    ]
    assert [row["serial"] for row in rows(services, paper)] == [one.serial for one in found]


def test_a_key_that_does_not_open_is_told_at_its_field(
    services: Services, browser: Sign, paper: int, authority: Authority
) -> None:
    page = sign(browser("auditor"), paper, files=key(authority), passphrase="не та")

    assert page.status == 422
    assert "Ключ не открылся" in page.text
    assert rows(services, paper) == []


def test_no_key_and_no_passphrase_is_kept_anywhere(
    services: Services, browser: Sign, paper: int, authority: Authority
) -> None:
    handed_in = authority.key_of("Асель Тулегенова")
    files = {"key": (io.BytesIO(handed_in), "key.p12")}

    sign(browser("auditor"), paper, files=files, passphrase=PASSPHRASE)

    assert rows(services, paper)
    for path in services.config.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert handed_in[100:200] not in content, path
            assert PASSPHRASE.encode() not in content, path


def test_the_list_of_signatures_is_a_pdf(browser: Sign, paper: int) -> None:
    sign(browser("auditor"), paper)

    assert browser("head").client.get(f"/documents/{paper}/signatures.pdf").data.startswith(b"%PDF-")


def test_a_document_that_nobody_touched_is_proved(browser: Sign, paper: int, authority: Authority) -> None:
    sign(browser("auditor"), paper, files=key(authority), passphrase=PASSPHRASE)

    page = browser("head").get(f"/documents/{paper}/verify")

    assert "Всё сходится" in page.text
    assert "не сходится" not in page.text
    assert "доверие к центру, выдавшему сертификат, здесь не настроено" in page.text


@pytest.mark.parametrize("what", ["fields", "pdf", "signature", "event", "signed"])
def test_whatever_is_changed_outside_the_program_is_shown(
    services: Services, browser: Sign, paper: int, authority: Authority, what: str
) -> None:
    sign(browser("auditor"), paper, files=key(authority), passphrase=PASSPHRASE)
    (row,) = rows(services, paper)
    changed = {
        "fields": update(document).values(fields=FIELDS.replace("Принять", "Отклонить")),
        "pdf": update(blob).where(blob.c.sha256 == row["sha256"]).values(content=b"%PDF-other"),
        "signature": update(signature).values(sha256="0" * 64),
        "event": update(event).where(event.c.type == "DocumentSigned").values(actor="head"),
        "signed": update(blob).where(blob.c.sha256 == row["signed_sha256"]).values(content=b"%PDF-other"),
    }
    with services.database.writing() as connection:
        connection.execute(changed[what])

    page = browser("head").get(f"/documents/{paper}/verify")

    assert "Не сходится" in page.text


# Templates ------------------------------------------------------------------------------------------------------------
