"""Events and carts in a transaction: once each, within bounds, and the last word counts."""

import pytest

from hub.store import scratch_tx
from hub.visits import events, track
from hub.visits.events import CartItem, TooMuch

VISITOR, VISIT = b"v" * 16, b"t" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO visitor (id, site, created_at, visits) VALUES (?, 'shop', 0, 0)", (VISITOR,))
        track.begin(tx, visit=VISIT, visitor=VISITOR, site="shop", origin=track.Origin())
        yield tx


def tell(tx, key: str, name: str = "product", source: str = "page", **properties):
    return events.tell(tx, VISIT, source=source, key=key, name=name, properties=properties)


def put(tx, *items: CartItem, value: float | None = None, at: int | None = None) -> None:
    events.put_cart(tx, VISITOR, VISIT, items=list(items), currency="EUR", value=value, at=at)


def test_an_event_told_twice_is_stored_once(tx):
    assert tell(tx, "one", sku="A") is True
    assert tell(tx, "one", sku="B") is False
    assert [event.properties for event in events.of_visit(tx, VISIT)] == [{"sku": "A"}]


def test_the_same_key_from_another_source_is_another_event(tx):
    assert tell(tx, "1:a", source="x") and tell(tx, "a", source="x1:")
    assert len(events.of_visit(tx, VISIT)) == 2


def test_properties_have_a_size(tx):
    fits = "x" * (events.LARGEST - len('{"a":""}'))
    assert tell(tx, "fits", a=fits)
    with pytest.raises(TooMuch, match="at most 4096 bytes"):
        tell(tx, "does not", a=fits + "x")


def test_a_visit_holds_a_thousand_events(tx):
    for n in range(events.MOST_PER_VISIT):
        tell(tx, str(n))
    with pytest.raises(TooMuch, match="1000 events"):
        tell(tx, "one more")
    assert tx.one("SELECT count(*) FROM visit_event") == (events.MOST_PER_VISIT,)


def test_what_is_told_of_a_visit_that_is_gone_is_not_kept(tx):
    tx.run("DELETE FROM visit")
    assert tell(tx, "late") is False
    put(tx, CartItem(name="Vase"))
    assert events.cart_of(tx, VISITOR) is None


def test_a_late_word_about_the_cart_is_dropped(tx):
    put(tx, CartItem(name="Vase", price=34.0), at=tx.now)
    put(tx, at=tx.now - 1)
    put(tx, CartItem(name="Yesterday's", price=1.0), at=tx.now - 86_400_000_000)
    assert [item.name for item in events.cart_of(tx, VISITOR).items] == ["Vase"]
    put(tx, CartItem(name="Stem", price=2.0), at=tx.now)
    assert [item.name for item in events.cart_of(tx, VISITOR).items] == ["Stem"]


def test_a_cart_is_worth_what_was_said_or_what_lies_in_it(tx):
    put(
        tx,
        CartItem(name="Vase", price=34.0, quantity=2),
        CartItem(name="Stem", price=0.5, quantity=3),
        value=60.0,
    )
    assert (events.cart_of(tx, VISITOR).value, events.cart_of(tx, VISITOR).count) == (60.0, 5)
    put(tx, CartItem(name="Vase", price=34.0, quantity=2), CartItem(name="Stem", price=0.5, quantity=3))
    assert events.cart_of(tx, VISITOR).value == 69.5


def test_an_empty_cart_is_none(tx):
    put(tx, CartItem(name="Vase"))
    put(tx)
    assert events.cart_of(tx, VISITOR) is None


def test_a_cart_has_two_hundred_lines(tx):
    put(tx, *[CartItem(name="Vase")] * events.MOST_ITEMS)
    with pytest.raises(TooMuch, match="200 lines"):
        put(tx, *[CartItem(name="Vase")] * (events.MOST_ITEMS + 1))
