"""Whether what a client asks for lies within the body's own accreditation on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rules.validity import Row, is_valid
from rules.verdict import Denied, denied


def outside_scope(
    rows: Iterable[Row], standards: Sequence[str], codes: Sequence[str], on: date
) -> tuple[tuple[str, str], ...]:
    """Return the pairs (standard, code) that no valid row of the accreditation scope covers, in the order asked.

    `rows` have standard, code, valid_from, valid_to. Source: C L1, L27 (C-001, C-014); the accreditation must be
    valid on the day, since a certificate granted without it is worth nothing.

    >>> scope = [{"standard": "ISO 9001", "code": "28", "valid_to": "2026-01-31"}]
    >>> outside_scope(scope, ["ISO 9001"], ["28"], date(2026, 1, 31))
    ()
    >>> outside_scope(scope, ["ISO 9001"], ["28"], date(2026, 2, 1))
    (('ISO 9001', '28'),)
    """
    covered = {(row["standard"], str(row["code"])) for row in rows if is_valid(row, on)}
    return tuple((standard, code) for standard in standards for code in codes if (standard, code) not in covered)


def scope_denied(rows: Iterable[Row], standards: Sequence[str], codes: Sequence[str], on: date) -> Denied | None:
    """Refuse to accept an application with codes outside the accreditation scope, naming them (C-001, C-014)."""
    outside = outside_scope(rows, standards, codes, on)
    if not outside:
        return None
    return denied(
        "OUT_OF_SCOPE",
        "Вне области аккредитации: {pairs}. Заявку можно вернуть на доработку или отклонить.",
        pairs=[f"{standard} код {code}" for standard, code in outside],
    )


def certificate_denied(rows: Iterable[Row], standards: Sequence[str], codes: Sequence[str], on: date) -> Denied | None:
    """Refuse a certificate for what the accreditation does not cover on its day, whatever it covered before (C-001).

    >>> scope = [{"standard": "ISO 9001", "code": "28", "valid_to": "2026-01-31"}]
    >>> certificate_denied(scope, ["ISO 9001"], ["28"], date(2026, 2, 1)).facts["pairs"]
    'ISO 9001 код 28'
    """
    outside = outside_scope(rows, standards, codes, on)
    if not outside:
        return None
    return denied(
        "OUT_OF_SCOPE",
        "Аккредитация сейчас не распространяется на {pairs}: сертификат по ним выдать нельзя, пока её не продлят.",
        pairs=[f"{standard} код {code}" for standard, code in outside],
    )
