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
    visits = desk.record.locator("ol.timeline .touch", has=desk.page.get_by_text(re.compile(r"^Visit")))
    expect(visits).to_have_count(2)


def test_a_sign_in_in_a_second_browser_joins_the_two_and_an_operator_takes_them_apart(shopper, operator):
    desk = operator("ana", viewport={"width": 1440, "height": 1400})
    laptop, phone = shopper().visits("/as/maria"), shopper().visits("/vase")
    laptop.opens_the_chat()
    laptop.writes("I ordered yesterday.")
    desk.opens_the_longest_wait()
    desk.takes()
    expect(desk.record.get_by_role("heading", level=2)).to_have_text("Maria")
    expect(desk.record.get_by_text("1 browser")).to_be_visible()
    expect(desk.record.locator("ol.timeline .touch")).to_have_count(3)
    ours_before, theirs_before = ours_first(desk.records_of_visitors())
    assert theirs_before["touchpoints"] == ["Visit Blue vase"]

    phone.visits("/as/maria")
    desk.goes_to("Desk")
    expect(desk.record.get_by_text("2 browsers")).to_be_visible()
    expect(desk.record.get_by_text("Same account maria")).to_be_visible()
    expect(
        desk.record.locator("ol.timeline .touch", has=desk.page.get_by_text(re.compile(r"^Visit")))
    ).to_have_count(2)
    joined = desk.sees_record()
    assert ours_first(desk.records_of_visitors()) == (joined, joined)

    desk.goes_to("Desk")
    desk.says_two_people(one="Blue vase", other="Chat", because="She lent her phone")
    desk.is_told("was taken apart into two people")
    expect(desk.record.get_by_text("said: two people")).to_be_visible()
    expect(desk.record.get_by_text("She lent her phone")).to_be_visible()
    ours, theirs = ours_first(desk.records_of_visitors())
    assert theirs == theirs_before
    assert ours["name"] == ours_before["name"]
    assert [touch for touch in ours["touchpoints"] if touch not in ours_before["touchpoints"]] == []

    desk.goes_to("Desk")
    desk.record.get_by_role("button", name="Undo").click()
    desk.is_told("Undone: the decision no longer counts.")
    expect(
        desk.record.locator("ol.timeline .touch", has=desk.page.get_by_text(re.compile(r"^Visit")))
    ).to_have_count(2)
    assert desk.sees_record() == joined
    assert ours_first(desk.records_of_visitors()) == (joined, joined)


def ours_first(records):
    """The record with the chat before the other."""
    return tuple(sorted(records, key=lambda record: "Chat shop" not in record["touchpoints"]))
