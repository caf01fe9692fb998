"""Uploads on their way: kept through errors, refused with a reason, given back only to those who may see them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from app.wiring import Services
from storage import people
from tests.web.conftest import Browser

Sign = Callable[..., Browser]
FORM = "/cases/new/review"
REST = {"subject": "Шум", "kind": "proposal", "received_on": "11.01.2026", "sites": "0", "sites.0.city": "Кентау"}
PDF = b"%PDF-1.7 a letter"


def test_an_upload_survives_errors_elsewhere_and_comes_back_as_a_download(browser: Sign) -> None:
    clerk = browser("clerk")
    page = clerk.send(
        clerk.get(FORM), FORM, files={"letter:file": (io.BytesIO(PDF), "Письмо «о шуме».pdf", "text/html")}, subject="Ш"
    )
    assert page.status == 422
    key = dict(page.form(FORM))["letter"]

    page = clerk.send(
        page, FORM, subject="Шум", kind="proposal", received_on="11.01.2026", **{"sites.0.city": "Кентау"}
    )
    answer = clerk.client.get(f"/uploads/{key}")

    assert page.path == "/cases/1"
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert browser("auditor").get(f"/uploads/{key}").status == 404
    assert browser("head").client.get(f"/uploads/{key}").status_code == 200


def test_an_upload_of_an_unfinished_form_is_seen_by_nobody_else(
    browser: Sign, services: Services, password_hash: str
) -> None:
    with services.database.writing() as connection:
        people.enter_person(connection, {"login": "clerk2", "name": "Мадина Оспанова"}, ["clerk"])
        people.set_password(connection, "clerk2", password_hash)
    clerk = browser("clerk")
    page = clerk.send(clerk.get(FORM), FORM, _do="update", files={"letter:file": (io.BytesIO(PDF), "a.pdf")})
    key = dict(page.form(FORM))["letter"]

    assert browser("admin").get(f"/uploads/{key}").status == 404
    other = browser("clerk2")
    assert other.send(other.get(FORM), FORM, letter=key, **REST).status == 422  # nor can somebody else hand it in


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("вирус.exe", b"MZ...", "не принимаются"),
        ("page.html", b"<html>", "не принимаются"),
        ("скан.pdf", b"MZ this is no pdf", "не соответствует"),
        ("notes.txt", b"<!DOCTYPE html><script>", "не соответствует"),
        ("пустой.pdf", b"", "пуст"),
        ("большой.pdf", b"%PDF-" + b"x" * 100_001, "больше"),
    ],
)
def test_a_file_that_is_not_taken_is_named_with_the_reason(browser: Sign, name: str, content: bytes, said: str) -> None:
    clerk = browser("clerk")

    page = clerk.send(clerk.get(FORM), FORM, subject="Шум", files={"letter:file": (io.BytesIO(content), name)})

    assert page.status == 422
    assert said in page.text
    assert dict(page.form(FORM))["subject"] == "Шум"


def test_a_request_beyond_all_bounds_is_refused_as_a_whole(browser: Sign) -> None:
    clerk = browser("clerk")
    page = clerk.send(clerk.get(FORM), FORM, files={"letter:file": (io.BytesIO(b"x" * 400_000), "a.pdf")})

    assert page.status == 413
