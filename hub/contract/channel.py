"""Channel: a kind of path to customers. A plugin subclasses it; the hub makes one object per connection.

`run` receives and `deliver` sends; both live on their connection's own event loop, never on the hub's. A channel that
only receives leaves `deliver` alone, one that only sends leaves `run` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal

import msgspec

from hub.contract.context import Context
from hub.contract.documents import DocumentKind
from hub.contract.errors import Rejected
from hub.contract.settings import Settings


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side can tell and take. *sent* is always known; the rest is only shown where it is true."""

    delivered: bool = False
    """It says when a message has arrived."""
    read: bool = False
    """It says when a message has been read."""
    max_length: int | None = None
    """Characters in one message; None when the other side sets no limit."""
    reply_window: float | None = None
    """Seconds after the customer's last word in which the other side takes a reply; None when it always does.
    A message that could not be sent by then has failed, and is shown as that."""
    drops_repeats: bool = False
    """The other side drops a message whose id it has seen. Without it, one of which nobody knows whether it arrived
    is repeated at most once."""
    seconds: float = 0.0
    """How long one delivery may take where that is more than the hub's usual half a minute: files over a slow line."""
    addresses: str = ""
    """The kind of identifier its addresses are (`email`, `phone` …), where it can write to somebody who has not written first.
    Empty: it only answers."""
    subjects: bool = False
    """Messages have a subject."""
    files: int = 0
    """Bytes of files one message can carry, as they are; 0 when it carries none."""


class OutgoingFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to send along, of a type that the hub has found in its bytes."""

    name: str
    type: str
    body: bytes


class OutgoingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message to send. `id` never changes over attempts: give it to the other side to make a repeat harmless."""

    id: str
    conversation: str
    address: str
    """The counterpart's address in this channel: a number, a mailbox, a handle."""
    text: str
    author: str = ""
    """The name customers may see; empty for the business itself."""
    at: datetime
    kind: str = "text"
    attempt: int = 1
    """1 for the first attempt. From 2 on, an earlier attempt may have got through."""
    subject: str = ""
    """The conversation's, where the channel has subjects; without any `Re:`."""
    files: tuple[OutgoingFile, ...] = ()
    follows: tuple[str, ...] = ()
    """What the messages of this thread are called in the channel, the oldest first: what it answers is the last."""
    quoted: str = ""
    """What the customer said last, to be repeated below where that is the custom."""
    automatic: bool = False
    """The hub itself says it, no person: to be marked as that, and never to be answered by machines."""
    language: str = ""
    """BCP 47: the customer's, as far as it is known."""
    name: str = ""
    """The customer's name, for the address line."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The other side's answer: how far the message came, and its id over there, if it has one.

    `failed`, with `why` in a sentence, only comes later (`context.receipt`): a bounce. `deliver` raises `Rejected` instead.
    """

    state: Literal["sent", "delivered", "read", "failed"] = "sent"
    external_id: str | None = None
    why: str = ""


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """What came in and could not be read, as `context.set_aside` was given it."""

    key: str
    raw: bytes
    why: str


class Channel:
    """Subclass this and register the class in `hub_register_channels`.

    The object is made without arguments, once per connection, on the connection's event loop; again when an admin
    has it begin anew.
    """

    kind: ClassVar[str]
    """Unique among all plugins: lower-case letters, digits and _."""
    settings: ClassVar[type[Settings]] = Settings
    """The shape of `[channels.NAME]` in hub.toml, without `kind` and `enabled`."""
    capabilities: ClassVar[Capabilities] = Capabilities()
    weighs: ClassVar[Literal["call", "chat", "mail"]] = "chat"
    """What one conversation of it asks of an operator: all of their attention while it lasts, a part of it, or some when
    there is time. Limits count by it, and page features of a channel of calls are offered only while a call can be taken."""
    documents: ClassVar[Sequence[DocumentKind]] = ()
    """Kinds of documents whose shape has changed since a first release."""

    async def run(self, context: Context) -> None:
        """Receive until cancelled, awaiting `context.report(…)` for each touchpoint.

        Started once per connection and started again after `NotReady` (with growing pauses) or a bug (five in a
        row, then it rests). Returning means there is nothing to receive. Cancelled at shutdown, with five
        seconds to tidy up.
        """

    async def deliver(self, message: OutgoingMessage, context: Context) -> Receipt:
        """Send one message within the deadline and return the other side's answer.

        Messages of one leg come one after another, in order. Raise `NotReady` to be asked again, `Rejected` when
        it can never be sent, `AuthFailed` when an operator must reconnect.
        """
        raise Rejected(f"the {self.kind} channel does not send messages")

    async def knock(self, settings: Any) -> str:
        """Try whether the other side lets us in with these settings, and change nothing there: `hub check --connect`, without a hub.

        Return what was found in a sentence; raise as `run` does. Empty: there is nothing to try.
        """
        return ""

    async def again(self, aside: Aside, context: Context) -> None:
        """An operator has what was set aside read once more: report it, and it is off the list when this returns.

        Call `context.set_aside` with the same key when it cannot be read now either, or raise `Rejected` with the reason.
        Deadline: that of `deliver`.
        """
        raise Rejected(f"the {self.kind} channel does not read again what it has set aside")
