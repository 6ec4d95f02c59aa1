"""The queue's laws, whatever happens in whatever order: nothing is lost or stranded, each lane leaves in order, one at a time."""

import hypothesis.strategies as st
from hypothesis import given, settings

from hub import outbox
from hub.store import scratch_tx

SECOND = 1_000_000
ENDLESS = 1000
"""Doubts that are allowed: the laws are about order, and a quarantine ends it."""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "add",
                "add",
                "lease",
                "lease",
                "sent",
                "failed",
                "postpone",
                "broke",
                "late",
                "wait",
                "restart",
                "follow",
                "retry",
            ]
        ),
        st.integers(0, 3),
    ),
    max_size=60,
)


class Life:
    """What happens to a queue; each step is a method."""

    def __init__(self, tx):
        self.tx, self.count = tx, 0
        self.held, self.lost, self.ended = [], [], []

    def add(self, n):
        beside = bytes([self.count % 3]) * 16 if n % 2 else None
        item = f"{self.count:04d}".encode().ljust(16, b"\0")
        outbox.add(self.tx, "webhook", "acme", bytes([n]) * 16, item, beside=beside)
        self.count += 1

    def lease(self, n):
        self.held += outbox.lease_due(self.tx, "acme", limit=10, seconds=60, doubts=ENDLESS)

    def wait(self, n):
        self.tx.now += 120 * SECOND
        self.lost, self.held = self.lost + self.held, []

    def restart(self, n):
        outbox.reclaim(self.tx)
        self.lost, self.held = self.lost + self.held, []

    def follow(self, n):
        outbox.follow(self.tx, "acme", bytes([n]) * 16, bytes([0]) * 16)

    def retry(self, n):
        for it in outbox.aside(self.tx)[:1]:
            outbox.try_again(self.tx, it.id)

    def late(self, n):
        if self.lost:
            self._end(self.lost.pop(n % len(self.lost)), outbox.sent)

    def sent(self, n):
        if self.held:
            self._end(self.held.pop(n % len(self.held)), outbox.sent)

    def failed(self, n):
        if self.held:
            self._end(self.held.pop(n % len(self.held)), lambda tx, it: outbox.failed(tx, it, "no"))

    def postpone(self, n):
        if self.held:
            outbox.postpone(self.tx, self.held.pop(n % len(self.held)), "away")

    def broke(self, n):
        if self.held:
            outbox.broke(self.tx, self.held.pop(n % len(self.held)), "a bug")

    def _end(self, it, how):
        if how(self.tx, it):
            self.ended.append(it)


@settings(max_examples=200, deadline=None)
@given(steps=STEPS)
def test_nothing_is_lost_and_everything_leaves_in_the_end(steps):
    with scratch_tx() as tx:
        life = Life(tx)
        for step, n in steps:
            getattr(life, step)(n)
        assert tx.one("SELECT count(*) FROM outbox") == (life.count,)
        drained(tx)
        assert tx.all("SELECT id FROM outbox WHERE state = 'waiting'") == []


@settings(max_examples=200, deadline=None)
@given(steps=STEPS)
def test_each_lane_leaves_in_order_and_one_at_a_time(steps):
    with scratch_tx() as tx:
        life = Life(tx)
        for step, n in steps:
            if step not in ("follow", "retry", "broke"):  # these change the order, and are meant to
                getattr(life, step)(n)
                under_way = tx.all(
                    "SELECT lane FROM outbox WHERE lease IS NOT NULL AND due_at > ?", (tx.now,)
                )
                assert len(set(under_way)) == len(under_way)
        for way in ("lane", "beside"):
            for lane in {getattr(it, way) for it in life.ended} - {None}:
                left = [it.item for it in life.ended if getattr(it, way) == lane]
                assert left == sorted(set(left))


def drained(tx) -> None:
    """Everything that waits leaves, each only when nothing before it in its lane, or beside it, waits."""
    while (at := outbox.next_due(tx, "acme")) is not None:
        assert at < outbox.BLOCKED, "something waits for nothing"
        tx.now = max(tx.now, at)
        found = outbox.lease_due(tx, "acme", limit=10, seconds=60, doubts=ENDLESS)
        assert found, "something is said to be due and cannot be had"
        for it in found:
            earlier = "SELECT 1 FROM outbox WHERE state = 'waiting' AND id < ? AND (lane = ? OR beside = ?)"
            assert tx.one(earlier, (it.id, it.lane, it.beside)) is None
            outbox.sent(tx, it)
