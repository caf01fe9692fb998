"""Letters and replies to the sender: preliminary, substantive, forwarding, and the control that ends with the reply.

Source: A 5.5, 6.1.1, 6.4.3, 6.5, 6.7.8, 6.8.1 (A-018, A-023 to A-028, A-048 to A-050, A-060 to A-066).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Letter, Outcome, Record, guard, step
from handlers.appeal_result import TELLS, told
from handlers.books import comments_book_row
from handlers.client_file import GREETING, acting_director, contact, day, name_of, refuse, sentence, shown
from handlers.item import addresses, applicant_names, journal_row, paper, signed_now, to_sender
from rules.complaint_answer import reply_denied, training_denied, way_denied
from rules.statute import statute, study_notice


@step(writes=("preliminary_reply.sent_on",), requirements=("A-023", "A-024"))
def preliminary(case: Case) -> Outcome:
    """Send the preliminary reply with thanks and the next step.

    Writes:  preliminary_reply.sent_on (today)
    Source:  A 6.1.1 items 2 and 6 (A-023, A-024)
    """
    due = case.terms.due("prelim.reply", day(case["registration.registered_on"]))
    text = f"{case['preliminary_reply.text']}\n\nМы сообщим вам о ходе и результате рассмотрения письменно."
    sent = {**case["preliminary_reply"], "sent_on": case.today.isoformat()}
    letters = to_sender(case, "preliminary_reply", f"Предварительный ответ {case.number}", text, due=due.day)
    return Outcome(data={"preliminary_reply": sent}, letters=letters)


@step(requirements=("A-005", "A-043"), tells=TELLS)
def decline(case: Case) -> Outcome:
    """Tell the sender why the item is not considered, with the number of the first answer for a repetition.

    Source: A 3.10, 6.4.2 (A-005, A-043); profile appeal.repeat
    """
    earlier = case.get("intake.earlier_case")
    reference = f" Ответ дан по обращению {earlier}." if earlier else ""
    body = f"Обращение не принято к рассмотрению. Причина: {case['resolution.inadmissible_reason']}{reference}"
    return Outcome(
        letters=to_sender(case, "declined", f"Обращение {case.number} не принято", body),
        tells=told(case, "not_considered", "DECLINED", reasons=body),
    )


@guard(refuses=("REPLY_INCOMPLETE",), requirements=("A-063",))
def may_prepare(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a draft reply to a justified complaint without analysis and measures.

    Refuses: REPLY_INCOMPLETE
    Source:  A 6.7.8 (A-063)
    """
    refused = reply_denied(
        justified=bool(case.get("conclusion.justified", False)),
        analysis=str(values.get("analysis", "")),
        measures=str(values.get("measures", "")),
    )
    refuse(case, refused, field="measures" if values.get("analysis") else "analysis")


