"""The law that the procedure calls "the law" without naming it, as far as the body has decided which it is.

Source: A 6.6.1 (A-051); profile law.profile. With `none` the numbers of the procedure stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.durations import last_day
from rules.verdict import Notice, notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """A law on the items of citizens and organisations."""

    title: str
    """As a letter names it."""
    source: str
    study_notice: str
    """By when the sender of a proposal is told that it needs study, ISO 8601 from receipt; empty: no such duty."""


STATUTES = {
    "UZ_445": Statute(
        title="Закон Республики Узбекистан «Об обращениях физических и юридических лиц» (ЗРУ-445)",
        source="ЗРУ-445 ст. 28",
        study_notice="P10D",
    ),
    "BY_300Z": Statute(
        title="Закон Республики Беларусь «Об обращениях граждан и юридических лиц» (№ 300-З)",
        source="№ 300-З",
        study_notice="",
    ),
}


def statute(name: str) -> Statute | None:
    """Return the law that the reading law.profile names, None for `none`; raises KeyError for an unknown name."""
    return None if name == "none" else STATUTES[name]


def study_notice(law: Statute, received_on: date, told_on: date) -> Notice | None:
    """Flag that the sender of a proposal learnt of its study later than the law allows; the last day counts.

    Source: ЗРУ-445 ст. 28.

    >>> told = [study_notice(STATUTES["UZ_445"], date(2026, 3, 2), date(2026, 3, day)) for day in (12, 13)]
    >>> [late.code if late else None for late in told]
    [None, 'LATE_STUDY_NOTICE']
    """
    if not law.study_notice:
        return None
    last = last_day(received_on, law.study_notice)
    if told_on <= last:
        return None
    return notice("LATE_STUDY_NOTICE", "О том, что предложение изучается, надо было сообщить до {last}.", last=last)
