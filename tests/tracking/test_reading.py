"""Reading what libraries send: whatever comes is an event or a refusal, and never an accident."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.tracking import (
    Event,
    Refused,
    Unreadable,
    attributes_of,
    cart_change,
    claims_of,
    order_of,
    read_body,
    read_event,
)
from hub.tracking.event import EARLIEST, LARGEST_PROPERTIES, micros
from hub.tracking.shop import amount

NOW = 1_795_000_000_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["messageId", "userId", "anonymousId", "previousId", "groupId", "event", "name", "channel", "timestamp", "originalTimestamp", "sentAt", "traits", "properties", "context"]  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page", "screen", "identify", "group", "alias"])},
    optional={name: JSON | st.text(min_size=1, max_size=5) for name in FIELDS},
)


def event(**fields: object) -> Event:
    return read_event(
        {"type": "track", "messageId": "m", "userId": "u", "event": "e", **fields}, received=NOW
    )


@given(EVENTS)
def test_any_event_is_read_or_refused(sent):
    body = read_body(json.dumps({"batch": [sent]}).encode(), single=False)
    try:
        read = read_event(body.events[0], sent_at=sent.get("sentAt"), received=NOW)
    except Refused:
        return
    assert EARLIEST <= read.at <= NOW
    assert len(msgspec.json.encode(read.properties)) <= LARGEST_PROPERTIES
    msgspec.json.encode(
        [claims_of(read, "c", "server"), attributes_of(read, "public"), order_of(read), cart_change(read)]
    )


def test_an_event_of_a_hundred_thousand_brackets_takes_no_neighbour_with_it():
    said = '"type": "track", "userId": "u", "event": "e"'
    deep = '{"a": "]}\\"", "b": ' + "[" * 100_000 + "1" + "]" * 100_000 + "}"
    bad, good = f'{{{said}, "messageId": "m", "properties": {deep}}}', f'{{{said}, "messageId": "n"}}'
    for text, single, ids in ((f'{{"batch": [{bad}, {good}]}}', False, ["m", "n"]), (bad, True, ["m"])):
        read = [read_event(one, received=NOW) for one in read_body(text.encode(), single=single).events]
        assert [one.message_id for one in read] == ids
        assert read[0].properties == {"a": ']}"'}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"batch": ' + "[" * 100_000, '{"batch": [' + "]" * 100_000])
def test_brackets_that_nobody_closes_are_unreadable(text):
    with pytest.raises(Unreadable):
        read_body(text.encode(), single=False)


def test_properties_nested_beyond_reason_are_left_out():
    deep = json.loads("[" * 40 + "]" * 40)
    assert event(properties={"a": deep, "b": {"c": [1]}}).properties == {"b": {"c": [1]}}


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda rest: b'{"batch":' + rest))
def test_any_bytes_are_a_body_or_unreadable(data):
    try:
        body = read_body(data, single=False)
    except Unreadable:
        return
    assert isinstance(body.events, list)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-18T11:06:40Z", NOW), ("2026-11-18T11:06:40.000Z", NOW), ("2026-11-18T12:06:40+01:00", NOW),
        ("2026-11-18 11:06:40", NOW), ("2026-11-18T11:06:40.000000", NOW), ("", None), ("yesterday", None), ("x" * 50, None),
        (7, None), (None, None), ("9999-12-31T23:59:59-14:00", 253402351199000000), ("0001-01-01T00:00:00+14:00", -62135647200000000),
    ],
)  # fmt: skip
def test_a_time_is_read_as_libraries_write_it(text, expected):
    assert micros(text) == expected


@pytest.mark.parametrize(
    ("sent_at", "expected"),
    [
        (None, -60),
        ("2026-11-18T11:06:38Z", -60),
        ("2026-11-18T12:06:40Z", -3660),
        ("2026-11-18T10:06:40Z", 0),
        ("nonsense", -60),
    ],
)
def test_a_clock_that_is_wrong_is_put_right_and_a_slow_network_is_not(sent_at, expected):
    read = event(timestamp="2026-11-18T11:05:40Z")
    assert read.at == NOW - 60_000_000
    said = {
        "type": "track",
        "messageId": "m",
        "userId": "u",
        "event": "e",
        "timestamp": "2026-11-18T11:05:40Z",
    }
    assert (read_event(said, sent_at=sent_at, received=NOW).at - NOW) / 1e6 == expected


def test_the_kind_of_device_is_known_by_its_agent():
    for agent, kind in (
        ("Mozilla (iPhone; Mobile)", "phone"),
        ("Mozilla (Linux; Android 15) Chrome", "tablet"),
        ("X11; Linux", "desktop"),
    ):
        assert event(context={"userAgent": agent}).device == kind
    assert event().device == ""


def test_properties_that_are_too_many_are_cut_in_their_order():
    read = event(properties={"first": 1, "huge": "x" * 5_000, "last": 2})
    assert read.properties == {"first": 1, "last": 2}


def test_the_traits_of_the_context_are_those_of_the_person_when_the_call_has_none():
    said = {"type": "identify", "messageId": "m", "userId": "u", "context": {"traits": {"email": "a@b.org"}}}
    assert read_event(said, received=NOW).traits == {"email": "a@b.org"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(12, 12.0), ("12.50", 12.5), (" 3 ", 3.0), (True, None), ("twelve", None), (-1, None), ("nan", None), ("inf", None), (1e15, None),
     (10**400, None), (None, None)],
)  # fmt: skip
def test_an_amount_is_a_number_that_a_shop_could_mean(value, expected):
    assert amount(value) == expected


@pytest.mark.parametrize("number", [None, "", " ", [], {}, True, "x" * 201])
def test_an_order_without_a_number_stays_an_event(number):
    assert order_of(event(event="Order Completed", properties={"order_id": number})) is None
