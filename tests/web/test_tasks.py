"""A task's whole life on the pages: seen, taken, half filled in, refused, done, done twice, handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.wiring import Services
from engine.clock import MovedClock
from storage.reading import cases
from tests.web.conftest import BEGIN, Browser

Sign = Callable[..., Browser]
Waiting = Callable[[int], dict[str, str]]
FORM = "/cases/new/review"


def begun(clerk: Browser, **values: object) -> object:
    page = clerk.get(FORM)
    given = {
        "subject": "Шум",
        "kind": "proposal",
        "received_on": "11.01.2026",
        "sites": "0",
        "sites.0.city": "Кентау",
        **values,
    }
    return clerk.send(page, FORM, **given)


def test_a_case_is_begun_by_its_form_and_the_next_task_of_the_same_person_opens(browser: Sign) -> None:
    page = begun(browser("clerk"))

    assert page.path == "/cases/1"
    assert "Дело R-2026-0001 начато" in page.text


def test_faults_stand_beside_their_fields_and_above_the_form_and_nothing_typed_is_lost(browser: Sign) -> None:
    page = begun(
        browser("clerk"),
        subject="Ш",
        received_on="31.02.2026",
        amount="много",
        people="3,5",
        **{"contact.email": "почта"},
    )

    assert page.status == 422
    for said in (
        "Не короче 3 знаков; сейчас 1",
        "Это не дата",
        "Это не число",
        "Это не целое число",
        "адрес электронной почты",
    ):
        assert page.text.count(said) == 2, said
    values = dict(page.form(FORM))
    assert (values["received_on"], values["amount"], values["contact.email"]) == ("31.02.2026", "много", "почта")
    assert 'href="#f-received_on"' in page.html
    assert 'id="f-received_on"' in page.html


def test_an_empty_form_names_each_field_that_is_needed(browser: Sign) -> None:
    clerk = browser("clerk")

    page = clerk.send(clerk.get(FORM), FORM)

    assert page.status == 422
    assert page.text.count("Заполните это поле") >= 6  # subject, kind, received_on, each here and above


def test_rows_are_added_and_deleted_by_buttons_that_need_no_script(browser: Sign) -> None:
    clerk = browser("clerk")
    page = clerk.send(clerk.get(FORM), FORM, _do="add:sites", **{"sites.0.city": "Кентау"})
    page = clerk.send(page, FORM, _do="add:sites", **{"sites.1.city": "Тараз"})
    assert [value for name, value in page.form(FORM) if name == "sites"] == ["0", "1", "2"]

    page = clerk.send(page, FORM, _do="delete:sites.0")

    assert [value for name, value in page.form(FORM) if name == "sites.0.city"] == ["Тараз"]
    assert page.status == 200


def test_a_field_that_depends_on_an_answer_appears_on_request(browser: Sign) -> None:
    clerk = browser("clerk")
    assert 'data-field="reason" data-kind="long_text" data-show-if' in clerk.get(FORM).html
    hidden = clerk.send(clerk.get(FORM), FORM, _do="update", kind="proposal").html
    shown = clerk.send(clerk.get(FORM), FORM, _do="update", kind="complaint").html

    assert (
        'data-field="reason" data-kind="long_text" data-show-if="{&#34;kind&#34;: [&#34;complaint&#34;]}" hidden'
        in hidden
    )
    assert 'data-field="reason" data-kind="long_text" data-show-if="{&#34;kind&#34;: [&#34;complaint&#34;]}">' in shown


def test_a_form_sent_twice_begins_one_case(browser: Sign, services: Services) -> None:
    clerk = browser("clerk")
    page = clerk.get(FORM)
    values = {"subject": "Шум", "kind": "proposal", "received_on": "2026-01-11", "sites.0.city": "Кентау"}

    first = clerk.send(page, FORM, **values)
    second = clerk.send(page, FORM, **values)

    assert (first.path, second.path) == ("/cases/1", "/cases/1")
    with services.database.reading() as connection:
        assert len(cases.submissions(connection, 1)) == 1


def test_the_page_of_a_task_says_what_to_do_by_when_and_why(browser: Sign, case: int, waiting: Waiting) -> None:
    page = browser("officer").get(f"/tasks/{waiting(case)['check']}")

    assert "Сверьте сведения и приложите заключение" in page.text
    assert "19.01.2026" in page.text  # five working days after Monday the 12th
    assert "5 дней, рабочие дни" in page.text
    assert "Положение, 1" in page.text
    assert "T-1" in page.text
    assert dict(page.form(page.path + "/complete"))["subject"] == "Шум на площадке"  # x-from


def test_days_left_are_said_in_words(browser: Sign, case: int, clock: MovedClock) -> None:
    officer = browser("officer")
    assert "осталось 7 дней" in officer.get("/inbox").text
    clock.move(BEGIN + timedelta(days=5))
    assert "осталось 2 дня" in officer.get("/inbox").text
    clock.move(BEGIN + timedelta(days=7))
    assert "последний день — сегодня" in officer.get("/inbox").text
    clock.move(BEGIN + timedelta(days=8))
    assert "просрочено на 1 день" in officer.get("/inbox?when=late").text


def test_a_task_is_taken_and_given_back(browser: Sign, case: int, waiting: Waiting) -> None:
    officer, colleague = browser("officer"), browser("officer2")
    task = waiting(case)["check"]

    officer.post(f"/tasks/{task}/claim")

    assert "Данияр Ахметов" in colleague.get("/inbox?view=taken").text
    refused = colleague.post(f"/tasks/{task}/claim")
    assert refused.status == 409
    assert "уже взял(а)" in refused.text
    officer.post(f"/tasks/{task}/release")
    assert "Шум на площадке" in colleague.get("/inbox?view=free").text


def test_a_half_filled_form_is_kept_as_a_draft(browser: Sign, case: int, waiting: Waiting) -> None:
    officer = browser("officer")
    address = f"/tasks/{waiting(case)['check']}"

    officer.send(officer.get(address), address + "/complete", _do="draft", subject="Другой предмет")

    assert dict(officer.get(address).form(address + "/complete"))["subject"] == "Другой предмет"


def test_the_second_of_two_people_is_told_who_was_faster_and_keeps_what_they_typed(
    browser: Sign, case: int, waiting: Waiting
) -> None:
    fast, slow = browser("officer"), browser("officer2")
    address = f"/tasks/{waiting(case)['check']}"
    early, late = fast.get(address), slow.get(address)

    fast.send(early, address + "/complete", conclusion="верно")
    answer = slow.send(late, address + "/complete", conclusion="долго писали")

    assert answer.status == 409
    assert "Данияр Ахметов" in answer.text
    assert "долго писали" in answer.text


def test_a_task_done_twice_by_the_same_click_is_done_once(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    officer = browser("officer")
    address = f"/tasks/{waiting(case)['check']}"
    page = officer.get(address)

    first = officer.send(page, address + "/complete", conclusion="верно")
    second = officer.send(page, address + "/complete", conclusion="верно")

    assert first.path == second.path == f"/cases/{case}"
    with services.database.reading() as connection:
        assert len(cases.submissions(connection, case)) == 2  # the start form and this one


def test_whoever_checked_may_not_decide_and_is_told_why(browser: Sign, case: int, waiting: Waiting) -> None:
    both = browser("both")
    address = f"/tasks/{waiting(case)['check']}"
    both.send(both.get(address), address + "/complete", conclusion="верно")
    decide = f"/tasks/{waiting(case)['decide']}"

    page = both.get(decide)
    forced = both.post(decide + "/complete", outcome="accept")

    assert "вы входите в группу «Проверявшие»" in page.text
    assert "Выполнить задачу" not in page.text
    assert forced.status == 403
    assert "Шум" not in both.get("/inbox").text
    assert "Отказано в действии «Принять решение»" in browser("head").get(f"/cases/{case}").text


def test_what_a_form_only_shows_comes_from_the_case_and_not_from_the_browser(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    officer, head = browser("officer"), browser("head")
    check = f"/tasks/{waiting(case)['check']}"
    officer.send(officer.get(check), check + "/complete", conclusion="шум есть")
    decide = f"/tasks/{waiting(case)['decide']}"
    page = head.get(decide)
    assert "шум есть" in page.text

    again = head.send(page, decide + "/complete", checked="шума нет")
    head.send(page, decide + "/complete", outcome="accept", checked="шума нет")

    assert again.status == 422
    assert "шум есть" in again.text
    with services.database.reading() as connection:
        assert cases.submissions(connection, case)[0]["values"] == {"outcome": "accept"}


def test_a_task_is_handed_over_to_whoever_may_do_it_and_the_others_are_named_with_the_reason(
    browser: Sign, case: int, waiting: Waiting
) -> None:
    both, head = browser("both"), browser("head")
    address = f"/tasks/{waiting(case)['check']}"
    both.send(both.get(address), address + "/complete", conclusion="верно")
    decide = waiting(case)["decide"]

    page = head.get(f"/tasks/{decide}/hand-over")

    assert 'value="both"' not in page.html
    assert "Ерлан Бекмухамбетов" in page.text
    assert "Проверявшие" in page.text
    assert head.post(f"/tasks/{decide}/hand-over", to="both").status == 403


def test_a_form_that_comes_again_shows_what_was_said_before(browser: Sign, case: int, waiting: Waiting) -> None:
    officer, head = browser("officer"), browser("head")
    address = f"/tasks/{waiting(case)['check']}"
    officer.send(officer.get(address), address + "/complete", conclusion="первое заключение")
    decide = f"/tasks/{waiting(case)['decide']}"
    head.send(head.get(decide), decide + "/complete", outcome="return", why="мало")

    again = f"/tasks/{waiting(case)['check']}"
    page = officer.get(again)

    assert "Эта форма заполняется не впервые" in page.text
    assert "первое заключение" in page.text
    assert dict(page.form(again + "/complete"))["conclusion"] == ""
    earlier = officer.get(again + "?from=2")
    assert dict(earlier.form(again + "/complete"))["conclusion"] == "первое заключение"


def test_the_whole_way_ends_with_a_step_done_for_somebody_outside(browser: Sign, case: int, waiting: Waiting) -> None:
    officer, head, clerk = browser("officer"), browser("head"), browser("clerk")
    for who, element, values in (
        (officer, "check", {"conclusion": "верно"}),
        (head, "decide", {"outcome": "accept"}),
        (clerk, "answer", {"received": "true"}),
    ):
        address = f"/tasks/{waiting(case)[element]}"
        last = who.send(who.get(address), address + "/complete", **values)

    assert "Дело завершено" in last.text
    assert "за: Заявитель" in last.text
