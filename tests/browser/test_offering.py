"""What is offered, in a real Chromium: hands that are full, a message instead of a chat, who waits losing nothing, and the way back."""

import os

from playwright.sync_api import expect

from hub.actions import people

BUSY = "Everybody is busy just now. Write anyway."


def limits(hub, login, most):
    """An operator takes so many chats at once, and sees the team's page."""

    def change(tx):
        for one in people.every(tx):
            if one.login == login:
                people.change(tx, one.id, "admin", most)

    hub.loop.call(hub.hub.store.write(change))


def picture(page, name):
    if folder := os.environ.get("HUB_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_message_instead_of_a_chat_while_hands_are_full(shopper, operator, hub):
    limits(hub, "ana", 1)
    desk = operator("ana")
    first, second = shopper().visits("/vase"), shopper().visits("/vase")
    second.opens_the_chat()
    expect(second.panel.get_by_text("We are here to help")).to_be_visible()
    first.opens_the_chat()
    first.writes("Do you have the vase in green?")
    expect(second.panel.get_by_text(BUSY)).to_be_visible()
    expect(second.panel.get_by_text("We answer later")).to_be_visible()
    expect(second.panel.get_by_role("radio", name="by e-mail")).to_be_visible()
    picture(second.page, "offer-busy")
    expect(first.panel.get_by_text(BUSY)).to_be_hidden()
    expect(first.panel.get_by_text("You are next")).to_be_visible()

    desk.opens_the_longest_wait()
    desk.takes()
    first.sees_headline("Ana Ruiz")
    desk.goes_to("Team")
    offered = desk.page.get_by_role("region", name="Offered to visitors now")
    expect(offered.get_by_role("img", name="Chat: not now")).to_be_visible()
    expect(offered).to_contain_text("All hands are full or promised")
    picture(desk.page, "offer-team")

    desk.goes_to("Desk")
    desk.finishes("Resolved")
    expect(second.panel.get_by_text(BUSY)).to_be_hidden()
    expect(second.panel.get_by_text("We are here to help")).to_be_visible()
