"""What shops tell under the names that everybody uses, read into orders and carts.

The names are those of the common e-commerce vocabulary ("Order Completed", "Product Added" …), compared without case; amounts come
as numbers or as text. What is not among them stays an event with its properties.
"""

import math
from typing import Any, Literal

import msgspec

from hub.tracking.event import Event

MOST_ITEMS = 100


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a cart or an order. `price` of one piece, in the cart's currency."""

    name: str
    sku: str = ""
    price: float = 0.0
    quantity: float = 1.0


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A finished order. Its id is the shop's: told twice, by page and server, it is one order."""

    id: str
    value: float
    currency: str
    items: tuple[Item, ...]


class CartChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an event does to the cart: `set` all of it, `add` or `remove` items, `empty` it. `value` when the shop says it itself."""

    change: Literal["set", "add", "remove", "empty"]
    items: tuple[Item, ...] = ()
    currency: str = ""
    value: float | None = None


_WHOLE = ("cart viewed", "checkout started")


def order_of(event: Event) -> Order | None:
    """The order that the event says was placed; None for any other event, and for an order without an id."""
    number = event.properties.get("order_id") or event.properties.get("orderId")
    if event.name.casefold() not in ("order completed", "order placed") or isinstance(number, bool):
        return None
    if not isinstance(number, str | int) or not str(number).strip() or len(str(number)) > 200:
        return None
    items = _items(event.products)
    value = _first(event.properties, "total", "revenue", "value")
    return Order(
        id=str(number).strip(),
        value=sum(item.price * item.quantity for item in items) if value is None else value,
        currency=_currency(event.properties),
        items=items,
    )


def cart_change(event: Event) -> CartChange | None:
    """What the event does to the cart; None when nothing."""
    name, told = event.name.casefold(), event.properties
    if name == "product added":
        return CartChange(change="add", items=_items([told]), currency=_currency(told))
    if name == "product removed":
        return CartChange(change="remove", items=_items([told]))
    if name in ("order completed", "order placed"):
        return CartChange(change="empty")
    if name in _WHOLE and event.products:
        return CartChange(
            change="set",
            items=_items(event.products),
            currency=_currency(told),
            value=_first(told, "value", "total"),
        )
    return None


def _items(products: list[dict[str, Any]]) -> tuple[Item, ...]:
    found = []
    for product in products[:MOST_ITEMS]:
        sku = _word(product.get("sku")) or _word(product.get("product_id")) or _word(product.get("id"))
        name = _word(product.get("name")) or sku
        if name:
            quantity = amount(product.get("quantity"))
            price = amount(product.get("price")) or 0.0
            found.append(
                Item(name=name, sku=sku, price=price, quantity=1.0 if quantity is None else quantity)
            )
    return tuple(found)


def amount(value: Any) -> float | None:
    """An amount of money or things: a number, or text that is one. None for all else, and for what no shop sells."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value if not isinstance(value, str) else value[:40].strip())
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0 <= number < 1e12 else None


def _first(told: dict[str, Any], *names: str) -> float | None:
    return next((number for name in names if (number := amount(told.get(name))) is not None), None)


def _currency(told: dict[str, Any]) -> str:
    code = _word(told.get("currency")).upper()
    return code if len(code) == 3 and code.isalpha() and code.isascii() else ""


def _word(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:200]
    return value.replace("\0", "").strip()[:200] if isinstance(value, str) else ""
