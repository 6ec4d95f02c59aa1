"""Write what existing analytics libraries told: each event once, where it belongs.

    page, screen            a page view in the visit its time falls into; without a browser, a touchpoint
    track                   an event in that visit; without one, a touchpoint of kind `event`
      … an order with an id a touchpoint of kind `order`: the same order from page and server is one
      … a cart              the visitor's cart
    identify, group, alias  a touchpoint of that kind, with its claims

One call writes as many events of a request as fit into a slice of the background lane; the caller comes back with the rest. Whether an
event has been told before is asked before anything is done for it, so a batch that is sent again changes nothing.
"""

import datetime as dt
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import msgspec

from hub import ids
from hub.actions.receive import receive
from hub.contract import Claim, Level, Touchpoint
from hub.store import Tx
from hub.tracking import (
    CartChange,
    Event,
    Item,
    Order,
    Trust,
    attributes_of,
    cart_change,
    claims_of,
    order_of,
)
from hub.tracking.people import device_of
from hub.visits import events, reported
from hub.visits.events import CartItem
from hub.visits.track import Origin

SQL_TOLD = "SELECT 1 FROM touchpoint WHERE origin = ?"

CHANNEL = "tracking"
SLICE = 0.004
"""Seconds of writing at a stretch. A chat message may have to wait for it, so it is less than the lane would allow."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where events came from: the connection and its site, the trust of their key, the sender's address cut short."""

    connection: str
    site: str
    trust: Trust
    network: str = ""


def track(tx: Tx, source: Source, told: Sequence[Event], start: int = 0) -> int:
    """Write events from `start` on until the slice is used up. Returns where to go on: `len(told)` when all are written.

    Raises ValueError for an event that cannot be accepted; nothing of this slice is stored then.
    """
    ends = perf_counter() + SLICE
    for n in range(start, len(told)):
        _write(tx, source, told[n])
        if perf_counter() > ends:
            return n + 1
    return len(told)


def _write(tx: Tx, source: Source, event: Event) -> None:
    if event.call in ("page", "screen"):
        _page(tx, source, event)
    elif event.call == "track":
        _track(tx, source, event)
    else:
        _say(tx, source, event, event.call, _said_of(event))


def _page(tx: Tx, source: Source, event: Event) -> None:
    origin = reported.origin(source.connection, event.message_id)
    if not event.anonymous_id:
        _say(tx, source, event, "event", {"name": f"{event.call} viewed", **_where(event)})
    elif not reported.page_seen(tx, origin):
        _, visit = _visit(tx, source, event)
        reported.page(tx, visit, origin=origin, url=event.url, title=event.title or event.name, at=event.at)


def _track(tx: Tx, source: Source, event: Event) -> None:
    """An event that belongs to a visit is known by its origin, one that does not by its touchpoint's key."""
    origin = reported.origin(source.connection, event.message_id)
    if reported.event_seen(tx, origin):
        return
    found = _known_visit(tx, source, event) if event.anonymous_id else None
    if found is not None and _told(tx, source.connection, f"message:{event.message_id}"):
        return  # when it came first, it fell into no visit
    if found is None and event.anonymous_id and event.from_page:
        found = _visit(tx, source, event)
    if (order := order_of(event)) is not None:
        _say(tx, source, event, "order", _order(order), key=f"order:{order.id}")
    elif found is None:
        _say(tx, source, event, "event", {"name": event.name, "properties": event.properties})
    if found is not None:
        visitor, visit = found
        reported.event(tx, visit, origin=origin, name=event.name, at=event.at, properties=event.properties)
        if (change := cart_change(event)) is not None:
            _change_cart(tx, visitor, visit, event.at, change)


def _told(tx: Tx, connection: str, key: str) -> bool:
    return tx.one(SQL_TOLD, (ids.touch_id(0, connection, key)[6:],)) is not None


