"""What ends with a certificate: its planned and open works are closed, and at its last day it is no longer valid."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from engine.steps import Case, Closing, Letter, Outcome, Record, step
from handlers.client_file import day, letter_text, shown
from handlers.held import current, own
from handlers.holder import numbers_of, plans_of
from rules.one_valid import LIVE

WORKS = ("surveillance", "unplanned_control", "recertification", "extension", "reissue", "certificate_status")
"""The processes that have no ground without a certificate."""
_DONE = ("DECIDED", "CONFIRMED")


def works_closed(case: Case, number: str, reason: str, *, leaving: Collection[str] = ()) -> Outcome:
    """Return an outcome that closes what is open or planned for a certificate, but processes that are `leaving`.

    Found by the journals that each work enters: `surveillances`, `triggers`, `works`, `status_questions`. This case and
    the one that opened it are not meant. Source: C L241 (C-136), L255 (C-147).
    """
    numbers = numbers_of(case, number)
    open_cases = {row["number"]: row["process"] for row in case.registers("open_cases")}
    cases = {
        *(
            row["Дело"]
            for row in case.registers("journals/surveillances")
            if row["Сертификат"] in numbers
            if "Дело" in row
        ),
        *(
            row["_key"]
            for journal in ("triggers", "works", "status_questions")
            for row in case.registers(f"journals/{journal}")
            if row.get("Сертификат") in numbers
        ),
    } - {case.number, (case.parent or {}).get("_number")}
    closed = sorted(name for name in cases if open_cases.get(name) in set(WORKS) - set(leaving))
    rows = tuple(
        Record(
            journal="surveillances",
            key=str(row["_key"]),
            fields={**own(row), "Статус": "CANCELLED_WITH_CERTIFICATE", "Причина": reason},
        )
        for row in case.registers("journals/surveillances")
        if row["Сертификат"] in numbers
        and (row["Статус"] == "PLANNED" or row.get("Дело") in closed)
        and row["Статус"] not in _DONE
    )
    return Outcome(
        records=rows,
        cancels=plans_of(case, number),
        closes=[Closing(number=name, reason=reason) for name in closed],
    )


def expired(case: Case, number: str, *, window_until: str, email: str) -> Outcome | None:
    """Return what the end of a certificate's term brings, or None when it has ended, or was renewed, already.

    The register's row becomes EXPIRED, the works of the cycle end, and the holder is told; a recertification goes on,
    for it may restore the certificate. Nobody may prolong the term. Source: C L255 (C-147, C-148).
    """
    row = current(case, number)
    if row is None or row["Статус"] not in LIVE or case.today <= day(row["Действует до"]):
        return None
    now = str(row["_key"])
    fields = {**own(row), "Статус": "EXPIRED", "Прежний статус": row["Статус"], "Прекращён": case.today.isoformat()}
    ended = works_closed(
        case, now, f"Срок сертификата {now} истёк {shown(row['Действует до'])}.", leaving=("recertification",)
    )
    body = (
        f"Срок действия сертификата {now} истёк {shown(row['Действует до'])}, ресертификация не закончена. Продлить "
        "его нельзя. С этого дня не ссылайтесь на сертификат и не применяйте знак. До "
        f"{shown(window_until)} сертификат можно восстановить, если ресертификация закончится положительным решением; "
        "позже возможна только новая сертификация."
    )
    letter = Letter(
        kind="certificate_expired", to=email, subject=f"Сертификат {now}: срок истёк", body=letter_text(case, body)
    )
    return Outcome(
        records=(Record(journal="certificates", key=now, fields=fields), *ended.records),
        letters=(letter,),
        cancels=ended.cancels,
        closes=ended.closes,
    )


@step(requirements=("C-147", "C-148"))
def expire(case: Case) -> Outcome:
    """End the certificate whose term is over, whether its recertification was refused, declined or never finished.

    A certificate that was renewed, withdrawn or replaced meanwhile stays as it is.

    Reads:   expiry_start (form); journals of the certificate's works; term restore.window
    Writes:  journal `certificates` EXPIRED; the open and planned works of the cycle are closed; the letter
    Source:  C L255 (C-147, C-148)
    """
    values: dict[str, Any] = case["expiry_start"]
    until = case.terms.due("restore.window", day(values["valid_until"])).day.isoformat()
    done = expired(case, values["certificate"], window_until=until, email=values["email"])
    return done or Outcome()
