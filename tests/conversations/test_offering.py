"""What is promised: in which order it goes, that it comes back, that it does not flap, and that nothing is promised twice."""

import pytest

from hub.conversations.load import CHAT
from hub.conversations.offering import Hands, Offered, Situation, offer

MINUTE = 60


def team(*loads: float, capacity: int = 4) -> tuple[Hands, ...]:
    """Operators who are available, with so many chats in hand."""
    return tuple(Hands(True, capacity, round(load * CHAT)) for load in loads)


def now(*loads: float, before: Offered | None = None, **more) -> Offered:
    return offer(Situation(team=team(*loads), **more), before)


def shown(offered: Offered) -> str:
    return " ".join(way for way in ("voice", "chat", "mail", "callback", "faq") if getattr(offered, way))


REST = "mail callback faq"
ALL = f"voice chat {REST}"
WRITING = f"chat {REST}"


def test_a_team_with_empty_hands_offers_everything():
    assert shown(now(0, 0, 0)) == ALL
    assert now(0, 0, 0).why == "room"


def test_as_load_rises_calls_go_first_then_chat_and_the_rest_stays():
    steps = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1), (4, 4, 0), (4, 4, 3), (4, 4, 4)]
    assert [shown(now(*step)) for step in steps] == [ALL, ALL, ALL, WRITING, WRITING, WRITING, REST]
    assert [now(*step).why for step in steps[3:]] == ["few", "few", "few", "full"]


def test_as_load_falls_chat_comes_back_before_calls():
    offered, seen = None, []
    for step in [(4, 4, 4), (4, 4, 3), (4, 3, 3), (3, 2, 2), (2, 2, 0), (0, 0, 0)]:
        offered = now(*step, before=offered)
        seen.append(shown(offered))
    assert seen == [REST, REST, WRITING, WRITING, ALL, ALL]


def test_an_offer_does_not_come_and_go_with_every_visitor():
    offered, changes, last = None, 0, None
    for free in [1, 0, 1, 0, 1, 0, 1, 0]:
        offered = now(4, 4, 4 - free, before=offered)
        changes += last is not None and last != offered.chat
        last = offered.chat
    assert changes == 1


@pytest.mark.parametrize("capacity", [1, 2, 4])
def test_one_operator_alone_offers_all_and_all_of_it_comes_back(capacity):
    full = offer(Situation(team=team(capacity, capacity=capacity)))
    assert shown(full) == REST
    assert shown(offer(Situation(team=team(0, capacity=capacity)), full)) == ALL


def test_who_waits_has_a_seat_that_nobody_else_is_promised():
    assert now(0, promised=3).chat is True
    assert now(0, promised=4).chat is False
    assert now(4, 4, 1, promised=2).why == "few"
    assert now(4, 4, 1, promised=3).why == "full"


def test_a_call_does_not_take_the_seats_of_those_who_wait():
    assert now(0, 3, promised=0).voice is True
    assert now(0, 3, promised=1).voice is False


def test_mails_in_hand_leave_whole_seats_only():
    """Three free quarters of three people are no seat for anybody."""
    assert now(3.25, 3.25, 3.25).chat is False
    assert now(3.0, 3.25, 3.25).chat is True


def test_a_line_that_moves_fast_enough_is_still_a_promise():
    a_seat_in_forty_seconds = 1 / 40
    offered = now(4, 4, 4, pace=a_seat_in_forty_seconds, target=MINUTE)
    assert (offered.chat, offered.why, round(offered.wait or 0)) == (True, "line", 40)
    assert now(4, 4, 4, promised=1, pace=a_seat_in_forty_seconds, target=MINUTE).chat is False
    assert now(4, 4, 4, promised=1, pace=a_seat_in_forty_seconds, target=2 * MINUTE).chat is True


def test_a_line_whose_pace_is_unknown_promises_nothing():
    assert now(4, 4, 4).wait is None
    assert now(4, 4, 4, target=3600).chat is False


def test_a_line_is_offered_again_when_it_is_well_within_the_promise():
    gone = now(4, 4, 4)
    assert now(4, 4, 4, before=gone, pace=1 / 40).chat is False
    assert now(4, 4, 4, before=gone, pace=1 / 25).chat is True


def test_no_call_is_offered_into_a_line():
    assert now(4, 4, 4, pace=1).voice is False


def test_nobody_here_and_nobody_who_takes_anything_are_told_apart():
    assert (shown(now()), now().why) == (REST, "nobody")
    busy = offer(Situation(team=(Hands(False, 4, 0),)))
    assert (shown(busy), busy.why) == (REST, "away")


def test_hours_end_the_promise_and_not_the_rest():
    closed = now(0, 0, 0, open=False)
    assert (shown(closed), closed.why) == (REST, "closed")
    assert shown(now(0, 0, 0, before=closed)) == ALL


def test_who_is_busy_lends_no_seat():
    half = (Hands(False, 4, 0), *team(4))
    assert offer(Situation(team=half)).chat is False


def test_nothing_is_offered_that_does_not_exist():
    bare = offer(Situation(team=team(0), has=frozenset()))
    assert (shown(bare), bare.why) == ("chat", "room")


def test_who_comes_back_to_their_desk_brings_the_chat_at_once():
    gone = now()
    assert now(3, before=gone).chat is True
