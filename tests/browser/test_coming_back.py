"""Who comes back is recognised, and who is known in two browsers becomes one customer, until an operator says otherwise."""

import re

from playwright.sync_api import expect


def test_a_visitor_who_returns_tomorrow_is_recognised(shopper, operator, hub):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("I will think about it.")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.writes("Take your time.")
    visitor.sees("Take your time.")
    desk.sees_state("Read")
    visitor.page.goto("about:blank")
    desk.page.goto("about:blank")

    hub.clock.move(hours=24)
    desk.comes()
    desk.signs_in("ana")
    desk.goes_to("Visitors")
    visitor.visits("/checkout")
    row = desk.sees_visitor_on("Checkout")
    expect(row.locator(".col-visits")).to_have_text("2")
    expect(row.locator(".col-pages")).to_have_text("1")
    if not visitor.panel.is_visible():
        visitor.opens_the_chat()
    visitor.sees("Take your time.")
    visitor.writes("I have decided: yes!")

    row.get_by_role("button", name="Ana Ruiz").click()
    desk.sees("I have decided: yes!")
    assert (
        desk.transcript()
        == visitor.transcript()
        == [
            ("me", "I will think about it."),
            ("them", "Take your time."),
            ("me", "I have decided: yes!"),
        ]
    )
    visits = desk.record.locator(".touch", has=desk.page.get_by_text(re.compile(r"\d page")))
    expect(visits).to_have_count(2)
