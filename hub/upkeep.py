"""What the hub watches of the ground it stands on while it runs, and tells in its health: damage of the database, writes that are not
confirmed, a journal that cannot shrink, a wall clock that went astray. A part is told of when what is said of it changes.
"""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic

from hub import identity
from hub.actions import rebuild
from hub.clock import Clock, Steady
from hub.intake import again, normalise
from hub.store import Store, others

log = logging.getLogger("hub")

LOOK = 5.0
DAY = 86_400.0
PATIENCE = 60.0
"""Seconds; the last one for a journal that cannot begin anew, before it is worth a word."""

Tell = Callable[[str, str, str | None], None]
"""(part, state, why); nothing is wrong any more with None."""


class Upkeep:
    """`look` every few seconds, `look_for_damage` every day."""

    def __init__(self, store: Store, clock: Clock, tell: Tell) -> None:
        self._store, self._clock, self._tell = store, clock, tell
        self._said: dict[str, str | None] = {}
        self._damage: str | None = None

    async def look(self) -> None:
        """All that is cheap to see."""
        self._say("clock", "waiting", self._astray())
        self._say("database", "failed", self._damage or self._unconfirmed())
        self._say("journal", "waiting", await self._grown())

    async def look_for_damage(self) -> None:
        """Read the database whole."""
        self._damage = await self._store.look_for_damage()
        self._say("database", "failed", self._damage)

    def _say(self, part: str, state: str, why: str | None) -> None:
        if self._said.get(part) == why:
            return
        self._said[part] = why
        log.log(logging.INFO if why is None else logging.ERROR, "%s: %s", part, why or "well again")
        self._tell(part, state, why)

    def _unconfirmed(self) -> str | None:
        why = self._store.trouble
        return (
            None
            if why is None
            else f"what is written cannot be confirmed, so new messages are refused: {why}"
        )

    async def _grown(self) -> str | None:
        journal = self._store.journal
        if journal.held_since is None or monotonic() - journal.held_since < PATIENCE:
            return None
        found = await asyncio.to_thread(others, self._store.path)
        who = ", ".join(found) or "some program"
        size = journal.size >> 25 << 5  # in steps of 32 MiB, for it grows all the time
        return (
            f"{journal.path.name} has grown to more than {size} MiB, because {who} has been reading the database for minutes "
            "and the log can begin anew only after it; end that program: nothing is lost by it, and the disk fills up otherwise"
        )

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


async def read_anew(store: Store) -> int:
    """Where identifiers were read by other rules than today's when the records were made (a new version of ours, of the numbering plans,
    of Unicode), compute them anew from the raw values, in slices; how many records moved. Decisions and pins stay as they are.

    Noted at the end, so a hub that dies on the way begins again at its next start.
    """
    was, today = await store.read(again.made_with), normalise.version()
    moved = 0
    if was != today:
        place: identity.Place | None = identity.Place()
        while place is not None:
            done = await store.write_background(rebuild.renew, place)
            place, moved = done.next, moved + done.moved
        log.warning("identifiers are read by new rules (%s; before: %s): %d records moved", today, was, moved)
    await store.write_background(again.note)
    return moved
