"""One event, read: what happened, to whom, when, on which page.

Everything optional is read softly: a field of the wrong type counts as absent, because libraries differ and a shop's own code fills in the
rest. What cannot be missing is a call we know, somebody it is about, and a size that can be kept.

The time is the sender's, corrected by how wrong its clock is: `sentAt` was written by the same clock a moment before we received it. A
difference of a few seconds is the way here and not the clock, so it is left alone; a resend then has the same times.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from hub.tracking.body import mended
from hub.wire import too_deep

CALLS: Mapping[str, str] = MappingProxyType(
    {
        "track": "track", "t": "track", "page": "page", "p": "page", "screen": "screen", "s": "screen",
        "identify": "identify", "i": "identify", "group": "group", "g": "group", "alias": "alias", "a": "alias",
    }
)  # fmt: skip
"""The calls, by their long and short names in addresses."""

LARGEST_EVENT = 32 * 1024
"""Bytes of one event, as the libraries' own limit."""
LARGEST_PROPERTIES = 4 * 1024
"""Bytes of JSON kept of an event's properties."""
LONGEST_ID = 255
SAME_CLOCK = 5_000_000
"""Microseconds by which two clocks may differ and still count as one."""
EARLIEST = 946_684_800_000_000
"""The year 2000 in microseconds: an earlier time is a mistake of its sender."""


class Refused(ValueError):
    """One event cannot be taken; the sentence is for whoever runs the shop."""

    def __init__(self, why: str, call: str = "", message_id: str = "") -> None:
        super().__init__(why)
        self.call, self.message_id = call, message_id


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is understood. Texts are cut to what can be kept; `at` is in UTC microseconds, never later than received."""

    call: str
    message_id: str
    user_id: str = ""
    anonymous_id: str = ""
    previous_id: str = ""
    group_id: str = ""
    name: str = ""
    at: int
    traits: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    """Without `products`, and no more of them than can be kept."""
    products: list[dict[str, Any]] = []
    url: str = ""
    title: str = ""
    referrer: str = ""
    language: str = ""
    zone: str = ""
    device: str = ""
    campaign: dict[str, str] = {}
    consent: bool | None = None
    """What the page says of the visitor's consent; None when it says nothing."""
    from_page: bool = False
    """It happened in a browser or an app, and not on a server."""


class _Sent(msgspec.Struct):
    """The fields we look at. All soft: `_event` decides what a wrong type means."""

    type: Any = None
    messageId: Any = None  # noqa: N815
    userId: Any = None  # noqa: N815
    anonymousId: Any = None  # noqa: N815
    previousId: Any = None  # noqa: N815
    groupId: Any = None  # noqa: N815
    event: Any = None
    name: Any = None
    channel: Any = None
    timestamp: Any = None
    originalTimestamp: Any = None  # noqa: N815
    sentAt: Any = None  # noqa: N815
    traits: Any = None
    properties: Any = None
    context: Any = None


_decode = msgspec.json.Decoder(_Sent).decode
_time = msgspec.json.Decoder(dt.datetime)


def read_event(came: Any, *, call: str = "", sent_at: Any = None, received: int) -> Event:
    """One event of a body, or the one an address names the `call` of. `received` in UTC microseconds. Raises Refused."""
    if isinstance(came, msgspec.Raw):
        sent = _parsed(bytes(came))
    elif isinstance(came, dict):
        sent = msgspec.convert(came, _Sent)
    else:
        raise Refused(f"expected an event (an object), got {type(came).__name__}")
    called = call or CALLS.get(_text(sent.type, 20), "")
    message_id = _id(sent.messageId)
    try:
        return _event(sent, called, message_id, sent_at, received)
    except Refused as refused:
        refused.call, refused.message_id = called, message_id
        raise


def _parsed(raw: bytes) -> _Sent:
    if len(raw) > LARGEST_EVENT:
        raise Refused(f"expected an event of at most {LARGEST_EVENT} bytes, got {len(raw)}")
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        read = mended(raw, lambda error: Refused(f"expected JSON: {error}"))
    if not isinstance(read, dict):
        raise Refused(f"expected an event (an object), got {type(read).__name__}")
    return msgspec.convert(read, _Sent)


