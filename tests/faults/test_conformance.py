"""Frames as the Autobahn suite sends them (by `kosoku`): no case comes out worse under our own class than under uvicorn as it is, in the
same run. Ours hands frames to a session and takes text only, so the cases about binary messages are left out.
"""

import asyncio
import contextlib
import socket

import pytest

from hub.cli.serving import Server
from hub.web.protocol import HubSocket
from hub.web.sockets import serve

kosoku = pytest.importorskip(
    "kosoku", reason="kosoku, which sends the frames, is not installed: pip install kosoku"
)

pytestmark = pytest.mark.heavy

CASES = ("1.1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
"""All but compression, which is off, and the sizes beyond 64 KiB, which neither takes."""
WORSE = {"OK": 0, "INFORMATIONAL": 0, "NON-STRICT": 1, "UNIMPLEMENTED": 2, "FAILED": 3, "ERROR": 3}


async def echo(scope, receive, send):
    """What the suite talks to."""
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        data = {name: event[name] for name in ("text", "bytes") if event.get(name) is not None}
        await send({"type": "websocket.send", **data})


class Echo:
    """A session that says what it hears."""

    def __init__(self, socket):
        self.socket = socket

    async def frame(self, data):
        self.socket.send_frame(data.encode() if isinstance(data, str) else data)

    def refuse_binary(self):
        self.socket.close(1003)

    def ended(self):
        """Nothing to let go of."""


async def echo_of_ours(scope, receive, send):
    """The same, as our sessions are served."""
    await receive()
    await serve(scope, receive, send, Echo, lambda: None)


@contextlib.asynccontextmanager
async def served(application, protocol):
    """The address of an echo under this protocol class."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(application, [listening])
    server.config.ws = protocol
    async with asyncio.TaskGroup() as group:
        group.create_task(server.run_until_stopped())
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = server.force_exit = True


async def verdicts(application, protocol):
    """Case → how the frames were answered, and how it was closed."""
    async with served(application, protocol) as address:
        try:
            found = await kosoku.run_fuzzingclient(address, CASES, concurrency=4)
        except kosoku.FailureError as error:
            found = error.results
    return {it.case_id: (it.behavior.value, it.behavior_close.value) for it in found}


async def test_no_case_is_worse_than_under_uvicorn_as_it_is():
    plain = await verdicts(echo, "websockets-sansio")
    ours = await verdicts(echo_of_ours, HubSocket)
    assert len(ours) > 200
    assert set(ours) == set(plain)
    worse = {
        case: (plain[case], found)
        for case, found in ours.items()
        if any(WORSE.get(one, 3) > WORSE.get(other, 3) for one, other in zip(found, plain[case], strict=True))
    }
    assert not worse
