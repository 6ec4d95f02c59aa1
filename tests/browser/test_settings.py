"""An admin changes how a site looks and when it is open; open and new pages follow at once, and a change has a way back.

One hub and one long story: browser tests cost time.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Shopper
from tests.browser.test_reading import AXE, check

OTHER = """
[sites.other]
origins = ["http://other.test"]
"""
SHOP = 'accent = "#0f766e"\n', 'greeting = "Hello! Ask us anything about vases."\n'
"""What the file of these tests leaves to the console."""


@pytest.fixture
def hub(loop, tmp_path):
    from tests.browser.conftest import HubWithShop
    from tests.browser.hosts import config_toml
    from tests.browser.shop import Shop

    running = HubWithShop(loop, tmp_path / "data")
    running.shop = Shop(loop, running.url)
    toml = config_toml(running.data, running.port, running.shop.url, OTHER)
    for line in SHOP:
        assert line in toml
        toml = toml.replace(line, "")
    try:
        running.start(toml)
        running.add_operator("boss", "Bo Boss", role="admin")
        running.add_operator("ana", "Ana Ruiz")
        yield running
        running.stop()
    finally:
        running.shop.stop()


def opens(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Pages of the settings").get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()


def saves(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Open pages follow at once.").last).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def colour_of(visitor: Shopper) -> str:
    expect(visitor.button).to_be_visible()
    found: str = visitor.button.evaluate("button => getComputedStyle(button).backgroundColor")
    return found


def has_colour(visitor: Shopper, colour: str) -> None:
    expect(visitor.button).to_have_css("background-color", colour)


def test_an_admin_sets_the_look_and_a_holiday_and_pages_follow(hub, shopper, operator):
    visitor = shopper().visits("/vase")
    assert colour_of(visitor) == "rgb(37, 99, 235)"
    desk = operator("boss")
    page = desk.page
    desk.presses("g", "s")
    opens(page, "Sites")
    expect(page.get_by_text("Set in hub.toml, line").first).to_be_visible()
    expect(page.get_by_text(f"{hub.shop.url}/vase")).to_be_visible()

    # The preview is the widget itself, with the draft.
    opens(page, "Appearance")
    expect(page.get_by_role("textbox", name="Name")).to_be_disabled()
    preview = page.frame_locator("iframe[title='Preview of the widget']")
    expect(preview.locator("touchpoint-hub .button")).to_have_css("background-color", "rgb(37, 99, 235)")
    field = page.get_by_role("textbox", name=re.compile("^Colour"))
    field.fill("#ffd4")
    expect(page.get_by_text('expected a colour such as "#2563eb"')).to_be_visible()
    field.fill("#ffd400")
    page.get_by_label("Greeting").fill("Moin! Ask away.")
    expect(preview.locator("touchpoint-hub .button")).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(preview.get_by_text("Moin! Ask away.")).to_be_visible()
    assert colour_of(visitor) == "rgb(37, 99, 235)"  # nobody else sees a draft
    page.get_by_label("Language of the visitor").select_option("ar")
    expect(preview.locator("touchpoint-hub [role=dialog]")).to_have_attribute("lang", "ar")
    expect(preview.get_by_text("Moin! Ask away.")).to_be_visible()
    saves(page)
    has_colour(visitor, "rgb(255, 212, 0)")
    newcomer = shopper().visits("/")
    has_colour(newcomer, "rgb(255, 212, 0)")
    newcomer.opens_the_chat()
    expect(newcomer.log.get_by_text("Moin! Ask away.")).to_be_visible()

    # A holiday today: the hub's own code says what that means before it is kept.
    opens(page, "Opening hours")
    expect(page.get_by_text("Open now, and all month")).to_be_visible()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    page.get_by_label("Date").fill(today)
    page.get_by_role("button", name="Add day").click()
    expect(page.get_by_text(re.compile("^Closed now, opens"))).to_be_visible()
    saves(page)
    expect(newcomer.panel.get_by_text("Nobody is here just now. We are back")).to_be_visible()

    # And back: the newest change by its toast's key, the one before it from the list.
    desk.presses("z")
    expect(page.get_by_text("As it was before.").last).to_be_visible()
    expect(page.get_by_text("Open now, and all month")).to_be_visible()
    page.get_by_text("Last 3 changes").click()
    page.get_by_role("listitem").filter(has_text="#ffd400").get_by_role("button", name="Undo").last.click()
    has_colour(visitor, "rgb(37, 99, 235)")
    opens(page, "Appearance")
    expect(page.get_by_role("textbox", name=re.compile("^Colour"))).to_have_value("#2563eb")

    # Somebody who is no admin finds neither the gear nor the page.
    ana = operator("ana")
    expect(ana.rail.get_by_role("button", name="Settings")).to_have_count(0)
    ana.page.goto(f"{hub.url}/#settings/look")
    ana.page.reload()
    expect(ana.inbox).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_settings_can_be_read_by_everybody(hub, operator, shopper, scheme):
    shopper().visits("/vase")
    hub.hub.hall.sites.turned_away("https://staging.example")
    desk = operator("boss", color_scheme=scheme)
    page = desk.page
    desk.goes_to("Settings")
    for name in ("Sites", "Appearance", "Opening hours", "Answering", "Connections", "Configuration file"):
        opens(page, name)
        if name == "Sites":
            expect(page.get_by_text("https://staging.example has asked")).to_be_visible()
        if name == "Opening hours":
            page.get_by_role("button", name="By the week").click()
            page.get_by_role("button", name="Monday: copy").click()
            expect(page.get_by_role("button", name="Save")).to_be_visible()
        check(page, name, ".settings")


def test_an_admin_sees_what_is_stuck_and_decides(hub, operator, loop):
    put_aside = (
        "INSERT INTO outbox (kind, connection, lane, item, state, attempts, bugs, doubts, created_at, due_at, finished_at, why)"
        " VALUES ('webhook', ?, ?, ?, 'quarantined', 10, 0, 0, ?, ?, ?, ?)"
    )

    def stuck(tx):
        for n, (name, why) in enumerate(
            [("crm", "given up after 10 attempts: it answered 500")] * 3 + [("loft", "a <b>bold</b> reason")]
        ):
            item = bytes([n + 1]) * 16
            tx.run(
                "INSERT INTO webhook_event (id, event, at, body) VALUES (?, 'message.created', ?, ?)",
                (item, tx.now, '{"type":"message.created"}'),
            )
            tx.run(put_aside, (f"webhook:{name}", item, item, tx.now, tx.now, tx.now, why))

    loop.call(hub.hub.store.write(stuck))
    desk = operator("boss")
    page = desk.page
    desk.goes_to("Settings")
    opens(page, "Undelivered")
    rows = page.locator("ul.undelivered > li")
    expect(rows).to_have_count(4)
    expect(page.get_by_text("A <b>bold</b> reason")).to_be_visible()  # words, not markup

    # By the keyboard: to what was to be sent, and on to the next.
    summary = rows.locator("summary")
    summary.first.focus()
    page.keyboard.press("Enter")
    expect(rows.first.get_by_role("region", name="What was to be sent")).to_contain_text("message.created")
    page.keyboard.press("ArrowDown")
    expect(summary.nth(1)).to_be_focused()

    # One is given up, after a question; the endpoint's others all at once.
    rows.first.get_by_role("button", name="Give up").click()
    page.get_by_role("dialog").get_by_role("button", name="Give up").click()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Give up all of webhook:crm").click()
    dialog = page.get_by_role("dialog", name="Give up everything of webhook:crm that lies here?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Give up all of webhook:crm").click()
    dialog.get_by_role("button", name="Give up").click()
    expect(page.get_by_text("Nothing is stuck")).to_be_visible()
    assert loop.call(hub.hub.store.read(lambda read: read.all("SELECT DISTINCT state FROM outbox"))) == [
        ("failed",)
    ]
