"""The protocol of an appeal: who must sign it, who may refuse, what stays closed, and what the parties are told."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.minutes import (
    draft_protocol,
    issue_refusal,
    may_witness,
    may_write,
    notify,
    publish_protocol,
    settle_signatures,
)
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item
from tests.handlers.test_ballots import PANEL
from tests.handlers.test_outcome import DELIVERED, VERDICT

ANNEXES = [{"title": "Рецептура", "text": "Тайна", "confidential": True}, {"title": "Перечень", "text": "Открыто"}]
WRITTEN: dict[str, Any] = {
    **PANEL,
    **VERDICT,
    "appeal_protocol": {"number": "5", "course": "Ход", "annexes": ANNEXES},
    "hearing_record": {"held_on": "2026-04-01", "studied": [{"title": "Отказ"}], "questioned": [], "observers": "Ф."},
}
REFUSED = {"appellant_signature": {"signature": "REFUSED", "reason": "Не согласны"}}
REFUSAL = {
    "refused_on": "2026-03-01",
    "circumstances": "Прочитан вслух.",
    "witnesses": [{"name": "О. В.", "office": "И"}],
}


@pytest.mark.parametrize(
    ("on_time", "values", "code"),
    [(True, {}, None), (False, {}, "DELAY_REASON_MISSING"), (False, {"delay_reason": "Смена состава"}, None)],
)
def test_a_late_decision_gives_its_reason(on_time: bool, values: dict[str, str], code: str | None) -> None:
    assert code_of(may_write, an_item({"verdict": {"on_time": on_time}}), values) == code


def test_the_protocol_is_signed_by_its_writer_and_waits_for_the_chair() -> None:
    protocol, annex = draft_protocol(an_item(WRITTEN, actor="secretary")).documents

    assert protocol.must_sign == ("secretary", "role:commission_chair")
    assert protocol.signed_by_actor
    assert (protocol.confidential, annex.confidential) == (True, True)
    assert protocol.fields["Наблюдатели"] == ["Ф."]


def test_confidential_annexes_stay_out_of_the_open_protocol() -> None:
    (public,) = publish_protocol(an_item({**WRITTEN, **REFUSED})).documents

    assert not public.confidential
    assert "Тайна" not in str(public.fields)
    assert "Открыто" in str(public.fields)
    assert "отказ от подписи, причина: Не согласны" in str(public.fields["Подписи"])


@pytest.mark.parametrize(
    ("said", "all_signed", "seen"),
    [
        ({}, False, ("SILENT", "SILENT")),
        (REFUSED, False, ("REFUSED", "SILENT")),
        (
            {"appellant_signature": {"signature": "WITH_REMARKS"}, "body_signature": {"signature": "SIGNED"}},
            True,
            ("SIGNED", "SIGNED"),
        ),
    ],
)
def test_a_party_signs_refuses_or_keeps_silent(said: dict[str, Any], all_signed: bool, seen: tuple[str, str]) -> None:
    found = settle_signatures(an_item(said)).data["party_signatures"]

    assert (found["appellant"], found["body"]) == seen
    assert found["all_signed"] is all_signed


@pytest.mark.parametrize(
    ("name", "refused_on", "code"),
    [
        ("О. Ветрова", "2026-03-01", None),
        ("Дильшод Рашидов", "2026-03-01", "WITNESS_CONCERNED"),  # sits in the commission
        ("Рустам Алимджанов", "2026-03-01", "WITNESS_CONCERNED"),  # its chair
        ("Гульнара Касымова", "2026-03-01", "WITNESS_CONCERNED"),  # speaks for the body
        ("О. Ветрова", "2026-03-03", "NOT_TODAY"),
    ],
)
def test_a_witness_of_a_refusal_is_nobody_of_the_dispute(name: str, refused_on: str, code: str | None) -> None:
    case = an_item(PANEL, groups={"party": ["head"]}, now="2026-03-02T10:00")
    values = {**REFUSAL, "refused_on": refused_on, "witnesses": [{"name": name, "office": "инженер"}]}

    assert code_of(may_witness, case, values) == code


def test_the_note_of_a_refusal_names_the_party_its_reason_and_the_witnesses() -> None:
    signed = {"body_signature": {"signature": "SIGNED"}}

    (note,) = issue_refusal(an_item({**WRITTEN, **REFUSED, **signed, "signature_refusal": REFUSAL})).documents

    assert note.fields["Не подписали"] == ["Апеллянт: отказ от подписи, причина: Не согласны"]
    assert note.fields["Свидетели"] == ["О. В., И"]
    assert note.signed_by_actor


def test_both_terms_run_from_the_later_delivery() -> None:
    found = notify(an_item({**VERDICT, **DELIVERED})).data["protocol_delivery"]

    assert found["received_on"] == "2026-04-03"
    assert (found["objections_until"], found["court_until"]) == ("2026-04-17", "2026-04-18")


def test_the_reply_names_the_court_and_its_last_day() -> None:
    letter = notify(an_item({**VERDICT, **DELIVERED})).letters[0]

    assert "экономический" in letter.body
    assert "18.04.2026" in letter.body
