"""Ways to use the widget: by keyboard alone, without motion, by dropping and pasting, with sound or muted, in several tabs, there and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.hosts import wait_for
from tests.browser.people import Shopper
from tests.browser.walking import Ana

SOUNDS = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); };
"""
MOTIONS = """
() => {
  const root = document.querySelector("touchpoint-hub").shadowRoot;
  const moves = (one) => {
    const {transitionDuration, animationName, animationDuration} = getComputedStyle(one);
    return /[1-9]/.test(transitionDuration) || (animationName !== "none" && /[1-9]/.test(animationDuration));
  };
  return [root.getAnimations().length, [...root.querySelectorAll("*")].filter(moves).map((one) => one.className)];
}"""
FILES = """
([type, name]) => {
  const files = new DataTransfer();
  files.items.add(new File(["31 cm"], name, {type: "text/plain"}));
  const root = document.querySelector("touchpoint-hub").shadowRoot;
  const common = {bubbles: true, cancelable: true, composed: true};
  if (type === "paste") root.querySelector(".input").dispatchEvent(new ClipboardEvent("paste", {...common, clipboardData: files}));
  else root.querySelector(".log").dispatchEvent(new DragEvent(type, {...common, dataTransfer: files}));
}"""


@pytest.fixture
def ana(hub):
    """Ana, without a console."""
    ana = Ana(hub)
    ana.is_here()
    return ana


@pytest.fixture
def served(shopper, ana):
    """Somebody who talks with Ana."""

    def begin(script="", **options):
        visitor = shopper(**options)
        visitor.page.add_init_script(script)
        visitor.visits("/vase")
        visitor.opens_the_chat()
        visitor.writes("Is there a bigger one?")
        visitor.sees_state("Is there a bigger one?", "Sent")
        ana.takes()
        visitor.sees_headline("Ana Ruiz")
        return visitor

    return begin


def test_by_keyboard_alone_from_the_button_to_a_sent_message_and_back(shopper, ana):
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat_by_keyboard()
    keys = visitor.page.keyboard
    keys.type("Is there a bigger one?")
    keys.press("Enter")
    visitor.sees_state("Is there a bigger one?", "Sent")
    keys.press("Shift+Tab")  # the file button; then the transcript, and further up the menu
    stops = [visitor.page.evaluate("document.activeElement.shadowRoot.activeElement.className")]
    while not stops[-1].startswith("tool more") and len(stops) < 8:
        keys.press("Shift+Tab")
        stops.append(visitor.page.evaluate("document.activeElement.shadowRoot.activeElement.className"))
    assert stops[-1].startswith("tool more")
    assert "log" in stops
    keys.press("Enter")
    expect(visitor.panel.get_by_role("button", name="Turn sound off")).to_be_visible()
    keys.press("Escape")
    expect(visitor.panel.get_by_role("button", name="More")).to_be_focused()
    keys.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.button).to_be_focused()


def test_where_motion_is_not_wanted_nothing_moves(served, ana):
    visitor = served(reduced_motion="reduce")
    ana.types(on=True)
    visitor.sees_typing("Ana Ruiz")
    assert visitor.page.evaluate(MOTIONS) == [0, []]
    visitor.closes_the_chat()
    ana.says("There is.")
    visitor.sees_unread(1)
    visitor.button.hover()
    assert visitor.page.evaluate(MOTIONS) == [0, []]


def test_a_file_is_dropped_pasted_and_taken_back(served):
    visitor = served()
    sent = visitor.panel.get_by_role("button", name="Send", exact=True)
    visitor.page.evaluate(FILES, ["drop", "dropped.txt"])
    visitor.page.evaluate(FILES, ["paste", "pasted.txt"])
    for name in ("dropped.txt", "pasted.txt"):
        expect(visitor.panel.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    visitor.panel.get_by_role("button", name="Remove dropped.txt").click()
    expect(visitor.composer).to_be_focused()
    visitor.page.route("**/visitor/files*", lambda route: None)  # one that never arrives
    visitor.page.evaluate(FILES, ["drop", "endless.txt"])
    expect(visitor.panel.get_by_role("progressbar", name="endless.txt")).to_be_visible()
    with visitor.page.expect_event("requestfailed"):
        visitor.panel.get_by_role("button", name="Remove endless.txt").click()
    sent.click()
    expect(visitor.log.get_by_role("link")).to_have_count(1)
    expect(visitor.log.get_by_role("link")).to_contain_text("pasted.txt")


def test_an_answer_rings_once_in_one_of_several_tabs_and_not_when_muted(served, ana):
    visitor = served(SOUNDS)
    other = visitor.page.context.new_page()
    other.add_init_script(SOUNDS)
    other.goto(visitor.page.url)
    other.locator("touchpoint-hub button.button").click()  # a hand on that page too
    expect(other.locator("touchpoint-hub .row", has_text="Is there a bigger one?")).to_be_visible()
    visitor.closes_the_chat()
    expect(other.get_by_role("dialog")).to_be_hidden()

    def tones():
        return visitor.page.evaluate("tones") + other.evaluate("tones")

    ana.says("There is.")
    visitor.sees_unread(1)
    expect(other).to_have_title("(1) Blue vase")
    wait_for(lambda: tones() == 2, "one call of two tones")
    visitor.page.evaluate("localStorage.setItem('hub:shop:mute', '1')")
    visitor.page.wait_for_timeout(1_600)  # two answers within a second and a half ring once in any case
    ana.says("Shall I put it aside?")
    visitor.sees_unread(2)
    expect(other).to_have_title("(2) Blue vase")
    assert tones() == 2
    visitor.button.click()  # read here, it is read there
    expect(other).to_have_title("Blue vase")
    expect(other.locator("touchpoint-hub .row", has_text="Shall I put it aside?")).to_be_visible()


@pytest.fixture
def remembering(browser):
    """A browser that keeps whole pages; Playwright's usual one is told not to."""
    switch = "--disable-back-forward-cache"
    opened = browser.browser_type.launch(
        executable_path=chromium_path(), args=ARGUMENTS, ignore_default_args=[switch]
    )
    yield opened
    opened.close()


def test_from_the_browsers_memory_a_page_comes_back_with_its_line_and_counts_once(
    remembering, watch, hub, ana
):
    context = remembering.new_context(locale="en-GB")
    watch.over(context)
    visitor = Shopper(context.new_page(), hub.shop.url)
    visitor.page.add_init_script(
        "addEventListener('pageshow', ({persisted}) => (window.cameBack = persisted))"
    )
    visitor.visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Is there a bigger one?")
    visitor.sees_state("Is there a bigger one?", "Sent")
    ana.takes()
    visitor.follows("Checkout")
    expect(visitor.page).to_have_title("Checkout")
    expect(visitor.panel).to_be_visible()
    ana.says("There is.")
    visitor.sees("There is.")
    visitor.page.evaluate("history.back()")
    expect(visitor.page).to_have_title("Blue vase")
    wait_for(
        lambda: visitor.page.evaluate("cameBack"),
        "the page as it was; chrome://bfcache tells why it was not kept",
    )
    visitor.sees("There is.")
    ana.says("Shall I put it aside?")
    visitor.sees("Shall I put it aside?")
    watch.verdict()
    seen = hub.read(lambda read: read.all("SELECT url FROM page_view ORDER BY n"))
    assert [url.rpartition("/")[2] for (url,) in seen] == ["vase", "checkout"]
