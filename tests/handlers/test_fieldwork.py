"""The audit on site: no work without a declaration, no minutes without signatures, no trainee without permission."""

from __future__ import annotations

from typing import Any

import pytest

from engine.steps import Case
from handlers.fieldwork import checklist, declare, gather, leader, observe, opening, record_opening
from tests.handlers.certification_case import a_case, code_of

TEAM = {"leader": "auditor1", "members": [{"person": "trainee1", "role": "trainee"}]}
QUESTION = {"site": "Завод", "process": "Закупки", "clause": "8.4", "question": "Как оценивают?"}
SIGNED = {"name": "Б. Оспанов", "position": "директор", "signed": True}
MEETING = {"held_on": "2026-03-02", "place": "Завод", "participants": [SIGNED], "delivered_on": "2026-03-02"}
OBSERVED = {
    "on": "2026-03-02",
    "site": "Завод",
    "process": "Закупки",
    "clause": "8.4",
    "question": "Как оценивают?",
    "observation": "Оценки нет",
    "source": "record",
    "verified": True,
    "conforms": True,
}
SEEN = {"on": "2026-03-02", "site": "Завод", "clause": "8.4", "verified": True}


def case_of(actor: str, *declared: str, **more: Any) -> Case:
    """Return a case in which some have signed their declarations."""
    data = {
        "team": TEAM,
        "sampling": {"selected": ["Завод"]},
        "declaration": [{"by": login} for login in declared],
        "opening_meeting": MEETING,
    }
    return a_case(data | more, actor=actor)


@pytest.mark.parametrize(
    ("declared", "site", "code"),
    [((), "Завод", "DECLARATION_MISSING"), (("auditor1",), "Завод", None), (("auditor1",), "Склад", "SITE_UNKNOWN")],
)
def test_questions_are_for_the_declared_and_for_sites_of_the_sample(
    declared: tuple[str, ...], site: str, code: str | None
) -> None:
    case = case_of("auditor1", *declared)

    assert code_of(checklist, case, {"questions": [QUESTION | {"site": site}]}) == code


def test_even_the_leader_needs_a_declaration() -> None:
    assert code_of(leader, case_of("auditor1"), {}) == "DECLARATION_MISSING"


@pytest.mark.parametrize(
    ("declared", "signed", "code"),
    [
        (("auditor1",), True, "DECLARATION_MISSING"),
        (("auditor1", "trainee1"), False, "SIGNATURE_MISSING"),
        (("auditor1", "trainee1"), True, None),
    ],
)
def test_the_opening_meeting_needs_every_declaration_and_every_signature(
    declared: tuple[str, ...], signed: bool, code: str | None
) -> None:
    values = MEETING | {"participants": [SIGNED, {"name": "А. Сатпаева", "position": "стажёр", "signed": signed}]}

    assert code_of(opening, case_of("auditor1", *declared), values) == code


@pytest.mark.parametrize(
    ("actor", "seen", "permission", "code"),
    [
        ("auditor1", {}, None, None),
        ("auditor1", {"on": "2026-03-01"}, None, "OUTSIDE_AUDIT"),
        ("auditor1", {"on": "2026-03-03"}, None, "OUTSIDE_AUDIT"),
        ("auditor1", {"site": "Склад"}, None, "SITE_UNKNOWN"),
        ("trainee1", {}, None, "TRAINEE_PERMISSION_MISSING"),
        ("trainee1", {}, "Устно, запись в плане", None),
    ],
)
def test_observations_are_made_inside_the_audit_and_by_trainees_with_permission(
    actor: str, seen: dict[str, Any], permission: str | None, code: str | None
) -> None:
    values: dict[str, Any] = {"observations": [SEEN | seen]}
    if permission:
        values["leader_permission"] = permission

    assert code_of(observe, case_of(actor, "auditor1", "trainee1"), values) == code


def test_the_minutes_carry_declarations_and_the_latest_questions_go_to_the_observations() -> None:
    lists = [
        {"by": "auditor1", "questions": [QUESTION | {"question": "Старый?"}]},
        {"by": "auditor1", "questions": [QUESTION]},
    ]

    outcome = record_opening(case_of("auditor1", "auditor1", "trainee1", checklist=lists))

    assert [document.kind for document in outcome.documents] == ["opening_minutes"]
    assert outcome.documents[0].must_sign == ("role:team_leader", "role:applicant")
    assert len(outcome.documents[0].fields["Декларации"]) == 2
    assert outcome.data["fieldwork_questions"]["rows"] == [QUESTION]


def test_the_questions_of_who_took_a_colleagues_place_stand_beside_their_own() -> None:
    mine, taken = QUESTION | {"question": "Мой?"}, QUESTION | {"question": "За коллегу?"}
    lists = [
        {"by": "auditor1", "version": "1", "questions": [mine]},
        {"by": "auditor1", "instead_of": "auditor5", "version": "3", "questions": [taken]},
    ]
    case = case_of("auditor1", "auditor1", "trainee1", checklist=lists)

    (paper,) = gather(case).documents

    assert record_opening(case).data["fieldwork_questions"]["rows"] == [mine, taken]
    assert paper.fields["Редакция"] == "1, 3"
    assert len(paper.fields["Вопросы и ответы"]) == 2


def test_what_does_not_conform_is_gathered_with_source_and_verifier() -> None:
    seen = OBSERVED | {"conforms": False}
    rows = [{"by": "auditor1", "observations": [seen, seen | {"conforms": True, "on": "2026-03-03"}]}]

    gathered = gather(case_of("auditor1", fieldwork=rows)).data["gathered"]

    assert gathered["sites"] == [{"site": "Завод", "on": "2026-03-03"}]
    assert [(row["text"], row["verifier"], row["verified"]) for row in gathered["rows"]] == [
        ("Оценки нет", "auditor1", True)
    ]


def test_the_checklist_of_a_member_becomes_a_paper_with_its_answers_and_what_was_left_open() -> None:
    left = QUESTION | {"question": "Кто отвечает за закупки?"}
    sheet = {"by": "auditor1", "version": "2", "questions": [QUESTION | {"question": OBSERVED["question"]}, left]}
    rows = [{"by": "auditor1", "observations": [OBSERVED]}]

    (paper,) = gather(case_of("auditor1", "auditor1", "trainee1", checklist=[sheet], fieldwork=rows)).documents

    answers = paper.fields["Вопросы и ответы"]
    assert (paper.kind, paper.fields["Редакция"], paper.signers) == ("checklist", "2", (paper.fields["Заполнил"],))
    assert [row["Что установлено"] for row in answers] == ["Оценки нет", "Не рассматривался"]
    assert (answers[0]["Источник"], answers[0]["Проверено"]) == ("Запись", "да")


def test_the_declarations_say_what_each_member_declares_and_wait_for_each_of_them() -> None:
    (paper,) = declare(case_of("auditor1")).documents

    assert "Обязуюсь хранить конфиденциальность" in paper.fields["Каждый из подписавших заявляет"]
    assert set(paper.must_sign) == {"auditor1", "trainee1"}
    assert not paper.signed_by_actor


def test_what_a_member_adds_to_the_declaration_stands_in_the_minutes() -> None:
    declared = [
        {"by": "auditor1", "impartial": True, "confidential": True, "no_consulting": True, "note": "Работал там в 2019"}
    ]

    (paper,) = record_opening(case_of("auditor1", declaration=declared)).documents

    assert paper.fields["Декларации"][0]["Что сообщил органу"] == "Работал там в 2019"
