"""Panels: text only, within a deadline, and a plugin that fails says so in its own place."""

import pytest

import hub
from hub.runners import Pace

PANEL = """
import asyncio
class Acme(hub.Channel):
    kind = "acme"
class Orders(hub.Panel):
    name = "orders"
    title = "Orders"
    channel = "acme"
    async def show(self, subject, context):
        {show}
    async def act(self, action, subject, context):
        {act}
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
@hub.hookimpl
def hub_register_panels(register):
    register(Orders)
"""
ROW = "return hub.PanelContent(rows=(hub.PanelRow(label='Name', value=subject.name),))"
ANN = hub.Subject(customer="c" * 32, name="Ann")


def panel(show: str = ROW, act: str = "return action.upper()") -> str:
    return PANEL.replace("{show}", show).replace("{act}", act)


async def test_a_panel_shows_what_the_plugin_says_of_the_customer(bench):
    made = await bench(panel(), "[channels.acme]")
    (shown,) = await made.runners.panels(ANN)
    assert (shown.name, shown.title, shown.content.rows[0].value) == ("orders", "Orders", "Ann")
    assert await made.runners.panel("orders").act("cancel", ANN) == "CANCEL"


async def test_a_plugin_with_nothing_to_say_has_no_panel(bench):
    made = await bench(panel("return None"), "[channels.acme]")
    assert await made.runners.panels(ANN) == []


async def test_a_panel_without_a_configured_connection_is_absent(bench):
    made = await bench(panel(), "[hub]")
    assert await made.runners.panels(ANN) == []
    assert made.runners.panel("orders") is None


@pytest.mark.parametrize(
    ("show", "why"),
    [
        ("raise KeyError('account')", "account"),
        ("await asyncio.sleep(30)", "no answer within"),
        ("return '<b>bold</b>'", "expected a hub.PanelContent"),
        ("return hub.PanelContent(rows=(hub.PanelRow(label='x', value='v' * 501),))", "at most 500"),
        (
            "return hub.PanelContent(rows=tuple(hub.PanelRow(label='x', value='') for _ in range(41)))",
            "at most 40",
        ),
        (
            "return hub.PanelContent(links=(hub.PanelRow(label='x', value='', url='javascript:alert(1)'),))",
            "https://",
        ),
        ("return hub.PanelContent(rows=(hub.PanelRow(label='x', value=7),))", "expected text"),
        ("return hub.PanelContent(actions=[hub.PanelAction(name='x', label='X')])", "expected a tuple"),
    ],
)
async def test_what_is_no_panel_is_shown_as_not_available_and_why_in_the_health(bench, show, why):
    made = await bench(panel(show), "[channels.acme]")
    (shown,) = await made.runners.panels(ANN)
    assert shown.content is None
    await made.until(lambda: made.state("acme") == "failed")
    assert why in made.health("acme").why
    assert "orders.show" in made.health("acme").why


async def test_after_five_failures_in_a_row_it_is_not_asked_for_a_while(bench):
    counted = "context.settings.asked.append(1); raise ValueError('no')"
    settings = 'kind = "acme"\n    class settings(hub.Settings):\n        asked: list[int] = []'
    made = await bench(panel(counted).replace('kind = "acme"', settings), "[channels.acme]", Pace(rest=60.0))
    for _ in range(8):
        (shown,) = await made.runners.panels(ANN)
        assert shown.content is None
    await made.until(lambda: made.state("acme") == "failed")
    assert made.health("acme").failures == 5


async def test_a_plugins_no_reaches_the_operator_in_its_words(bench):
    made = await bench(panel(act="raise hub.Rejected('it was shipped yesterday')"), "[channels.acme]")
    with pytest.raises(hub.Rejected, match="it was shipped yesterday"):
        await made.runners.panel("orders").act("cancel", ANN)
    assert made.state("acme") != "failed"


@pytest.mark.parametrize("act", ["raise OSError('down')", "await asyncio.sleep(30)", "return 7"])
async def test_a_button_that_breaks_says_that_nobody_knows(bench, act):
    made = await bench(panel(act=act), "[channels.acme]")
    with pytest.raises(hub.Rejected, match="nobody knows whether it was done"):
        await made.runners.panel("orders").act("cancel", ANN)
    await made.until(lambda: made.state("acme") == "failed")


@pytest.mark.parametrize(
    ("mistake", "why"),
    [
        (('title = "Orders"', "title = 7"), "Orders.title"),
        (('name = "orders"', 'name = "My orders"'), "Orders.name"),
        (("async def show", "def show"), "Orders.show"),
        (('channel = "acme"', 'channel = "nowhere"'), "no plugin supplies a channel"),
    ],
)
async def test_a_mistake_in_a_panel_is_found_at_start(bench, mistake, why):
    made = await bench(panel("return None").replace(*mistake), "[hub]")
    (plugin,) = made.registry.health
    assert plugin.state == "failed"
    assert why in plugin.why
