"""Touchpoint: one contact as a channel reported it, and the message it may carry.

Immutable, and safe to report twice: `key` is the channel's own idempotency key (a Message-ID, a row id, a hash of the row), unique
within one connection. The hub derives the touch id from the time and the key alone, so a replay, in any order, changes nothing.
"""

import datetime as dt
from typing import Any, Literal

import msgspec

from hub.contract.identifiers import AttributeClaim, Claim


class IncomingFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a message. The hub looks at the bytes to know what it is; `type` and `name` are only what was said."""

    name: str
    body: bytes
    type: str = "application/octet-stream"
    content_id: str = ""
    """What `cid:` addresses in the message's HTML call it, without the angle brackets; empty when nothing does."""


class IncomingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer said. `kind` is text, form, call …; `data` is what that kind needs besides the text (form fields, …).

    `client_id` is the sender's own id of the message where the channel has one; a resend with the same id is stored once. With `ours`:
    the `OutgoingMessage.id` of which this is the channel's own copy, when the channel can tell; such a copy is not stored again.
    What a channel does not have stays empty.
    """

    text: str
    kind: str = "text"
    client_id: str | None = None
    data: dict[str, Any] = {}
    subject: str = ""
    html: str = ""
    """The message as HTML, as it came: the hub cleans it and shows it in a frame without scripts. `text` is what counts."""
    quoted: str = ""
    """What it repeats of earlier messages, cut from `text`; shown on request."""
    files: tuple[IncomingFile, ...] = ()
    to: tuple[str, ...] = ()
    """Addresses of the business it was sent to."""
    refs: tuple[str, ...] = ()
    """What this message is called in the channel (a Message-ID), so that a later one can follow it."""
    follows: tuple[str, ...] = ()
    """What the messages are called that it says it follows, the nearest first. A claim: it never joins two customers."""
    answers: tuple[str, ...] = ()
    """`OutgoingMessage.id`s of ours that it answers, the nearest first, where the channel can prove it (a signed id)."""
    automatic: Literal["", "reply", "bulk", "bounce"] = ""
    """Not written by a person: an out-of-office answer, a newsletter or list, a report of a failed delivery.
    It alarms nobody, opens nothing again, and is never answered by the hub itself."""
    ours: bool = False
    """The business said it, outside of the hub (its Sent folder): shown as an answer, by `author`."""
    author: str = ""
    """With `ours`: who of the business wrote it."""


class Touchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One contact with a customer.

    - `channel`: the kind of the channel that reports it; `kind`: what it was: visit, chat, mail, call, order, import, record …
    - `key`: idempotency key, unique within the connection, 1 to 500 characters.
    - `occurred_at`: an aware datetime, when it happened there (not when it was fetched).
    - `claims`, `attributes`: who the source says this is, and what else it says about that person.
    - `message`: set when the contact says something that belongs into a conversation.
    - `thread`: the counterpart's address or thread in this channel; messages with the same thread go into the same leg.
    - `site`: the key of the site it concerns, where there is one.
    - `region`: the country (DE, US …) whose way of writing phone numbers the claims follow, if it is not the site's.
    - `payload`: anything else worth showing, as JSON (strings, numbers, lists, objects).

    Raises ValueError when `occurred_at` has no time zone.
    """

    channel: str
    key: str
    occurred_at: dt.datetime
    kind: str
    claims: tuple[Claim, ...] = ()
    attributes: tuple[AttributeClaim, ...] = ()
    message: IncomingMessage | None = None
    thread: str | None = None
    site: str | None = None
    region: str | None = None
    payload: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError(
                f"Touchpoint.occurred_at: expected an aware datetime, got {self.occurred_at.isoformat()} without a zone; "
                "pass one with tzinfo, for instance datetime.now(UTC)"
            )
