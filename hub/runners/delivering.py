"""Deliveries: what the outbox says is due goes through the channel's `deliver`, and the outcome back into the outbox.

One loop per connection that delivers. Several legs at once, each leg in order. Nothing is awaited inside a
transaction: lease, deliver, record are three steps, and a crash between them costs at most one repeat, with the same
message id.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from hub import outbox
from hub.contract import AuthFailed, NotReady, OutgoingMessage, Receipt, Rejected
from hub.outbox import Due
from hub.registry.health import sentence_of
from hub.runners.connection import RunningConnection
from hub.runners.loop import Broken, Overdue, PluginLoop
from hub.runners.pace import Pace
from hub.runners.ports import Ports
from hub.store import Store

log = logging.getLogger("hub.runners")


class Deliverer:
    """The deliveries of one connection. `work` runs until cancelled."""

    def __init__(
        self, connection: RunningConnection, store: Store, loop: PluginLoop, ports: Ports, pace: Pace
    ) -> None:
        self._connection, self._store, self._loop = connection, store, loop
        self._ports, self._pace = ports, pace
        self._name = connection.context.connection
        self._under_way = 0

    async def work(self) -> None:
        """Deliver until cancelled. A slow leg takes one of the places; the others go on."""
        wake = self._connection.wake
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
        self._connection.wake.set()

    async def _leased(self) -> list[Due]:
        free = self._pace.deliveries_at_once - self._under_way
        if self._connection.held or free <= 0:
            return []
        # The lease outlives the deadline and the time a cancelled call gets, so nobody else picks it up meanwhile.
        seconds = self._pace.deliver * 2 + 10
        return await self._store.write(outbox.lease_due, self._name, limit=free, seconds=seconds)

    async def _until_something_may_be_due(self) -> None:
        seconds = self._pace.look_again
        busy = self._connection.held or self._under_way >= self._pace.deliveries_at_once
        at = None if busy else await self._store.read(outbox.next_due, self._name)
        if at is not None:
            seconds = min(seconds, max(0.01, (at - self._ports.clock()) / 1e6))
        try:
            async with asyncio.timeout(seconds):
                await self._connection.wake.wait()
        except TimeoutError:
            return

    async def _deliver(self, due: Due) -> None:
        try:
            await self._attempt(due)
        except asyncio.CancelledError:
            await asyncio.shield(self._record(outbox.give_back, due, "the hub was stopping"))
            raise
        except Exception:  # ours, not the plugin's: the lease runs out and it is tried again
            log.exception("delivery of message %s failed inside the hub", due.message.hex())

    async def _attempt(self, due: Due) -> None:
        message = await self._store.read(self._ports.compose, due)
        if message is None:
            await self._record(outbox.failed, due, "the message exists no longer")
            return
        started = time.monotonic()
        try:
            receipt = await self._asked(message)
        except NotReady as error:
            await self._record(outbox.postpone, due, error.why, retry_after=error.retry_after)
            self._connection.health.say("deliver", "waiting", error.why)
        except Overdue as error:
            await self._record(outbox.postpone, due, f"deliver: {error}")
        except AuthFailed as error:
            self._connection.hold("deliver", error.why)
            await self._record(outbox.give_back, due, error.why)
        except Rejected as error:
            await self._record(outbox.failed, due, error.why)
        except Exception as error:  # a bug of the plugin
            why = f"deliver: {sentence_of(error.error if isinstance(error, Broken) else error)}"
            await self._record(outbox.broke, due, why)
            self._connection.health.say("deliver", "failed", why, error=error, failures=due.attempt)
        else:
            log.debug("delivered %s in %.3f s", message.id, time.monotonic() - started)
            await self._record(outbox.sent, due, state=receipt.state, external_id=receipt.external_id)
            self._connection.health.delivered()

    async def _asked(self, message: OutgoingMessage) -> Receipt:
        channel = await self._connection.object()
        context = self._connection.context
        receipt: object = await self._loop.call(
            lambda: channel.deliver(message, context), deadline=self._pace.deliver
        )
        if not isinstance(receipt, Receipt):
            raise TypeError(f"deliver: expected a hub.Receipt, got {receipt!r}")
        return receipt

    async def _record(self, action: Callable[..., bool], due: Due, *args: Any, **kwargs: Any) -> None:
        if not await self._store.write(action, due, *args, **kwargs):
            log.warning(
                "delivery of message %s came back after its lease; it may go out twice", due.message.hex()
            )
