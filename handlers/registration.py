"""Intake and registration of items, what goes beside the consideration, and the closing of the case.

Source: A 5.2, 5.3, 6.1-6.3, 6.8, 7 and the appendices (A-001 to A-011, A-022, A-035 to A-041, A-047, A-066, A-068).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Letter, Outcome, Participant, Record, Refused, guard, step
from handlers.appeal_result import TELLS, told
from handlers.books import comments_book_row, control_form_row, opening_rows
from handlers.client_file import day, name_of, shown, to_role
from handlers.item import applicant_names, category_of, journal_row, reply_address, to_sender
from handlers.received import earlier_items, item_of
from rules.admissibility import is_collective, proposed_category, repeated
from rules.durations import last_day
from rules.statute import statute

EXPIRED = {"warn_and_flag": "обращение рассматривается в обычном порядке, дело помечено"}
"""The reading procedure.expired in words."""
REGISTERS = {"SUPERVISORY": "STATE_CORRESPONDENCE", "BOOK": "COMMENTS_BOOK", "ORAL": "RECEPTION_BOOK"}


@guard(refuses=("NOT_TODAY", "NOT_BY_PHONE"), requirements=("A-022",))
def may_receive(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an item received after today, or by telephone where the body takes none; nothing else ever stops one.

    Refuses: NOT_TODAY, NOT_BY_PHONE
    Source:  A 6.1.1 item 3, 6.3.1.1 (A-022, A-036); profile phone.intake
    """
    if values.get("oral_channel") == "PHONE" and not case.terms.reading("phone.intake"):
        raise Refused(
            "NOT_BY_PHONE",
            "По телефону орган обращений не принимает. Пригласите на личный приём или попросите написать.",
            field="oral_channel",
        )
    if day(values["received_on"]) > case.today:
        raise Refused("NOT_TODAY", "День поступления ещё не наступил.", field="received_on")


@step(
    writes=(
        "intake.register", "intake.collective", "intake.proposed_category", "intake.repeat", "intake.earlier_case",
        "intake.can_reply", "item.applicants", "item.email", "item.substance", "item.acquainted",
    ),
    requirements=("A-004", "A-005", "A-006", "A-030", "A-047", "A-065"),
)  # fmt: skip
def receive(case: Case) -> Outcome:
    """Open the file of an item: its register, whether it is collective or a repetition, the category to propose.

    Reads:   submission.*, the journal `appeals`
    Writes:  intake.register STATE_CORRESPONDENCE, COMMENTS_BOOK, RECEPTION_BOOK or APPEALS_JOURNAL; intake.*; item.*
    Source:  A 3.5-3.12, 6.3, 6.4.5 (A-004 to A-006, A-047); every item is accepted (A-022)
    """
    names = applicant_names(case)
    received = day(case["submission.received_on"])
    window = str(case.terms.reading("repeat.window"))
    earlier = (
        None
        if window == "none"
        else repeated(
            earlier_items(case),
            applicant=names,
            matter=str(case["submission.subject"]),
            received=received,
            window=window,
        )
    )
    item = {
        key: case["submission." + key] for key in ("applicants", "email", "substance", "authority_document")
        if case.get("submission." + key)
    }  # fmt: skip
    intake = {
        "register": _register(case),
        "collective": is_collective(item_of(case)),
        "proposed_category": _proposed(case),
        "repeat": earlier is not None,
        "earlier_case": earlier.number if earlier else "",
        "can_reply": bool(reply_address(case)),
    }
    return Outcome(data={"intake": intake, "item": item}, participants=_people(case))


