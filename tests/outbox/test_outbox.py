"""The outbox decides: once, in order per leg, under a lease, with pauses, and never back from an end."""

import pytest

from hub import outbox
from hub.store import scratch_tx

LEG, OTHER = b"l" * 16, b"o" * 16
SECOND = 1_000_000


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def add(tx, name: str, leg: bytes = LEG) -> bytes:
    message = name.encode().ljust(16, b"\0")
    outbox.enqueue(tx, connection="acme", leg=leg, message=message)
    return message


def due(tx, limit: int = 10, seconds: float = 60) -> list[outbox.Due]:
    return outbox.lease_due(tx, "acme", limit=limit, seconds=seconds)


def names(found: list[outbox.Due]) -> list[str]:
    return [it.item.rstrip(b"\0").decode() for it in found]


def state(tx, message: bytes) -> tuple:
    return tx.one("SELECT state, attempts, why FROM outbox WHERE item = ?", (message,))


def test_asking_twice_is_asking_once(tx):
    add(tx, "a")
    add(tx, "a")
    assert names(due(tx)) == ["a"]
    assert [topic for topic, _ in tx.published] == [outbox.TOPIC]


def test_one_message_of_each_leg_is_due_at_a_time(tx):
    for name, leg in (("a1", LEG), ("a2", LEG), ("b1", OTHER)):
        add(tx, name, leg)
    first = due(tx)
    assert names(first) == ["a1", "b1"]
    assert due(tx) == []
    assert outbox.sent(tx, first[0])
    assert names(due(tx)) == ["a2"]


def test_a_lease_that_runs_out_is_given_anew_and_the_old_one_counts_no_more(tx):
    message = add(tx, "a")
    (old,) = due(tx, seconds=60)
    tx.now += 61 * SECOND
    (new,) = due(tx)
    assert (old.attempt, new.attempt) == (1, 2)
    assert not outbox.sent(tx, old)
    assert state(tx, message)[0] == "waiting"
    assert outbox.sent(tx, new, external_id="x")
    assert state(tx, message)[0] == "sent"


def test_ten_tries_in_some_75_hours_and_then_somebody_looks(tx):
    message, start = add(tx, "a"), tx.now
    for _ in outbox.SCHEDULE:
        (it,) = due(tx)
        assert outbox.postpone(tx, it, "away")
        assert due(tx) == []
        tx.now = outbox.next_due(tx, "acme")
    (last,) = due(tx)
    assert last.attempt == 10
    assert 75 * 3600 < (tx.now - start) / SECOND < 76 * 3600
    outbox.postpone(tx, last, "away")
    assert state(tx, message) == ("quarantined", 10, "given up after 10 attempts: away")
    assert outbox.next_due(tx, "acme") is None


def test_the_other_sides_own_pause_is_kept(tx):
    add(tx, "a")
    (it,) = due(tx)
    outbox.postpone(tx, it, "slow down", retry_after=3600)
    assert outbox.next_due(tx, "acme") == tx.now + 3600 * SECOND


def test_a_poisoned_message_is_put_aside_and_the_next_one_goes(tx):
    message = add(tx, "bad")
    add(tx, "good")
    for _ in range(outbox.MOST_BUGS):
        (it,) = due(tx)
        assert outbox.broke(tx, it, "KeyError")
        tx.now += 24 * 3600 * SECOND
    assert state(tx, message)[0] == "quarantined"
    assert names(due(tx)) == ["good"]


def test_an_operator_can_ask_for_another_round(tx):
    message = add(tx, "a")
    (it,) = due(tx)
    outbox.failed(tx, it, "no such number")
    assert outbox.retry(tx, leg=LEG, message=message)
    assert not outbox.retry(tx, leg=LEG, message=message)
    assert names(due(tx)) == ["a"]


def test_what_was_not_tried_is_not_counted(tx):
    message = add(tx, "a")
    (it,) = due(tx)
    assert outbox.give_back(tx, it, "stopping")
    assert state(tx, message)[1] == 0
    assert names(due(tx)) == ["a"]