@guard(refuses=("NOT_TRAINED",), requirements=("A-026",))
def may_approve(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse the signature of somebody who was not trained to handle complaints.

    Refuses: NOT_TRAINED
    Source:  A 6.1.1 items 7-8 (A-026)
    """
    if values["decision"] != "APPROVE":
        return
    topic = str(case.terms.reading("complaint.training"))
    refuse(case, training_denied(case.registers("training"), case.actor.login, topic), field="decision")


@step(writes=("outcome.status",), requirements=("A-018", "A-023", "A-028", "A-063", "A-064"))
def compose(case: Case) -> Outcome:
    """Write the signed reply: the substance, for a justified complaint analysis and measures, and the way to appeal.

    Reads:   reply.*
    Writes:  outcome.status ANSWERED
    Source:  A 5.5, 6.1.1, 6.7.8, 6.7.9 (A-018, A-023, A-028, A-063, A-064)
    """
    reply = case["reply"]
    parts = {
        "Ответ по существу": reply["text"],
        "Результаты анализа действий": reply.get("analysis"),
        "Принятые меры": reply.get("measures"),
        "Что изменено": reply.get("what_changed"),
        "Почему рассмотрение заняло больше месяца": reply.get("delay_reason"),
        "Материалы": [str(row["title"]) for row in reply.get("evidence", [])],
        "Порядок обжалования": "Если вы не согласны с ответом, вы вправе подать апелляцию в этот же орган.",
    }
    said = {label: value for label, value in parts.items() if value}
    text = "\n\n".join(f"{label}: {value}" for label, value in said.items() if label != "Материалы")
    return Outcome(
        data={"outcome": {"status": "ANSWERED"}},
        documents=[paper(case, "reply", "Ответ заявителю", said, **signed_now(case, acting_director(case)))],
        letters=to_sender(case, "reply", f"Ответ на обращение {case.number}", text, encloses=("reply",)),
    )


@step(requirements=("A-041", "A-049", "A-064", "A-066"))
def dispatched(case: Case) -> Outcome:
    """Record when and where the letter went and in which folder it is kept.

    Source: A 6.8.1, Appendix B (A-041, A-066)
    """
    sent = case["reply_dispatch"]
    fields = {"Обращение": case.number, "Исх. №": sent["outgoing_number"], "Отправлено": sent["sent_on"]}
    rows = [
        Record(
            journal="outgoing", key=str(sent["outgoing_number"]), fields={**fields, "Папка": sent.get("folder", "")}
        ),
        journal_row(case, str(case["outcome.status"])),
    ]
    if case.get("submission.channel") == "BOOK":
        rows.append(comments_book_row(case))
    return Outcome(records=rows)


@step(requirements=("A-062",))
def close_control(case: Case) -> Outcome:
    """Take the item off control: who did it, when, and under which reply. Source: A 6.7.8 (A-062)."""
    fields = {
        "Карточка": case["control_mark.card"],
        "Обращение": case.number,
        "Срок": case["control.due_on"],
        "Снял": name_of(case, case.actor.login),
        "Снято": case.today.isoformat(),
        "Ответ": case["control_closing.reply_number"],
        "В срок": day(case["reply_dispatch.sent_on"]) <= day(case["control.due_on"]),
    }
    return Outcome(records=[Record(journal="control", key=case.number, fields=fields)])


@step(writes=("control.due_on",), requirements=("A-048",))
def announce_study(case: Case) -> Outcome:
    """Tell the sender that study is needed and when the answer comes; the control follows.

    Writes:  control.due_on, the last day of the term proposal.study; a notice later than the law allows is a row of
             the journal late_notices
    Source:  A 6.5 (A-048); profile law.profile
    """
    last = case.terms.due("proposal.study", day(case[case.terms.start("proposal.study")])).day
    body = (
        f"Обращение требует изучения: {sentence(case['statement_study.plan'])} Ответ вы получите не позднее "
        f"{shown(last)}."
    )
    law = statute(str(case.terms.reading("law.profile")))
    late = law and study_notice(law, day(case["submission.received_on"]), case.today)
    late_row = {"Обращение": case.number, "Замечено": case.today.isoformat(), "Замечание": late.message if late else ""}
    return Outcome(
        data={"control": {"due_on": last.isoformat()}},
        records=[Record(journal="late_notices", key=f"{case.number}/изучение", fields=late_row)] if late else (),
        letters=to_sender(case, "study_notice", f"Обращение {case.number} изучается", body),
    )


@guard(refuses=("WAY_NOT_OPEN",), requirements=("A-049", "A-050"))
def may_forward(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to forward an item that the profile says to leave with an explanation, or the other way round.

    Refuses: WAY_NOT_OPEN
    Source:  A 6.5 note (A-049, A-050); profile forward.mode: the director chooses, or one of the two always
    """
    refuse(case, way_denied(str(values["way"]), str(case.terms.reading("forward.mode"))), field="way")


@step(writes=("outcome.status",), requirements=("A-049", "A-050"))
def forward(case: Case) -> Outcome:
    """Write to the competent organisation and to the sender, or explain to the sender where and how to apply.

    Reads:   forwarding.*
    Writes:  outcome.status FORWARDED or LEFT_WITHOUT_CONSIDERATION
    Source:  A 6.5 note (A-049, A-050)
    """
    way = case["forwarding"]
    due = case.terms.due("forward", day(case["resolution.signed_on"])).day
    where = f"{way['organisation']}. Порядок: {way['procedure']}"
    if way["way"] == "FORWARD":
        body = f"Обращение переслано по принадлежности: {where}"
        cover_text = (
            GREETING,
            "Направляем вам по принадлежности обращение и просим ответить заявителю.",
            f"Заявитель: {applicant_names(case)}. Куда ответить: {addresses(case)}.",
            f"Содержание обращения: {sentence(case['submission.summary'])}",
            f"Номер обращения: {case.number}.",
            contact(case, "clerk"),
        )
        cover = Letter(
            kind="forwarding",
            to=f"{way['organisation']}, {way['address']}",
            subject=f"Обращение {case.number} по принадлежности",
            body="\n\n".join(part for part in cover_text if part),
            due=due,
        )
        letters, status = [cover, *to_sender(case, "forwarded", "Обращение переслано", body, due=due)], "FORWARDED"
    else:
        body = f"Вопрос не относится к нашей компетенции. Обратитесь: {where}"
        letters = to_sender(case, "left_without_consideration", "Куда обратиться", body, due=due)
        status = "LEFT_WITHOUT_CONSIDERATION"
    notice = {"Компетентная организация": way["organisation"], "Порядок обращения": way["procedure"]}
    return Outcome(
        data={"outcome": {"status": status}},
        documents=[
            paper(
                case,
                "forwarding_notice",
                "Уведомление заявителю",
                notice,
                **signed_now(case, f"{case.actor.name}, ответственный исполнитель"),
            )
        ],
        letters=letters,
    )
