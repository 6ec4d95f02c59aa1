"""Touch ids are content: the same report has the same id everywhere, and ids sort by time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ids import LENGTH, from_wire, to_wire, touch_id

moments = st.integers(min_value=0, max_value=2**53)


@given(at=moments, connection=st.text(), key=st.text())
def test_the_same_report_has_the_same_id(at, connection, key):
    assert touch_id(at, connection, key) == touch_id(at, connection, key)
    assert len(touch_id(at, connection, key)) == LENGTH


@given(at=moments, one=st.tuples(st.text(), st.text()), other=st.tuples(st.text(), st.text()))
def test_other_connections_and_keys_have_other_ids(at, one, other):
    assert (touch_id(at, *one) == touch_id(at, *other)) == (one == other)


def test_connection_and_key_do_not_run_into_each_other():
    assert touch_id(0, "ab", "c") != touch_id(0, "a", "bc")


@given(first=moments, second=moments)
def test_ids_sort_by_their_moment_in_milliseconds(first, second):
    if first // 1000 < second // 1000:
        assert touch_id(first, "c", "k") < touch_id(second, "c", "k")


def test_this_id_never_changes():
    assert to_wire(touch_id(1_700_000_000_000_000, "web", "visit-1")) == "018bcfe56800a64235a997e25949d34d"


def test_moments_out_of_range_are_clamped():
    assert touch_id(-1, "c", "k")[:6] == bytes(6)
    assert touch_id(10**20, "c", "k")[:6] == b"\xff" * 6


@given(identifier=st.binary(min_size=16, max_size=16))
def test_an_id_survives_the_wire(identifier):
    assert from_wire(to_wire(identifier)) == identifier


@pytest.mark.parametrize(
    "text", ["", "0" * 31, "0" * 33, "g" * 32, "00 " * 10 + "00", "٣" * 32, "0x" + "0" * 30]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"32 hexadecimal|non-hexadecimal"):
        from_wire(text)
