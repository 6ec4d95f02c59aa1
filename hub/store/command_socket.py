"""How a command line reaches the running hub: a Unix socket in its data folder, one JSON object a line each way.

    {"verb": "backup", "args": {"to": "/srv/copy"}}   →   {"ok": true, "result": …}
                                                       →   {"ok": false, "code": "unknown_verb", "message": "…"}

Exactly one process writes the database, so a command that changes anything must be run by it. The socket's mode is
0600: whoever may open it could as well open the database.
"""

import asyncio
import inspect
import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from hub.store.errors import CommandFailed, HubNotRunning

NAME = "hub.sock"
LINE = 1 << 20
"""Bytes; the longest request or answer."""
Verb = Callable[..., Any]
log = logging.getLogger("hub.store")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One line from the command line."""

    verb: str
    args: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line back. `code` and `message` say what failed."""

    ok: bool
    result: Any = None
    code: str = ""
    message: str = ""


class CommandSocket:
    """The hub's side. Opened once the store's lock is held, so a socket file that is already there is a dead hub's."""

    def __init__(self, verbs: Mapping[str, Verb], path: Path) -> None:
        self._verbs, self._path = verbs, path
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @classmethod
    async def serve(cls, data_dir: Path, verbs: Mapping[str, Verb]) -> "CommandSocket":
        """Answer on `data_dir`/hub.sock. A verb is called with the request's args as keywords, on the event loop, and
        returns what JSON can carry, or a coroutine of it; what it raises becomes `failed` with its text."""
        made = cls(verbs, data_dir / NAME)
        made._server = await asyncio.start_unix_server(made._converse, sock=_listen(data_dir), limit=LINE)
        return made

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(ConnectionError, ValueError):  # gone, or a line beyond the limit
            while line := await reader.readline():
                writer.write(msgspec.json.encode(await _answer(self._verbs, line)) + b"\n")
                await writer.drain()
        self._open.discard(writer)
        writer.close()

    async def close(self) -> None:
        """Stop listening, hang up and remove the socket file."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        for writer in self._open.copy():
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


def ask(data_dir: Path, verb: str, *, timeout: float = 60.0, **args: Any) -> Any:
    """Have the running hub do `verb` and return its result. Blocks: for command lines, not for the event loop.

    Raises HubNotRunning when nobody answers, CommandFailed with the hub's reason otherwise.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        try:
            with _short(data_dir) as folder:
                connection.connect(f"{folder}/{NAME}")
            connection.sendall(msgspec.json.encode(Request(verb=verb, args=args)) + b"\n")
            line = connection.makefile("rb").readline(LINE)
        except OSError as error:
            raise HubNotRunning(_not_running(data_dir, error)) from error
    if not line:
        raise HubNotRunning(_not_running(data_dir, "it hung up without an answer"))
    answer = msgspec.json.decode(line, type=Answer)
    if not answer.ok:
        raise CommandFailed(answer.code, answer.message)
    return answer.result


async def _answer(verbs: Mapping[str, Verb], line: bytes) -> Answer:
    try:
        request = msgspec.json.decode(line, type=Request)
    except (msgspec.MsgspecError, RecursionError) as error:
        return Answer(
            ok=False, code="bad_request", message=f'expected {{"verb": …, "args": {{…}}}}, got: {error}'
        )
    verb = verbs.get(request.verb)
    if verb is None:
        known = ", ".join(sorted(verbs)) or "none"
        return Answer(
            ok=False,
            code="unknown_verb",
            message=f"this hub does not know {request.verb!r}; it knows: {known}",
        )
    try:
        result = verb(**request.args)
        if inspect.isawaitable(result):
            result = await result
        return Answer(ok=True, result=msgspec.to_builtins(result))
    except Exception as error:
        log.exception("the command %s failed", request.verb)
        return Answer(ok=False, code="failed", message=str(error) or type(error).__name__)


def _listen(data_dir: Path) -> socket.socket:
    (data_dir / NAME).unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)  # from the first moment on, nobody else may connect
    try:
        with _short(data_dir) as folder:
            listening.bind(f"{folder}/{NAME}")
    except BaseException:
        listening.close()
        raise
    finally:
        os.umask(mask)
    listening.listen()
    listening.setblocking(False)
    return listening


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A name for `folder` that fits the 107 bytes of a socket's address however deep the folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        short = f"/proc/self/fd/{descriptor}"
        yield short if Path(short).exists() else str(folder)
    finally:
        os.close(descriptor)


def _not_running(data_dir: Path, reason: object) -> str:
    return f"{data_dir / NAME}: expected a running hub to answer, got: {reason}; start it with `hub serve`, or check the data folder"
