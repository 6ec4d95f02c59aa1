"""One visitor with several tabs: what is done in one counts in all, and what is written in one is not lost by another."""

import json

import pytest
from playwright.sync_api import expect

from hub.actions import invite, people
from tests.browser.hosts import wait_for

STORAGE = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


def rows(hub, sql):
    return hub.read(lambda read: read.all(sql))


def one(hub, sql):
    return rows(hub, sql)[0][0]


@pytest.fixture
def ana(hub):
    return hub.read(people.by_login, "ana")[0].id


def test_an_invitation_is_answered_for_all_tabs_and_no_words_are_lost(shopper, operator, hub, ana):
    operator("ana")
    here = shopper().visits("/vase")
    expect(here.button).to_be_visible()
    two = type(here)(here.page.context.new_page(), here.shop_url).visits("/checkout")
    expect(two.button).to_be_visible()
    who = wait_for(lambda: rows(hub, "SELECT visitor FROM visit"), "the visit")[0][0]
    bubbles = [tab.page.locator("touchpoint-hub .invite") for tab in (here, two)]

    def invited(text: str) -> None:
        hub.write(invite.invite, ana, who, text)
        for bubble in bubbles:
            expect(bubble).to_contain_text(text)

    invited("May I help?")
    two.page.evaluate(
        "() => document.querySelector('touchpoint-hub').shadowRoot.querySelector('.button').focus()"
    )
    hub.write(lambda tx: tx.run("UPDATE invitation SET offered_at = 1"))
    hub.write(invite.expire)
    for bubble in bubbles:
        expect(bubble).to_be_hidden()
    invited("Shall I show you the taller one?")
    bubbles[0].get_by_role("button", name="Reply").click()
    expect(bubbles[1]).to_be_hidden()
    expect(two.composer).to_be_visible()
    two.writes("Yes, from over here")
    for tab in (here, two):
        tab.sees_headline("Ana Ruiz")
        wait_for(
            lambda tab=tab: (
                [said for _, said in tab.transcript()]
                == ["Shall I show you the taller one?", "Yes, from over here"]
            ),
            "both words",
        )
    assert one(hub, "SELECT count(*) FROM conversation") == 1


def test_an_answer_written_in_one_tab_after_a_no_in_the_other_loses_nobodys_words(
    shopper, operator, hub, ana
):
    operator("ana")
    first = shopper().visits("/vase")
    expect(first.button).to_be_visible()
    second = type(first)(first.page.context.new_page(), first.shop_url).visits("/checkout")
    expect(second.button).to_be_visible()
    who = wait_for(lambda: rows(hub, "SELECT visitor FROM visit"), "the visit")[0][0]
    hub.write(invite.invite, ana, who, "May I help?")
    bubbles = [tab.page.locator("touchpoint-hub .invite") for tab in (first, second)]
    for bubble in bubbles:
        expect(bubble).to_be_visible()
    second.page.evaluate("() => sessionStorage.setItem('hub:shop:open', '1')")
    second.reloads()  # its panel is open: there the words stand in the greeting's place
    expect(second.panel.get_by_text("May I help?")).to_be_visible()
    second.composer.fill("Well, there is one thing")
    bubbles[0].get_by_role("button", name="No, thank you").click()
    wait_for(lambda: one(hub, "SELECT fate FROM invitation") == "declined", "the no")
    second.composer.press("Enter")
    wait_for(
        lambda: [said for _, said in second.transcript()] == ["May I help?", "Well, there is one thing"],
        "both words",
    )
    assert rows(hub, "SELECT fate, conversation IS NOT NULL FROM invitation") == [("declined", 1)]


def test_what_is_deleted_in_one_tab_is_dropped_by_the_others_with_all_that_was_written_there(
    shopper, operator, hub, ana
):
    operator("ana")
    first = shopper().visits("/vase")
    first.opens_the_chat()
    second = type(first)(first.page.context.new_page(), first.shop_url).visits("/checkout")
    second.opens_the_chat()
    second.panel.get_by_label("Name").fill("CANARY Lena")
    second.composer.fill("CANARY half a sentence")
    second.page.evaluate("() => sessionStorage.setItem('hub:shop:opening', JSON.stringify({name: 'CANARY'}))")
    first.composer.fill("CANARY as well")
    first.panel.get_by_role("button", name="More").click()
    first.panel.get_by_role("button", name="What is stored about me").click()
    for _ in ("asked", "sure"):
        first.panel.get_by_role("button", name="Delete this").click()
    expect(first.panel.get_by_text("Deleted.")).to_be_visible()
    expect(second.composer).to_have_value("")
    expect(second.panel.get_by_label("Name")).to_have_value("")
    for tab in (first, second):
        expect(tab.composer).to_have_value("")
        assert "CANARY" not in tab.page.evaluate(STORAGE)
        wait_for(
            lambda tab=tab: json.loads(tab.page.evaluate(STORAGE))[0] == {"hub:shop:consent": "denied"},
            "nothing else kept",
        )
    assert one(hub, "SELECT count(*) FROM page_view") == 0
    second.writes("Somebody new")
    second.sees_state("Somebody new", "Sent")
    assert rows(hub, "SELECT text FROM message WHERE author = 'visitor'") == [("Somebody new",)]


def test_what_somebody_wrote_before_they_logged_out_is_not_there_for_the_next(shopper):
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.composer.fill("CANARY half a sentence")
    visitor.page.evaluate("hub('reset')")
    expect(visitor.composer).to_have_value("")
    assert "CANARY" not in visitor.page.evaluate(STORAGE)


def test_several_tabs_of_a_new_visitor_are_one_visitor_and_open_and_close_together(hub, contexts):
    context = contexts()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{hub.shop.url}/vase", wait_until="commit")
    for page in (first, second):
        expect(page.locator("touchpoint-hub button.button")).to_be_visible()
    assert one(hub, "SELECT count(DISTINCT visitor) FROM visit") == 1
    first.locator("touchpoint-hub button.button").click()
    expect(second.get_by_role("dialog")).to_be_visible()
    second.get_by_role("button", name="Close chat").first.click()
    expect(first.get_by_role("dialog")).to_be_hidden()
