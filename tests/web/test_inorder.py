"""What is refused for now keeps its place: a customer's words never change their order because the disk was full for a moment."""

import pytest

from hub.web.inorder import GIVEN_UP, InOrder
from hub.wire import Refusal

LATER = Refusal("unavailable", "the disk is full", retry_after=2.0)
NEVER = Refusal("closed", "it is over")


def stored(line, client_id, now=0.0):
    """Whether it may be stored now; if so, it is."""
    try:
        line.demand_turn("talk", client_id, now)
    except Refusal as error:
        assert error.retry_after is not None
        line.refused("talk", client_id, now, error)
        return False
    line.settled("talk", client_id)
    return True


@pytest.fixture
def line():
    line = InOrder()
    line.refused("talk", "a", 0.0, LATER)
    return line


def test_those_behind_wait_and_then_follow_in_order(line):
    assert [stored(line, it) for it in ("b", "c", "b")] == [False, False, False]
    assert [stored(line, it) for it in ("a", "c", "b", "c", "d")] == [True, False, True, True, True]


def test_another_conversation_is_not_held_up(line):
    line.demand_turn("other", "x", 0.0)


def test_what_is_refused_for_good_makes_way(line):
    assert not stored(line, "b")
    line.refused("talk", "a", 1.0, NEVER)
    assert stored(line, "b")


def test_what_never_comes_again_is_given_up(line):
    assert not stored(line, "b", GIVEN_UP - 1)
    assert stored(line, "b", GIVEN_UP + 1)


def test_nothing_is_kept_when_nothing_is_refused(line):
    assert stored(line, "a")
    assert line._lines is None
