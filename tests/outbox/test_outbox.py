"""The outbox decides: once, in order per leg, under a lease, with pauses, and never back from an end."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

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
    return [it.message.rstrip(b"\0").decode() for it in found]


def state(tx, message: bytes) -> tuple:
    return tx.one("SELECT state, attempts, why FROM outbox WHERE message = ?", (message,))


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


def test_the_pauses_grow_and_end_after_some_73_hours(tx):
    message, start = add(tx, "a"), tx.now
    for _ in outbox.PAUSES:
        (it,) = due(tx)
        assert outbox.postpone(tx, it, "away")
        assert due(tx) == []
        tx.now = outbox.next_due(tx, "acme")
    (last,) = due(tx)
    assert 55 * 3600 < (tx.now - start) / SECOND < 90 * 3600
    outbox.postpone(tx, last, "away")
    assert state(tx, message)[0] == "failed"
    assert "given up after 11 attempts: away" in state(tx, message)[2]
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
        tx.now += 3600 * SECOND
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


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "lease", "sent", "failed", "postpone", "broke", "late", "wait"]),
        st.integers(0, 3),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_each_leg_leaves_in_order_and_nothing_is_lost(steps):
    with scratch_tx() as tx:
        count, held, lost, ended = 0, [], [], []
        for step, n in steps:
            if step == "add":
                add(tx, f"{n}:{count:04d}", bytes([n]) * 16)
                count += 1
            elif step == "lease":
                held += due(tx)
            elif step == "wait":
                tx.now += 120 * SECOND
                lost, held = lost + held, []
            elif step == "late" and lost:
                late = lost.pop(n % len(lost))
                if outbox.sent(tx, late):
                    ended.append(late)
            elif held and step != "late":
                it = held.pop(n % len(held))
                if step in ("sent", "failed"):
                    outbox.sent(tx, it) if step == "sent" else outbox.failed(tx, it, "no")
                    ended.append(it)
                else:
                    getattr(outbox, step)(tx, it, "why")
        assert tx.one("SELECT count(*) FROM outbox") == (count,)
        for leg in {it.leg for it in ended}:
            left = [it.message for it in ended if it.leg == leg]
            assert left == sorted(set(left))


def test_a_hub_that_starts_takes_back_what_a_dead_one_had_under_way(tx):
    add(tx, "a")
    (old,) = due(tx, seconds=60)
    assert due(tx) == []
    assert outbox.reclaim(tx) == 1
    (new,) = due(tx)
    assert (old.message, new.attempt) == (new.message, 2)
    assert not outbox.sent(tx, old)
    assert outbox.sent(tx, new)
    assert outbox.reclaim(tx) == 0
