"""Operators among themselves: notes, handing over, taking at once, finishing, blocking."""

import re

from playwright.sync_api import expect


def asked(shopper, question):
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes(question)
    return visitor


def test_a_note_is_for_colleagues_and_a_handed_over_conversation_comes_with_it(shopper, operator):
    ana, ben = operator("ana"), operator("ben")
    visitor = asked(shopper, "Can I pay later?")
    ana.opens_the_longest_wait()
    ana.takes()
    visitor.sees_headline("Ana Ruiz")
    ana.notes("Seems nervous about money")
    ana.hands_over_to("Ben Okafor", "You know the terms")

    ben.opens("Can I pay later?")
    ben.sees("Seems nervous about money")
    ben.sees("You know the terms")
    visitor.sees_headline("Ben Okafor")
    ben.writes("Within 30 days.")
    visitor.sees("Within 30 days.")
    assert visitor.transcript() == [("me", "Can I pay later?"), ("them", "Within 30 days.")]
    visitor.reloads()
    visitor.sees("Within 30 days.")
    assert visitor.transcript() == [("me", "Can I pay later?"), ("them", "Within 30 days.")]
    heard = visitor.page.content() + visitor.panel.inner_text()
    assert "nervous" not in heard
    assert "terms" not in heard


class SlowLine:
    """Holds back what the hub says to a console, so that its operator acts on what was true a moment ago."""

    def __init__(self, context):
        self._held: list[str] | None = None
        self._page = None
        context.route_web_socket(re.compile("/console$"), self._opened)

    def _opened(self, page):
        self._page = page
        page.connect_to_server().on_message(self._said)

    def _said(self, frame):
        if self._held is None:
            self._page.send(frame)
        else:
            self._held.append(frame)

    def hold(self):
        self._held = []

    def let_go(self):
        held, self._held = self._held, None
        for frame in held or ():
            self._page.send(frame)


def test_of_two_who_take_at_once_one_wins_and_the_other_is_told(shopper, operator):
    ana, ben = operator("ana"), operator()
    line = SlowLine(ben.page.context)
    ben.comes()
    ben.signs_in("ben")
    visitor = asked(shopper, "Anybody there?")
    ana.opens_the_longest_wait()
    ben.opens_the_longest_wait()
    line.hold()
    ana.takes()
    visitor.sees_headline("Ana Ruiz")
    ben.presses("t")
    line.let_go()
    ben.is_told("Ana Ruiz")
    expect(ben.pane().get_by_text("Ana Ruiz has this conversation.")).to_be_visible()
    visitor.sees_headline("Ana Ruiz")
    expect(ana.section("Mine").locator(".talk-row")).to_have_count(1)
    expect(ben.section("Mine").locator(".talk-row")).to_have_count(0)
    expect(ben.section("With others").locator(".talk-row")).to_have_count(1)


def test_a_conversation_ends_with_an_outcome_and_begins_again_when_the_visitor_writes(shopper, operator):
    ana = operator("ana")
    visitor = asked(shopper, "Where is my parcel?")
    ana.opens_the_longest_wait()
    ana.takes()
    ana.writes("It arrives today.")
    visitor.sees("It arrives today.")
    ana.finishes("Resolved")
    ana.is_told("Finished with Visitor: Resolved.")
    expect(visitor.panel.get_by_text("Conversation ended. Write to begin a new one.")).to_be_visible()
    expect(ana.section("Mine").locator(".talk-row")).to_have_count(0)
    ana.section("Closed").get_by_role("button", name="Closed").click()
    expect(ana.section("Closed").locator(".talk-row")).to_have_count(1)

    visitor.writes("It did not.")
    ana.sees_waiting("It did not.")
    ana.opens_the_longest_wait()
    ana.sees("It did not.")
    ana.takes()
    ana.writes("I am sorry!")
    visitor.sees("I am sorry!")
    assert visitor.transcript() == [
        ("me", "Where is my parcel?"),
        ("them", "It arrives today."),
        ("me", "It did not."),
        ("them", "I am sorry!"),
    ]


def test_a_blocked_browser_is_told_that_it_cannot_write(shopper, operator):
    ana = operator("ana")
    visitor = asked(shopper, "Rude words")
    ana.opens_the_longest_wait()
    ana.takes()
    ana.presses("b")
    ana.is_told("can no longer start conversations")
    expect(ana.pane().get_by_text("Blocked", exact=True)).to_be_visible()
    visitor.writes("More rude words")
    expect(visitor.panel.get_by_text("You cannot write here at the moment.")).to_be_visible()
    visitor.sees_state("More rude words", "Not sent")
    ana.presses("b")
    ana.is_told(re.compile("can start conversations again"))
    visitor.writes("I am sorry")
    visitor.sees_state("I am sorry", "Read")
    ana.sees("I am sorry")
