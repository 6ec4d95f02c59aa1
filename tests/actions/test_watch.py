"""Whom an operator watches: their own list, which follows the customer wherever the record goes."""

import datetime as dt

import pytest

from hub import feed
from hub.actions import decide
from hub.actions.receive import receive
from hub.actions.watch import topic, watch
from hub.contract import Claim, Level, Touchpoint
from hub.store import scratch_tx
from hub.visits import watching
from hub.web import items
from hub.wire import Refusal
from hub.wire.console import Gone

ANN, BOB = b"a" * 16, b"b" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def somebody(tx, device: str) -> bytes:
    tx.now += 1_000_000
    seen = Touchpoint(
        channel="web", kind="visit", key=device, occurred_at=dt.datetime.fromtimestamp(tx.now / 1e6, dt.UTC),
        claims=(Claim(kind="device", value=device, level=Level.OBSERVED),),
    )  # fmt: skip
    return receive(tx, "site:shop", seen).touch


def watched(tx, operator=ANN) -> list[str]:
    return [row.customer for row in watching.of(tx, operator)]


def test_a_list_is_its_operators_own(tx):
    who = somebody(tx, "d1")
    watch(tx, ANN, who, on=True)
    watch(tx, ANN, who, on=True)
    assert (watched(tx), watched(tx, BOB)) == ([who.hex()], [])
    watch(tx, ANN, who, on=False)
    watch(tx, ANN, who, on=False)
    assert watched(tx) == []


def test_it_follows_the_customer_through_merge_and_division(tx):
    one, other = somebody(tx, "d1"), somebody(tx, "d2")
    watch(tx, ANN, other, on=True)
    n = feed.head(tx, topic(ANN))
    made = decide.decide(tx, "4a", "same", one, other)
    assert watched(tx) == [one.hex()]
    assert [missed.kind for missed in feed.since(tx, topic(ANN), n)] == ["watch"]
    watch(tx, ANN, one, on=True)
    assert len(watched(tx)) == 1, "one person is one entry"
    decide.revoke(tx, "4a", made.decision)
    assert watched(tx) == [other.hex()]
    decide.decide(tx, "4a", "same", one, other)
    watch(tx, ANN, one, on=False)
    assert watched(tx) == []


def test_old_snapshot_and_changes_are_the_new_snapshot(tx):
    one, other = somebody(tx, "d1"), somebody(tx, "d2")
    watch(tx, ANN, one, on=True)
    old = items.snapshot(tx, topic(ANN))
    watch(tx, ANN, other, on=True)
    watch(tx, ANN, one, on=False)
    held = {item.id: item for item in old.items}
    for missed in feed.since(tx, topic(ANN), old.n):
        item = items.compose(tx, topic(ANN), missed.kind, missed.key)
        held = {key: kept for key, kept in held.items() if key != item.id}
        held |= {} if isinstance(item, Gone) else {item.id: item}
    assert list(held.values()) == items.snapshot(tx, topic(ANN)).items


def test_nobody_watches_more_than_they_can_hear(tx, monkeypatch):
    monkeypatch.setattr(watching, "MOST", 1)
    watch(tx, ANN, somebody(tx, "d1"), on=True)
    with pytest.raises(Refusal) as refused:
        watch(tx, ANN, somebody(tx, "d2"), on=True)
    assert refused.value.code == "at_limit"


def test_somebody_nobody_knows_is_not_found(tx):
    with pytest.raises(Refusal) as refused:
        watch(tx, ANN, b"?" * 16, on=True)
    assert refused.value.code == "not_found"
