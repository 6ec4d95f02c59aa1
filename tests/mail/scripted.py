"""An SMTP server that says what a test wants, ends when a test wants, and counts what it was given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

ANSWERS = {
    "EHLO": "250 peer",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 taken",
    "QUIT": "221 bye",
}


class Scripted:
    """`script`: for each connection in turn, answers other than the usual, by verb; the last one goes for all that follow.

    `.` is the end of the content; "" as an answer cuts the line there; with " cut" behind it, right after the answer.
    """

    def __init__(self) -> None:
        self.script: list[dict[str, str]] = [{}]
        self.contents: list[bytes] = []
        """Every content that came whole, whatever the answer."""
        self.taken: list[bytes] = []
        """Those of them that this server answered for."""
        self.commands: list[str] = []
        self.connections = self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers = {**ANSWERS, **self.script[min(self.connections, len(self.script) - 1)]}
        self.connections += 1
        try:
            await self._talk(reader, writer, answers)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the end of the test cancels it; asyncio would log that
        finally:
            writer.transport.abort()

    async def _talk(self, reader, writer, answers: dict[str, str]) -> None:
        going = await _say(writer, answers.get("HELLO", "220 peer"))
        while going and (line := await reader.readline()):
            command = line.decode("utf-8", "replace").strip()
            verb = command.split(" ")[0].upper()
            self.commands.append(command)
            going = await _say(writer, answers.get(verb, "250 ok"))
            if verb == "DATA" and answers["DATA"].startswith("354") and going:
                content = await reader.readuntil(b"\r\n.\r\n")
                self.contents.append(content[:-3])
                if answers["."].startswith("250"):
                    self.taken.append(content[:-3])
                going = await _say(writer, answers["."])


async def _say(writer: asyncio.StreamWriter, answer: str) -> bool:
    """False when the line is to end here."""
    said = answer.removesuffix(" cut")
    if said == "stall":
        await asyncio.sleep(3600)
    if said:
        writer.write(f"{said}\r\n".encode())
        await writer.drain()
    return bool(answer) and not answer.endswith(" cut")


@asynccontextmanager
async def scripted() -> AsyncIterator[Scripted]:
    """Such a server, for as long as this lasts."""
    made = Scripted()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await made.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
