"""Numbers and dates of a certificate that takes the place of another, over all dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from rules.certificates import recertified_expiry
from rules.durations import last_day
from rules.one_valid import Entry, clashing, is_live, next_number, services
from rules.renewal import renewal_denied, window_closed
from rules.replacement import Certificate, Change, replacement_denied

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SCOPES = st.frozensets(st.sampled_from(["бетон", "плиты", "кирпич"]), min_size=1)
BASES: st.SearchStrategy[Literal["prior_cycle", "decision"]] = st.sampled_from(["prior_cycle", "decision"])


def certificate(number: str = "1", *, issued: date, expires: date, scope: frozenset[str]) -> Certificate:
    return Certificate(number=number, issued_on=issued, expires_on=expires, scope=scope)


@given(expires=DAYS, days=st.integers(-90, 400), scope=SCOPES, basis=BASES, keeps=st.booleans())
def test_a_renewal_keeps_the_number_before_the_expiry_and_ends_with_the_next_cycle(
    expires: date, days: int, scope: frozenset[str], basis: Literal["prior_cycle", "decision"], keeps: bool
) -> None:
    old = certificate(issued=expires - timedelta(days=1095), expires=expires, scope=scope)
    decided = expires + timedelta(days=days)
    until = recertified_expiry(expires, decided, basis=basis)
    number = "1" if days <= 0 or keeps else "2"
    new = certificate(number, issued=decided, expires=until, scope=scope)
    refused = renewal_denied(old, new, decided_on=decided, basis=basis, keeps_number=keeps)

    assert (refused is None) == (decided <= last_day(expires, "P6M"))
    if refused is None:
        later = certificate(number, issued=decided, expires=until + timedelta(days=1), scope=scope)
        earlier = certificate(number, issued=decided - timedelta(days=1), expires=until, scope=scope)
        other = certificate("3" if number == "1" else "1", issued=decided, expires=until, scope=scope)
        for wrong in (later, earlier, other):
            assert renewal_denied(old, wrong, decided_on=decided, basis=basis, keeps_number=keeps) is not None


@given(expires=DAYS)
def test_the_window_closes_after_six_months_to_the_day(expires: date) -> None:
    end = last_day(expires, "P6M")
    assert window_closed(expires, end) is None
    closed = window_closed(expires, end + timedelta(days=1))
    assert closed is not None
    assert closed.code == "NEW_PROCESS_ONLY"


@given(expires=DAYS, decided=DAYS, scope=SCOPES, more=st.integers(1, 400), change=st.sampled_from(list(Change)))
def test_nothing_but_a_renewal_makes_a_certificate_last_longer(
    expires: date, decided: date, scope: frozenset[str], more: int, change: Change
) -> None:
    old = certificate(issued=decided, expires=expires, scope=scope)
    new = certificate(issued=decided, expires=expires + timedelta(days=more), scope=scope | {"ремонт"})

    assert replacement_denied(old, new, change, decided_on=decided) is not None


@given(expires=DAYS, decided=DAYS, scope=SCOPES, later=st.integers(0, 30))
def test_an_extension_of_the_same_kind_is_dated_by_its_decision_and_a_reissue_keeps_the_scope(
    expires: date, decided: date, scope: frozenset[str], later: int
) -> None:
    old = certificate(issued=decided, expires=expires, scope=scope)
    issued = decided + timedelta(days=later)
    wider = certificate(issued=issued, expires=expires, scope=scope | {"ремонт"})

    refused = replacement_denied(old, wider, Change.EXTENSION_SAME_KIND, decided_on=decided)
    assert (refused is None) == (later == 0)
    assert replacement_denied(old, wider, Change.REISSUE, decided_on=decided) is not None
    same = certificate(issued=issued, expires=expires, scope=scope)
    assert replacement_denied(old, same, Change.REISSUE, decided_on=decided) is None
    renumbered = certificate("2", issued=issued, expires=expires, scope=scope | {"ремонт"})
    assert replacement_denied(old, renumbered, Change.EXTENSION_NEW_KIND, decided_on=decided) is None


@given(numbers=st.lists(st.integers(1, 9999).map(lambda count: f"СМ.2028.{count:04d}")))
def test_a_number_is_never_given_twice(numbers: list[str]) -> None:
    assert next_number(numbers, 2028) not in numbers


def test_only_live_certificates_of_the_same_holder_standard_and_service_stand_in_the_way() -> None:
    held = Entry(
        number="1",
        holder="180540012345",
        standards=frozenset({"ISO 9001"}),
        services=services("Бетон; Плиты"),
        expires_on=date(2028, 2, 29),
        status="VALID",
    )
    wanted = Entry(
        number="2",
        holder="180540012345",
        standards=frozenset({"ISO 9001", "ISO 14001"}),
        services=services("плиты"),
        expires_on=date(2031, 2, 28),
        status="VALID",
    )

    assert clashing([held], wanted, date(2028, 2, 29)) == (held,)
    assert clashing([held], wanted, date(2028, 3, 1)) == ()
    assert not is_live(held, date(2028, 3, 1))
