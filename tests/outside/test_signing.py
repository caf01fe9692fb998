"""Signatures by keys: a reader of PDF finds them whole, and finds out whatever was changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outside.pdf import render
from outside.signing import Act, BadKey, Pkcs12Signer, checked
from tests.outside.keys import PASSPHRASE, Authority

NOW = datetime.now(UTC)
FIRST = Act(field="Signature1", name="Асель Тулегенова", reason="Акт по аудиту")
SECOND = Act(field="Signature2", name="Ғалия Қасымова", reason="Акт по аудиту")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render({"act.typ": "= Акт по аудиту".encode()}, "act.typ", {}, at=NOW)


def signer(authority: Authority, name: str) -> Pkcs12Signer:
    return Pkcs12Signer(authority.key_of(name), PASSPHRASE, at=NOW)


def test_a_signed_pdf_holds_and_leads_to_the_root_that_issued_the_key(authority: Authority, pdf: bytes) -> None:
    signed = signer(authority, "Асель Тулегенова").sign(pdf, FIRST)

    (found,) = checked(signed, [authority.root])

    assert found.holds
    assert found.is_trusted
    assert "Асель Тулегенова" in found.subject
    assert found.field == "Signature1"


def test_signing_adds_to_the_pdf_and_changes_no_byte_of_it(authority: Authority, pdf: bytes) -> None:
    assert signer(authority, "Асель").sign(pdf, FIRST).startswith(pdf)


def test_two_people_sign_one_pdf_and_both_signatures_hold(authority: Authority, pdf: bytes) -> None:
    once = signer(authority, "Асель Тулегенова").sign(pdf, FIRST)

    twice = signer(authority, "Ғалия Қасымова").sign(once, SECOND)

    assert twice.startswith(once)
    found = checked(twice, [authority.root])
    assert [one.field for one in found] == ["Signature1", "Signature2"]
    assert all(one.holds and one.is_trusted for one in found)


def test_a_byte_changed_afterwards_is_found_out(authority: Authority, pdf: bytes) -> None:
    signed = bytearray(signer(authority, "Асель").sign(pdf, FIRST))
    signed[len(pdf) // 2] ^= 1

    assert [one.holds for one in checked(bytes(signed), [authority.root])] in ([False], [])


def test_content_added_after_the_signature_is_found_out(authority: Authority, pdf: bytes) -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.generic import NameObject, NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(signer(authority, "Асель").sign(pdf, FIRST)))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[NameObject("/Rotate")] = NumberObject(90)
    writer.mark_update(page.container_ref)
    changed = BytesIO()
    writer.write(changed)

    assert [one.holds for one in checked(changed.getvalue(), [authority.root])] == [False]


def test_a_key_of_another_root_holds_but_is_not_trusted(authority: Authority, pdf: bytes) -> None:
    (found,) = checked(signer(Authority("Чужой"), "Асель").sign(pdf, FIRST), [authority.root])

    assert found.holds
    assert not found.is_trusted


def test_without_roots_no_key_is_trusted(authority: Authority, pdf: bytes) -> None:
    (found,) = checked(signer(authority, "Асель").sign(pdf, FIRST))

    assert (found.holds, found.is_trusted) == (True, False)


def test_a_pdf_without_signatures_and_what_is_no_pdf_have_none(pdf: bytes) -> None:
    assert checked(pdf) == []
    assert checked(b"no pdf at all") == []


@pytest.mark.parametrize(
    ("content", "passphrase"),
    [(None, "не та фраза"), (None, ""), (b"not a key", PASSPHRASE), (b"", PASSPHRASE), (b"0" * 100_000, PASSPHRASE)],
)
def test_a_key_that_does_not_open_is_refused(authority: Authority, content: bytes | None, passphrase: str) -> None:
    with pytest.raises(BadKey) as caught:
        Pkcs12Signer(authority.key_of("Асель") if content is None else content, passphrase, at=NOW)

    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-3 * 365 - 1, "expired"),  # ended yesterday
        (1, "early"),  # begins tomorrow
    ],
)
def test_a_key_signs_only_while_its_certificate_is_valid(authority: Authority, days: int, code: str) -> None:
    key = authority.key_of("Асель", begins=NOW + timedelta(days=days))

    with pytest.raises(BadKey) as caught:
        Pkcs12Signer(key, PASSPHRASE, at=NOW)

    assert caught.value.code == code