@guard(refuses=("NOT_TODAY", "ACQUAINTANCE_UNSTATED", "NOT_THE_REGISTRAR"), requirements=("A-008", "A-079"))
def may_register(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a registration dated after today, by another office, or of an appeal without a word on acquaintance.

    Refuses: NOT_TODAY              when the incoming date lies in the future
             NOT_THE_REGISTRAR      when somebody registers who does not hold the office of the reading registration.by
             ACQUAINTANCE_UNSTATED  when an appeal is marked as needing none; "not yet" is a valid answer
    Source:  A 5.2, 6.10.2 (A-008, A-079); acquaintance not confirmed yet is asked for and never refuses an item
    """
    if not case.actor.has_role(str(case.terms.reading("registration.by"))):
        raise Refused("NOT_THE_REGISTRAR", "Обращения регистрирует канцелярия.")
    if day(values["incoming_on"]) > case.today:
        raise Refused("NOT_TODAY", "Дата входящего ещё не наступила.", field="incoming_on")
    if category_of(case) == "APPEAL" and values["acquainted"] == "NOT_NEEDED":
        raise Refused(
            "ACQUAINTANCE_UNSTATED",
            "Оспаривается решение: отметьте, ознакомлен ли апеллянт с процедурой.",
            field="acquainted",
        )


@step(
    writes=(
        "registration.registered_on", "registration.received_on", "registration.registered_by",
        "registration.about_head", "registration.procedure_edition",
        "registration.procedure_expired", "registration.procedure_task", "registration.number", "item.acquainted",
    ),
    requirements=("A-002", "A-023", "A-036", "A-040", "A-041", "A-047", "A-061", "A-068", "A-079"),
)  # fmt: skip
def register(case: Case) -> Outcome:
    """Enter the item into the one journal, thank the sender, close the file to those whom it is about.

    Reads:   registration.*, submission.*; reading procedure.valid_until (a date or "none")
    Writes:  registration.registered_on (today), number, about_head, procedure_expired; procedure_task, whether the
             quality engineer is to be asked, which is once for an expired edition; item.acquainted
    Source:  A cover, 5.2, 6.3, 6.10.2 (A-002, A-040, A-068, A-079): an expired procedure is flagged, never a refusal
    """
    about = [str(row["person"]) for row in case.get("registration.about", [])]
    known = {
        **case["registration"],
        "registered_on": case.today.isoformat(),
        "received_on": case["submission.received_on"],
        "registered_by": case.actor.login,
        "about_head": _is_head(case, about),
        "procedure_edition": str(case.terms.reading("procedure.edition")),
        "procedure_expired": _is_expired(case),
        "procedure_task": _is_expired(case) and not _is_in_hand(case),
        "number": case.number,
    }
    item = {**case["item"], "acquainted": known["acquainted"]}
    joined = [Participant(group=group, login=login) for login in about for group in ("subject", "no_access")]
    return Outcome(
        data={"registration": known, "item": item},
        records=[
            *opening_rows(case),
            *([_warning(case, asks=known["procedure_task"])] if known["procedure_expired"] else []),
        ],
        letters=_receipt(case),
        participants=joined,
    )


@step(requirements=("A-009", "A-011"))
def enter_control_form(case: Case) -> Outcome:
    """Enter the registration and control form into its journal. Source: A 5.3 (A-009)."""
    return Outcome(records=[control_form_row(case)])


@guard(refuses=("LINKED_TO_SUBJECT", "NOT_TODAY"), requirements=("A-061",))
def may_present(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to bring a complaint to somebody whom it concerns, or on a day that has not come.

    Refuses: LINKED_TO_SUBJECT, NOT_TODAY
    Source:  A 6.7.7 (A-061); ISO/IEC 17065 7.13.5
    """
    if day(values["presented_on"]) > case.today:
        raise Refused("NOT_TODAY", "Этот день ещё не наступил.", field="presented_on")
    presented_to = str(values.get("presented_to", ""))
    if presented_to in case.members("subject"):
        raise Refused(
            "LINKED_TO_SUBJECT",
            "Жалоба касается и этого человека ({person}): представьте её тем, кому он подчинён.",
            field="presented_to",
            person=name_of(case, presented_to),
        )


@step(writes=("management_notice.on_time",), requirements=("A-009", "A-061"))
def enter_management_notice(case: Case) -> Outcome:
    """Record when a complaint about the head reached the management, and whether within five days.

    Writes:  management_notice.on_time
    Source:  A 6.7.7 (A-061)
    """
    due = case.terms.due("head_subject.escalate", day(case["registration.registered_on"]))
    on_time = day(case["management_notice.presented_on"]) <= due.day
    record = Record(
        journal="escalations",
        key=case.number,
        fields={
            "Обращение": case.number,
            "Представлено": case["management_notice.presented_on"],
            "Кому": case.get("management_notice.presented_to_other")
            or name_of(case, str(case["management_notice.presented_to"])),
            "Последний день": due.day.isoformat(),
            "В срок": on_time,
        },
    )
    notice = {**case["management_notice"], "on_time": on_time}
    return Outcome(data={"management_notice": notice}, records=[control_form_row(case), record])


@step(requirements=("A-002", "A-003", "A-021"))
def enter_procedure_status(case: Case) -> Outcome:
    """Record what the quality engineer decided about the expired procedure, with the copies handed out.

    Source: A cover (A-002, A-003)
    """
    status = case["procedure_status"]
    fields = {
        "Редакция": case["registration.procedure_edition"],
        "Решение": status["action"],
        "Действует до": status.get("valid_to", ""),
        "Новая редакция к": status.get("planned_on", ""),
        "Рассылка": [f"{row['recipient']}: {row['received']}" for row in status.get("distribution", [])],
        "Основание": status["basis"],
    }
    return Outcome(records=[Record(journal="procedure_versions", key=case.number, fields=fields)])


@step(writes=("breach.state", "breach.what", "breach.noticed_on"), requirements=("A-025", "A-090"))
def escalate(case: Case, *, what: str) -> Outcome:
    """Tell the director once that the month is over; an extension that was told to the applicant is no breach.

    Writes:  breach.state BREACHED or EXTENDED; EXPLAINED for an appeal where the profile lets the month be exceeded
    Source:  A 6.1.1 (A-025), A 5.5, 6.10.14 (A-018, A-090); profile appeal.month
    """
    if case.get("breach.state") == "BREACHED":
        return Outcome()
    is_extended = what == "complaint" and case.get("term_extension.granted") == "YES"
    state = "EXTENDED" if is_extended else "BREACHED"
    data = {"breach": {"state": state, "what": what, "noticed_on": case.today.isoformat()}}
    if is_extended:
        return Outcome(data=data)
    if what == "appeal" and case.terms.reading("appeal.month") == "explained":
        data["breach"]["state"] = "EXPLAINED"
        body = (
            f"Апелляция {case.number} не рассмотрена за месяц. Комиссия продолжает работу; причина будет названа в "
            "протоколе и в ответе вам."
        )
        return Outcome(data=data, letters=to_sender(case, "term_explained", f"О сроке апелляции {case.number}", body))
    body = f"Обращение {case.number} не рассмотрено за месяц. Назовите причину и закончите рассмотрение."
    record = Record(
        journal="breaches", key=case.number, fields={"Дело": case.number, "Замечено": case.today.isoformat()}
    )
    letters = to_role(case, "director", "term_breached", f"Нарушен срок: {case.number}", body)
    return Outcome(data=data, letters=letters, records=[record])


@step(requirements=("A-035", "A-041", "A-066", "A-094"), tells=TELLS)
def close(case: Case) -> Outcome:
    """Enter the result into the journal with the place and the period of keeping.

    Tells:   appeal_result not_considered, if an appeal was handled as something else and nobody told a result before
    Source: A 6.8.1, 7, Appendix B (A-041, A-066, A-094)
    """
    status = str(case.get("outcome.status", "ANSWERED"))
    kept = {"Папка": case["item_archive.folder"], "Срок хранения": _kept_until(case)}
    records = [journal_row(case, status, Закрыто=case.today.isoformat(), **kept)]
    if case.get("submission.channel") == "BOOK":
        records.append(comments_book_row(case))
    return Outcome(records=records, tells=told(case, "not_considered", status))


def _kept_until(case: Case) -> str:
    retention = str(case.terms.reading("retention"))
    if retention == "cycle_plus_one":
        return "текущий и следующий цикл сертификации"
    return f"до {shown(last_day(case.today, retention))}"


def _register(case: Case) -> str:
    for value in (case["submission.sender_type"], case.get("submission.channel"), case["submission.kind"]):
        if value in REGISTERS:
            return REGISTERS[value]
    return "APPEALS_JOURNAL"


def _proposed(case: Case) -> str:
    if case["submission.sender_type"] == "SUPERVISORY":
        return "COMPLAINT"
    nature = case.get("submission.nature", "DISSATISFACTION")
    return proposed_category(
        within_competence=nature != "NOT_OURS",
        contested_decision=str(case.get("submission.contested_decision", "")),
        is_dissatisfied=nature == "DISSATISFACTION",
        wants_service=nature == "REQUEST",
    ).value


def _people(case: Case) -> list[Participant]:
    account = case.get("submission.account")
    joined = [Participant(group="applicant", login=str(account))] if account else []
    return joined + [
        Participant(group="involved", login=str(row["person"])) for row in case.get("submission.involved", [])
    ]


def _is_head(case: Case, logins: list[str]) -> bool:
    return any(row["login"] in logins and "head" in row.get("roles", ()) for row in case.registers("person"))


def _is_expired(case: Case) -> bool:
    until = str(case.terms.reading("procedure.valid_until"))
    return until != "none" and case.today > day(until)


def _is_in_hand(case: Case) -> bool:
    """Whether the quality engineer was asked about this edition already and has not decided, or plans a new one."""
    edition = str(case.terms.reading("procedure.edition"))
    asked = [
        row["_key"]
        for row in case.registers("journals/governance_warnings")
        if row.get("Редакция") == edition and row.get("Задача инженеру по качеству") == "да"
    ]
    decided = {row["_key"]: row for row in case.registers("journals/procedure_versions")}
    planned = [str(decided[key].get("Новая редакция к") or "") for key in asked if key in decided]
    return len(planned) < len(asked) or any(each and case.today <= day(each) for each in planned)


def _warning(case: Case, *, asks: bool) -> Record:
    fields = {
        "Задача инженеру по качеству": "да" if asks else "уже поставлена",
        "Предупреждение": "EXPIRED_PROCEDURE",
        "Что это значит": EXPIRED[str(case.terms.reading("procedure.expired"))],
        "Дело": case.number,
        "Редакция": str(case.terms.reading("procedure.edition")),
        "Действовала до": str(case.terms.reading("procedure.valid_until")),
        "Зарегистрировано": case.today.isoformat(),
    }
    return Record(journal="governance_warnings", key=case.number, fields=fields)


def _receipt(case: Case) -> list[Letter]:
    reply = case.terms.due("prelim.reply", case.today)
    body = (
        f"Обращение зарегистрировано {shown(case.today)}. "
        f"Предварительный ответ вы получите не позднее {shown(reply.day)}. "
        "Порядок рассмотрения открыт на нашей странице процедур; о решении мы сообщим письменно."
    )
    if category_of(case) == "APPEAL" and case["registration.acquainted"] == "NOT_YET":
        body += " Подтвердите, пожалуйста, что вы ознакомлены с процедурой рассмотрения апелляций."
    law = statute(str(case.terms.reading("law.profile")))
    if law:
        body += f" Сроки ответа и порядок продления определяет также {law.title}."
    return to_sender(case, "receipt", f"Обращение {case.number} зарегистрировано", body)
