"""Lines break, networks go, hubs die in the middle of a sentence: nothing is lost, nothing comes twice, both sides agree."""

import pytest
from playwright.sync_api import expect

from tests.browser.hosts import HubProcess, config_toml, free_port
from tests.browser.people import OperatorDesk, Shopper, both_end_with
from tests.browser.shop import Shop

# What Chromium logs by itself about a line that broke.
BROKEN = r"(WebSocket connection to .* failed|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_NETWORK_)"


def begin(visitor: Shopper, desk: OperatorDesk) -> list[tuple[str, str]]:
    visitor.opens_the_chat()
    visitor.writes("Hello?")
    desk.sees_waiting("Hello?")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.writes("Good day!")
    visitor.sees("Good day!")
    return [("me", "Hello?"), ("them", "Good day!")]


def test_every_connection_is_reset_in_the_middle_of_a_burst(hub, shopper, operator, watch):
    watch.forgive(BROKEN)
    desk, visitor = operator("ana"), shopper().visits("/vase")
    said = begin(visitor, desk)
    for number in range(4):
        visitor.writes(f"question {number}")
        hub.cut()
        visitor.writes(f"and {number}")
    desk.sees("and 3")
    said += [("me", f"{word} {number}") for number in range(4) for word in ("question", "and")]
    both_end_with(visitor, desk, said)

    for number in range(3):
        desk.writes(f"answer {number}")
        hub.cut()
    visitor.sees("answer 2")
    desk.sees_state("Read")
    both_end_with(visitor, desk, said + [("them", f"answer {number}") for number in range(3)])


def test_what_is_written_offline_is_kept_and_sent_in_order(shopper, operator, watch):
    watch.forgive(BROKEN)
    desk, visitor = operator("ana"), shopper().visits("/vase")
    said = begin(visitor, desk)

    visitor.page.context.set_offline(True)
    expect(visitor.panel.get_by_text("No connection.")).to_be_visible()
    visitor.writes("in the")
    visitor.writes("tunnel")
    visitor.sees_state("tunnel", "Sending")
    desk.page.context.set_offline(True)
    expect(desk.page.get_by_text("Offline. What you write is kept")).to_be_visible()
    desk.writes("so am I")
    expect(desk.page.get_by_text("1 message waits here")).to_be_visible()
    expect(desk.page.get_by_text("Since ")).to_be_visible()
    expect(desk.page.get_by_text("Kept here until the line is back")).to_be_visible()

    visitor.page.context.set_offline(False)
    visitor.sees_state("tunnel", "Sent")
    expect(visitor.panel.get_by_text("No connection.")).to_be_hidden()
    desk.page.context.set_offline(False)
    visitor.sees("so am I")
    desk.sees("tunnel")
    desk.is_told("2 messages for you")
    both_end_with(visitor, desk, [*said, ("me", "in the"), ("me", "tunnel"), ("them", "so am I")])
    expect(desk.page.get_by_text("Offline.")).to_be_hidden()


def test_what_was_written_without_a_line_survives_a_page_change(shopper, operator, watch, hub):
    watch.forgive(BROKEN)
    desk, visitor = operator("ana"), shopper().visits("/vase")
    said = begin(visitor, desk)
    visitor.page.context.set_offline(True)
    visitor.writes("written in a tunnel")
    visitor.sees_state("written in a tunnel", "Sending")
    visitor.types("and this is not sent y")
    visitor.page.context.set_offline(False)
    visitor.follows("Checkout")
    expect(visitor.composer).to_have_value("and this is not sent y")
    desk.sees("written in a tunnel")
    both_end_with(visitor, desk, [*said, ("me", "written in a tunnel")])


@pytest.fixture
def mortal(loop, tmp_path):
    """A hub in a process of its own, and its shop."""
    port = free_port()
    shop = Shop(loop, f"http://localhost:{port}")
    process = HubProcess(tmp_path / "data", config_toml(tmp_path / "data", port, shop.url), port)
    process.start()
    yield process, shop
    process.kill()
    shop.stop()


def test_the_hub_is_killed_in_the_middle_of_a_burst(mortal, contexts, watch):
    watch.forgive(BROKEN)
    process, shop = mortal
    desk = OperatorDesk(contexts().new_page(), process.url)
    desk.comes()
    desk.signs_in("ana")
    visitor = Shopper(contexts().new_page(), shop.url).visits("/vase")
    said = begin(visitor, desk)

    for number in range(4):
        visitor.writes(f"word {number}")
        desk.writes(f"reply {number}")
    process.kill()
    for number in range(4, 6):
        visitor.writes(f"word {number}")
        desk.writes(f"reply {number}")
    visitor.sees_state("word 5", "Sending")
    process.start()

    visitor.sees_state("word 5", "Read")
    visitor.sees("reply 5")
    after = desk.transcript()[len(said) :]
    assert [text for who, text in after if who == "me"] == [f"word {number}" for number in range(6)]
    assert [text for who, text in after if who == "them"] == [f"reply {number}" for number in range(6)]
    both_end_with(visitor, desk, [*said, *after])


NO_WEBSOCKETS = """
window.WebSocket = class extends EventTarget {
  static OPEN = 1; readyState = 3;
  constructor() { super(); setTimeout(() => { const gone = new CloseEvent("close", {code: 1006}); this.onerror?.(gone); this.onclose?.(gone); this.dispatchEvent(gone); }, 5); }
  send() {} close() {}
};
"""


def test_where_no_websocket_gets_through_the_same_chat_goes_by_long_poll(shopper, operator):
    desk, visitor = operator(), shopper()
    for person in (desk, visitor):
        person.page.context.add_init_script(NO_WEBSOCKETS)
    desk.comes()
    desk.signs_in("ana")
    visitor.visits("/vase")
    said = begin(visitor, desk)
    visitor.types("Is it ")
    desk.sees_typing()
    visitor.types("blue?")
    visitor.sends()
    visitor.sees_state("Is it blue?", "Read")
    visitor.closes_the_chat()
    desk.writes("As the sea.")
    visitor.sees_unread(1)
    visitor.follows("Checkout")
    visitor.sees_unread(1)
    visitor.opens_the_chat()
    desk.sees_state("Read")
    both_end_with(visitor, desk, [*said, ("me", "Is it blue?"), ("them", "As the sea.")])
