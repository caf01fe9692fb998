"""The programme of the cycle: five audits in order, proposed and checked."""

from __future__ import annotations

from typing import Any

from handlers.programme import check, propose, record
from tests.handlers.certification_case import a_case, code_of

TEAM = [{"person": "auditor1", "role": "leader"}]
ORDER = {"draft_order": {"team": TEAM, "date_from": "2026-03-16", "date_to": "2026-03-18"}}


def proposed() -> list[dict[str, Any]]:
    """Return the proposal for a stage 2 on 16 March 2026."""
    entries: list[dict[str, Any]] = propose(a_case(ORDER)).data["programme_proposal"]["entries"]
    return entries


def test_the_proposal_holds_the_five_audits_in_order_and_passes_its_own_check() -> None:
    entries = proposed()

    assert [entry["type"] for entry in entries] == [
        "stage_one",
        "stage_two",
        "surveillance_1",
        "surveillance_2",
        "recertification",
    ]
    assert entries[2]["planned_on"] == "2027-02-09"
    assert code_of(check, a_case(), {"entries": entries}) is None


def test_a_programme_without_recertification_or_out_of_order_is_refused() -> None:
    entries = proposed()
    swapped = [
        *entries[:2],
        entries[3] | {"type": "surveillance_1"},
        entries[2] | {"type": "surveillance_2"},
        entries[4],
    ]

    assert code_of(check, a_case(), {"entries": entries[:4]}) == "PROGRAMME_INCOMPLETE"
    assert code_of(check, a_case(), {"entries": swapped}) == "PROGRAMME_ORDER"


def test_the_draft_order_is_a_document_that_the_head_who_draws_it_up_signs() -> None:
    (order,) = propose(a_case(ORDER)).documents

    assert order.fields["Группа"] == [{"Кто": "Асель Тулегенова", "Роль": "руководитель группы"}]
    assert order.signers == ("Гульнара Касымова, руководитель органа",)
    assert (order.must_sign, order.signed_by_actor) == (("role:head",), True)


def test_the_programme_is_a_document_that_the_executor_who_draws_it_up_signs() -> None:
    data = {**ORDER, "programme": {"entries": proposed(), "inputs": {"size": "60 человек"}}}

    (programme,) = record(a_case(data)).documents

    assert len(programme.fields["Аудиты"]) == 5
    assert (programme.must_sign, programme.signed_by_actor) == (("role:officer",), True)
