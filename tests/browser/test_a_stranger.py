"""A stranger's plugin, installed by pip, in the browser: its page feature rings, its channel's messages are answered."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.hosts import loaded_registry, wait_for
from tests.plugins.conftest import install  # noqa: F401  # the fixture that installs as a stranger would

SOURCE = Path(__file__).resolve().parents[1] / "plugins" / "stranger"


@pytest.fixture(scope="module")
def installed(install, tmp_path_factory):  # noqa: F811
    copy = tmp_path_factory.mktemp("stranger") / "acme-bell"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return install(copy)


@pytest.fixture
def registry(installed, monkeypatch):
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(installed))
    yield loaded_registry()
    for name in set(sys.modules) - before:
        if name.startswith("acme_"):
            del sys.modules[name]


@pytest.fixture
def spool(tmp_path):
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def more_toml(spool):
    return f'[channels.acme_bell]\nfolder = "{spool}"\ngreeting = "Ding-dong"\n'


def test_its_bell_rings_in_the_visitors_page(shopper, hub):
    visitor = shopper()
    scripts = []
    visitor.page.on(
        "request", lambda request: scripts.append(request.url) if "/p/bell/" in request.url else None
    )
    visitor.visits("/vase")
    visitor.opens_the_chat()
    offer = visitor.panel.get_by_role("button", name="Ring the bell")
    expect(offer).to_be_visible()
    assert scripts == []
    offer.click()
    slot = visitor.panel.get_by_role("group", name="Ring the bell")
    bell = slot.get_by_role("button")
    expect(bell).to_be_visible()
    assert [url.split("?")[0] for url in scripts] == [f"{hub.url}/p/bell/bell.js"]
    for times in ("1", "2"):
        bell.click()
        expect(slot.locator("output")).to_have_text(times)


def test_its_channels_message_is_answered_and_delivered_by_it(operator, spool):
    desk = operator("ana")
    (spool / "1.json").write_text(
        json.dumps({"id": "1", "from": "ann@example.org", "text": "Is anybody in?"})
    )
    desk.sees_waiting("Is anybody in?")
    desk.opens_the_longest_wait()
    expect(desk.pane().get_by_text("By acme_bell", exact=True)).to_be_visible()
    desk.takes()
    desk.writes("Coming!")
    desk.sees("Coming!")
    delivered = spool / "delivered.txt"
    wait_for(delivered.exists, "the plugin's delivery")
    assert delivered.read_text() == "ann@example.org: Coming!\n"
    desk.goes_to("Health")
    row = desk.page.locator(".health-row", has_text="acme_bell").first
    expect(row).to_contain_text("Running")


def test_its_panel_stands_beside_the_conversation_as_text(operator, spool, watch):
    watch.forgive(r"409 \(Conflict\) at .*/panels/slips")  # the plugin's no
    desk = operator("ana")
    (spool / "1.json").write_text(json.dumps({"id": "1", "from": "ann@acme.test", "text": "Anybody?"}))
    desk.opens_the_longest_wait()
    panel = desk.record.get_by_role("region", name="At the counter")
    expect(panel).to_contain_text("<b>ann@acme.test</b> & slips")
    expect(panel.locator(".record-field", has_text="Drawer")).to_contain_text("empty")
    link = panel.get_by_role("link", name="Counter book")
    expect(link).to_have_attribute("href", "https://acme.example/book?q=ann@acme.test")
    for toast in ("A slip is in the drawer.", "the drawer holds one slip a customer"):
        panel.get_by_role("button", name="Keep a slip").click()
        asked = desk.page.get_by_role("dialog")
        expect(asked).to_contain_text("Keep a slip for this customer?")
        asked.get_by_role("button", name="Keep a slip").click()
        expect(desk.page.locator(".toast", has_text=toast)).to_be_visible()
        expect(panel.locator(".record-field", has_text="Drawer")).to_contain_text("kept")
