"""What stands beside a customer's record: the timeline narrowed, and what lies in the cart."""

import datetime as dt

import pytest

from hub.access import Actor
from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.store import scratch_tx
from hub.visits import events, track
from hub.web import customers, panels
from hub.web.customers import Wanted, timeline, wanted

DEVICE = b"d" * 16
ANN = Actor(kind="operator", id=b"a" * 16)


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'shop')", (b"q" * 16,))
        tx.run(
            "INSERT INTO site_route (site, queue, region, alarm_seconds) VALUES ('shop', ?, 'DE', 60)",
            (b"q" * 16,),
        )
        yield tx


def touch(tx, kind: str, channel: str = "web", **payload) -> bytes:
    tx.now += 1_000_000
    seen = Touchpoint(
        channel=channel, kind=kind, key=f"{kind}{tx.now}", occurred_at=dt.datetime.fromtimestamp(tx.now / 1e6, dt.UTC), site="shop",
        claims=(Claim(kind="device", value=DEVICE.hex(), level=Level.OBSERVED),),
        attributes=(AttributeClaim(attribute="city", value="Köln"),) if kind == "mail" else (), payload=payload,
    )  # fmt: skip
    return receive(tx, "site:shop", seen).touch


def visit(tx, title: str) -> bytes:
    found = touch(tx, "visit", title=title)
    origin = track.origin_of("https://shop.test/", "", language="de", zone="", device="", network="")
    track.begin(tx, visit=found, visitor=DEVICE, site="shop", origin=origin)
    track.look(tx, found, "tab", "https://shop.test/blaue-vase", "Blaue VASE")
    return found


def kinds(tx, who: bytes, **asked) -> list[str]:
    return [item.kind for item in timeline(tx, who, None, wanted(asked)).items]


def test_it_is_narrowed_by_kind_channel_and_words(tx):
    who = visit(tx, "Start")
    touch(tx, "order", total=84, items=[{"name": "Schüssel"}])
    touch(tx, "mail", "email", title="Re: Bestellung")
    assert kinds(tx, who) == ["mail", "order", "visit"]
    assert kinds(tx, who, kind="visit,order") == ["order", "visit"]
    assert kinds(tx, who, channel="email") == ["mail"]
    assert kinds(tx, who, q="vase BLAUE") == ["visit"], "a visit is found by its pages"
    assert kinds(tx, who, q="schüssel 84") == ["order"]
    assert kinds(tx, who, q="köln") == ["mail"]
    assert kinds(tx, who, q="vase", kind="order") == []


def test_few_among_many_are_all_found_in_pages_that_each_look_at_so_many(tx, monkeypatch):
    monkeypatch.setattr(customers, "LOOKED_AT", 8)
    monkeypatch.setattr(customers, "AT_ONCE", 4)
    who = visit(tx, "Start")
    orders = []
    for n in range(30):
        found = touch(tx, "order" if n % 10 == 0 else "cart")
        orders += [found.hex()] if n % 10 == 0 else []
    seen, before, pages = [], None, 0
    while True:
        page = timeline(tx, who, before, Wanted(frozenset({"order"})))
        seen += [item.id for item in page.items]
        pages += 1
        if page.next is None:
            break
        before = bytes.fromhex(page.next)
    assert seen == orders[::-1]
    assert pages == 4


def test_nothing_asked_for_is_everything():
    assert wanted({}) is None
    assert wanted({"q": "  ", "kind": ",", "channel": ""}) is None


def test_what_lies_in_the_cart_is_shown_when_they_are_away(tx):
    who = visit(tx, "Start")
    subject = panels.subject_of(tx, ANN, who, None)
    assert panels.carts_of(tx, subject) == []
    events.put_cart(
        tx,
        DEVICE,
        who,
        items=[events.CartItem(name="Vase", price=42.0, quantity=2)],
        currency="EUR",
        value=None,
    )
    (cart,) = panels.carts_of(tx, subject)
    assert (cart.value, cart.currency, cart.lines[0].name, cart.visitor) == (
        84.0,
        "EUR",
        "Vase",
        DEVICE.hex(),
    )
