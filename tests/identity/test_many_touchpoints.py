"""A customer of 100,000 touchpoints on a few evidence nodes opens, and is shown, taken apart and put together, as fast as one of ten."""

import statistics
import time

import pytest

from hub import identity
from hub.contract import Identifier
from hub.store import scratch_tx
from tests.identity.conftest import Shop

VISITS = 150


def account(tx, count):
    """An account told of by a shop's system so often, always in the same words, that visits the shop now and then."""
    shop = Shop(tx)
    told = [shop.report("user_id:U", name="Ann Berg", at=10 + n) for n in range(count)]
    visits = [shop.report("device:d", f"session:{n % VISITS}", at=n) for n in range(min(VISITS, count))]
    shop.report("device:d", "session:0", "user_id!U", at=5)
    friend = shop.report("device:e", "user_id!V", name="Bob Stone", at=7)
    return shop, told, visits, friend


def taken_apart(shop, told, visits, friend, n):
    """Milliseconds of each step of an operator who looks and decides."""
    times = {}

    def timed(what, act, **about):
        began = time.thread_time()
        done = act(**about)
        times[what] = (time.thread_time() - began) * 1e3
        return done

    def preview(**about):
        return identity.preview(shop.tx, **about)

    timed("open", lambda: identity.record(shop.tx, told[0]))
    timed("preview never", preview, op="never", a=told[n], b=visits[1])
    apart = timed("never", shop.decide, op="never", a=told[n], b=visits[1])
    timed("preview revoke", preview, op="revoke", decision=apart.decision)
    timed("revoke", shop.decide, op="revoke", decision=apart.decision)
    timed("preview same", preview, op="same", a=told[0], b=friend)
    merged = timed("same", shop.decide, op="same", a=told[0], b=friend)
    timed("part", shop.decide, op="revoke", decision=merged.decision)
    account = Identifier(kind="user_id", value="U")
    alone = timed("detach", shop.decide, op="detach", a=told[n], b=account)
    timed("return", shop.decide, op="revoke", decision=alone.decision)
    return times


@pytest.mark.heavy
def test_a_hundred_thousand_touchpoints_are_decided_about_as_fast_as_ten():
    found = {}
    for count in (10, 100_000):
        with scratch_tx() as tx:
            world = account(tx, count)
            rounds = [taken_apart(*world, n) for n in range(2, 7)]
            found[count] = {what: statistics.median(one[what] for one in rounds) for what in rounds[0]}
            assert identity.record(tx, world[1][0]).touches == count + min(VISITS, count) + 1
    for what, few in found[10].items():
        many = found[100_000][what]
        print(f"{what:16} {few:8.2f} ms {many:8.2f} ms")
    slow = {what: many for what, many in found[100_000].items() if many > 3 * found[10][what] + 20}
    assert not slow, found
