"""Finding: what was said and who said it, in the list and in the command bar, and going to the very message."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_reading import AXE, check

PICTURES = os.environ.get("HUB_PICTURES")


def test_a_word_said_long_ago_is_found_and_shown_where_it_was_said(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Is the celadon vase in stock?")
    desk.opens_the_longest_wait()
    desk.takes()
    for n in range(3):
        visitor.writes(f"And another thing, number {n}")
    field = desk.page.get_by_role("searchbox", name="Search everything")
    desk.page.get_by_role("heading", name="Desk").click()
    desk.presses("/")
    expect(field).to_be_focused()
    desk.page.keyboard.type("celad")
    hit = desk.page.locator(".hit")
    expect(hit.locator("mark")).to_have_text("celadon")
    picture(desk, "find")
    hit.click()
    expect(desk.page.locator("article.sought")).to_contain_text("celadon vase")
    picture(desk, "find-dark", dark=True)
    field.press("Escape")
    desk.presses("Control+k")
    bar = desk.page.get_by_role("combobox", name="Command bar")
    expect(bar).to_be_focused()
    desk.page.keyboard.type("celad")
    expect(desk.page.locator(".command-entry").first).to_contain_text("celadon")
    picture(desk, "command")
    bar.fill("visitors")
    expect(desk.page.locator(".command-entry").first).to_contain_text("Visitors")
    bar.press("Enter")
    expect(desk.page.get_by_role("heading", name="Visitors")).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_to_object_to(shopper, operator, scheme):
    desk, visitor = operator("ana", color_scheme=scheme), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Is the celadon vase in stock?")
    desk.sees_waiting("celadon")
    desk.page.get_by_role("button", name="Choose several").click()
    desk.section("Waiting").locator(".talk-row").first.click()
    check(desk.page, "choosing")
    desk.page.get_by_role("button", name="Choose several").click()
    desk.page.get_by_role("searchbox").fill("celadon")
    expect(desk.page.locator(".hit mark")).to_be_visible()
    check(desk.page, "hits")
    desk.presses("Control+k")
    desk.page.get_by_role("combobox", name="Command bar").fill("celadon")
    expect(desk.page.locator(".command mark")).to_be_visible()
    check(desk.page, "command bar")
    desk.presses("Escape")
    desk.page.get_by_role("button", name="Which conversations").click()
    desk.page.get_by_role("menuitem", name="New filter").click()
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    check(desk.page, "filter")


def test_several_are_finished_at_once_and_taken_back(shopper, operator):
    desk = operator("ana")
    for n in range(2):
        visitor = shopper().visits("/vase")
        visitor.opens_the_chat()
        visitor.writes(f"Question {n}")
        desk.sees_waiting(f"Question {n}")
    desk.page.get_by_role("button", name="Choose several").click()
    rows = desk.section("Waiting").locator(".talk-row")
    rows.nth(0).click()
    rows.nth(1).click()
    picture(desk, "bulk")
    desk.page.locator(".bulk").get_by_role("button", name="Finish").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Finish").click()
    desk.is_told("2 conversations finished.")
    expect(rows).to_have_count(0)
    desk.presses("z")
    expect(desk.section("Mine").locator(".talk-row")).to_have_count(2)
    desk.page.get_by_role("button", name="Which conversations").click()
    desk.page.get_by_role("menuitemradio", name="All", exact=True).click()
    expect(desk.page.locator(".long-list .talk-row")).to_have_count(2)
    picture(desk, "all-rtl", rtl=True)


def picture(desk, name: str, *, dark: bool = False, rtl: bool = False) -> None:
    """For the eye, when HUB_PICTURES names a folder."""
    if not PICTURES:
        return
    page = desk.page
    page.evaluate(
        "([dark, rtl]) => { if (dark) document.documentElement.dataset.theme = 'dark'; document.dir = rtl ? 'rtl' : '' }",
        [dark, rtl],
    )
    page.wait_for_timeout(300)
    page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))
    page.evaluate(
        f"() => {{ document.documentElement.dataset.theme = {json.dumps('light')}; document.dir = '' }}"
    )