def _event(sent: _Sent, call: str, message_id: str, sent_at: Any, received: int) -> Event:
    if not call:
        raise Refused(
            f"type: expected track, page, screen, identify, group or alias, got {_shown(sent.type)}"
        )
    if not message_id:
        raise Refused("messageId: missing; without it an event that is sent again would count twice")
    user, anonymous, previous = _id(sent.userId), _id(sent.anonymousId), _id(sent.previousId)
    if not user and not anonymous:
        raise Refused(f"userId, anonymousId: expected one of them, of at most {LONGEST_ID} characters")
    name = _text(sent.event, 200) if call == "track" else _text(sent.name, 200)
    if call == "track" and not name:
        raise Refused("event: expected the name of what happened")
    if call == "alias" and not previous:
        raise Refused("previousId: expected who this was before")
    context = _table(sent.context)
    properties = _table(sent.properties)
    page = _table(context.get("page"))
    return Event(
        call=call,
        message_id=message_id,
        user_id=user,
        anonymous_id=anonymous,
        previous_id=previous,
        group_id=_id(sent.groupId),
        name=name,
        at=_moment(sent, sent_at, received),
        traits=_traits(sent, call, context),
        properties=_kept(properties),
        products=_products(properties),
        url=_address(properties.get("url")) or _address(page.get("url")),
        title=_text(properties.get("title"), 500) or _text(page.get("title"), 500),
        referrer=_address(properties.get("referrer")) or _address(page.get("referrer")),
        language=_text(context.get("locale"), 35),
        zone=_text(context.get("timezone"), 64),
        device=_device(context),
        campaign=_campaign(context),
        consent=_consent(context),
        from_page=_from_page(sent, context),
    )


def _moment(sent: _Sent, sent_at: Any, received: int) -> int:
    claimed = micros(sent.originalTimestamp) or micros(sent.timestamp)
    if claimed is None:
        return received
    left = micros(sent.sentAt) or micros(sent_at)
    if left is not None and abs(received - left) > SAME_CLOCK:
        claimed += received - left
    return min(max(claimed, EARLIEST), received)


def micros(value: Any) -> int | None:
    """A time as the libraries write it, in UTC microseconds; None for anything that is none. Without a zone it is UTC."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = _time.decode(msgspec.json.encode(value.replace(" ", "T", 1)))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return round(moment.timestamp() * 1_000_000)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return None


def _from_page(sent: _Sent, context: dict[str, Any]) -> bool:
    """Servers send page calls too; a page or an app says where it ran."""
    if sent.channel == "server":
        return False
    return sent.channel in ("web", "browser", "client", "mobile", "app") or any(
        isinstance(context.get(said), dict) and context[said] for said in ("page", "screen", "app")
    )


def _device(context: dict[str, Any]) -> str:
    agent = _text(context.get("userAgent"), 1000)
    told = context.get("userAgentData")
    mobile = isinstance(told, dict) and told.get("mobile") is True
    if "iPad" in agent or "Tablet" in agent or ("Android" in agent and "Mobile" not in agent):
        return "tablet"
    return "phone" if mobile or "Mobile" in agent else "desktop" if agent or told else ""


def _campaign(context: dict[str, Any]) -> dict[str, str]:
    told = _table(context.get("campaign"))
    found = {word: _text(told.get(word), 200) for word in ("source", "medium", "name")}
    return {word: text for word, text in found.items() if text}


def _consent(context: dict[str, Any]) -> bool | None:
    """True when some purpose has been agreed to, in either of the two shapes that libraries use."""
    preferences = _table(_table(context.get("consent")).get("categoryPreferences"))
    if preferences:
        return any(value is True for value in preferences.values())
    management = _table(context.get("consentManagement"))
    if "allowedConsentIds" in management:
        return bool(management["allowedConsentIds"])
    return None


def _traits(sent: _Sent, call: str, context: dict[str, Any]) -> dict[str, Any]:
    """Of the calls that are about traits. One family of libraries puts a person's beside the event, the other into its context; both
    repeat a person's with every other call, which says nothing new."""
    if call == "identify":
        return _table(sent.traits) or _table(context.get("traits"))
    return _table(sent.traits) if call == "group" else {}


def _products(properties: dict[str, Any]) -> list[dict[str, Any]]:
    told = properties.get("products")
    return [product for product in told if isinstance(product, dict)] if isinstance(told, list) else []


def _kept(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties, or as many of them as can be kept, in the sender's order."""
    plain = {key: value for key, value in properties.items() if key != "products" and not too_deep(value)}
    if len(msgspec.json.encode(plain)) <= LARGEST_PROPERTIES:
        return plain
    kept: dict[str, Any] = {}
    left = LARGEST_PROPERTIES - 2
    for key, value in plain.items():
        cost = len(msgspec.json.encode({key: value}))
        if cost <= left:
            kept[key] = value
            left -= cost
    return kept


def _address(value: Any) -> str:
    text = _text(value, 2000)
    return text if text.startswith(("https://", "http://")) else ""


def _id(value: Any) -> str:
    """An id as text; a number is one too. Too long, or with control characters, is none: cut short it would be somebody else's."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST_ID:
        return ""
    return value.strip()


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        return ""
    text = value[: most * 2].replace("\0", "").strip()
    return text[:most]


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown(value: Any) -> str:
    return repr(value)[:60]
