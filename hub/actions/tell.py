"""What a page tells of a visit besides where it is: events, the cart, orders.

An order is a touchpoint of its own: it outlives the visit and belongs to the customer. Everything else hangs on the visit.
"""

import datetime as dt
from typing import Any

from hub.actions.arrive import claims_of
from hub.actions.receive import SOCKET, receive
from hub.contract import Touchpoint
from hub.store import Tx
from hub.visits import events
from hub.wire import Refusal
from hub.wire.common import CartLine

ORDER = "order"


def event(
    tx: Tx, site: str, visitor: bytes, visit: bytes, key: str, name: str, properties: dict[str, Any]
) -> bool:
    """Something happened in a visit. False when it had been told before. Refusals: bad_request, rate_limited."""
    if name == ORDER:
        return _order(tx, site, visitor, key, properties)
    try:
        return events.tell(
            tx, visit, source=f"{SOCKET}{visitor.hex()}", key=key, name=name, properties=properties
        )
    except events.TooMuch as error:
        raise Refusal("bad_request", str(error)) from None


def cart(
    tx: Tx, visitor: bytes, visit: bytes, lines: list[CartLine], value: float, currency: str
) -> events.Cart | None:
    """What lies in the cart now. Refusals: bad_request."""
    items = [
        events.CartItem(name=it.name, price=it.price, quantity=it.quantity, sku=it.sku, url=it.url)
        for it in lines
    ]
    try:
        events.put_cart(tx, visitor, visit, items=items, currency=currency, value=value or None)
    except events.TooMuch as error:
        raise Refusal("bad_request", str(error)) from None
    return events.cart_of(tx, visitor)


def _order(tx: Tx, site: str, visitor: bytes, key: str, properties: dict[str, Any]) -> bool:
    """Said by a page, so it proves nothing about payment; the shop's own server says that through the tracking API."""
    number = str(properties.get("id") or key)[:200]
    touchpoint = Touchpoint(
        channel="web",
        kind="order",
        key=f"order:{visitor.hex()}:{number}",
        occurred_at=dt.datetime.fromtimestamp(tx.now / 1_000_000, dt.UTC),
        site=site,
        claims=claims_of(tx, visitor),
        payload={**properties, "id": number},
    )
    try:
        return receive(tx, SOCKET + site, touchpoint).fresh
    except ValueError as error:
        raise Refusal("bad_request", str(error)) from None
