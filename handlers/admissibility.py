"""Whether an item says enough to be considered, and what is done when it does not.

Source: A 6.2.2, 6.2.3, 6.10.3 (A-032 to A-034, A-080). Nothing here refuses registration (A-022).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.appeal_result import TELLS, told
from handlers.client_file import acting_director, shown
from handlers.item import STATUS_NAMES, journal_row, paper, reply_address, signed_now, to_sender
from handlers.received import category, item_of
from rules.admissibility import Category, missing_parts, not_considered

PART_NAMES = {
    "identity": "имя и адрес заявителя (для организации наименование и место нахождения)",
    "reply_email": "адрес электронной почты для ответа",
    "authority": "документ о полномочиях представителя",
    "substance": "изложение сути конфликта",
    "acquaintance": "подтверждение, что вы ознакомлены с процедурой рассмотрения апелляций",
}
WRITES = ("admissibility.state", "admissibility.reason", "admissibility.missing", "admissibility.status")


@step(writes=WRITES, requirements=("A-032", "A-033", "A-034", "A-080"))
def check(case: Case) -> Outcome:
    """Find what the item lacks, and whether there is somewhere to ask for it.

    Writes:  admissibility.state   COMPLETE, ASK, or NOT_POSSIBLE (identity or authority lacks and nobody can be asked)
             admissibility.reason  AUTHORITY when that alone stops the item, else IDENTITY
             admissibility.missing list of identity, reply_email, authority, substance, acquaintance
    Source:  A 6.2.2, 6.2.3, 6.10.2, 6.10.3 (A-032 to A-034, A-079, A-080); profile anonymous.rule, authority.missing:
             where it says `refuse`, nobody is asked for an authority that alone is missing
    """
    missing = _missing(case)
    if not missing:
        state = "COMPLETE"
    elif reply_address(case) and not _is_refused_at_once(case, missing):
        state = "ASK"
    else:
        state = _after_the_term(case)
    return Outcome(data={"admissibility": _finding(case, state, missing)})


@step(writes=("completion_request.sent_on", "completion_request.parts"), requirements=("A-033", "A-034", "A-080"))
def request(case: Case) -> Outcome:
    """Ask the sender for what lacks, with the last day for it.

    Writes:  completion_request.sent_on (today), from which the terms of completion run
    Source:  A 6.2.2, 6.2.3 (A-033, A-034)
    """
    term = "completion.authority" if case["admissibility.reason"] == "AUTHORITY" else "completion"
    last = case.terms.due(term, case.today).day
    parts = [PART_NAMES[part] for part in case["admissibility.missing"]]
    body = f"Чтобы рассмотреть обращение, нам не хватает: {'; '.join(parts)}. Пришлите это не позднее {shown(last)}."
    return Outcome(
        data={"completion_request": {"sent_on": case.today.isoformat(), "parts": parts}},
        letters=to_sender(case, "completion_request", f"Дополните обращение {case.number}", body, due=last),
    )


@step(
    writes=(*WRITES, "item.applicants", "item.email", "item.substance", "item.authority_document", "item.acquainted"),
    requirements=("A-032", "A-033", "A-034", "A-080"),
)
def recheck(case: Case) -> Outcome:
    """Join the completion to the item and decide: only identity and authority stop it, the rest is flagged.

    Reads:   item_completion.* (absent when the sender kept silent)
    Writes:  item.*; admissibility.state COMPLETE or NOT_CONSIDERED
    Source:  A 6.2.2, 6.2.3 (A-032, A-034)
    """
    given = case.get("item_completion", {})
    kept = ("applicants", "email", "substance", "authority_document", "acquainted")
    item = {**case.get("item", {}), **{key: given[key] for key in kept if key in given}}
    completed = replace(case, data={**case.data, "item": item})
    missing = _missing(completed)
    finding = _finding(completed, _after_the_term(completed), missing)
    return Outcome(data={"item": item, "admissibility": finding})


@step(writes=("outcome.status",), requirements=("A-032", "A-034"), tells=TELLS)
def not_consider(case: Case) -> Outcome:
    """Leave the item without consideration on the approved conclusion; it stays in the journal.

    Reads:   nonconsideration.*, admissibility.status
    Writes:  outcome.status NOT_CONSIDERED_ANONYMOUS or NOT_CONSIDERED_NO_AUTHORITY
    Source:  A 6.2.2, 6.2.3 (A-032, A-034); an anonymous sender is owed no reply
    """
    status = str(case["admissibility.status"])
    conclusion = paper(
        case,
        "nonconsideration_conclusion",
        "Заключение о невозможности рассмотрения обращения",
        {
            "Причина": STATUS_NAMES[status],
            "Обстоятельства": case["nonconsideration.grounds"],
            "Утверждено": acting_director(case),
        },
        **signed_now(case, acting_director(case)),
    )
    body = f"Обращение не рассматривается: {STATUS_NAMES[status]}. Его можно подать снова с недостающими сведениями."
    letters = to_sender(case, "not_considered", f"Обращение {case.number} не рассматривается", body)
    return Outcome(
        data={"outcome": {"status": status}},
        documents=[conclusion],
        records=[journal_row(case, status, Заключение="утверждено")],
        letters=() if status == "NOT_CONSIDERED_ANONYMOUS" else letters,
        tells=told(case, "not_considered", status, reasons=body),
    )


@guard(refuses=("NO_INTERNAL_CHECK",), requirements=("A-022", "A-032"))
def may_conclude(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an internal check of what an anonymous item tells where the profile allows none.

    Refuses: NO_INTERNAL_CHECK
    Source:  A 6.1.1 (A-022), which leaves it to the body; profile anonymous.safety_signal
    """
    if values["internal_check"] == "YES" and case.terms.reading("anonymous.safety_signal") == "none":
        raise Refused(
            "NO_INTERNAL_CHECK", "Профиль органа внутренней проверки не предусматривает.", field="internal_check"
        )


def _missing(case: Case) -> tuple[str, ...]:
    missing = missing_parts(item_of(case), category(case), _rule(case))
    unconfirmed = category(case) is Category.APPEAL and case.get("item.acquainted") == "NOT_YET"
    return (*missing, "acquaintance") if unconfirmed else missing


def _after_the_term(case: Case) -> str:
    status = not_considered(item_of(case), category(case), completion_expired=True, rule=_rule(case))
    return "NOT_CONSIDERED" if status else "COMPLETE"


def _finding(case: Case, state: str, missing: tuple[str, ...]) -> dict[str, Any]:
    status = not_considered(item_of(case), category(case), completion_expired=True, rule=_rule(case)) or ""
    only_authority = "authority" in missing and "identity" not in missing
    return {
        "state": state,
        "reason": "AUTHORITY" if only_authority else "IDENTITY",
        "missing": list(missing),
        "status": status,
    }


def _rule(case: Case) -> str:
    return str(case.terms.reading("anonymous.rule"))


def _is_refused_at_once(case: Case, missing: tuple[str, ...]) -> bool:
    return missing == ("authority",) and case.terms.reading("authority.missing") == "refuse"
