"""Knowing somebody: an operator says who it is, watches them, and is told when they are back or fill the cart."""

from playwright.sync_api import expect

from tests.browser.hosts import wait_for
from tests.browser.test_reading import AXE, check


def looks(page, what):
    if AXE.exists():
        check(page, what)


def test_a_visitor_is_named_watched_and_met_again(shopper, operator, hub):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    page, record = desk.page, desk.record
    desk.goes_to("Visitors")
    desk.sees_visitor_on("Blue vase").locator(".who").click()

    record.get_by_role("button", name="Say what you know").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Lena Weiß")
    looks(page, "an entry")
    dialog.get_by_role("button", name="Save").click()
    expect(desk.sees_visitor_on("Blue vase").locator(".who")).to_contain_text("Lena Weiß")
    expect(record.locator("h2")).to_have_text("Lena Weiß")

    record.get_by_role("button", name="Add an e-mail address or a number").click()
    dialog.get_by_role("textbox", name="E-mail").fill("lena@")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("no e-mail address")
    dialog.get_by_role("textbox", name="E-mail").fill("Lena@Shop.ORG")
    dialog.get_by_role("button", name="Save").click()
    expect(record.locator(".record-field", has_text="lena@shop.org")).to_be_visible()
    page.locator(".toast", has_text="E-mail").get_by_role("button", name="Undo").click()
    expect(record.locator(".record-field", has_text="lena@shop.org")).to_have_count(0)
    expect(record.locator(".touch", has_text="E-mail entered, and taken back")).to_be_visible()

    record.get_by_role("button", name="Watch: tell me").click()
    expect(record.get_by_role("button", name="Watch no longer")).to_be_visible()
    visitor.page.goto("about:blank")
    wait_for(lambda: not hub.hub.hall._pages, "the page to hang up")
    hub.clock.move(hours=1)
    expect(page.get_by_text("Nobody is on your site right now")).to_be_visible()
    page.reload()
    expect(desk.rail).to_be_visible()
    desk.goes_to("Visitors")
    expect(page.get_by_text("Nobody is on your site right now")).to_be_visible()

    visitor.visits("/vase")
    toast = page.locator(".toast", has_text="Lena Weiß is back")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Look").click()
    expect(record.locator("h2")).to_have_text("Lena Weiß")
    visitor.page.evaluate(
        "hub('cart', {items: [{name: 'Blue vase', price: 42, quantity: 1}], currency: 'EUR'})"
    )
    expect(page.locator(".toast", has_text="put something into the cart")).to_be_visible()

    desk.presses("d")
    expect(page.locator(".customer.whole")).to_be_visible()
    record.get_by_role("button", name="Notes").click()
    expect(record.locator(".customer-time .touch")).to_have_count(2)
    record.get_by_role("searchbox", name="Find in all that happened").fill("weiß")
    expect(record.locator(".customer-time .touch")).to_have_count(1)
    looks(page, "a whole record")
