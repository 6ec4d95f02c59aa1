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
