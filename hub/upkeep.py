"""What the hub watches of the ground it stands on while it runs, and tells in its health: damage of the database, writes that are not
confirmed, a journal that cannot shrink, a wall clock that went astray. A part is told of when what is said of it changes.
"""

import logging
from collections.abc import Callable

from hub.clock import Clock, Steady
from hub.store import Store

log = logging.getLogger("hub")

LOOK = 5.0
DAY = 86_400.0
"""Seconds."""

Tell = Callable[[str, str, str | None], None]
"""(part, state, why); nothing is wrong any more with None."""


class Upkeep:
    """`look` every few seconds, `look_for_damage` every day."""

    def __init__(self, store: Store, clock: Clock, tell: Tell) -> None:
        self._store, self._clock, self._tell = store, clock, tell
        self._said: dict[str, str | None] = {}

    async def look(self) -> None:
        """All that is cheap to see."""
        self._say("clock", "waiting", self._astray())

    async def look_for_damage(self) -> None:
        """Read the database whole."""
        self._say("database", "failed", await self._store.look_for_damage())

    def _say(self, part: str, state: str, why: str | None) -> None:
        if self._said.get(part) == why:
            return
        self._said[part] = why
        log.log(logging.INFO if why is None else logging.ERROR, "%s: %s", part, why or "well again")
        self._tell(part, state, why)

    def _astray(self) -> str | None:
        ahead = self._clock.astray() if isinstance(self._clock, Steady) else 0
        if not ahead:
            return None
        minutes = round(abs(ahead) / 60_000_000 / 5) * 5 or 1  # in steps, for it shrinks all the time
        where = "ahead of" if ahead > 0 else "behind"
        return (
            f"this machine's clock has jumped and is some {minutes} minutes {where} the hub's, which follows slowly so that no timer "
            "runs early or late; once the machine's clock is right, restarting the hub takes it over at once"
        )
