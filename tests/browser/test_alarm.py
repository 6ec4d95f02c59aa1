"""The alarm in a real Chromium: notification, title, icon, the strip, its end; and what the visitor is told when nobody comes."""

import os
import re

import pytest
from playwright.sync_api import expect

from hub.actions import alarm
from tests.browser.people import comes_to_rest
from tests.browser.test_reading import AXE, SCHEMES, check

UNATTENDED = """
document.hasFocus = () => false;
window.shown = [];
const Real = window.Notification;
window.Notification = new Proxy(Real, {
  construct(kind, given) { window.shown.push(given[0]); return new kind(...given); },
});"""


def asks(shopper, question="Is it still there?"):
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes(question)
    return visitor


def goes_further(hub, rounds):
    for _ in range(rounds):
        hub.clock.move(hours=46 / 3600)
        hub.write(alarm.go_further)


def test_who_waits_calls_until_somebody_has_seen_it(shopper, operator):
    desk = operator()
    desk.page.context.grant_permissions(["notifications"], origin=desk.hub_url)
    desk.page.context.add_init_script(UNATTENDED)
    desk.page.clock.install()
    desk.comes()
    desk.signs_in("ana")
    calm = desk.page.locator("link[rel=icon]").get_attribute("href")
    asks(shopper)
    strip = desk.page.locator(".alarm")
    expect(strip).to_contain_text("is waiting")
    expect(desk.page).to_have_title("(1) waiting · Touchpoint Hub")
    expect(desk.page.locator("link[rel=icon]")).not_to_have_attribute("href", calm)
    desk.page.wait_for_function("shown.length > 0 && shown[0].endsWith('is waiting.')")
    desk.presses("k")
    expect(strip).to_have_count(0)
    before = desk.page.evaluate("shown.length")
    desk.page.clock.fast_forward(11_000)  # the first repetition would come after ten seconds
    assert desk.page.evaluate("shown.length") == before


def test_two_tabs_call_once(shopper, operator):
    desk = operator()
    context = desk.page.context
    context.grant_permissions(["notifications"], origin=desk.hub_url)
    context.add_init_script(UNATTENDED)
    desk.comes()
    desk.signs_in("ana")
    second = context.new_page()
    second.goto(desk.page.url)
    expect(second.get_by_role("navigation", name="Areas")).to_be_visible()
    asks(shopper)
    for page in (desk.page, second):
        expect(page.locator(".alarm")).to_be_visible()
    desk.page.wait_for_function("shown.length > 0")
    assert desk.page.evaluate("shown.length") + second.evaluate("shown.length") == 1


def test_when_nobody_comes_the_visitor_is_told_and_leaves_an_address(shopper, operator, hub):
    desk = operator("ana")
    visitor = asks(shopper)
    expect(desk.page.locator(".alarm")).to_be_visible()
    goes_further(hub, rounds=2)
    expect(desk.page.locator(".alarm.late")).to_contain_text("They have been told")
    expect(visitor.log.get_by_text("Nobody could answer so far")).to_be_visible()
    field, send = visitor.log.get_by_role("textbox", name="E-mail"), visitor.log.get_by_role("button")
    field.fill("eva")
    send.filter(has_text="Send").click()
    expect(visitor.log.get_by_role("alert")).to_have_text("Please enter your e-mail address.")
    field.fill("eva@mail.example")
    send.filter(has_text="Send").click()
    expect(visitor.log.get_by_text("Our answer will come by e-mail")).to_be_visible()
    desk.opens_the_longest_wait()
    expect(desk.pane().get_by_text("would have the answer by e-mail: eva@mail.example")).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")
@SCHEMES
def test_everybody_can_read_it(shopper, operator, hub, scheme):
    desk = operator("ana", color_scheme=scheme)
    visitor = asks(lambda: shopper(color_scheme=scheme))
    strip = desk.page.locator(".alarm")
    expect(strip).to_be_visible()
    picture(desk.page, f"alarm-{scheme}")
    check(desk.page, "the strip")
    goes_further(hub, rounds=2)
    expect(desk.page.locator(".alarm.late")).to_be_visible()
    expect(desk.page.locator(".banner")).to_be_visible()
    picture(desk.page, f"late-{scheme}")
    check(desk.page, "nobody came")
    expect(visitor.log.get_by_role("textbox", name="E-mail")).to_be_visible()
    picture(visitor.page, f"told-{scheme}")
    check(visitor.page, "the truth", "touchpoint-hub")
    bell = desk.page.get_by_role("button", name=re.compile("^Alarms"))
    bell.click()
    desk.page.get_by_role("menuitem", name="15 minutes").click()
    expect(bell).to_have_accessible_name(re.compile("15 min left"))
    bell.click()
    picture(desk.page, f"menu-{scheme}")
    check(desk.page, "the menu")
    desk.page.get_by_role("menuitem", name="Test my alarms").click()
    dialog = desk.page.get_by_role("dialog", name="Test my alarms")
    dialog.get_by_role("button", name="Play").first.click()
    expect(dialog.get_by_text("Did you hear it?")).to_be_visible()
    dialog.get_by_role("button", name="Yes").click()
    expect(dialog.get_by_text("It reaches you.")).to_be_visible()
    dialog.get_by_role("button", name="Show").click()
    expect(dialog.get_by_text("It does not reach you.")).to_be_visible()
    picture(desk.page, f"test-{scheme}")
    check(desk.page, "the test")
    desk.page.evaluate("document.documentElement.dir = 'rtl'")
    picture(desk.page, f"test-rtl-{scheme}")


def picture(page, name):
    """For eyes, where a folder is named."""
    if folder := os.environ.get("HUB_PICTURES"):
        comes_to_rest(page)
        page.screenshot(path=f"{folder}/{name}.png")
