"""The same decision about several touchpoints at once: what one by one would have given, seen before, and undone exactly."""

import itertools

import pytest

from hub import identity
from hub.identity import oracle
from hub.store import scratch_tx
from tests.identity.conftest import Shop
from tests.steps import steps


@pytest.fixture
def ann(shop):
    """A record of five touchpoints, three of them from a shared telephone, one of those with a name."""
    return [
        shop.report("user_id!Ann", "email:ann@shop.org", name="Ann Berg"),
        shop.report("user_id!Ann", "phone:+4930123456"),
        *(shop.report("phone:+4930123456", f"device:d{n}") for n in range(3)),
    ]


def live(tx):
    return dict(tx.all("SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence"))


def said(tx):
    return sorted(tx.all("SELECT kind, value, evidence, level, status, links FROM claim")), sorted(
        tx.all("SELECT evidence, attribute, value, level, touch FROM attribute")
    )


@pytest.mark.parametrize("op", ["detach", "retract"])
@pytest.mark.parametrize("chosen", [*itertools.combinations(range(5), 2), range(5)], ids=str)
def test_what_is_decided_at_once_is_what_is_decided_one_by_one_and_goes_without_a_trace(
    shop, ann, op, chosen
):
    tx, touches = shop.tx, [ann[n] for n in chosen]
    before = live(tx), said(tx)
    seen = identity.preview_several(tx, op, touches)
    made = identity.decide_several(tx, op, touches, author="Kim")
    assert live(tx) == oracle.customers(tx)
    moved = {(before[0][touch], who) for touch, who in live(tx).items() if before[0][touch] != who}
    assert {(move.before, move.after) for move in seen.moves} == moved
    assert sum(move.touches for move in seen.moves) == sum(before[0][t] != who for t, who in live(tx).items())
    identity.revoke_several(tx, made.decisions, author="Kim")
    assert (live(tx), said(tx)) == before
    assert live(tx) == oracle.customers(tx)


def test_detaching_takes_all_they_carry(shop, ann):
    identity.decide_several(shop.tx, "detach", ann[2:4], author="Kim")
    assert shop.who(*ann) == [1, 1, 2, 3, 1]
    assert identity.record(shop.tx, ann[2]).identifiers == ()


def test_whoever_is_known_otherwise_is_told_though_nobody_moves(shop):
    alone = [shop.report(f"email:{who}@shop.org", name=who) for who in ("Ann", "Bo")]
    made = identity.decide_several(shop.tx, "retract", alone, author="Kim")
    assert {(event.kind, event.customer) for event in made.events} == {("changed", one) for one in alone}


def test_nothing_is_decided_twice(shop, ann):
    first = identity.decide_several(shop.tx, "retract", ann[:2], author="Kim")
    assert len(first.decisions) == 2
    assert identity.decide_several(shop.tx, "detach", ann[:2], author="Kim").decisions == ()
    identity.revoke_several(shop.tx, first.decisions[:1], author="Kim")
    assert len(identity.revoke_several(shop.tx, first.decisions, author="Kim").decisions) == 1
    assert identity.revoke_several(shop.tx, first.decisions, author="Kim").decisions == ()


def test_what_is_wrong_is_refused_and_changes_nothing(shop, ann):
    same = shop.decide("same", shop.report("email:x@shop.org"), ann[0])
    before = live(shop.tx)
    for op, touches in (("same", ann), ("retract", []), ("detach", ann * 11)):
        with pytest.raises(identity.BadDecision):
            identity.decide_several(shop.tx, op, touches, author="Kim")
    with pytest.raises(identity.BadDecision, match="revoke it alone"):
        identity.revoke_several(shop.tx, [same.decision], author="Kim")
    with pytest.raises(identity.UnknownDecision):
        identity.revoke_several(shop.tx, [b"\1" * 16], author="Kim")
    assert live(shop.tx) == before


def test_fifty_touchpoints_of_a_record_of_two_hundred_stay_within_a_slice():
    """Counted in SQLite's own steps, which no busy machine makes more of."""
    with scratch_tx() as tx:
        shop = Shop(tx)
        touches = [shop.report("user_id!Ann", f"device:d{n % 20}", f"session:s{n}") for n in range(200)]
        some = iter([touches[:50], touches[50:100]])
        taken = steps(tx, lambda: identity.decide_several(tx, "retract", next(some), author="Kim"))
    assert taken < 500_000
