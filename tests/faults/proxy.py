"""A TCP proxy that loses what it should carry: from one moment on bytes of one way, or both, vanish and nobody is told.

That is what a dead router, a laptop that was closed and a changed network look like from either end: a connection on which nothing
happens any more.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Carries connections to `target()`. `up`: bytes to the hub are lost; `down`: bytes from it."""

    def __init__(self, target: Callable[[], int]) -> None:
        self._target = target
        self.up = self.down = False
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until one side ends it in a way that the other can hear."""
        there, back = await asyncio.open_connection("127.0.0.1", self._target())
        self._writers += [writer, back]
        async with asyncio.TaskGroup() as group:
            group.create_task(self._flow(reader, back, "up"))
            group.create_task(self._flow(there, writer, "down"))

    async def _flow(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if not getattr(self, way):
                    sink.write(data)
                    await sink.drain()
        # Whoever hangs up is heard of only where the way is open.
        while getattr(self, way):
            await asyncio.sleep(0.05)
        sink.close()

    def cut(self) -> None:
        """Every connection breaks, heard by both sides."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


@asynccontextmanager
async def proxy(target: Callable[[], int]) -> AsyncIterator[Proxy]:
    """A proxy for as long as this lasts."""
    made = Proxy(target)
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.up = made.down = False
        made.cut()
        server.close()
