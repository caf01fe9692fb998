"""The organisation confirms that it has received a decision or a certificate; the record says who said so, and how.

What hands something over notes it in the key `handed_over` first (`handed_over`); the diagram `receipt` does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import shown, to_applicant, to_role

HANDED_OVER = ("handed_over.what", "handed_over.since")
"""What a step writes that uses `handed_over`."""


def handed_over(what: str, since: str) -> dict[str, dict[str, str]]:
    """Return the case data that say what is to be received, in the accusative, and the first day on which it can be."""
    return {"handed_over": {"what": what, "since": since}}


def _first_day(case: Case) -> str:
    """The day from which a receipt is believed, as ISO text: the paper's own, or that of its sending if it is later."""
    sent = (str(case.get(f"{form}.sent_on", "")) for form in ("delivery", "status_delivery"))
    return max(str(case["handed_over.since"]), *sent)


@guard(refuses=("DATE_WRONG",), requirements=("C-099", "C-106", "C-134"))
def received(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a day of receipt before the paper was sent or in the future: terms run from it. Source: C L187, L239."""
    if not _first_day(case) <= values["received_on"] <= case.today.isoformat():
        since = shown(_first_day(case))
        raise Refused("DATE_WRONG", "День получения: с {since} по сегодня.", field="received_on", since=since)


@step(requirements=("C-099", "C-106", "C-134"))
def remind(case: Case) -> Outcome:
    """Ask the organisation to confirm, and the officers to enter the receipt with its proof if it does not.

    Reads:   handed_over
    Source:  C L176, L185, L239 (C-099, C-106, C-134)
    """
    what = case["handed_over.what"]
    request = to_applicant(
        case, "receipt_reminder", "Подтвердите получение", f"Подтвердите, пожалуйста, что получили {what}."
    )
    body = f"Организация не подтвердила, что получила {what}. Внесите день получения за неё и приложите доказательство."
    officers = to_role(case, "officer", "receipt_missing", f"Получение не подтверждено: дело {case.number}", body)
    return Outcome(letters=(request, *officers))


@step(writes=("receipt_proof.what", "receipt_proof.text"), requirements=("C-002", "C-099", "C-106", "C-134"))
def record(case: Case) -> Outcome:
    """Record the receipt: of what, when, by whom, and whether the organisation said so itself.

    Reads:   receipt (form), handed_over; the person of the step
    Writes:  receipt_proof  {"what", "text"}  who confirmed, and how; journal `receipts`
    Source:  C L176, L185, L239 (C-099, C-106, C-134)
    """
    what, values, text = str(case["handed_over.what"]), case["receipt"], confirmed_by(case)
    fields = {
        "Что": what,
        "Получено": values["received_on"],
        "Получил": values["received_by"],
        "Способ": case.words("receipt.way"),
        "Подтверждение": text,
    }
    row = Record(journal="receipts", key=f"{case.number}/{what}", fields=fields)
    return Outcome(data={"receipt_proof": {"what": what, "text": text}}, records=(row,))


def confirmed_by(case: Case) -> str:
    """Say who has confirmed a receipt: the organisation by its link or account, or staff with a scan."""
    who = case.actor
    if who.admission is not None:
        return f"организация сама, по личной ссылке ({who.name})"
    if who.login in case.members("applicant"):
        return f"организация сама, с учётной записи ({who.name})"
    return f"внёс(ла) за организацию {who.name}, скан приложен"
