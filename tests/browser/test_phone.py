"""The console on a phone, with a thumb: take, answer, hand over, finish; nothing to scroll sideways, nothing too small to hit."""

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("button, select, input:not([type=checkbox], [type=radio]), textarea")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, {width, height}]) => width && height && !one.closest(".unseen") && one.checkVisibility() && Math.min(width, height) < 43.5)
  .map(([one, {width, height}]) => `${one.className} "${one.ariaLabel ?? one.textContent}" ${width} x ${height}`)"""


@pytest.fixture
def fits():
    def check(page, what):
        assert not page.evaluate(SIDEWAYS), f"{what}: it scrolls sideways"
        assert page.evaluate(SMALL) == [], f"{what}: too small for a thumb"

    return check


def chooses(desk, words):
    desk.pane().get_by_role("button", name="More").tap()
    desk.page.get_by_role("menuitem", name=words).tap()
    return desk.page.get_by_role("dialog")


def test_take_answer_hand_over_and_finish_with_a_thumb(shopper, operator, fits):
    desk, ben = operator(**PHONE), operator("ben")
    fits(desk.page, "the door")
    desk.signs_in("ana")
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Is it really 32 cm high?")
    desk.sees_waiting("Is it really 32 cm high?")
    fits(desk.page, "the list")
    desk.inbox.locator(".talk-row").tap()
    expect(desk.inbox).to_be_hidden()
    desk.pane().get_by_role("button", name="Take").tap()
    expect(desk.pane().get_by_role("button", name="Take")).to_have_count(0)
    fits(desk.page, "the conversation")

    desk.composer().tap()
    desk.page.set_viewport_size({"width": 390, "height": 470})  # the keyboard takes the rest
    expect(desk.rail).to_be_hidden()
    desk.types("It is. We measured it again.")
    expect(desk.composer()).to_be_in_viewport(ratio=1)
    expect(desk.pane().get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    desk.pane().get_by_role("button", name="Send").tap()
    visitor.sees("It is. We measured it again.")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    expect(desk.rail).to_be_visible()

    dialog = chooses(desk, "Hand over")
    fits(desk.page, "hand over")
    dialog.locator(".choice", has_text="Ben Okafor").tap()
    dialog.get_by_role("button", name="Hand over").tap()
    desk.is_told("was handed over to Ben Okafor")
    ben.opens("It is. We measured it again.")
    ben.page.get_by_role("button", name="Hand over").first.click()
    back = ben.page.get_by_role("dialog")
    back.locator(".choice", has_text="Ana Ruiz").click()
    back.get_by_role("button", name="Hand over").click()

    if desk.pane().count():
        desk.pane().get_by_role("button", name="Back to the list").tap()
    desk.section("Mine").locator(".talk-row").tap()
    dialog = chooses(desk, "Finish")
    dialog.locator(".choice", has_text="Resolved").first.tap()
    dialog.get_by_role("button", name="Finish").tap()
    desk.is_told("Resolved")
    for area in ("Visitors", "Canned replies", "Health"):
        desk.rail.get_by_role("button", name=area).tap()
        expect(desk.page.locator(".stage > main")).to_be_visible()
        fits(desk.page, area)
