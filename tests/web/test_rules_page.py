"""The rules of a case as evidence: what each read as the case then was, what it decided, and on whose word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from app.play.scenario import Scenario
from app.registry import bindings
from app.wiring import Services
from engine.library import DiagramSet
from engine.steps import Case, Outcome, step
from storage.reading import cases
from tests.web.conftest import PASSWORD, Browser, Page
from tests.web.stories import played
from web import create_app
from web.evidence.docstrings import taken_apart, told
from web.evidence.reach import reach

AUDIT, APPEAL = 1, 2
STORIES = (("certification-granted-three-sites", 60), ("appeal-tied-vote", 26))


def first(scenario: Scenario, diagrams: DiagramSet, count: int) -> Scenario:
    """Return the story up to so many steps."""
    return replace(scenario, steps=scenario.steps[:count])


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Iterator[Services]:
    """The sample organisation with an audit that is graded and an appeal that is under consideration."""
    folder = tmp_path_factory.mktemp("rules")
    services = played(folder, password_hash, STORIES, "Asia/Almaty", first)
    yield services
    services.close()


@pytest.fixture
def rules_of(installation: Services) -> Callable[..., Page]:
    """Return the page of the rules of a case as somebody sees it."""

    def look(case_id: int, login: str = "assessor", language: str = "ru") -> Page:
        browser = Browser(create_app(installation))
        browser.sign_in(login, PASSWORD)
        browser.post("/language", language=language, next="/inbox")
        return browser.get(f"/cases/{case_id}/rules")

    return look


def _rule(page: Page, handler: str) -> str:
    """Return the text of the section about a handler."""
    sections = [part for part in page.html.split('<section class="card rule"') if f">{handler}<" in part]
    assert sections, f"no rule {handler}"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sections[0].partition("</section>")[0]))


def test_the_sampling_shows_what_it_read_and_why_each_site_has_its_status(rules_of: Callable[..., Page]) -> None:
    rule = _rule(rules_of(AUDIT), "sampling.draw")
    assert "C L37-38 (C-022–C-024); IAF MD 1" in rule
    assert "Статусы площадок" in rule
    assert "Двенадцать факторов" in rule  # of the form
    assert "Заявка на сертификацию" in rule


def test_the_audit_time_shows_every_factor_with_its_reason_and_the_readings_behind_it(
    rules_of: Callable[..., Page],
) -> None:
    rule = _rule(rules_of(AUDIT), "audit_time.compute")
    assert "По таблице: менеджмент качества таблица первичного аудита, менеджмент качества, 86–125 7 дн." in rule
    assert "Снижение за интеграцию 20 %" in rule
    assert "Наибольшее уменьшение табличного времени md5.max_reduction 0,3" in rule
    assert "ж) риски продукции, процессов, деятельности" in rule


def test_both_readings_of_nonconformities_stand_side_by_side(rules_of: Callable[..., Page]) -> None:
    rule = _rule(rules_of(AUDIT), "findings.grade")
    side = rule[rule.index("Прочтения рядом") : rule.index("Что решено")]
    assert "Идёт в счёт предела 1 0" in side
    assert side.count("действует") == 1
    assert "сначала месяц на исправление" in rule  # major.policy, in words
    assert "отказ сразу" in rule  # its alternative


def test_a_rule_that_counts_a_term_shows_the_term_and_the_days_of_this_case(rules_of: Callable[..., Page]) -> None:
    rule = _rule(rules_of(APPEAL), "registration.register")
    assert "prelim.reply" in rule
    assert re.search(r"\d\d\.\d\d\.\d{4} → \d\d\.\d\d\.\d{4}", rule)


def test_what_an_earlier_rule_wrote_is_an_input_that_leads_back_to_it(rules_of: Callable[..., Page]) -> None:
    page = rules_of(APPEAL)
    linked = re.findall(r'<a href="#rule-(\d+)">[^<]+</a> <span class="soft">— из решения правила', page.html)
    assert linked
    assert all(f'id="rule-{number}"' in page.html for number in linked)


def test_values_are_those_of_then_not_of_now(rules_of: Callable[..., Page]) -> None:
    """The register wrote over the form `registration` that it had read: the form is shown as it was handed in."""
    rule = _rule(rules_of(APPEAL), "registration.register")
    read_part = rule[rule.index("Что прочитано") :]
    assert "Регистрация обращения" in read_part
    assert "Кто зарегистрировал" not in read_part


def test_the_page_is_for_those_who_oversee_and_the_case_leads_them_to_it(
    installation: Services, rules_of: Callable[..., Page]
) -> None:
    for login, status in (("assessor", 200), ("head", 200), ("quality", 200), ("officer", 404), ("applicant", 404)):
        assert rules_of(AUDIT, login).status == status
    assert rules_of(999).status == 404
    browser = Browser(create_app(installation))
    browser.sign_in("assessor", PASSWORD)
    assert f'href="/cases/{AUDIT}/rules"' in browser.get(f"/cases/{AUDIT}").html


def test_the_page_is_said_in_english(rules_of: Callable[..., Page]) -> None:
    page = rules_of(AUDIT, language="en")
    assert "Applied rules" in page.text
    assert "Readings side by side" in page.text


def test_a_docstring_is_taken_apart_on_one_line_and_on_many() -> None:
    parts = taken_apart(
        "Count it.\n\nReads:   votes (form);\n         panel\nWrites:  votes.tie\nSource:  A 6.10.13 (A-089)"
    )
    assert (parts.summary, parts.reads, parts.writes) == ("Count it.", "votes (form); panel", "votes.tie")
    assert parts.source == "A 6.10.13 (A-089)"
    assert not taken_apart("Only a summary.").is_rule


@pytest.mark.parametrize("name", ["audit_time.compute", "sampling.draw", "findings.grade", "decision.record"])
def test_the_rules_that_assessors_ask_for_say_their_source(name: str) -> None:
    assert told(bindings()[name]).source.startswith("C L")


def test_an_unknown_handler_says_nothing() -> None:
    assert not told(None).is_rule


def _weigh(case: Case) -> str:
    return str(case.get("weighing.result", "")) + str(case.terms.reading("scales.kind"))


@step(writes=("weight",))
def weigh(case: Case) -> Outcome:
    """Weigh. Source: 1.1."""
    case.terms.due("weighing.window", case["weighing.asked_on"])
    return Outcome(data={"weight": {"of": _weigh(case), "by": case.register("scales")}})


def test_what_a_rule_asks_for_is_found_in_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.evidence.reach.ROOMS", (__name__.partition(".")[0],))
    found = reach(weigh)
    assert list(found.paths) == ["weighing.asked_on", "weighing.result"]
    assert list(found.terms) == ["weighing.window"]
    assert list(found.readings) == ["scales.kind"]
    assert list(found.registers) == ["scales"]


def test_code_that_is_not_at_hand_names_nothing() -> None:
    made: dict[str, Callable[..., str]] = {}
    exec("def nowhere(case): return case['secret']", {"__name__": "nowhere"}, made)
    assert not reach(made["nowhere"]).paths


def test_a_guard_that_let_a_task_pass_shows_the_answer_that_it_looked_at(rules_of: Callable[..., Page]) -> None:
    page = rules_of(AUDIT)

    passed = [part for part in page.html.split('<section class="card rule"') if ">application.sign<" in part]
    last = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", passed[-1].partition("</section>")[0]))
    assert "правило пропустило" in last
    assert "проверка при отправке" in last
    assert "Гульнара Касымова" in last
    assert "форма «" in last


def test_a_guard_that_refused_somebody_says_whom_and_why(rules_of: Callable[..., Page]) -> None:
    refused = _rule(rules_of(AUDIT), "application.sign")

    assert "правило не пропустило" in refused
    assert "Гульнара Касымова" in refused
    assert "Статус в ИС не совпадает с решением по заявке" in refused
    assert "введённое тогда нигде не сохранено" in refused


def test_a_task_that_was_refused_for_the_role_is_no_ruling_of_its_guard(
    installation: Services, rules_of: Callable[..., Page]
) -> None:
    with installation.database.reading() as connection:
        refusals = [
            row["data"]["code"] for row in cases.history(connection, AUDIT, 1000) if row["type"] == "TaskRefused"
        ]

    assert "role" in refusals
    page = rules_of(AUDIT)
    assert page.html.count("правило не пропустило") == len([code for code in refusals if code.isupper()])


def test_the_rules_of_a_case_can_be_narrowed_to_those_that_said_no(
    installation: Services, rules_of: Callable[..., Page]
) -> None:
    browser = Browser(create_app(installation))
    browser.sign_in("assessor", PASSWORD)

    page = browser.get(f"/cases/{AUDIT}/rules?view=refused")

    assert "правило не пропустило" in page.text
    assert "правило пропустило" not in page.text


def test_the_page_of_a_rule_shows_its_ground_its_readings_and_how_it_ruled(installation: Services) -> None:
    browser = Browser(create_app(installation))
    browser.sign_in("assessor", PASSWORD)

    page = browser.get("/rules/team.check")

    assert "нет договора с внешним экспертом" in page.text
    assert "За сколько лет связь мешает участию" in page.text
    assert "не пропустило" in page.text
    assert f'href="/cases/{AUDIT}/rules#event-' in page.html
    for link in re.findall(rf'href="(/cases/{AUDIT}/rules)#(event-\d+)"', page.html):
        assert f'id="{link[1]}"' in browser.get(link[0]).html


def test_the_book_of_rules_is_searched_and_open_to_whoever_holds_an_office(installation: Services) -> None:
    for login, status in (("assessor", 200), ("quality", 200), ("officer", 200), ("applicant", 404)):
        browser = Browser(create_app(installation))
        browser.sign_in(login, PASSWORD)
        assert browser.get("/rules").status == status
        assert browser.get("/rules/team.check").status == status
    assessor = Browser(create_app(installation))
    assessor.sign_in("assessor", PASSWORD)

    found = assessor.get("/rules?q=C-045")

    assert 'href="/rules/team.check"' in found.html
    assert 'href="/rules/application.sign"' not in found.html
    assert assessor.get("/rules/no.such").status == 404
    officer = Browser(create_app(installation))
    officer.sign_in("officer", PASSWORD)
    assert "Как решало в делах" not in officer.get("/rules/team.check").text
