"""What happens later, and how often. APScheduler is the ticker and nothing more: every job is an action or a sweep that finds in the
database, or in memory, what is due, so a tick that is missed is made up by the next one and one that comes twice does no harm.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hub import feed, identity, outbox
from hub.actions import alarm, arrive, decide, links, people, presence, rebuild, repeats, webpush
from hub.store import Store, StoreUnavailable, Tx
from hub.ticker import Ticker
from hub.visits import tokens

log = logging.getLogger("hub.jobs")


class Jobs:
    """The hub's clockwork: the database's own jobs, and `others` as (seconds, job). Start and stop once."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        others: Sequence[tuple[float, Callable[[], Awaitable[None]]]],
    ) -> None:
        self._store, self._clock, self._others = store, clock, others
        # Leases that ran out while no hub ran are told of at the first tick.
        self._lapsed_at = 0
        self._ticker = Ticker()

    def start(self) -> None:
        """Begin to tick."""
        for seconds, job in self._others:
            self._every(seconds, job)
        self._every(1, self._large_records)
        self._every(2, self._alarms)
        self._every(15, self._presence)
        self._every(30, self._read_anew)
        self._every(60, self._visits)
        self._every(3600, self._looked_after)
        self._every(3600, self._housekeeping)
        self._ticker.start()

    def stop(self) -> None:
        """No more ticks."""
        self._ticker.shutdown(wait=False)

    def _every(self, seconds: float, job: Callable[[], Awaitable[Any]]) -> None:
        self._ticker.add_job(_tick, "interval", (seconds, job), seconds=seconds)

    async def _presence(self) -> None:
        now = self._clock()
        await self._store.write_background(presence.lapse, self._lapsed_at)
        self._lapsed_at = now

    async def _alarms(self) -> None:
        # Every two seconds for nothing would be a commit for nothing: what is due is looked for on a reader.
        if await self._store.read(alarm.is_due):
            await self._store.write(alarm.go_further)

    async def _large_records(self) -> None:
        # The rule runs on a reader, and what comes of it is written in steps between everything else.
        for label in await self._store.read(identity.pending):
            if (plan := await self._store.read(identity.plan, label)) is not None:
                n = 0
                while await self._store.write_background(decide.work_out, plan, n):
                    n += 1

    async def _read_anew(self) -> None:
        """After a change of the rules, or of how identifiers are read."""
        if seen := await self._store.read(identity.due):
            place: identity.Place | None = identity.Place()
            moved = 0
            while place is not None:
                done = await self._store.write_background(rebuild.renew, place)
                place, moved = done.next, moved + done.moved
            await self._store.write_background(identity.renewed, seen)
            log.warning("all touchpoints were read anew by today's rules; %d records moved", moved)

    async def _looked_after(self) -> None:
        """A sample of records, computed again: they are right, unless there is a bug."""
        wrong = await self._store.read(identity.drifted, secrets.token_bytes(16))
        if wrong:
            moved = await self._store.write_background(rebuild.repair, wrong)
            log.error(
                "%d records were not what the rule makes of them, and %d moved; tell us", len(wrong), moved
            )

    async def _visits(self) -> None:
        while await self._store.write_background(arrive.close_idle):
            pass

    async def _housekeeping(self) -> None:
        await self._store.write_background(_forget_what_ended)
        while await self._store.write_background(feed.prune):
            pass
        while await self._store.write_background(outbox.forget):
            pass


async def _tick(seconds: float, job: Callable[[], Awaitable[Any]]) -> None:
    began = time.monotonic()
    try:
        await job()
    except asyncio.CancelledError:
        return  # at the hub's end; the scheduler would call it an error
    except StoreUnavailable as error:  # the disk's trouble, which the health tells of; no bug of ours
        log.warning("job %s is tried again in %g s: %s", job.__qualname__, seconds, error)
    except Exception:
        log.exception("job %s failed; it is tried again in %g s", job.__qualname__, seconds)
    if time.monotonic() - began > seconds:
        log.warning("job %s took longer than its %g s", job.__qualname__, seconds)


def _forget_what_ended(tx: Tx) -> None:
    tokens.sweep(tx)
    people.sweep(tx)
    webpush.sweep(tx)
    links.sweep(tx)
    repeats.sweep(tx)
