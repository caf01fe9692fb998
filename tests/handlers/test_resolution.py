"""The director's resolution: marks, interest, terms, and the people it names."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.resolution import accept, may_sign, note_links
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission

COMPLAINT = {
    "admissible": "YES",
    "category": "COMPLAINT",
    "target": "BODY",
    "action": "Рассмотреть.",
    "responsible": "officer",
    "due_on": "2026-03-17",
    "sent_on": "2026-03-03",
    "signature": "HAND",
}
APPEAL = COMPLAINT | {
    "category": "APPEAL",
    "due_on": "2026-04-02",
    "secretary": "secretary",
    "material_preparer": "clerk",
    "ground": "PROCEDURE",
}
GROUPS = {"involved": ["auditor1"], "subject": ["head"], "applicant": ["applicant"]}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (COMPLAINT, None),
        (COMPLAINT | {"responsible": "auditor1"}, "NOT_INDEPENDENT"),
        (COMPLAINT | {"responsible": "head"}, "LINKED_TO_SUBJECT"),
        (COMPLAINT | {"due_on": "2026-03-18"}, "DUE_TOO_LATE"),  # fifteen days from 2 March
        (COMPLAINT | {"target": "APPLICANT", "due_on": "2026-04-02"}, None),  # one month
        (COMPLAINT | {"target": "APPLICANT", "due_on": "2026-04-03"}, "DUE_TOO_LATE"),
        (COMPLAINT | {"category": "OUT_OF_COMPETENCE", "due_on": "2026-03-10"}, None),  # five days, rolled
        (COMPLAINT | {"category": "OUT_OF_COMPETENCE", "due_on": "2026-03-11"}, "DUE_TOO_LATE"),
        (COMPLAINT | {"action": ""}, "RESOLUTION_INCOMPLETE"),
        (COMPLAINT | {"admissible": "NO"}, None),
        (APPEAL, None),
        (APPEAL | {"secretary": ""}, "RESOLUTION_INCOMPLETE"),
        (APPEAL | {"ground": "OTHER_DECISION"}, "REASON_MISSING"),
        (APPEAL | {"ground": "OTHER_DECISION", "ground_reason": "Отказ принять заявку"}, None),
        (APPEAL | {"secretary": "member5"}, "LINKED_TO_PARTY"),
        (COMPLAINT | {"responsible": "applicant"}, "LINKED_TO_PARTY"),  # who sent it
        (APPEAL | {"secretary": "applicant"}, "LINKED_TO_PARTY"),
        (APPEAL | {"material_preparer": "applicant"}, "LINKED_TO_PARTY"),
        (APPEAL | {"material_preparer": "head"}, "LINKED_TO_SUBJECT"),  # to whom that task is closed
    ],
)
def test_a_resolution_is_complete_in_time_and_free_of_interest(values: dict[str, Any], code: str | None) -> None:
    assert code_of(may_sign, an_item(now="2026-03-03T10:00", groups=GROUPS), values) == code


def test_a_supervisory_body_is_always_handled_as_a_complaint() -> None:
    case = an_item({"submission": submission(sender_type="SUPERVISORY")})

    assert code_of(may_sign, case, COMPLAINT | {"category": "PROPOSAL"}) == "SUPERVISORY_IS_COMPLAINT"
    assert code_of(may_sign, case, COMPLAINT) is None


def test_an_accepted_resolution_names_the_people_and_puts_the_term_on_control() -> None:
    outcome = accept(an_item({"resolution": APPEAL}, now="2026-03-03T10:00", actor="director"))

    assert outcome.data["resolution"]["signed_on"] == "2026-03-03"
    assert outcome.data["control"] == {"due_on": "2026-04-02"}
    assert {(each.group, each.login) for each in outcome.participants} == {
        ("responsible", "officer"),
        ("commission_secretary", "secretary"),
        ("material_preparer", "clerk"),
    }
    assert outcome.documents[0].fields["Виза юрисконсульта"] == "не привлекался"


def test_a_declined_item_appoints_nobody() -> None:
    declined = {**COMPLAINT, "admissible": "NO", "inadmissible_reason": "Повторное без новых фактов"}

    outcome = accept(an_item({"resolution": declined}))

    assert outcome.data["outcome"] == {"status": "DECLINED"}
    assert list(outcome.participants) == []


def test_only_the_printed_grounds_count_where_the_profile_says_so() -> None:
    case = an_item(now="2026-03-03T10:00", readings={"appeal.grounds": "three_printed_grounds"})
    other = APPEAL | {"ground": "OTHER_DECISION", "ground_reason": "Отказ принять заявку"}

    assert code_of(may_sign, case, other) == "GROUND_MISSING"
    assert code_of(may_sign, case, APPEAL) is None


def test_the_director_is_told_the_last_day_of_each_way_before_choosing() -> None:
    outcome = note_links(an_item(now="2026-03-03T10:00"))

    assert outcome.data["last_days"]["text"] == (
        "жалоба на орган — до 17.03.2026; жалоба на заявителя или держателя — до 02.04.2026; "
        "апелляция — до 02.04.2026; заявление или предложение — до 02.04.2026; вне компетенции — до 10.03.2026."
    )