def test_receipts_only_go_forward(tx):
    message = add(tx, "a")
    (it,) = due(tx)
    outbox.sent(tx, it, external_id="x1")
    assert outbox.receipt(tx, "acme", "x1", "read")
    assert not outbox.receipt(tx, "acme", "x1", "delivered")
    assert not outbox.receipt(tx, "other", "x1", "read")
    assert state(tx, message)[0] == "read"
    told = [event.state for topic, event in tx.published if topic == outbox.OUTCOMES]
    assert told == ["sent", "read"]


def test_the_other_sides_own_pause_is_kept_in_bounds(tx):
    add(tx, "a")
    (it,) = due(tx)
    outbox.postpone(tx, it, "slow down", retry_after=1e9)
    assert outbox.next_due(tx, "acme") <= tx.now + 24 * 3600 * SECOND


def test_what_stands_behind_a_retried_one_waits_for_it_and_others_go_on(tx):
    add(tx, "a1"), add(tx, "a2"), add(tx, "b1", OTHER)
    first, other = due(tx)
    outbox.postpone(tx, first, "away", retry_after=600)
    outbox.sent(tx, other)
    add(tx, "b2", OTHER)
    assert names(due(tx)) == ["b2"]
    tx.now = tx.now + 601 * SECOND
    (again,) = [it for it in due(tx) if it.lane == LEG]
    outbox.sent(tx, again)
    assert "a2" in names(due(tx))


def test_a_long_backlog_behind_one_lane_is_not_looked_through(tx):
    for number in range(200):
        add(tx, f"a{number:04d}")
    (first,) = due(tx)
    outbox.postpone(tx, first, "away", retry_after=60)
    assert tx.one("SELECT count(*) FROM outbox WHERE due_at < ?", (outbox.BLOCKED,)) == (1,)
    assert 59 * SECOND < outbox.next_due(tx, "acme") - tx.now < 400 * SECOND


def test_two_orders_are_kept_at_once(tx):
    """A customer's events, and a conversation's whoever its customer is by then."""

    def event(name: str, customer: bytes, conversation: bytes) -> None:
        outbox.add(tx, "webhook", "acme", customer, name.encode().ljust(16, b"\0"), beside=conversation)

    event("one", b"A" * 16, b"x" * 16)
    event("two", b"B" * 16, b"x" * 16)
    event("three", b"B" * 16, b"y" * 16)
    event("free", b"C" * 16, b"z" * 16)
    one, free = due(tx)
    assert names([one, free]) == ["one", "free"]
    outbox.sent(tx, one)
    (two,) = due(tx)
    outbox.sent(tx, two)
    assert names(due(tx)) == ["three"]


def test_lanes_that_become_one_keep_the_order_in_which_things_were_written(tx):
    add(tx, "a1"), add(tx, "b1", OTHER), add(tx, "a2"), add(tx, "b2", OTHER)
    outbox.follow(tx, "acme", OTHER, LEG)
    left = []
    while found := due(tx):
        assert len(found) == 1
        left += names(found)
        outbox.sent(tx, found[0])
    assert left == ["a1", "b1", "a2", "b2"]


def test_lanes_that_become_one_under_way_do_not_strand_what_waits(tx):
    add(tx, "a1"), add(tx, "b1", OTHER), add(tx, "b2", OTHER)
    first, second = due(tx)
    outbox.follow(tx, "acme", OTHER, LEG)
    assert due(tx) == []
    outbox.sent(tx, second)
    outbox.postpone(tx, first, "away")
    tx.now += 600 * SECOND
    left = []
    while found := due(tx):
        left += names(found)
        outbox.sent(tx, found[0])
    assert left == ["a1", "b2"]


def test_a_question_is_worth_nothing_after_its_time(tx):
    outbox.ask(tx, connection="acme", conversation=LEG, question=b"q" * 16, seconds=8)
    (it,) = due(tx)
    assert (it.kind, it.expires_at - tx.now) == ("question", 8 * SECOND)
    outbox.postpone(tx, it, "busy")
    assert outbox.next_due(tx, "acme") < tx.now + 8 * SECOND
    tx.now += 9 * SECOND
    assert due(tx) == []
    assert state(tx, b"q" * 16)[0] == "failed"
    assert "its time has run out: busy" in state(tx, b"q" * 16)[2]


