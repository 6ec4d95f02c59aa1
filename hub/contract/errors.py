"""Exceptions as instructions: what a plugin raises tells the hub what to do next.

    HubError
    ├── NotReady      the other side is away or busy: try again, with growing pauses
    ├── AuthFailed    the other side refuses our credentials: stop, ask an operator to reconnect
    └── Rejected      the other side will never take this: do not try again, show why

Everything else a plugin raises is a bug of the plugin. It is kept with its traceback in the plugin's health,
tried again a few times, and then left alone until somebody looks. `why` is shown to operators, so it names the
thing that failed and never contains a secret.
"""

from __future__ import annotations


class HubError(Exception):
    """The root of the tree; raise one of the three below."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotReady(HubError):
    """The other side cannot answer now. `retry_after` is in seconds, when the other side named a pause.

    `doubtful`, from `deliver`: the message was handed over whole, and the line ended before the answer. Nobody knows whether it
    arrived, so it goes out once more at most (but see `Capabilities.drops_repeats`), and then waits for an operator to look.
    """

    def __init__(self, why: str, *, retry_after: float | None = None, doubtful: bool = False) -> None:
        super().__init__(why)
        self.retry_after = retry_after
        self.doubtful = doubtful


class AuthFailed(HubError):
    """The other side refuses our credentials; nothing is tried again before an operator has reconnected."""


class Rejected(HubError):
    """The other side will never accept this one; it is not tried again."""
