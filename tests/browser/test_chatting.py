"""Two people talk: waiting, taking, typing, states, unread, reload."""

import re

from playwright.sync_api import expect


def test_a_visitor_and_an_operator_talk(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat_by_keyboard()
    visitor.writes("Do you have the vase in green?")
    visitor.sees_state("Do you have the vase in green?", "Sent")

    waiting = desk.sees_waiting("Do you have the vase in green?")
    expect(waiting.locator(".ring")).to_be_visible()
    expect(waiting.locator(".wait")).to_contain_text(re.compile(r"\d:\d\d"))
    expect(desk.page).to_have_title(re.compile(r"^\(1\) waiting"))

    desk.opens_the_longest_wait()
    desk.sees("Do you have the vase in green?")
    visitor.sees_state("Do you have the vase in green?", "Read")
    desk.takes()
    visitor.sees_headline("Ana Ruiz")
    expect(desk.page).to_have_title("Touchpoint Hub")

    desk.types("Yes, we ")
    visitor.sees_typing("Ana Ruiz")
    desk.types("do.")
    desk.composer().press("Enter")
    visitor.sees("Yes, we do.")
    visitor.sees_nobody_typing()
    desk.sees_state("Read")

    visitor.types("How ")
    desk.sees_typing()
    visitor.types("much?")
    visitor.sends()
    desk.sees("How much?")
    desk.sees_nobody_typing()
    visitor.sees_state("How much?", "Read")
    assert (
        visitor.transcript()
        == desk.transcript()
        == [
            ("me", "Do you have the vase in green?"),
            ("them", "Yes, we do."),
            ("me", "How much?"),
        ]
    )


def test_an_answer_is_noticed_while_the_panel_is_closed_and_survives_a_reload(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Is it dishwasher safe?")
    desk.opens_the_longest_wait()
    desk.takes()
    visitor.closes_the_chat()

    desk.writes("It is.")
    desk.sees_state("Delivered")
    visitor.sees_unread(1)
    desk.writes("Up to 60 degrees.")
    visitor.sees_unread(2)

    visitor.reloads()
    visitor.sees_unread(2)
    visitor.opens_the_chat()
    visitor.sees_unread(0)
    desk.sees_state("Read")
    said = [("me", "Is it dishwasher safe?"), ("them", "It is."), ("them", "Up to 60 degrees.")]
    assert visitor.transcript() == said

    desk.page.reload()
    desk.sees("Up to 60 degrees.")
    assert desk.transcript() == said
    visitor.follows("Checkout")
    visitor.sees("Up to 60 degrees.")
    visitor.writes("Thank you!")
    desk.sees("Thank you!")
    assert visitor.transcript() == desk.transcript() == [*said, ("me", "Thank you!")]
