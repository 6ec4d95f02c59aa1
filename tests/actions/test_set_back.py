"""A clock that was set back between two runs delays nothing that waits."""

import pytest

from hub import outbox
from hub.actions import set_back
from hub.store import scratch_tx

DAY = 86_400_000_000


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def changed(tx):
    tx.run("INSERT INTO feed (topic, n, kind, key, at) VALUES ('queue', 1, 'row', x'00', ?)", (tx.now,))


def test_what_waits_is_due_when_it_would_have_been(tx):
    changed(tx)
    outbox.enqueue(tx, connection="mail", leg=b"l", message=b"m")
    tx.run("UPDATE outbox SET due_at = due_at + 30000000")
    tx.now -= 2 * DAY
    assert set_back.catch_up(tx) == 2 * DAY
    assert outbox.next_due(tx, "mail") == tx.now + 30_000_000
    assert set_back.catch_up(tx) == 0, "once"


def test_time_that_went_on_moves_nothing(tx):
    changed(tx)
    outbox.enqueue(tx, connection="mail", leg=b"l", message=b"m")
    tx.now += DAY
    assert set_back.catch_up(tx) == 0
    assert outbox.next_due(tx, "mail") == tx.now - DAY


def test_a_new_hub_has_no_history(tx):
    assert set_back.catch_up(tx) == 0


def test_a_lane_keeps_its_order_and_what_ends_ends_as_it_would_have(tx):
    changed(tx)
    outbox.ask(tx, connection="bot", conversation=b"c", question=b"q", seconds=60)
    outbox.ask(tx, connection="bot", conversation=b"c", question=b"r", seconds=60)
    (first,) = outbox.lease_due(tx, "bot", limit=5, seconds=10)
    outbox.postpone(tx, first, "away")
    before = tx.all("SELECT due_at, first_at, expires_at FROM outbox ORDER BY id")
    assert before[1][0] == outbox.BLOCKED
    tx.now -= 2 * DAY
    set_back.catch_up(tx)
    by = lambda at: at if at in (None, outbox.BLOCKED) else at - 2 * DAY
    assert tx.all("SELECT due_at, first_at, expires_at FROM outbox ORDER BY id") == [
        tuple(by(at) for at in row) for row in before
    ]


def test_nobody_stays_longer_than_was_promised(tx):
    changed(tx)
    tx.run("INSERT INTO repeat (owner, key, state, at) VALUES (x'01', x'02', 2, ?)", (tx.now,))
    ends = tx.now + DAY
    tx.run(
        "INSERT INTO visitor_token (hash, visitor, site, level, created_at, used_at, expires_at)"
        " VALUES (x'03', x'04', 'shop', 'observed', ?, ?, ?)",
        (tx.now, tx.now, ends),
    )
    tx.now -= 2 * DAY
    set_back.catch_up(tx)
    assert tx.one("SELECT at FROM repeat") == (tx.now,)
    assert tx.one("SELECT expires_at FROM visitor_token") == (ends - 2 * DAY,)
