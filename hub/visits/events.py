"""What happens in a visit besides looking at pages: events, and the cart.

Events are stored once by the hash of who told them and their own id for it, whatever is sent twice. The cart is a state, not a
history: its last word counts, and an older word that arrives late is dropped. Our own pages write here, and so do other trackers.
"""

from hashlib import blake2b
from typing import Any

import msgspec

from hub.store import Read, Tx
from hub.wire import DEEPEST, too_deep

LARGEST = 4_096
"""Bytes of JSON in one event's properties."""
MOST_PER_VISIT = 1_000
"""Events kept of one visit; a page in a loop must not fill the disk."""
MOST_ITEMS = 200

SQL_COUNT = "SELECT count(*) FROM visit_event WHERE visit = :visit"
SQL_ADD = """
INSERT INTO visit_event (origin, visit, name, at, properties) SELECT :origin, id, :name, :at, :properties FROM visit WHERE id = :visit
ON CONFLICT (origin) DO NOTHING"""
SQL_OF_VISIT = "SELECT name, at, properties FROM visit_event WHERE visit = :visit ORDER BY at LIMIT :most"
SQL_CART = """
INSERT INTO cart (visitor, visit, at, currency, value, count, items)
SELECT :visitor, id, :at, :currency, :value, :count, :items FROM visit WHERE id = :visit
ON CONFLICT (visitor) DO UPDATE SET visit = excluded.visit, at = excluded.at, currency = excluded.currency,
value = excluded.value, count = excluded.count, items = excluded.items WHERE excluded.at >= cart.at"""
SQL_CART_OF = "SELECT visit, at, currency, value, count, items FROM cart WHERE visitor = :visitor"


class TooMuch(ValueError):
    """More than a visit may hold, or an event larger than one may be."""


class Event(msgspec.Struct, frozen=True):
    """One event; `at` in UTC microseconds."""

    name: str
    at: int
    properties: dict[str, Any]


class CartItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a cart."""

    name: str
    price: float = 0.0
    quantity: float = 1.0
    sku: str = ""
    url: str = ""


class Cart(msgspec.Struct, frozen=True):
    """What lies in a cart; `value` in `currency` (ISO 4217), `count` pieces."""

    visit: bytes
    at: int
    currency: str
    value: float
    count: int
    items: list[CartItem]


def tell(
    tx: Tx,
    visit: bytes,
    *,
    source: str,
    key: str,
    name: str,
    properties: dict[str, Any],
    at: int | None = None,
) -> bool:
    """Store an event of a visit. `source` and `key` name it for ever; False when it had been told before, or the visit is forgotten.

    Raises TooMuch.
    """
    if too_deep(properties):
        raise TooMuch(f"event {name[:80]!r}: expected properties of at most {DEEPEST} levels")
    body = msgspec.json.encode(properties)
    if len(body) > LARGEST:
        raise TooMuch(f"event {name[:80]!r}: expected at most {LARGEST} bytes of properties, got {len(body)}")
    if is_full(tx, visit):
        raise TooMuch(f"expected at most {MOST_PER_VISIT} events in one visit; begin another, or tell less")
    return add(tx, visit, origin=origin(source, key), name=name, at=at or tx.now, body=body)


def is_full(read: Read, visit: bytes) -> bool:
    """Whether a visit holds as many events as one may."""
    row = read.one(SQL_COUNT, {"visit": visit})
    return row is not None and row[0] >= MOST_PER_VISIT


def add(tx: Tx, visit: bytes, *, origin: bytes, name: str, at: int, body: bytes) -> bool:
    """Write an event, whose properties are JSON in `body`; False when there is one of this origin, or no such visit."""
    values = {"origin": origin, "visit": visit, "name": name, "at": at, "properties": body.decode()}
    return tx.run(SQL_ADD, values) > 0


def origin(source: str, key: str) -> bytes:
    """What makes an event the same event: 16 bytes of the hash of its source and its key there."""
    return blake2b(f"{len(source)}:{source}{key}".encode(), digest_size=16).digest()


def of_visit(read: Read, visit: bytes, most: int = 200) -> list[Event]:
    """Events of a visit, oldest first."""
    found = read.all(SQL_OF_VISIT, {"visit": visit, "most": most})
    return [Event(name, at, msgspec.json.decode(properties)) for name, at, properties in found]


def put_cart(
    tx: Tx,
    visitor: bytes,
    visit: bytes,
    *,
    items: list[CartItem],
    currency: str,
    value: float | None,
    at: int | None = None,
) -> None:
    """What lies in this visitor's cart now, unless something later is known; without a `value` it is what the items cost.

    Raises TooMuch.
    """
    if len(items) > MOST_ITEMS:
        raise TooMuch(f"cart: expected at most {MOST_ITEMS} lines, got {len(items)}")
    if value is None:
        value = sum(item.price * item.quantity for item in items)
    count = round(sum(item.quantity for item in items))
    values = {"visitor": visitor, "visit": visit, "at": at or tx.now, "currency": currency, "value": value}
    tx.run(SQL_CART, {**values, "count": count, "items": msgspec.json.encode(items).decode()})


def cart_of(read: Read, visitor: bytes) -> Cart | None:
    """What lies in this visitor's cart; None for an empty one."""
    cart = last_cart(read, visitor)
    return cart if cart is not None and cart.count else None


def last_cart(read: Read, visitor: bytes) -> Cart | None:
    """The last word about this visitor's cart, empty or not; None when nobody told of one."""
    row = read.one(SQL_CART_OF, {"visitor": visitor})
    if row is None:
        return None
    visit, at, currency, value, count, items = row
    return Cart(visit, at, currency, value, count, msgspec.json.decode(items, type=list[CartItem]))
