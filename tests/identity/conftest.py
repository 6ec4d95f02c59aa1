"""A hub small enough to hold in one's head: touchpoints reported by the second, people by their letters."""

import datetime as dt

import pytest

from hub import identity, intake
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.store import scratch_tx

START = 1_600_000_000


class Shop:
    """Reports touchpoints and decides, through the front doors of intake and identity."""

    def __init__(self, tx):
        self.tx = tx
        self.reported = 0

    def touchpoint(self, *claims, at=None, key=None, name=None, connection="shop", **more):
        """Claims are written `"device:d1"`, `"user_id!U"` (verified) or `"email?a@shop.org"` (asserted)."""
        self.reported += 1
        said = (AttributeClaim(attribute="name", value=name),) if name else ()
        return Touchpoint(
            channel="web", kind="visit", key=key or f"n{self.reported}", claims=tuple(map(claim, claims)), attributes=said,
            occurred_at=dt.datetime.fromtimestamp(START + (self.reported if at is None else at), dt.UTC), **more,
        )  # fmt: skip

    def report(self, *claims, connection="shop", **more):
        """Returns the touch id."""
        return self.accept(self.touchpoint(*claims, **more), connection)[0].touch_id

    def accept(self, touchpoint, connection="shop"):
        accepted = intake.accept(self.tx, connection, touchpoint)
        return accepted, identity.resolve_touch(self.tx, accepted)

    def decide(self, op, a=None, b=None, decision=None):
        self.tx.now += 1
        return identity.decide(self.tx, op, author="Kim", a=a, b=b, decision=decision)

    def who(self, *touches):
        """Customers, numbered in order of appearance: `[1, 1, 2]` is two people, the first with two touches."""
        names = {}
        return [names.setdefault(identity.resolve(self.tx, touch), len(names) + 1) for touch in touches]


def claim(text):
    for sign, level in (("!", Level.VERIFIED), (":", Level.OBSERVED), ("?", Level.ASSERTED)):
        kind, found, value = text.partition(sign)
        if found and kind.isidentifier():
            return Claim(kind=kind, value=value, level=level)
    raise ValueError(text)


@pytest.fixture
def shop():
    with scratch_tx() as tx:
        yield Shop(tx)
