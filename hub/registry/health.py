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

    what: Literal["plugin", "connection", "webhook"]
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


class Told(Exception):
    """Trouble of a plugin's, put into words where it happened: nothing of the plugin's runs when it is read."""

    def __init__(self, sentence: str, traceback: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.traceback = sentence, traceback


def traceback_of(error: BaseException) -> str:
    """The traceback as text, its end kept when it is long. Never raises."""
    if isinstance(error, Told):
        return error.traceback
    try:
        return "".join(tb.format_exception(error))[-MAX_TRACEBACK:]
    except BaseException:  # whatever a plugin has put into its exception
        return ""


def sentence_of(error: BaseException) -> str:
    """One line that names the error: `ValueError: bad port`. Never raises."""
    if isinstance(error, Told):
        return error.sentence
    kind = type(error).__name__
    try:
        text = " ".join(str(error).split())[:500]
    except BaseException as worse:  # its `__str__` is the plugin's as well
        return f"{kind}, whose text cannot be read: {type(worse).__name__}"
    return f"{kind}: {text}" if text else kind
