"""Runs ASGI applications under uvicorn until somebody says stop, and then lets everybody go in order.

The order at the end: no new connections; every socket hears 1012, so that browsers come back to the successor; requests under way
get ten seconds; plugins and the database come last. The hub is started here and not by the ASGI lifespan, so that a refusal
reaches the terminal as its sentence.
"""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

from hub.cli.heads import HeadInTime
from hub.cli.listening import BACKLOG, raise_open_files
from hub.web.protocol import HubSocket
from hub.wire import MAX_FRAME

DRAIN = 10
"""Seconds for requests under way when the hub stops."""
log = logging.getLogger("hub")


async def _nothing() -> None:
    """Nobody to tell."""


class Server(uvicorn.Server):
    """uvicorn, with `leaving` awaited after the last connection was accepted and before the open ones are ended."""

    def __init__(
        self,
        application: Any,
        sockets: list[socket.socket],
        leaving: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        super().__init__(settings(application))
        self._sockets, self._leaving = sockets, leaving

    async def run_until_stopped(self) -> None:
        """Serve until `should_exit`."""
        await self.serve(self._sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self._leaving()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own way ends the program by the signal that stopped it; ours ends with 0."""
        yield


def settings(application: Any) -> uvicorn.Config:
    """uvicorn as it was measured best: frames ≤ 64 KiB, no compression (58 KB a socket against 23)."""
    return uvicorn.Config(
        application,
        loop="uvloop",
        http=HeadInTime,
        ws=HubSocket,
        ws_per_message_deflate=False,
        ws_max_size=MAX_FRAME,
        ws_ping_interval=None,  # the beats of pages and tabs are the pings
        access_log=False,
        log_config=None,
        backlog=BACKLOG,
        server_header=False,
        proxy_headers=False,  # whom to believe is [hub] trusted_proxies, and asked in one place
        lifespan="off",
        timeout_graceful_shutdown=DRAIN,
    )


async def serve_all(servers: Sequence[Server]) -> None:
    """Serve until SIGTERM or SIGINT, or until one of them ends by itself. A second signal does not wait for anybody."""

    def stop() -> None:
        for server in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        async with asyncio.TaskGroup() as group:
            for server in servers:
                group.create_task(server.run_until_stopped())
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def run(main: Callable[[], Awaitable[None]]) -> None:
    """Run a serving command's coroutine on uvloop, with room for sockets."""
    import uvloop

    raise_open_files()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_awaited(main))


async def _awaited(main: Callable[[], Awaitable[None]]) -> None:
    await main()


def settle_memory() -> None:
    """What exists after the start stays: keep the collector from walking it again with every full collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def address_of(sockets: Sequence[socket.socket]) -> str:
    """`host:port` of the first socket, for people."""
    host, port, *_ = sockets[0].getsockname()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
