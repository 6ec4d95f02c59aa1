"""How a plugin or a connection is, and why: what the console and `hub plugins` show.

found         installed, and switched off or not in use
enabled       loaded; for a connection: about to start
healthy       doing its work
waiting       the other side is not ready; tried again by itself
reconnect     the other side refuses our credentials; an operator must act
failed        a bug, a refusal or a mistake in its settings; `why` and `traceback` say which
"""

from __future__ import annotations

import traceback as tb
from typing import Literal

import msgspec

State = Literal["found", "enabled", "healthy", "waiting", "reconnect", "failed"]

MAX_TRACEBACK = 8000


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is in UTC microseconds: when it came into this state. `failures` counts those in a row."""

    what: Literal["plugin", "connection"]
    name: str
    state: State
    since: int
    why: str = ""
    traceback: str = ""
    failures: int = 0
    plugin: str = ""
    """For a connection: the name of the plugin that supplies its channel."""

    @property
    def well(self) -> bool:
        """Whether nobody needs to look."""
        return self.state in ("found", "enabled", "healthy")


def traceback_of(error: BaseException) -> str:
    """The traceback as text, its end kept when it is long."""
    return "".join(tb.format_exception(error))[-MAX_TRACEBACK:]


def sentence_of(error: BaseException) -> str:
    """One line that names the error: `ValueError: bad port`."""
    text = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
