"""The console by itself: the door, several tabs, empty views, drafts, and everything by keyboard."""

import re
import time

from playwright.sync_api import expect

from tests.browser.people import OperatorDesk


def test_a_wrong_password_is_said_so_and_the_right_one_opens(operator, watch):
    watch.forgive(r"status of 401 .*/api/sign-in$")
    desk = operator()
    desk.tries_to_sign_in("ana", "wrong")
    expect(desk.page.get_by_role("alert")).to_contain_text("login and password do not go together")
    expect(desk.page.get_by_label("Password")).to_have_value("")
    desk.signs_in("ana")
    desk.page.reload()
    expect(desk.rail).to_be_visible()


def test_signing_out_puts_the_other_tab_out_within_a_second(operator):
    desk = operator("ana")
    second = OperatorDesk(desk.page.context.new_page(), desk.hub_url)
    second.comes()
    expect(second.rail).to_be_visible()
    desk.signs_out()
    began = time.monotonic()
    second.is_before_the_door()
    assert time.monotonic() - began < 1
    expect(second.page.get_by_text("You have been signed out.")).to_be_visible()


def test_a_deactivated_operator_is_out_within_a_second_and_does_not_come_in_again(operator, hub, watch):
    watch.forgive(r"status of 401 .*/api/sign-in$")
    desk = operator("ben")
    began = time.monotonic()
    hub.deactivate("ben")
    desk.is_before_the_door()
    assert time.monotonic() - began < 1
    desk.tries_to_sign_in("ben", "ben's password")
    expect(desk.page.get_by_role("alert")).to_contain_text("login and password do not go together")


def test_empty_views_say_what_will_appear(operator):
    desk = operator("ana")
    expect(desk.page.get_by_text("Nobody is waiting.")).to_be_visible()
    expect(desk.page.get_by_text("All calm")).to_be_visible()
    desk.goes_to("Visitors")
    expect(desk.page.get_by_text("Nobody is on your site right now")).to_be_visible()
    expect(desk.page.locator("code")).to_contain_text('data-site="shop"')
    desk.goes_to("Health")
    expect(desk.page.get_by_text("Everything runs")).to_be_visible()


def test_a_draft_survives_a_reload(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Hello?")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.types("I will look it u")
    desk.page.reload()
    expect(desk.composer()).to_have_value("I will look it u")
    expect(desk.section("Mine").locator(".talk-row")).to_contain_text("Draft: I will look it u")


def test_a_whole_conversation_by_keyboard(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat_by_keyboard()
    visitor.types("Hello?")
    visitor.sends()
    desk.sees_waiting("Hello?")
    keys = desk.page.keyboard
    desk.presses("j")
    desk.sees("Hello?")
    expect(desk.composer()).to_be_focused()
    desk.presses("Escape", "t")
    visitor.sees_headline("Ana Ruiz")
    desk.presses("e")
    expect(desk.composer()).to_be_focused()
    keys.type("Good day!")
    desk.presses("Enter")
    visitor.sees("Good day!")
    desk.presses("Escape", "n")
    expect(desk.page.get_by_label("Note for colleagues")).to_be_focused()
    keys.type("A keyboard person")
    desk.presses("Enter")
    expect(desk.pane().locator("article.note")).to_contain_text("A keyboard person")
    desk.presses("Escape", "g", "v")
    expect(desk.page.get_by_role("heading", name="Visitors")).to_be_visible()
    desk.presses("g", "h")
    expect(desk.page.get_by_role("heading", name="Health")).to_be_visible()
    desk.presses("g", "i")
    expect(desk.pane()).to_be_visible()
    desk.presses("?")
    expect(desk.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    desk.presses("Escape", "c")
    expect(desk.record).to_have_count(0)
    desk.presses("c")
    expect(desk.record).to_be_visible()
    desk.presses("1", "Escape", "x")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    desk.presses("ArrowDown", "Enter")
    desk.is_told("Finished with Visitor: Not resolved.")
    expect(desk.section("Mine").locator(".talk-row")).to_have_count(0)
    desk.presses("z")
    expect(desk.section("Mine").locator(".talk-row")).to_have_count(1)
    expect(desk.pane()).to_be_visible()
    desk.presses("w")
    expect(desk.page.locator(".pane")).to_have_count(0)
    expect(desk.page).to_have_title(re.compile("Touchpoint Hub"))
