"""The director's resolution: its marks, the people it names, the control and the hand-over that follow.

Source: A 5.3, 6.4, 6.9.2, 6.9.3 (A-007, A-010, A-013, A-031, A-043 to A-046, A-069, A-070).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.steps import Case, Outcome, Participant, Record, Refused, guard, step
from handlers.client_file import acting_director, day, name_of, refuse, shown
from handlers.item import CATEGORY_NAMES, TARGET_NAMES, journal_row, names, paper, signed_now
from handlers.received import matter_of
from rules.admissibility import (
    Category,
    Target,
    category_denied,
    ground_denied,
    marks_denied,
    repetition_denied,
    term_of,
)
from rules.commission import person_denied
from rules.impartiality import interest_denied

MARKS = ("action", "category", "responsible", "due_on", "sent_on", "signature")
APPEAL_MARKS = (*MARKS, "secretary", "material_preparer")
MARK_NAMES = {
    "action": "поручения",
    "category": "категории",
    "responsible": "исполнителя",
    "due_on": "срока",
    "sent_on": "даты направления",
    "signature": "подписи",
    "secretary": "секретаря комиссии",
    "material_preparer": "подготовителя материалов",
}


@step(writes=("last_days.text",), requirements=("A-044", "A-045"))
def note_links(case: Case) -> Outcome:
    """Count those whom the director names among the people linked to the subject, and name the last day of each way.

    Writes:  last_days.text, for the director to choose a term by
    Source:  A 6.4.3 (A-044, A-045)
    """
    rows = case.get("item_review.involved", [])
    ways = (
        ("жалоба на орган", Category.COMPLAINT, Target.BODY),
        ("жалоба на заявителя или держателя", Category.COMPLAINT, Target.APPLICANT),
        ("апелляция", Category.APPEAL, Target.BODY),
        ("заявление или предложение", Category.PROPOSAL, Target.OTHER),
        ("вне компетенции", Category.OUT_OF_COMPETENCE, Target.OTHER),
    )
    said = [f"{name} — до {shown(_last_day(case, category, target))}" for name, category, target in ways]
    return Outcome(
        data={"last_days": {"text": "; ".join(said) + "."}},
        participants=[Participant(group="involved", login=str(row["person"])) for row in rows],
    )


@guard(
    refuses=("RESOLUTION_INCOMPLETE", "LINKED_TO_SUBJECT", "NOT_INDEPENDENT", "LINKED_TO_PARTY", "DUE_TOO_LATE",
             "GROUND_MISSING", "REASON_MISSING", "SUPERVISORY_IS_COMPLAINT", "CATEGORY_UNKNOWN", "NO_NEW_FACTS"),
    requirements=("A-031", "A-043", "A-044", "A-045", "A-047", "A-069", "A-070"),
)  # fmt: skip
def may_sign(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to sign a resolution that is incomplete, too late, or names somebody with an interest.

    Refuses: RESOLUTION_INCOMPLETE  when a mark is missing (seven for an appeal)
             LINKED_TO_SUBJECT, NOT_INDEPENDENT, LINKED_TO_PARTY  for people with an interest
             DUE_TOO_LATE  when the term is longer than the one for this category
             GROUND_MISSING, REASON_MISSING  for an appeal
             SUPERVISORY_IS_COMPLAINT  when a supervisory body's dissatisfaction is called something else
             CATEGORY_UNKNOWN  when the category is none of the reading item.categories
             NO_NEW_FACTS  when an appeal that repeats an answered one is accepted without new facts
    Source:  A 3.10, 6.4.3, 6.4.5, 6.9.2, 6.9.3 (A-005, A-031, A-043 to A-045, A-047, A-069, A-070)
    """
    category = str(values["category"])
    refuse(case, category_denied(category, case.terms.reading("item.categories")), field="category")
    if case["submission.sender_type"] == "SUPERVISORY" and category != "COMPLAINT":
        raise Refused(
            "SUPERVISORY_IS_COMPLAINT", "Сообщение надзорного органа рассматривается как жалоба.", field="category"
        )
    if values["admissible"] == "NO":
        return
    _refuse_incomplete(case, values)
    _refuse_interested(case, values)
    if category == "APPEAL":
        _refuse_appeal(case, values)
    _refuse_late(case, values)


@step(
    writes=("resolution.signed_on", "resolution.signed_by", "control.due_on", "outcome.status"),
    requirements=("A-013", "A-043", "A-044", "A-045", "A-069"),
)
def accept(case: Case) -> Outcome:
    """Write the resolution sheet with all its marks and give the people named in it their parts.

    Reads:   resolution.*, lawyer_visa.*
    Writes:  resolution.signed_on (today); control.due_on, from which the reply's deadline is taken
    Source:  A 5.4, 6.4.3, 6.9.2 (A-013, A-044, A-069)
    """
    signed = {**case["resolution"], "signed_on": case.today.isoformat(), "signed_by": case.actor.login}
    if signed["admissible"] == "NO":
        data = {"resolution": signed, "outcome": {"status": "DECLINED"}}
        return Outcome(data=data, documents=[_sheet(case, signed)], records=[journal_row(case, "DECLINED")])
    data = {
        "resolution": signed,
        "control": {"due_on": signed["due_on"]},
        "outcome": {"status": "UNDER_CONSIDERATION"},
    }
    parts = {
        "responsible": "responsible",
        "secretary": "commission_secretary",
        "material_preparer": "material_preparer",
    }
    joined = [Participant(group=group, login=str(signed[key])) for key, group in parts.items() if signed.get(key)]
    return Outcome(
        data=data,
        documents=[_sheet(case, signed)],
        records=[journal_row(case, "UNDER_CONSIDERATION")],
        participants=joined,
        replaces=tuple(parts.values()),
    )


