"""Topics, listeners, and one bad listener among good ones."""

import pytest

from hub.bus import Bus


@pytest.fixture
def bus():
    return Bus()


def test_listeners_hear_their_topic_in_order_and_nothing_else(bus):
    heard = []
    bus.subscribe("a", lambda event: heard.append(("first", event)))
    bus.subscribe("a", lambda event: heard.append(("second", event)))
    bus.subscribe("b", lambda event: heard.append(("other", event)))
    bus.publish("a", 1)
    assert heard == [("first", 1), ("second", 1)]


def test_a_topic_without_listeners_is_silent(bus):
    bus.publish("nobody", 1)


def test_a_listener_that_left_hears_nothing(bus):
    heard = []
    leave = bus.subscribe("a", heard.append)
    leave()
    leave()
    bus.publish("a", 1)
    assert heard == []


def test_one_of_two_equal_subscriptions_can_end(bus):
    heard = []
    leave = bus.subscribe("a", heard.append)
    bus.subscribe("a", heard.append)
    leave()
    leave()
    bus.publish("a", 1)
    assert heard == [1]


def test_leaving_and_joining_while_hearing_takes_effect_with_the_next_event(bus):
    heard = []

    def once(event):
        heard.append(event)
        leave()
        bus.subscribe("a", lambda event: heard.append(-event))

    leave = bus.subscribe("a", once)
    bus.publish("a", 1)
    bus.publish("a", 2)
    assert heard == [1, -2]


def test_a_listener_that_raises_stops_nobody_else(bus, caplog):
    heard = []
    bus.subscribe("a", lambda event: 1 / 0)
    bus.subscribe("a", heard.append)
    bus.publish("a", 1)
    assert heard == [1]
    assert "a listener of topic a failed" in caplog.text


def test_a_topic_everybody_left_takes_no_memory(bus):
    bus.subscribe("a", print)()
    assert bus._listeners == {}
