"""Calling a plugin's code so that it can fail alone: in a thread of its own, with a deadline, whatever it raises.

Python cannot stop a thread. One that misses its deadline is left behind as a daemon: it can waste a core, which is
seen in the plugin's health, but neither delays the start nor blocks the exit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from hub.registry.health import sentence_of, traceback_of

_T = TypeVar("_T")


class PluginFailure(Exception):
    """A plugin could not be loaded or did not register; `why` is one sentence, `traceback` may be empty."""

    def __init__(self, why: str, traceback: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.traceback = traceback


def alone(call: Callable[[], _T], *, doing: str, deadline: float) -> _T:
    """Run `call` and return its result, or raise PluginFailure. `doing` completes "it failed while …"."""
    results: list[_T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # SystemExit at import is a plugin's bug, not our exit
            failures.append(error)

    thread = threading.Thread(target=run, name=f"plugin {doing}", daemon=True)
    thread.start()
    thread.join(deadline)
    if failures:
        if isinstance(failures[0], PluginFailure):
            raise failures[0]
        raise PluginFailure(f"it failed while {doing}: {sentence_of(failures[0])}", traceback_of(failures[0]))
    if not results:
        raise PluginFailure(f"it was not done {doing} after {deadline:g} seconds")
    return results[0]
