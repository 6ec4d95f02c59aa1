"""Four at once: who needs me most, going from one to the next, and nothing that jumps under the hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_reading import AXE, SCHEMES, check
from tests.browser.test_team import SlowLine


@pytest.fixture
def serving(shopper, operator):
    """Ana serves visitors who wrote these words, in this order, each in a pane of its own."""

    def make(*words: str, **options):
        desk, visitors = operator("ana", **options), []
        for text in words:
            visitor = shopper().visits("/vase")
            visitor.opens_the_chat()
            visitor.writes(text)
            visitors.append(visitor)
            desk.sees_waiting(text)
            desk.inbox.locator(".talk-row", has_text=text).click()
            desk.presses("t")
            expect(desk.section("Mine").locator(".talk-row", has_text=text)).to_have_count(1)
        return desk, visitors

    return make


def pane_of(desk, text):
    return desk.page.locator(".pane", has_text=text)


def composer_of(desk, text):
    return pane_of(desk, text).locator(".composer textarea")


def in_sight(desk):
    """First words of the panes, from left to right as they are seen."""
    panes = desk.page.locator(".pane").all()
    placed = sorted((pane.bounding_box()["x"], pane.locator(".bubble").first.inner_text()) for pane in panes)
    return [text for _, text in placed]


def test_one_goes_from_the_most_urgent_to_the_next_and_nothing_jumps(serving):
    desk, visitors = serving("First question", "Second question", "Third question")
    strip = desk.page.get_by_role("navigation", name="Yours by urgency").get_by_role("listitem")
    expect(strip).to_have_count(3)
    desk.presses("u")
    expect(composer_of(desk, "First question")).to_be_focused()
    desk.page.keyboard.type("I will lo")
    desk.presses("Alt+u")
    expect(composer_of(desk, "Second question")).to_be_focused()
    desk.page.keyboard.type("Yes.")
    desk.presses("Enter")
    visitors[1].sees("Yes.")
    expect(strip).to_have_count(2)
    expect(composer_of(desk, "First question")).to_have_value("I will lo")
    assert in_sight(desk) == ["First question", "Second question", "Third question"]

    # Who writes again waits again, at the end; a key puts the panes in order and leaves the cursor where it is.
    visitors[0].page.close()
    composer_of(desk, "First question").press("Enter")
    expect(strip).to_have_count(1)
    visitors[1].writes("And another thing")
    expect(strip).to_have_count(2)
    third = composer_of(desk, "Third question")
    third.fill("half a word")
    third.evaluate("area => { window.kept = area; area.setSelectionRange(2, 4) }")
    desk.presses("Escape", "y", "e")
    assert in_sight(desk) == ["Third question", "Second question", "First question"]
    expect(third).to_be_focused()
    assert third.evaluate(
        "area => area === window.kept && area.selectionStart === 2 && area.selectionEnd === 4"
    )
    expect(third.locator("xpath=ancestor::section")).to_have_attribute(
        "aria-label", re.compile("Conversation 1")
    )


def test_sending_goes_on_to_the_next_for_whoever_wants_that(serving):
    desk, visitors = serving("First question", "Second question")
    desk.page.get_by_role("button", name="Order of the desk").click()
    desk.page.get_by_role("menuitemcheckbox", name="Go to the next after sending").click()
    composer_of(desk, "First question").fill("Here you are")
    composer_of(desk, "First question").press("Enter")
    expect(composer_of(desk, "Second question")).to_be_focused()
    visitors[0].sees("Here you are")
    desk.page.reload()
    desk.opens("Second question")
    composer_of(desk, "Second question").press("Enter")
    desk.page.get_by_role("button", name="Order of the desk").click()
    expect(desk.page.get_by_role("menuitemcheckbox", name="Go to the next after sending")).to_be_checked()


def test_a_note_calls_a_colleague_and_tags_find_it_again(serving, operator):
    ana, _ = serving("Can I pay later?")
    ben = operator("ben")
    ana.presses("Escape", "n")
    ana.page.keyboard.type("Please look, @oka")
    option = ana.page.get_by_role("listbox", name="Colleagues who may see this conversation").get_by_role(
        "option"
    )
    expect(option).to_have_count(1)
    ana.presses("Enter", "Enter")
    expect(ana.pane().locator("article.note .mention")).to_have_text("@Ben Okafor")
    ben.is_told("Ana Ruiz mentioned you in a note about Visitor.")
    ben.page.reload()
    ben.inbox.get_by_role("button", name="A note mentions you", exact=True).click()
    expect(ben.inbox.get_by_role("heading", level=1)).to_have_text("Mentioned me")
    ben.inbox.locator(".long-list .talk-row").click()
    ben.sees("Please look, @Ben Okafor")
    expect(ben.inbox.get_by_role("img", name="A note mentions you")).to_have_count(0)

    ben.presses("l")
    field = ben.page.get_by_role("combobox", name="Tags")
    expect(field).to_be_focused()
    ben.page.keyboard.type("  Pay LATER,vip")
    ben.presses("Enter", "Enter")
    expect(ben.pane().get_by_role("group", name="Tags: pay later, vip")).to_be_visible()
    expect(ana.pane().get_by_role("group", name="Tags: pay later, vip")).to_be_visible()
    ana.presses("Escape", "x")
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Take off vip").click()
    dialog.get_by_role("combobox", name="Tags").fill("refund")
    dialog.get_by_role("combobox", name="Tags").press("Enter")
    dialog.get_by_role("button", name="Finish").click()
    ana.is_told("Finished with Visitor: Resolved.")
    ana.inbox.get_by_role("searchbox").fill("#refu")
    expect(ana.section("By tag").locator(".talk-row")).to_have_count(1)


def test_words_are_found_inside_a_conversation_and_marked(serving):
    desk, visitors = serving("Is the blue vase in stock?")
    visitors[0].writes("The vâse from the window")
    desk.sees("from the window")
    composer_of(desk, "blue vase").fill("Which vase")
    desk.presses("Control+f")
    field = desk.pane().get_by_role("searchbox", name="Search in this conversation")
    expect(field).to_be_focused()
    desk.page.keyboard.type("vas")
    found = desk.pane().get_by_role("search")
    expect(found).to_contain_text("1 of 2")
    desk.presses("Enter")
    expect(found).to_contain_text("2 of 2")
    marked = "() => ['found-now', 'found'].map((name) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString()).join())"
    desk.page.wait_for_function(f'() => JSON.stringify(({marked})()) === \'["vase","vâse"]\'')
    desk.presses("Escape")
    expect(composer_of(desk, "blue vase")).to_be_focused()
    desk.page.wait_for_function(f"() => ({marked})().join('') === ''")


def test_words_that_came_too_late_are_not_lost(shopper, operator):
    ana, ben, visitor = operator(), operator("ben"), shopper().visits("/vase")
    line = SlowLine(ana.page.context)
    ana.comes()
    ana.signs_in("ana")
    visitor.opens_the_chat()
    visitor.writes("Anybody there?")
    ana.opens_the_longest_wait()
    ben.opens_the_longest_wait()
    line.hold()
    ben.takes()
    visitor.sees_headline("Ben Okafor")
    ana.writes("I can help you")
    line.let_go()
    problem = ana.pane().get_by_role("alert")
    expect(problem).to_contain_text("Not sent. Ben Okafor serves this conversation")
    problem.get_by_role("button", name="Edit").click()
    expect(ana.composer()).to_have_value("I can help you")
    expect(ana.composer()).to_be_focused()
    expect(problem).to_have_count(0)
    assert "I can help you" not in visitor.panel.inner_text()

    ben.composer().press("Escape")
    ben.presses("m")
    expect(ben.page.get_by_role("searchbox", name="Find a colleague or a queue")).to_be_focused()
    ben.page.keyboard.type("ana r")
    ben.presses("Enter")
    ben.is_told("was handed over to Ana Ruiz")
    visitor.sees_headline("Ana Ruiz")
    ben.page.get_by_role("button", name="Undo").click()
    visitor.sees_headline("Ben Okafor")
    expect(ben.section("Mine").locator(".talk-row")).to_have_count(1)


@SCHEMES
@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")
def test_nothing_of_the_desk_is_hard_to_read(serving, scheme):
    desk, _ = serving("First question", "Second question", color_scheme=scheme)
    desk.presses("l")
    desk.page.keyboard.type("vip,size exchange")
    check(desk.page, "tags are typed")
    desk.presses("Enter", "Enter")
    expect(desk.page.locator(".pane-tags .tag")).to_have_count(2)
    desk.presses("Escape", "n")
    desk.page.keyboard.type("@")
    expect(desk.page.get_by_role("listbox", name="Colleagues who may see")).to_be_visible()
    check(desk.page, "a colleague is called")
    desk.presses("Enter", "Enter", "Escape", "f")
    desk.page.keyboard.type("question")
    expect(desk.page.get_by_role("search")).to_contain_text("1 of 1")
    check(desk.page, "words are found, a note mentions somebody")
    desk.presses("Escape", "Escape")
    for key in ("m", "x", "o"):
        desk.presses(key)
        check(desk.page, f"the question of {key}")
        desk.presses("Escape")
