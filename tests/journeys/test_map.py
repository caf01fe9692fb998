"""The map in a browser: where a case stands, which way it came, and everything reachable without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from app.wiring import Services
from engine.steps import Person

Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def case(installation: Services, processes: Path) -> int:
    """An application whose signature was rejected: it waits for the applicant inside `application_review`."""
    told = yaml.safe_load(
        (processes / "scenarios" / "certification-rework-then-refused-application.yaml").read_text("utf-8")
    )
    officer = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))
    return installation.engine.start("certification", told["start"]["data"], officer).case_id


def shape(page: Page, element: str) -> str:
    return page.locator(f'.djs-element[data-element-id="{element}"]').get_attribute("class") or ""


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    page.locator(".map.is-ready").wait_for()
    return page


def test_the_map_of_a_case_shows_its_place_and_its_way(visit: Visit, case: int) -> None:
    page = opened(visit("officer"), f"/cases/{case}/map/application_review")
    assert "is-open" in shape(page, "correct_application")
    assert "is-passed" in shape(page, "review_begins")
    assert "is-ahead" in shape(page, "review_application")
    expect(page.locator("[data-map-panel] h2")).to_have_text("Исправить заявку")


def test_a_call_shows_that_the_case_is_inside_and_opens_the_called_diagram(visit: Visit, case: int) -> None:
    page = opened(visit("officer"), f"/cases/{case}/map")
    assert "is-open" in shape(page, "call_application_review")
    page.locator("[data-map-panel]").get_by_role("link", name="Открыть схему").click()
    page.wait_for_url(f"**/cases/{case}/map/application_review")
    expect(page.locator(".crumbs")).to_contain_text("Первичная сертификация")


def test_an_element_explains_itself_when_it_is_clicked(visit: Visit) -> None:
    page = opened(visit("assessor"), "/processes/application_review")
    page.locator('.djs-element[data-element-id="review_application"]').click()
    panel = page.locator("[data-map-panel]")
    for words in ("Анализ заявки", "Ответственный исполнитель", "C-016", "Что дальше"):
        expect(panel).to_contain_text(words)


def test_elements_are_walked_through_by_keys_in_the_order_of_the_flow(visit: Visit) -> None:
    page = opened(visit("assessor"), "/processes/application_review")
    page.locator("[data-map-canvas] svg").first.focus()
    panel = page.locator("[data-map-panel] h2")
    page.keyboard.press("PageDown")
    expect(panel).to_have_text("Заявка внесена")
    page.keyboard.press("PageDown")
    expect(panel).to_have_text("Проверить и зарегистрировать")
    page.keyboard.press("PageUp")
    expect(panel).to_have_text("Заявка внесена")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_a_row_of_the_list_leads_to_its_element_on_the_drawing(visit: Visit) -> None:
    page = opened(visit("assessor"), "/processes/application_review")
    page.locator("#row-sign_application_decision").locator("[data-map-select]").click()
    expect(page.locator("[data-map-panel] h2")).to_have_text("Решение по заявке")
    assert "is-chosen" in shape(page, "sign_application_decision")


def test_an_address_with_an_element_opens_the_map_at_it(visit: Visit) -> None:
    page = opened(visit("assessor"), "/processes/application_review#sign_application_decision")
    expect(page.locator("[data-map-panel] h2")).to_have_text("Решение по заявке")


def test_the_drawing_speaks_the_language_of_the_reader(visit: Visit, address: str) -> None:
    page = visit("assessor")
    page.context.add_cookies([{"name": "language", "value": "en", "url": address}])
    opened(page, "/processes/application_review")
    expect(page.locator('.djs-element[data-element-id="review_application"]')).to_contain_text("Application")
    expect(page.locator('.djs-element[data-element-id="lane_applicant"]')).to_contain_text("Applicant")


def test_the_mark_of_the_drawing_library_stays_visible(visit: Visit) -> None:
    page = opened(visit("assessor"), "/processes/certification")
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_every_shipped_diagram_is_drawn_without_a_complaint(visit: Visit, processes: Path) -> None:
    page = visit("assessor")
    for path in sorted(processes.glob("*.bpmn")):
        opened(page, f"/processes/{path.stem}")
        assert page.locator(".djs-shape").count() > 3, path.name


def test_without_scripts_the_list_says_the_same(chromium: object, visit: Visit, case: int) -> None:
    signed_in = visit("officer")
    browser = signed_in.context.browser
    assert browser is not None
    plain = browser.new_context(
        java_script_enabled=False, storage_state=signed_in.context.storage_state(), base_url=signed_in.url
    )
    page = plain.new_page()
    page.goto(f"/cases/{case}/map/application_review")
    row = page.locator("#row-correct_application")
    expect(row).to_contain_text("задача ждёт")
    expect(page.locator(".map")).to_contain_text("стоит и в таблице")
    plain.close()
