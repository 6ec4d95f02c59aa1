"""Deliveries: what the outbox says is due is carried to where it has to go, and the outcome back into the outbox.

One loop per connection that delivers, so the trouble of one delays no other. Several lanes at once, each in order. Nothing is awaited
inside a transaction: lease, carry, record are three steps, and a crash between them costs at most one repeat, with the same id.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from hub import outbox
from hub.contract import AuthFailed, NotReady, OutgoingFile, Receipt, Rejected
from hub.outbox import Due
from hub.registry.health import sentence_of
from hub.runners.connection import ConnectionHealth, RunningConnection
from hub.runners.loop import Overdue, Stuck
from hub.runners.pace import Pace
from hub.runners.ports import Ports
from hub.store import Store

log = logging.getLogger("hub.runners")

OFTEN = 1_000_000
"""Doubtful attempts that may be repeated where the other side drops what it has seen."""
BREATH = 0.2
"""Seconds before the next look when something is due and cannot be had yet."""


class NothingLeft(Exception):
    """What should be delivered exists no longer."""


class Way(Protocol):
    """Where deliveries of one name go."""

    name: str
    wake: asyncio.Event
    """Set when something new may be in the outbox."""
    health: ConnectionHealth
    deadline: float
    """Seconds that one attempt may take."""
    window: float | None
    doubts: int

    @property
    def rests(self) -> float | None:
        """Seconds for which nothing is to be sent; infinite until an operator acts; None: go on."""

    def hold(self, part: str, why: str) -> None:
        """The other side refuses us: nothing more until an operator has seen to it."""

    async def carry(self, due: Due) -> Receipt:
        """One attempt. Raises as a channel's `deliver` does, Overdue, or NothingLeft."""

    async def finish(self, due: Due, why: str) -> bool | None:
        """What the other side refused for good; None: as usual."""


class ChannelWay:
    """Through a channel's `deliver`, on the connection's own thread."""

    def __init__(self, connection: RunningConnection, store: Store, ports: Ports, pace: Pace) -> None:
        self._connection, self._store, self._ports = connection, store, ports
        self.name = connection.context.connection
        self.wake, self.health, self.hold = connection.wake, connection.health, connection.hold
        self.deadline = connection.deadline
        can = connection.capabilities
        self.window, self.doubts = can.reply_window, OFTEN if can.drops_repeats else outbox.MOST_DOUBTS

    @property
    def rests(self) -> float | None:
        return self._connection.rests

    async def carry(self, due: Due) -> Receipt:
        message = await self._store.read(self._ports.compose, due)
        if message is None:
            raise NothingLeft
        files = await self._files(due)
        return await self._connection.deliver(
            msgspec.structs.replace(message, files=files) if files else message
        )

    async def _files(self, due: Due) -> tuple[OutgoingFile, ...]:
        """The files it takes along. Raises Rejected where the channel cannot carry them: half a message is none."""
        wanted = await self._store.read(self._ports.attached, due)
        size, most = sum(file.size for file in wanted), self._connection.capabilities.files
        if size > most:
            carries = _amount(most) if most else "no files"
            raise Rejected(
                f"its files come to {_amount(size)}, and this channel carries {carries}; send a link instead"
            )
        bodies = [(file, await self._ports.files().read(file.id)) for file in wanted]
        return tuple(
            OutgoingFile(name=file.name, type=file.media_type, body=body)
            for file, body in bodies
            if body is not None
        )

    async def finish(self, due: Due, why: str) -> bool | None:
        return None


def _amount(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"


class Deliverer:
    """The deliveries of one connection. `work` runs until cancelled."""

    def __init__(self, way: Way, store: Store, clock: Callable[[], int], pace: Pace) -> None:
        self._way, self._store, self._clock, self._pace = way, store, clock, pace
        self._under_way = 0

    async def work(self) -> None:
        """Deliver until cancelled. A slow lane takes one of the places; the others go on."""
        wake = self._way.wake
        async with asyncio.TaskGroup() as group:
            while True:
                wake.clear()
                for delivery in await self._leased():
                    self._under_way += 1
                    group.create_task(self._deliver(delivery)).add_done_callback(self._ended)
                if not wake.is_set():
                    await self._until_something_may_be_due()

    def _ended(self, _: asyncio.Task[None]) -> None:
        self._under_way -= 1
        self._way.wake.set()

    async def _leased(self) -> list[Due]:
        free = self._pace.deliveries_at_once - self._under_way
        if free <= 0:
            return []
        at = await self._store.read(outbox.next_due, self._way.name)
        if at is None or (at > self._clock() and self._way.window is None):
            return []  # nothing to write: a look costs no commit
        # The lease outlives the deadline and the time a cancelled call gets, so nobody else picks it up meanwhile.
        return await self._store.write_surely(
            outbox.lease_due,
            self._way.name,
            limit=0 if self._way.rests is not None else free,
            seconds=self._way.deadline * 2 + 10,
            window=self._way.window,
            doubts=self._way.doubts,
        )

    async def _until_something_may_be_due(self) -> None:
        seconds = min(self._pace.look_again, self._way.rests or self._pace.look_again)
        busy = self._way.rests is not None or self._under_way >= self._pace.deliveries_at_once
        at = None if busy else await self._store.read(outbox.next_due, self._way.name)
        if at is not None:
            seconds = min(seconds, max(BREATH, (at - self._clock()) / 1e6))
        try:
            async with asyncio.timeout(seconds):
                await self._way.wake.wait()
        except TimeoutError:
            return

    async def _deliver(self, due: Due) -> None:
        try:
            await self._attempt(due)
        except asyncio.CancelledError:
            await asyncio.shield(self._record(outbox.give_back, due, "the hub was stopping", doubtful=True))
            raise
        except Exception:  # ours, not the plugin's: the lease runs out and it is tried again
            log.exception("delivery %s failed inside the hub", due.item.hex())

    async def _attempt(self, due: Due) -> None:
        way, started = self._way, time.monotonic()
        try:
            receipt = await way.carry(due)
        except NothingLeft:
            await self._record(outbox.failed, due, f"the {due.kind} exists no longer")
        except outbox.Needless:
            await self._record(outbox.needless, due)
        except NotReady as error:
            again = {"retry_after": error.retry_after, "doubtful": error.doubtful, "doubts": way.doubts}
            await self._record(outbox.postpone, due, error.why, **again)
            way.health.say("deliver", "waiting", error.why)
        except Stuck as error:  # not even asked
            await self._record(outbox.give_back, due, str(error))
        except Overdue as error:
            why = f"deliver: {error}"
            await self._record(outbox.postpone, due, why, doubtful=True, doubts=way.doubts)
            way.health.say("deliver", "waiting", why)
        except AuthFailed as error:
            way.hold("deliver", error.why)
            await self._record(outbox.give_back, due, error.why)
        except Rejected as error:
            if await way.finish(due, error.why) is None:
                await self._record(outbox.failed, due, error.why)
        except Exception as error:  # a bug of the plugin
            why = f"deliver: {sentence_of(error)}"
            await self._record(outbox.broke, due, why)
            way.health.say("deliver", "failed", why, error=error, failures=due.attempt)
        else:
            log.debug("delivered %s in %.3f s", due.item.hex(), time.monotonic() - started)
            await self._record(outbox.sent, due, state=receipt.state, external_id=receipt.external_id)
            way.health.delivered()

    async def _record(self, action: Callable[..., bool], due: Due, *args: Any, **kwargs: Any) -> None:
        if not await self._store.write_surely(action, due, *args, **kwargs):
            log.warning("delivery %s came back after its lease; it may go out twice", due.item.hex())
