"""An IMAP server that is as strange as a test wants: it has a few mails, and answers commands as a script says instead."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress


class Strange:
    """`mails` by number. `script`: what is sent for a command that begins so (with `{tag}`), instead of an honest answer."""

    def __init__(
        self, mails: Mapping[int, bytes], script: Mapping[str, bytes], capabilities: str = "IDLE"
    ) -> None:
        self.mails, self.script, self.capabilities = dict(mails), dict(script), capabilities
        self.commands: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.script.get("HELLO", b"* OK ready\r\n"))
        while line := await reader.readline():
            tag, _, command = line.decode("utf-8", "replace").strip().partition(" ")
            self.commands.append(command)
            scripted = next((said for begin, said in self.script.items() if command.startswith(begin)), None)
            said = (
                self._honest(tag, command) if scripted is None else scripted.replace(b"{tag}", tag.encode())
            )
            writer.write(said)
            if b"* BYE" in said:
                break
            await writer.drain()
            if command == "IDLE" and scripted is None:
                await self._idle(reader, writer, tag)

    async def _idle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tag: str) -> None:
        await reader.readline()
        writer.write(f"{tag} OK idle\r\n".encode())

    def _honest(self, tag: str, command: str) -> bytes:
        done = f"{tag} OK done\r\n".encode()
        if command == "CAPABILITY":
            return f"* CAPABILITY IMAP4rev1 {self.capabilities}\r\n".encode() + done
        if command.startswith("LIST"):
            return b'* LIST (\\HasNoChildren) "/" INBOX\r\n' + done
        if command.startswith("STATUS"):
            following = max(self.mails, default=0) + 1
            return f'* STATUS "INBOX" (UIDNEXT {following} UIDVALIDITY 7)\r\n'.encode() + done
        if command.startswith(("EXAMINE", "SELECT")):
            return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] so\r\n" + done
        if command == "IDLE":
            return b"+ idling\r\n"
        if found := re.match(r"UID FETCH (\d+)(:\*)? \((.*)\)", command):
            return b"".join(self._fetched(int(found[1]), found[2] is not None, found[3])) + done
        return done

    def _fetched(self, first: int, on: bool, what: str) -> list[bytes]:
        wanted = [uid for uid in self.mails if uid == first or (on and uid > first)]
        if "BODY" not in what:
            return [
                f'* {uid} FETCH (UID {uid} RFC822.SIZE {len(self.mails[uid])} INTERNALDATE "22-Nov-2026 10:00:00 +0000")\r\n'.encode()
                for uid in wanted
            ]
        return [
            f"* {uid} FETCH (UID {uid} BODY[] {{{len(self.mails[uid])}}}\r\n".encode()
            + self.mails[uid]
            + b")\r\n"
            for uid in wanted
        ]


@asynccontextmanager
async def strange(
    mails: Mapping[int, bytes], script: Mapping[str, bytes] | None = None, capabilities: str = "IDLE"
) -> AsyncIterator[Strange]:
    """Such a server, for as long as this lasts."""
    made, tasks = Strange(mails, script or {}, capabilities), set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        with suppress(
            OSError, asyncio.CancelledError
        ):  # the end of the test cancels it; asyncio would log that
            await made.serve(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
