"""A visitor browses and an operator sees it: who, where, since when."""

from playwright.sync_api import expect

from tests.browser.hosts import wait_for


def test_an_operator_sees_a_visitor_follow_a_link(shopper, operator):
    desk = operator("ana")
    desk.goes_to("Visitors")
    expect(desk.page.get_by_text("Nobody is on your site right now")).to_be_visible()

    visitor = shopper().visits()
    row = desk.sees_visitor_on("Vase & Stem")
    seconds = row.locator(".col-seconds")
    expect(seconds).to_have_text("0:01")
    expect(seconds).to_have_text("0:02")
    expect(row.locator(".col-pages")).to_have_text("1")

    visitor.follows("Blue vase")
    row = desk.sees_visitor_on("Blue vase")
    expect(row.locator(".col-pages")).to_have_text("2")
    expect(row.locator(".col-seconds")).to_have_text("0:01")
    expect(desk.visitor_rows).to_have_count(1)


def test_two_visitors_are_two_rows_and_leave_when_they_close(shopper, operator, hub):
    desk = operator("ana")
    desk.goes_to("Visitors")
    first, second = shopper().visits("/vase"), shopper().visits("/checkout")
    expect(desk.visitor_rows).to_have_count(2)
    second.page.close()
    first.page.close()
    wait_for(lambda: not hub.hub.hall._pages, "both pages to hang up")
    hub.clock.move(hours=20 / 3600)
    expect(desk.page.get_by_text("Nobody is on your site right now")).to_be_visible()