def _known_visit(tx: Tx, source: Source, event: Event) -> tuple[bytes, bytes] | None:
    visitor = reported.visitor_id(source.connection, event.anonymous_id)
    visit = reported.visit_at(tx, visitor, event.at)
    return None if visit is None else (visitor, visit)


def _visit(tx: Tx, source: Source, event: Event) -> tuple[bytes, bytes]:
    """The visitor, and the visit that the event falls into; begun if there is none."""
    visitor = reported.visitor_id(source.connection, event.anonymous_id)
    if (visit := reported.visit_at(tx, visitor, event.at)) is not None:
        return visitor, visit
    reported.know_browser(tx, visitor, source.site, event.at)
    browser = device_of(source.connection, event.anonymous_id)
    # The browser and the visit, and nobody's name: who sits there is said by other calls.
    claims = (
        Claim(kind="session", value=f"{browser}:{event.at}", level=Level.OBSERVED),
        Claim(kind="device", value=browser, level=Level.OBSERVED),
    )
    touchpoint = Touchpoint(
        channel=CHANNEL,
        kind="visit",
        key=f"visit:{visitor.hex()}:{event.at}",
        occurred_at=_aware(event.at),
        site=source.site,
        claims=claims,
        payload=_where(event),
    )
    touch = receive(tx, source.connection, touchpoint).touch
    beginning = _beginning(source, event)
    reported.begin(tx, visit=touch, visitor=visitor, site=source.site, at=event.at, beginning=beginning)
    return visitor, touch


def _beginning(source: Source, event: Event) -> Origin:
    return Origin(
        referrer=event.referrer,
        language=event.language,
        zone=event.zone,
        device=event.device,
        source=event.campaign.get("source", ""),
        medium=event.campaign.get("medium", ""),
        campaign=event.campaign.get("name", ""),
        network=source.network,
    )


def _say(
    tx: Tx, source: Source, event: Event, kind: str, payload: dict[str, Any], *, key: str | None = None
) -> None:
    attributes = attributes_of(event, source.trust) if event.call in ("identify", "group") else ()
    touchpoint = Touchpoint(
        channel=CHANNEL,
        kind=kind,
        key=key or f"message:{event.message_id}",
        occurred_at=_aware(event.at),
        site=source.site,
        claims=claims_of(event, source.connection, source.trust),
        attributes=attributes,
        payload=payload,
    )
    receive(tx, source.connection, touchpoint)


def _said_of(event: Event) -> dict[str, Any]:
    if event.call == "group":
        return {"group": event.group_id, **({"name": name} if (name := event.traits.get("name")) else {})}
    return {"previous": event.previous_id} if event.call == "alias" else {}


def _where(event: Event) -> dict[str, str]:
    said = {"url": event.url, "title": event.title or event.name, "referrer": event.referrer}
    return {word: text for word, text in said.items() if text}


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "value": order.value,
        "currency": order.currency,
        "items": [msgspec.to_builtins(item) for item in order.items],
    }


def _change_cart(tx: Tx, visitor: bytes, visit: bytes, at: int, change: CartChange) -> None:
    before = events.last_cart(tx, visitor)
    if before is not None and at < before.at:
        return
    items = [] if before is None or change.change in ("set", "empty") else before.items
    for item in change.items:
        items = _with(items, item, -1 if change.change == "remove" else 1)
    currency = change.currency or (before.currency if before else "")
    events.put_cart(tx, visitor, visit, at=at, currency=currency, items=items[:100], value=change.value)


def _with(items: list[CartItem], item: Item, sign: int) -> list[CartItem]:
    """The cart with so many pieces more or fewer; a line without pieces goes."""
    line = next((it for it in items if (it.sku or it.name) == (item.sku or item.name)), None)
    if line is None:
        return [*items, CartItem(**msgspec.structs.asdict(item))] if sign > 0 else items
    changed = msgspec.structs.replace(line, quantity=line.quantity + sign * item.quantity)
    return [changed if it is line else it for it in items if it is not line or changed.quantity > 0]


def _aware(micros: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(micros / 1_000_000, dt.UTC)
