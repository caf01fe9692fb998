"""A holder who refuses surveillance: two letters, fifteen days after each, then the head decides; a yes stops it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import LEADER, day, paper, shown, team_titles, to_applicant
from handlers.holder import GROUND_NAMES, control_record, demand_grounds, due_denied, suspension_limit
from rules.surveillance import Letter as Stand
from rules.surveillance import letters_stand

STAND = tuple(
    f"refusal_stand.{name}" for name in ("result", "proposed", "grounds", "last_letter", "decided_on", "decided_by")
)
_TITLES = {1: "Письмо-уведомление об отказе от контроля", 2: "Повторное письмо об отказе от контроля"}


@guard(refuses=("DATE_IN_FUTURE", "TOO_EARLY"), requirements=("C-131", "C-132"))
def sent(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a letter of the future, and a second one before fifteen days without a reply have passed.

    Source: C L237 (C-131, C-132)
    """
    if values["sent_on"] > case.today.isoformat():
        raise Refused("DATE_IN_FUTURE", "Дата отправки ещё не наступила.", field="sent_on")
    waiting = case.get("refusal_stand.last_letter")
    if waiting and values["sent_on"] <= case.terms.due("surv.refusal.letter1", day(waiting)).day.isoformat():
        raise Refused("TOO_EARLY", "Повторное письмо: после пятнадцати дней без ответа.", field="sent_on")


@step(writes=STAND, requirements=("C-131", "C-132"))
def letter(case: Case, *, which: int) -> Outcome:
    """Draw up one of the two letters and note the day of its sending, from which fifteen days run.

    Reads:   letter1 or letter2 (form)
    Writes:  refusal_stand  {"result": "WAITING", "proposed", "grounds", "last_letter": ISO date of the first letter}
    Source:  C L237 (C-131, C-132); terms surv.refusal.letter1 and letter2
    """
    values = case[f"letter{which}"]
    last = case.terms.due(f"surv.refusal.letter{which}", day(values["sent_on"])).day
    what = "уйдёт повторное письмо" if which == 1 else "руководитель органа решит о приостановлении или отмене"
    body = (
        f"Вы отказались от планового контроля сертификата {case['surveillance.certificate']}. Ответьте не позже "
        f"{shown(last)}: без ответа {what}."
    )
    fields = {
        "Исходящий номер": values["number"],
        "Отправлено": shown(values["sent_on"]),
        "Ответ не позже": shown(last),
    }
    document = paper(
        case,
        f"refusal_letter_{which}",
        _TITLES[which],
        {**fields, "Текст": body},
        team_titles(case, "leader"),
        own=LEADER,
    )
    stand = {
        "result": "WAITING",
        "proposed": str(case.terms.reading("surv.refusal.first_decision")),
        "grounds": ["obstructed_surveillance"],
        "last_letter": values["sent_on"] if which == 1 else "",
    }
    record = control_record(case, "REFUSED", **{f"Письмо {which}": values["sent_on"]})
    message = to_applicant(
        case,
        f"refusal_letter_{which}",
        _TITLES[which],
        body,
        due=day(values["sent_on"]),
        encloses=(f"refusal_letter_{which}",),
    )
    return Outcome(data={"refusal_stand": stand}, documents=(document,), records=(record,), letters=(message,))


def _stand(case: Case, answered_on: str | None) -> Stand:
    second = case.get("letter2.sent_on") if not case.get("refusal_stand.last_letter") else None
    first = day(case["letter1.sent_on"])
    waits: list[str] = list(case.terms.reading("surv.refusal.letters"))
    answered = day(answered_on) if answered_on else None
    return letters_stand(first, day(second) if second else None, answered, case.today, waits=(waits[0], waits[1]))


@guard(refuses=("DATE_WRONG",), requirements=("C-132",))
def replied(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a reply from before the letter or from the future, and one that came after the head was asked."""
    in_time = case["letter1.sent_on"] <= values["replied_on"] <= case.today.isoformat()
    if not in_time or _stand(case, values["replied_on"]) is not Stand.ANSWERED:
        raise Refused("DATE_WRONG", "Дата ответа: со дня отправки письма по сегодня.", field="replied_on")


@step(writes=STAND, requirements=("C-132",))
def answered(case: Case) -> Outcome:
    """Stop the path: the holder agrees to the control. Source: C L237 (C-132)."""
    on = case["refusal_reply.replied_on"]
    stand = {**case["refusal_stand"], "result": "ANSWERED", "last_letter": ""}
    return Outcome(data={"refusal_stand": stand}, records=(control_record(case, "OPEN", **{"Ответ держателя": on}),))


@guard(refuses=("TOO_EARLY", "GROUND_MISSING", "REISSUE_UNDER_WAY", "DUE_TOO_LATE"), requirements=("C-127", "C-132"))
def decidable(case: Case, values: Mapping[str, Any]) -> None:
    """Let the head decide after thirty days of silence or a confirmed refusal, on a coded ground.

    Source: C L229-233, L237 (C-127, C-132)
    """
    if case.get("refusal_reply.outcome") != "refuse" and _stand(case, None) is not Stand.HEAD_DECIDES:
        raise Refused("TOO_EARLY", "Срок ответа на второе письмо ещё идёт.", field="outcome")
    demand_grounds(case, case["surveillance.certificate"], values["outcome"], values["grounds"])
    if values["outcome"] == "SUSPEND":
        due_denied(case, values["due_on"], suspension_limit(case, case.today))


@step(writes=STAND, requirements=("C-132", "C-133"))
def decided(case: Case) -> Outcome:
    """Note the head's decision; the case on the status draws it up. Source: C L237-238 (C-132, C-133)."""
    values, today = case["refusal_decision"], case.today.isoformat()
    stand = {**case["refusal_stand"], "result": "DECIDED", "decided_on": today, "decided_by": case.actor.login}
    row = {
        "Сертификат": case["surveillance.certificate"],
        "Держатель": case["application.name"],
        "Первое письмо": case["letter1.sent_on"],
        "Второе письмо": case.get("letter2.sent_on", ""),
        "Решение": values["outcome"],
        "Основания": [GROUND_NAMES[each] for each in values["grounds"]],
        "Решение от": today,
    }
    return Outcome(data={"refusal_stand": stand}, records=(Record(journal="refusals", key=case.number, fields=row),))
