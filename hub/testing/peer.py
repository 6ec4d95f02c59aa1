"""The other side of a channel, as its plugin's tests play it: what customers say there, what reaches them, and every trouble it can make.

`ChannelSuite` knows channels only by what goes in and comes out, so it needs somebody to stand at the far end. Write a `Peer` over a real
server where there is one: a fake agrees with the plugin about everything the plugin's author did not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal

import msgspec

Trouble = Literal["away", "busy", "credentials", "refuses", "lost"]
"""What can happen to what is sent: nobody is there · it asks to come again · it does not let us in · it will never take it · it has
taken it, and its answer never came back."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A customer writes. `key` is what makes a repeat the same; `at` is when they did."""

    key: str
    text: str
    at: datetime
    sender: str = "ann@customers.test"


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What reached a customer. `id`: what the other side knows the message by, the same for a repeat; `files`: name → bytes."""

    text: str
    to: str
    id: str
    files: Mapping[str, bytes] = {}


class Peer:
    """Subclass it; one object serves one test. All methods run on the test's own event loop."""

    troubles: ClassVar[Sequence[Trouble]] = ()
    """Those it can make."""
    dates: ClassVar[bool] = True
    """What is said there carries the time it was said."""
    keys: ClassVar[bool] = True
    """What is said there can come twice under one key."""
    secrets: Sequence[str] = ()
    """Passwords and keys in `settings`, in clear: none of them may be said anywhere."""

    async def open(self, url: str) -> None:
        """Begin. `url` is where the hub answers, for channels that live on it."""

    async def close(self) -> None:
        """End; always called."""

    def settings(self) -> Mapping[str, Any]:
        """The channel's table, without its kind, as it would stand in hub.toml: plain values only."""
        return {}

    async def say(self, said: Said) -> None:
        """A customer writes; it is there when this returns, read or not."""
        raise NotImplementedError

    async def heard(self) -> Sequence[Heard]:
        """Everything that reached customers so far, in order, repeats included."""
        raise NotImplementedError

    async def make(self, trouble: Trouble | None) -> None:
        """From now on this happens to what is sent; None: all is well again."""
        raise NotImplementedError

    async def tell(self, heard: Heard, state: Literal["delivered", "read"]) -> None:
        """What it says later of a message that reached a customer, where the channel declares that it does."""
        raise NotImplementedError