@step(requirements=("A-046",))
def put_on_control(case: Case) -> Outcome:
    """Open the control card with the term of the resolution. Source: A 6.4.4 (A-046)."""
    fields = {
        "Карточка": case["control_mark.card"],
        "Обращение": case.number,
        "Категория": CATEGORY_NAMES[str(case["resolution.category"])],
        "Исполнитель": name_of(case, str(case["resolution.responsible"])),
        "Срок": case["control.due_on"],
        "Копии": case["control_mark.copies"],
        "Поставил": name_of(case, case.actor.login),
        "Снял": "",
    }
    return Outcome(records=[Record(journal="control", key=case.number, fields=fields)])


@step(requirements=("A-010",))
def hand_over(case: Case) -> Outcome:
    """Record what was handed to whom and when. Source: A 5.3 (A-010)."""
    recipients = [*case.members("responsible"), *case.members("material_preparer")]
    fields = {
        "Обращение": case.number,
        "Передал": name_of(case, case.actor.login),
        "Кому": names(case, list(dict.fromkeys(recipients))),
        "Когда": case.now.isoformat(timespec="minutes"),
        "Что": [str(row["title"]) for row in case["materials_transfer.materials"]],
    }
    return Outcome(records=[Record(journal="handovers", key=case.number, fields=fields)])


def _refuse_interested(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to give the item, or a part in it, to its own sender, or to somebody whom it is about."""
    for field in ("responsible", "secretary", "material_preparer"):
        person = str(values.get(field, ""))
        if person in case.members("applicant"):
            raise Refused(
                "LINKED_TO_PARTY",
                "{person} — сторона этого обращения и не рассматривает его. Назначьте другого.",
                field=field,
                person=name_of(case, person),
            )
    refuse(case, interest_denied(str(values["responsible"]), *_too_close(case)), field="responsible")
    preparer = interest_denied(str(values.get("material_preparer", "")), (), case.members("subject"))
    refuse(case, preparer, field="material_preparer")


def _too_close(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return case.members("involved"), case.members("subject")


def _refuse_incomplete(case: Case, values: Mapping[str, Any]) -> None:
    mandatory = APPEAL_MARKS if values["category"] == "APPEAL" else MARKS
    given = [MARK_NAMES[mark] for mark in mandatory if values.get(mark)]
    refuse(case, marks_denied(given, [MARK_NAMES[mark] for mark in mandatory]))


def _refuse_appeal(case: Case, values: Mapping[str, Any]) -> None:
    if case.get("intake.repeat"):
        rule = str(case.terms.reading("appeal.repeat"))
        refuse(case, repetition_denied(str(values.get("new_facts", "")), rule=rule), field="new_facts")
    only_printed = case.terms.reading("appeal.grounds") == "three_printed_grounds"
    if only_printed and values["ground"] == "OTHER_DECISION":
        raise Refused("GROUND_MISSING", "Профиль допускает только три названных основания.", field="ground")
    refuse(case, ground_denied(str(values["ground"]), str(values.get("ground_reason", ""))), field="ground")
    lookback = str(case.terms.reading("conflict.lookback"))
    ties = case.registers("tie")
    refused = person_denied(str(values["secretary"]), matter_of(case), ties, case.today, lookback=lookback)
    refuse(case, refused, field="secretary")


def _refuse_late(case: Case, values: Mapping[str, Any]) -> None:
    last = _last_day(case, Category(values["category"]), Target(values["target"]))
    if day(values["due_on"]) > last:
        raise Refused(
            "DUE_TOO_LATE",
            "Срок для этой категории истекает {last}. Назначьте более ранний день.",
            field="due_on",
            last=shown(last),
        )


def _last_day(case: Case, category: Category, target: Target) -> date:
    """Return the last day that a resolution may set; for a proposal the longer term, for it may need study."""
    is_study = category in (Category.PROPOSAL, Category.APPLICATION)
    track = str(case.terms.reading("complaint.track"))
    term = term_of(category, target, needs_study=is_study, track=track)
    start = case.today if term == "forward" else day(case[case.terms.start(term)])
    last = case.terms.due(term, start).day
    if case.get("registration.about_head") and case.terms.reading("head_subject.clock") == "decision":
        registered = day(case["registration.registered_on"])
        last = min(last, case.terms.due("head_subject.escalate", registered).day)
    return last


def _sheet(case: Case, signed: Mapping[str, Any]) -> Any:
    people = {
        label: name_of(case, str(signed[key]))
        for key, label in (
            ("responsible", "Ответственный"),
            ("secretary", "Секретарь комиссии"),
            ("material_preparer", "Готовит материалы"),
        )
        if signed.get(key)
    }
    fields = {
        "Категория": CATEGORY_NAMES[str(signed["category"])],
        "Кого касается": TARGET_NAMES[str(signed["target"])],
        "Можно рассматривать": "да" if signed["admissible"] == "YES" else f"нет: {signed['inadmissible_reason']}",
        **({"Новые факты": signed["new_facts"]} if signed.get("new_facts") else {}),
        "Поручение": signed.get("action", ""),
        **people,
        "Срок исполнения": signed.get("due_on", ""),
        "Дата направления": signed["sent_on"],
        "Виза юрисконсульта": case.get("lawyer_visa.opinion", "не привлекался"),
        "Подпись": "собственноручная" if signed["signature"] == "HAND" else "электронная цифровая",
    }
    return paper(case, "resolution", "Резолюция", fields, **signed_now(case, acting_director(case)))
