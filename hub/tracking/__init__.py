"""The tracking stage: what existing analytics libraries post, read into facts. Pure: bytes in, values out.

body.py     a request's bytes → events as they came, whatever the content type says; caps on both sizes
event.py    one of them → an Event, or a sentence why not; its time corrected by the sender's own clock
people.py   who an event claims to be about, and at which level, by the key it came with
shop.py     the well-known names of commerce events → orders and carts

Nothing here knows HTTP, the database or a vendor's library; `actions/track.py` writes what is read here.
"""

from hub.tracking.body import MOST_EVENTS, Body, Unreadable, limits_of, read_body
from hub.tracking.event import CALLS, Event, Refused, read_event
from hub.tracking.people import Trust, attributes_of, claims_of, device_of
from hub.tracking.shop import CartChange, Item, Order, cart_change, order_of

__all__ = [
    "CALLS",
    "MOST_EVENTS",
    "Body",
    "CartChange",
    "Event",
    "Item",
    "Order",
    "Refused",
    "Trust",
    "Unreadable",
    "attributes_of",
    "cart_change",
    "claims_of",
    "device_of",
    "limits_of",
    "order_of",
    "read_body",
    "read_event",
]
