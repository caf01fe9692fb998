"""Each other way to read the procedure on appeals and complaints leads to another result, and the result says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.admissibility import check, may_conclude
from handlers.admission import check_window, settle
from handlers.ballots import count_votes
from handlers.commission import may_order, may_propose
from handlers.complaint import close, extend
from handlers.item import paper
from handlers.minutes import notify
from handlers.outcome import contest
from handlers.registration import close as close_item
from handlers.registration import escalate, may_receive, may_register, register
from handlers.replies import announce_study, may_forward
from handlers.resolution import may_sign
from tests.handlers.certification_case import code_of, refused_code
from tests.handlers.item_case import an_item, submission
from tests.handlers.test_ballots import FOUR, PANEL, votes
from tests.handlers.test_outcome import DELIVERED, OBJECTED, VERDICT
from tests.handlers.test_resolution import APPEAL, COMPLAINT, GROUPS
from tests.rules.shipped import profile


def test_a_name_without_an_address_is_enough_where_the_profile_says_so() -> None:
    item = {"submission": submission(applicants=[{"name": "Н. Юсупова"}])}

    strict = check(an_item(item)).data["admissibility"]
    lenient = check(an_item(item, readings={"anonymous.rule": "name_only"})).data["admissibility"]

    assert (strict["missing"], lenient["missing"]) == (["identity"], [])


@pytest.mark.parametrize(("rule", "code"), [("internal_check", None), ("none", "NO_INTERNAL_CHECK")])
def test_an_anonymous_signal_is_checked_inside_only_where_the_profile_says_so(rule: str, code: str | None) -> None:
    case = an_item(readings={"anonymous.safety_signal": "none"} if rule == "none" else {})

    assert code_of(may_conclude, case, {"grounds": "нет имени", "internal_check": "YES"}) == code
    assert code_of(may_conclude, case, {"grounds": "нет имени", "internal_check": "NO"}) is None


def test_a_representative_without_authority_is_asked_or_left_at_once() -> None:
    item = {"submission": submission(by_representative=True)}

    asked = check(an_item(item)).data["admissibility"]
    left = check(an_item(item, readings={"authority.missing": "refuse"})).data["admissibility"]

    assert (asked["state"], left["state"]) == ("ASK", "NOT_CONSIDERED")
    assert left["status"] == "NOT_CONSIDERED_NO_AUTHORITY"


def test_who_also_lacks_a_name_is_asked_before_anything_is_left() -> None:
    item = {"submission": submission(by_representative=True, applicants=None)}

    found = check(an_item(item, readings={"authority.missing": "refuse"})).data["admissibility"]

    assert found["state"] == "ASK"


def test_no_item_is_taken_by_telephone_where_the_profile_says_so() -> None:
    called = submission(kind="ORAL", channel=None, oral_channel="PHONE")

    assert code_of(may_receive, an_item(), called) is None
    assert code_of(may_receive, an_item(readings={"phone.intake": False}), called) == "NOT_BY_PHONE"


@pytest.mark.parametrize(("actor", "code"), [("clerk", None), ("officer", "NOT_THE_REGISTRAR")])
def test_only_the_office_that_the_profile_names_registers(actor: str, code: str | None) -> None:
    values = {"incoming_number": "1", "incoming_on": "2026-03-02", "acquainted": "NOT_NEEDED"}

    assert code_of(may_register, an_item(actor=actor), values) == code


def test_a_complaint_about_the_body_has_fifteen_days_or_a_month() -> None:
    month = COMPLAINT | {"due_on": "2026-04-02"}
    case = an_item(now="2026-03-03T10:00", groups=GROUPS, readings={"complaint.track": "one_month_for_all"})

    assert code_of(may_sign, an_item(now="2026-03-03T10:00", groups=GROUPS), month) == "DUE_TOO_LATE"
    assert code_of(may_sign, case, month) is None
    assert code_of(may_sign, case, month | {"due_on": "2026-04-03"}) == "DUE_TOO_LATE"


def test_the_notice_of_an_extension_is_reckoned_from_the_term_of_its_track() -> None:
    data = {
        "term_extension": {"granted": "YES", "reasons": "Экспертиза.", "new_due": "2026-04-20"},
        "resolution": {"target": "BODY"},
        "control": {"due_on": "2026-03-17"},
    }

    short = extend(an_item(data, now="2026-03-13T10:00")).data["extension_notice"]
    long = extend(an_item(data, now="2026-03-13T10:00", readings={"complaint.track": "one_month_for_all"}))

    assert (short["last_day"], short["flag"]) == ("2026-03-12", "LATE_NOTICE")
    assert (long.data["extension_notice"]["last_day"], long.data["extension_notice"]["flag"]) == ("2026-03-28", "")


@pytest.mark.parametrize(
    ("term", "reading", "value", "start"),
    [
        ("complaint.applicant", "term.start", "registration", "registration.registered_on"),
        ("complaint.body", "term.start", "receipt", "submission.received_on"),
        ("appeal.window", "appeal.start", "decision", "submission.decision_dated_on"),
        ("objection", "objection.start", "decision", "verdict.decided_on"),
    ],
)
def test_a_term_is_counted_from_the_day_that_the_reading_names(term: str, reading: str, value: str, start: str) -> None:
    printed, read = profile("UZ_PTA"), profile("UZ_PTA", **{reading: value})

    assert printed.start(term) != start
    assert read.start(term) == start
    assert printed.due(term, date(2026, 3, 2)).day == read.due(term, date(2026, 3, 2)).day


def test_a_resolution_is_late_by_the_day_that_the_reading_counts_from() -> None:
    item = {"submission": submission(received_on="2026-02-27")}  # registered on 2 March
    values = COMPLAINT | {"due_on": "2026-03-17"}
    case = an_item(item, now="2026-03-03T10:00", readings={"term.start": "receipt"})

    assert code_of(may_sign, an_item(item, now="2026-03-03T10:00"), values) is None
    assert code_of(may_sign, case, values) == "DUE_TOO_LATE"


def test_days_of_no_named_kind_are_calendar_or_working_days() -> None:
    friday = date(2026, 4, 3)

    assert profile("UZ_PTA").due("forward", friday).day == date(2026, 4, 8)
    assert profile("UZ_PTA", **{"daytype.default": "working"}).due("forward", friday).day == date(2026, 4, 10)
    assert profile("UZ_PTA", **{"daytype.default": "working"}).due("decision", friday).day_type == "calendar"  # a month


def test_a_last_day_off_moves_or_stays() -> None:
    monday = date(2026, 3, 2)  # five days later is a Saturday before two days off

    moved, stays = profile("UZ_PTA"), profile("UZ_PTA", roll="none")

    assert moved.due("head_subject.escalate", monday).day == date(2026, 3, 10)
    assert stays.due("head_subject.escalate", monday).day == date(2026, 3, 7)


def test_a_deadline_names_the_readings_that_it_follows() -> None:
    due = profile("UZ_PTA").due("complaint.body", date(2026, 3, 2))

    assert due.reading == "День, если вид не назван; Перенос срока с нерабочего дня; От чего считать сроки"


def test_five_days_about_the_head_are_for_the_report_or_for_the_decision() -> None:
    data = {"registration": {"registered_on": "2026-03-02", "about_head": True}}
    case = an_item(data, now="2026-03-03T10:00", groups=GROUPS, readings={"head_subject.clock": "decision"})

    assert code_of(may_sign, an_item(data, now="2026-03-03T10:00", groups=GROUPS), COMPLAINT) is None
    assert code_of(may_sign, case, COMPLAINT) == "DUE_TOO_LATE"
    assert code_of(may_sign, case, COMPLAINT | {"due_on": "2026-03-10"}) is None


@pytest.mark.parametrize(
    ("mode", "open_ways"),
    [("director_chooses", ["FORWARD", "LEAVE"]), ("forward", ["FORWARD"]), ("leave", ["LEAVE"])],
)
def test_an_item_out_of_competence_goes_the_way_that_the_profile_leaves_open(mode: str, open_ways: list[str]) -> None:
    chosen = {"forward": {"forward.mode": "forward"}, "leave": {"forward.mode": "leave"}}
    case = an_item(readings=chosen.get(mode, {}))

    assert [way for way in ("FORWARD", "LEAVE") if code_of(may_forward, case, {"way": way}) is None] == open_ways


def test_a_category_that_the_procedure_does_not_know_is_not_signed() -> None:
    case = an_item(now="2026-03-03T10:00", readings={"item.categories": ["COMPLAINT"]})

    assert code_of(may_sign, case, APPEAL) == "CATEGORY_UNKNOWN"


def test_a_repeated_appeal_needs_new_facts_unless_the_profile_treats_it_as_any_other() -> None:
    data = {"intake": {"proposed_category": "APPEAL", "repeat": True, "earlier_case": "А-2025-0007"}}
    strict = an_item(data, now="2026-03-03T10:00")
    lenient = an_item(data, now="2026-03-03T10:00", readings={"appeal.repeat": "normal"})

    assert code_of(may_sign, strict, APPEAL) == "NO_NEW_FACTS"
    assert code_of(may_sign, strict, APPEAL | {"new_facts": "Новый протокол испытаний."}) is None
    assert code_of(may_sign, lenient, APPEAL) is None


def test_the_window_of_an_appeal_opens_with_the_receipt_or_with_the_decision() -> None:
    sent = submission(received_on="2026-03-19", decision_received_on="2026-03-05", decision_dated_on="2026-03-02")

    by_receipt = check_window(an_item({"submission": sent})).data["admission"]
    by_decision = check_window(an_item({"submission": sent}, readings={"appeal.start": "decision"})).data["admission"]

    assert (by_receipt["window"], by_receipt["last_day"]) == ("ADMITTED", "2026-03-24")  # after Navruz
    assert (by_decision["window"], by_decision["last_day"]) == ("LATE", "2026-03-17")


def test_an_appeal_leaves_the_decision_in_force_or_suspends_it() -> None:
    data = {"admission": {"window": "ADMITTED", "last_day": "2026-03-20", "outcome": "ADMITTED"}}

    in_force = settle(an_item(data))
    suspended = settle(an_item(data, readings={"appeal.suspensive": True}))

    assert "не приостанавливает" in in_force.letters[0].body
    assert in_force.records[0].fields["Оспариваемое решение"] == "действует"
    assert "не исполняется" in suspended.letters[0].body
    assert [letter.kind for letter in suspended.letters] == ["appeal_admitted", "decision_suspended"]
    assert suspended.records[0].fields["Оспариваемое решение"] == "приостановлено"


def test_more_than_a_month_for_an_appeal_is_a_breach_or_is_explained() -> None:
    breached = escalate(an_item(), what="appeal")
    explained = escalate(an_item(readings={"appeal.month": "explained"}), what="appeal")

    assert (breached.data["breach"]["state"], len(breached.records)) == ("BREACHED", 1)
    assert (explained.data["breach"]["state"], len(explained.records)) == ("EXPLAINED", 0)
    assert [letter.kind for letter in explained.letters] == ["term_explained"]


def test_objections_are_counted_from_the_delivery_or_from_the_decision() -> None:
    data = {**DELIVERED, "verdict": {**VERDICT["verdict"], "decided_on": "2026-04-01"}}

    delivered = notify(an_item(data)).data["protocol_delivery"]
    decided = notify(an_item(data, readings={"objection.start": "decision"})).data["protocol_delivery"]

    assert (delivered["objections_until"], delivered["court_until"]) == ("2026-04-17", "2026-04-18")
    assert (decided["objections_until"], decided["court_until"]) == ("2026-04-15", "2026-04-16")


def test_the_court_is_called_as_the_profile_calls_it() -> None:
    data = {**VERDICT, **DELIVERED, **OBJECTED}

    letter = contest(an_item(data, readings={"court.name": "хозяйственный суд"})).letters[0]

    assert "Спор решает хозяйственный суд" in letter.body


def test_a_quorum_is_four_or_everybody() -> None:
    five = {"panel": {**PANEL["panel"], "members": [*FOUR, "member5"]}}
    ballots = {**votes("UPHELD", "UPHELD", "UPHELD", "DISMISSED"), **five}

    assert count_votes(an_item(ballots)).data["votes"]["outcome"] == "UPHELD"
    assert refused_code(count_votes, an_item(ballots, readings={"quorum": "all"})) == "NO_QUORUM"
    assert refused_code(count_votes, an_item(ballots, readings={"voters_min": 5})) == "NO_QUORUM"


def test_a_commission_has_four_voters_or_as_many_as_the_profile_asks_for() -> None:
    values = {"chair": "chair1", "members": [{"person": login} for login in FOUR], "secretary": "secretary"}
    groups = {"commission_secretary": ["secretary"]}

    assert code_of(may_propose, an_item(groups=groups), values) is None
    assert code_of(may_propose, an_item(groups=groups, readings={"voters_min": 5}), values) == "TOO_FEW_MEMBERS"


def test_most_votes_are_not_always_more_than_half() -> None:
    split = votes("UPHELD", "PARTLY_UPHELD", "DISMISSED", "DISMISSED")
    half = {"vote.majority": "more_than_half"}

    assert count_votes(an_item(split)).data["votes"]["outcome"] == "DISMISSED"
    assert refused_code(count_votes, an_item(split, readings=half)) == "NO_MAJORITY"
    clear = votes("UPHELD", "DISMISSED", "DISMISSED", "DISMISSED")
    assert (
        count_votes(an_item(clear, readings={"vote.majority": "more_than_half"})).data["votes"]["outcome"]
        == "DISMISSED"
    )


def test_whom_a_complaint_is_about_sits_in_no_commission_unless_the_profile_leaves_them_in() -> None:
    order = {"chair": "quality", "secretary": "secretary", "members": [{"person": "head"}], "task": "Проверить."}
    subject = {"subject": ["head"]}

    assert code_of(may_order, an_item(groups=subject), order) == "LINKED_TO_SUBJECT"
    assert code_of(may_order, an_item(groups=subject, readings={"exclude_subject": False}), order) is None


def test_a_tie_of_three_years_ago_hinders_only_where_the_profile_looks_so_far_back() -> None:
    tie = {"person": "secretary", "organisation": "301234567", "kind": "employee", "valid_to": "2023-09-01"}
    registers = {"tie": [tie]}
    near = an_item(now="2026-03-03T10:00", registers=registers)
    far = an_item(now="2026-03-03T10:00", registers=registers, readings={"conflict.lookback": "P3Y"})

    assert code_of(may_sign, near, APPEAL) is None
    assert code_of(may_sign, far, APPEAL) == "LINKED_TO_PARTY"


def test_a_complaint_ends_with_disagreement_or_stays_open_for_another_reply() -> None:
    data = {"applicant_satisfaction": {"satisfied": "NO"}, "outcome": {"status": "ANSWERED"}}

    ended = close(an_item(data))
    open_still = close(an_item(data, readings={"closure.dissatisfied": "keep_open"}))

    assert ended.data["outcome"]["status"] == "CLOSED_WITH_DISAGREEMENT"
    assert open_still.data["outcome"]["status"] == "UNDER_CONSIDERATION"
    assert [letter.kind for letter in open_still.letters] == ["kept_open"]


def _registered(**readings: Any) -> Any:
    data = {
        "intake": {"proposed_category": "COMPLAINT", "register": "APPEALS_JOURNAL", "earlier_case": ""},
        "registration": {"incoming_number": "1", "incoming_on": "2026-03-02", "acquainted": "NOT_NEEDED"},
    }
    return register(an_item(data, readings=readings))


@pytest.mark.parametrize(
    ("readings", "named"),
    [({}, ""), ({"law.profile": "UZ_445"}, "ЗРУ-445"), ({"law.profile": "BY_300Z"}, "№ 300-З")],
)
def test_the_receipt_names_the_law_that_the_body_has_decided_on(readings: dict[str, str], named: str) -> None:
    body = _registered(**readings).letters[0].body

    assert named in body
    assert ("определяет также" in body) == bool(named)


def test_only_the_law_of_uzbekistan_bids_to_tell_of_a_study_within_ten_days() -> None:
    data = {"statement_study": {"plan": "Запросим данные."}}
    late = "2026-03-13T10:00"  # received on the 2nd

    assert list(announce_study(an_item(data, now=late)).records) == []
    assert list(announce_study(an_item(data, now=late, readings={"law.profile": "BY_300Z"})).records) == []
    told = announce_study(an_item(data, now=late, readings={"law.profile": "UZ_445"})).records
    assert "12.03.2026" in str(told[0].fields["Замечание"])


def test_a_paper_names_the_clause_and_flags_the_expired_edition() -> None:
    flagged = {"registration": {"procedure_edition": "2", "procedure_expired": True}}

    plain = paper(an_item(readings={"standard.clause": "ISO/IEC 17065 8.7, 8.8"}), "reply", "Ответ", {})
    expired = paper(an_item(flagged), "reply", "Ответ", {})

    assert plain.fields["Порядок"] == "редакция 2, ISO/IEC 17065 8.7, 8.8"
    assert expired.fields["Порядок"] == (
        "редакция 2, ISO/IEC 17065 7.13; срок действия редакции истёк 19.02.2025, обращение рассматривается "
        "в обычном порядке"
    )


def test_a_closed_file_is_kept_for_five_years_or_for_the_next_cycle() -> None:
    data = {"item_archive": {"folder": "07-12"}}

    years = close_item(an_item(data)).records[0].fields["Срок хранения"]
    cycle = close_item(an_item(data, readings={"retention": "cycle_plus_one"})).records[0].fields["Срок хранения"]

    assert (years, cycle) == ("до 02.03.2031", "текущий и следующий цикл сертификации")
