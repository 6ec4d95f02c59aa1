"""When the index catches up: every second, as long as something is due; and who hears when it cannot."""

import asyncio
import logging
from collections.abc import Callable

from hub.search.indexing import catch_up, pending
from hub.store import Store, StoreError

log = logging.getLogger("hub.search")

LATE = 60.0
"""Seconds that something may wait to be found before it is told."""


PATIENCE = 0.3
"""Seconds that somebody who searches waits at most for what was said a moment ago."""


async def freshen(store: Store) -> None:
    """Index what was said since the last tick, so that one finds what one has just read; a backlog or a sick disk is not waited for."""
    if not await store.read(pending):
        return
    try:
        async with asyncio.timeout(PATIENCE):
            await store.write_background(catch_up)
    except TimeoutError:
        log.info("a search went on without what is new: the index is busy")
    except StoreError as error:
        log.warning(
            "what is new could not be indexed before a search; it is tried again in a second: %s", error
        )


class Indexer:
    """`tell(seconds)` hears how far the index is behind, once that is more than `LATE`, and None when it has caught up."""

    def __init__(
        self, store: Store, monotonic: Callable[[], float], tell: Callable[[float | None], None]
    ) -> None:
        self._store, self._monotonic, self._tell = store, monotonic, tell
        self._whole_at = monotonic()
        self._late = False

    async def index_due(self) -> None:
        """Index all that is due; one look at the table when nothing is."""
        try:
            if await self._store.read(pending):
                while await self._store.write_background(catch_up):
                    self._say()
            self._whole_at = self._monotonic()
        finally:
            self._say()

    def _say(self) -> None:
        behind = self._monotonic() - self._whole_at
        if behind > LATE:
            self._late = True
            self._tell(behind)
        elif self._late:
            self._late = False
            self._tell(None)
