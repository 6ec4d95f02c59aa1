"""A TCP proxy that breaks: after so many bytes from the server the line ends, or falls silent, or everything comes one byte at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Cutting:
    """`cuts`: for each connection in turn, after how many bytes from the server it breaks; connections beyond those go through.

    `silent`: instead of breaking, nothing more comes. `trickle`: bytes at a time.
    """

    def __init__(self, target: int) -> None:
        self.target, self.port = target, 0
        self.cuts: list[int] = []
        self.silent, self.trickle = False, 65_536
        self.carried: list[int] = []
        """Bytes that the server has sent, by connection."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        number = len(self.carried)
        self.carried.append(0)
        left = self.cuts[number] if number < len(self.cuts) else None
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        me = asyncio.current_task()
        assert me is not None
        self._tasks.add(me)
        up = asyncio.get_running_loop().create_task(self._up(reader, back))
        try:
            await self._down(there, writer, number, left)
        except asyncio.CancelledError:
            pass  # the end of the test; asyncio would log it
        finally:
            up.cancel()
            with suppress(asyncio.CancelledError):
                await up
            back.transport.abort()
            writer.transport.abort()
            self._tasks.discard(me)

    async def _up(self, reader: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                back.write(data)
                await back.drain()
        back.close()

    async def _down(
        self, there: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, left: int | None
    ) -> None:
        with suppress(OSError):
            while data := await there.read(self.trickle if left is None else min(self.trickle, max(1, left))):
                if left is not None and left <= 0:
                    break
                writer.write(data)
                await writer.drain()
                self.carried[number] += len(data)
                left = None if left is None else left - len(data)
                if left == 0:
                    break
            if left == 0 and self.silent:
                await asyncio.sleep(3600)
            if left is None:  # the server has ended it: what it said still arrives
                writer.close()
                await writer.wait_closed()

    async def end(self) -> None:
        """Break every connection."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def cutting(target: int) -> AsyncIterator[Cutting]:
    """Such a proxy before a port of this machine, for as long as this lasts."""
    made = Cutting(target)
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.end()
