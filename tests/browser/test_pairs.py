"""The suggestions desk by keyboard: three pairs in a few seconds, one of them undone, and a colleague at the same list.

One hub and one long story: browser tests cost time.
"""

import pytest
from playwright.sync_api import expect

from hub.demo import twice
from hub.identity import shelves
from hub.identity.suggester import Suggester
from tests.browser.test_reading import AXE, check

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")


@pytest.fixture
def books(hub):
    """The hub knows some people twice."""
    hub.loop.call(hub.hub.store.write(twice.remember))
    hub.loop.call(Suggester(hub.hub.store).look_due())
    hub.loop.call(hub.hub.hall.pairs.look())
    return lambda: hub.loop.call(hub.hub.store.read(shelves.waiting, "queue"))


def opens(desk):
    desk.presses("g", "p")
    expect(desk.page.get_by_role("heading", level=1, name="Same person?")).to_be_visible()
    return desk.page.locator(".pairs-who")


def settled(desk, words):
    expect(desk.page.locator(".toast", has_text=words)).to_have_count(1)


def test_three_pairs_are_decided_by_keyboard_and_one_is_taken_back(books, operator):
    ana, ben = operator("ana"), operator("ben")
    waiting = books()
    expect(ana.rail.get_by_role("button", name=f"Same person?, {waiting} pairs to decide")).to_be_visible()
    who, bens = opens(ana), opens(ben)
    expect(who).to_contain_text("Lucía Fernández")
    expect(bens).to_contain_text("Lucía Fernández")
    check(ana.page, "a pair")

    ana.presses("y")
    expect(who).not_to_contain_text("Lucía")
    settled(ana, "are one person now")
    expect(bens).not_to_contain_text("Lucía")
    expect(ben.page.locator(".toast", has_text="Ana Ruiz has just decided about")).to_be_visible()

    second = who.inner_text()
    ana.presses("n")
    expect(who).not_to_have_text(second, use_inner_text=True)
    settled(ana, "stay two people")
    ana.presses("u")
    settled(ana, "asked again in 30 days")
    expect(
        ana.rail.get_by_role("button", name=f"Same person?, {waiting - 3} pairs to decide")
    ).to_be_visible()
    assert books() == waiting - 3

    ana.presses("z")  # the last word: not sure
    settled(ana, "are back")
    ana.presses("z")  # and the one before it, which was a decision
    expect(who).to_have_text(second, use_inner_text=True)
    expect(
        ana.rail.get_by_role("button", name=f"Same person?, {waiting - 1} pairs to decide")
    ).to_be_visible()

    # Two who proved who they are: nothing is chosen beforehand, and one key is not enough.
    for _ in range(waiting):
        if ana.page.locator(".pairs-accounts").count():
            break
        shown = who.inner_text()
        ana.presses("p")
        expect(who).not_to_have_text(shown, use_inner_text=True)
    expect(ana.page.locator(".pairs-answers .first")).to_have_count(0)
    ana.presses("y")
    ask = ana.page.get_by_role("dialog", name="One person with two accounts?")
    expect(ask).to_be_visible()
    check(ana.page, "two accounts")
    ana.presses("Escape")

    ana.presses("v")  # the score as a table
    expect(ana.page.get_by_role("row", name="Together")).to_be_visible()
    check(ana.page, "the score as a table")

    for _ in range(waiting - 1):
        shown = who.inner_text()
        ana.presses("n")
        expect(ana.page.locator(".pairs")).not_to_contain_text(shown.splitlines()[0])
    expect(ana.page.get_by_role("heading", name="Nobody seems to be here twice")).to_be_visible()
    check(ana.page, "nobody is here twice")
    expect(ben.page.get_by_role("heading", name="Nobody seems to be here twice")).to_be_visible()
    ana.presses("m")
    expect(who).to_contain_text("Schmidt")


def test_on_a_phone_in_the_dark_nothing_is_lost_and_a_word_without_a_line_is_not_said(books, operator, watch):
    ana = operator("ana", color_scheme="dark")
    opens(ana)
    ana.page.set_viewport_size({"width": 390, "height": 844})
    expect(ana.page.get_by_role("button", name="Two people")).to_be_visible()
    assert ana.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check(ana.page, "a pair on a phone in the dark")
    watch.forgive(r"ERR_INTERNET_DISCONNECTED")
    ana.page.context.set_offline(True)
    ana.page.get_by_role("button", name="Two people").click()
    expect(ana.page.locator(".toast", has_text="Not decided: the hub did not answer")).to_be_visible(
        timeout=20_000
    )
    expect(ana.page.locator(".pairs-who")).to_contain_text("Lucía Fernández")
