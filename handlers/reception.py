"""Oral items: the book of personal reception, and the written item that follows when study is needed.

Source: A 6.3.1 with notes, Appendix A (A-036 to A-038).
"""

from __future__ import annotations

from typing import Any

from engine.steps import Case, NewCase, Outcome, step
from handlers.books import reception_row
from handlers.item import journal_row, to_sender

STATUS_BY_RESULT = {
    "RESOLVED": "ANSWERED",
    "EXPLAINED": "LEFT_WITHOUT_CONSIDERATION",
    "NEEDS_STUDY": "UNDER_CONSIDERATION",
}


@step(writes=("outcome.status",), requirements=("A-024", "A-036", "A-037"))
def enter(case: Case) -> Outcome:
    """Fill the eight columns of the reception book, and name the right organisation where the matter is not ours.

    Reads:   reception.*
    Writes:  outcome.status
    Source:  A 6.3.1.1, note 1, Appendix A (A-036, A-037)
    """
    result = str(case["reception.result"])
    status = STATUS_BY_RESULT[result]
    more: dict[str, Any] = {"Ответ отправлен": case.today.isoformat()} if result != "NEEDS_STUDY" else {}
    if result == "EXPLAINED":
        more["Рекомендованная организация"] = case["reception.organisation"]
    letters = to_sender(case, "oral_answer", f"Ответ на приёме {case.number}", str(case["reception.answer"]))
    return Outcome(
        data={"outcome": {"status": status}},
        records=[reception_row(case), journal_row(case, status, **more)],
        letters=letters if case.get("item.email") else (),
    )


@step(writes=("outcome.status",), requirements=("A-038",))
def open_written(case: Case) -> Outcome:
    """Open a linked case for the item that was put in writing; its terms run from its own registration.

    Reads:   written_statement.*, submission.*
    Writes:  outcome.status PUT_IN_WRITING: the oral item itself is over
    Source:  A 6.3.1 note 2 (A-038)
    """
    said, before = case["written_statement"], case["submission"]
    kept = {
        key: before[key]
        for key in ("sender_type", "applicants", "phone", "nature", "involved", "account", "certification_case")
        if key in before
    }
    written = {
        **kept,
        **{key: value for key, value in said.items() if key != "stated_on"},
        "received_on": said["stated_on"],
        "kind": "WRITTEN",
        "channel": "RECEPTION",
        "subject": before["subject"],
    }
    return Outcome(
        cases=[NewCase(process="appeal", data=written, profile=case.terms.profile)],
        data={"outcome": {"status": "PUT_IN_WRITING"}},
        records=[journal_row(case, "PUT_IN_WRITING", Изложено=said["stated_on"])],
    )
