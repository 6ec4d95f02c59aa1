"""What the runners need from the rest of the hub, as callables: they know neither the web nor the inside of actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from hub.contract import Frame, Known, OutgoingMessage, Put, Receipt, Visitor
from hub.media import Attachment, Kept
from hub.outbox import Due
from hub.registry import Health
from hub.store import Read, Tx

Receive = Callable[..., Any]
"""The action `receive(tx, connection, touchpoint, puts, subjects=…, came=…)`; run by the store. ValueError means: not acceptable.
With something that came besides the words its answer says whether it was `used`."""

TakeReceipt = Callable[[Tx, str, bytes, Receipt], bool]
"""What a connection says later of a message it has sent. False when it has sent no such message."""

SetAside = Callable[[Tx, str, str, bytes, str, Sequence[Put]], object]
"""Keeps what a connection could not read: key, raw, why; with its documents."""

Compose = Callable[[Read, Due], OutgoingMessage | None]
"""Reads the message a delivery points at; None when it is there no longer. Raises `outbox.Needless` when it need not leave."""

ToVisitor = Callable[[str, Frame], None]
"""Hands a volatile frame to a visitor's open pages; on the core's event loop, never blocks."""

GetKnown = Callable[[Read, str, Visitor | str], tuple[Known, ...]]
"""What the customer of a thread of a connection, or of a page, has volunteered anywhere."""

OnHealth = Callable[[Health], None]
"""Told of each change of a connection's health; on the core's event loop."""


Attached = Callable[[Read, Due], Sequence[Attachment]]
"""Reads which files a message takes along."""


def no_files(_read: Read, _due: Due) -> Sequence[Attachment]:
    """For whoever sends none."""
    return ()


class Files(Protocol):
    """Where files are kept: on the core's event loop."""

    async def take(self, body: bytes, name: str) -> Kept:
        """Look at a file and keep it. Refusals: bad_file, too_large, unavailable."""

    async def drop(self, ids: list[bytes]) -> None:
        """Delete files that no message has."""

    async def read(self, attachment: bytes) -> bytes | None:
        """The bytes of a file; None when it is gone."""


class FrameRefused(Exception):
    """A frame that a plugin does not get. `code` is stable: unknown_feature, bad_frame, rate_limited, unavailable."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """The callables together."""

    receive: Receive
    receipt: TakeReceipt
    set_aside: SetAside
    files: Callable[[], Files]
    compose: Compose
    known: GetKnown
    attached: Attached = no_files
    to_visitor: ToVisitor
    on_health: OnHealth
    clock: Callable[[], int]