def test_a_pause_longer_than_the_time_that_is_left_ends_it_at_once(tx):
    outbox.ask(tx, connection="acme", conversation=LEG, question=b"q" * 16, seconds=8)
    (it,) = due(tx)
    outbox.postpone(tx, it, "busy", retry_after=30)
    assert state(tx, b"q" * 16) == ("failed", 1, "it could not be sent in time: busy")


def test_a_message_fails_when_its_channels_reply_window_is_over_and_the_next_one_goes_on(tx):
    late = add(tx, "late")
    (it,) = outbox.lease_due(tx, "acme", limit=10, seconds=60, window=100)
    outbox.postpone(tx, it, "away")
    tx.now += 101 * SECOND
    fresh = add(tx, "fresh")
    assert names(outbox.lease_due(tx, "acme", limit=10, seconds=60, window=100)) == ["fresh"]
    assert state(tx, late)[0] == "failed"
    assert "reply is over: away" in state(tx, late)[2]
    assert state(tx, fresh)[0] == "waiting"


def test_one_doubtful_attempt_is_followed_by_one_more_and_then_somebody_looks(tx):
    message = add(tx, "a")
    (it,) = due(tx)
    assert outbox.postpone(tx, it, "no answer", doubtful=True)
    tx.now += 3600 * SECOND
    (again,) = due(tx)
    assert (again.item, again.doubts) == (it.item, 1)
    outbox.postpone(tx, again, "no answer", doubtful=True)
    assert state(tx, message) == ("quarantined", 2, "nobody knows whether it arrived: no answer")


def test_where_repeats_are_dropped_doubt_costs_nothing(tx):
    message = add(tx, "a")
    for _ in range(5):
        (it,) = outbox.lease_due(tx, "acme", limit=1, seconds=60, doubts=1000)
        outbox.postpone(tx, it, "no answer", doubtful=True, doubts=1000)
        tx.now += 24 * 3600 * SECOND
    assert state(tx, message) == ("waiting", 5, "no answer")


def test_a_hub_that_dies_twice_over_the_same_message_does_not_try_it_a_third_time(tx):
    message = add(tx, "poison")
    add(tx, "good")
    for _ in range(2):
        assert names(due(tx)) == ["poison"]
        outbox.reclaim(tx)
    assert names(due(tx)) in ([], ["good"])
    assert state(tx, message)[0] == "quarantined"
    assert "interrupted" in state(tx, message)[2]


def test_trying_again_after_a_look_is_a_whole_new_round(tx):
    message = add(tx, "bad")
    add(tx, "good")
    (it,) = due(tx)
    outbox.put_aside(tx, it, "KeyError")
    (aside,) = outbox.aside(tx)
    assert (aside.connection, aside.why, aside.attempts) == ("acme", "KeyError", 1)
    assert outbox.counts(tx) == {"acme": 1}
    assert outbox.try_again(tx, aside.id)
    assert not outbox.try_again(tx, aside.id)
    assert names(due(tx)) == ["bad"], "it is the earlier of the two"
    assert state(tx, message) == ("waiting", 1, "")
    assert outbox.counts(tx) == {}


def test_giving_up_is_final_and_told(tx):
    message = add(tx, "bad")
    (it,) = due(tx)
    outbox.put_aside(tx, it, "KeyError")
    (aside,) = outbox.aside(tx)
    assert outbox.give_up(tx, aside.id)
    assert not outbox.give_up(tx, aside.id)
    assert state(tx, message) == ("failed", 1, "KeyError")
    told = [event.state for topic, event in tx.published if topic == outbox.OUTCOMES]
    assert told == ["quarantined", "failed"]


def test_a_connection_that_was_seen_to_does_not_wait_out_its_pauses(tx):
    add(tx, "a1"), add(tx, "a2")
    (it,) = due(tx)
    outbox.postpone(tx, it, "away", retry_after=3600)
    outbox.hasten(tx, "acme")
    assert names(due(tx)) == ["a1"]


def test_a_hub_that_starts_takes_back_what_a_dead_one_had_under_way(tx):
    add(tx, "a")
    (old,) = due(tx, seconds=60)
    assert due(tx) == []
    assert outbox.reclaim(tx) == 1
    (new,) = due(tx)
    assert (old.item, new.attempt, new.doubts) == (new.item, 1, 1)
    assert not outbox.sent(tx, old)
    assert outbox.sent(tx, new)
    assert outbox.reclaim(tx) == 0
