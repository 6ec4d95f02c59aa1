"""The processes that are measured: a hub as `hub serve` runs it, or Starlette echoing on the same uvicorn.

    python -m tests.bench.serving hub|echo FOLDER [OPERATORS]

It prints one line of JSON when it listens, and then answers each line `collect` on its standard input with the CPU milliseconds of a
full garbage collection and the number of objects that are tracked. It stops at the end of its input.
"""

import asyncio
import gc
import json
import os
import socket
import sys
import time
from pathlib import Path

import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.actions import people
from hub.app import Hub
from hub.cli.listening import raise_open_files
from hub.cli.serving import Server, settle_memory
from hub.config import parse
from hub.registry import Registry
from hub.store import Tx
from hub.web.limits import Bucket, Limits, Rate
from hub_tracking import TrackingSettings

SHOP = "https://shop.example"
WRITE_KEY = "wk_bench_0001"
LIFTED = Rate(1e9, 1e9)


class Lifted(Limits):
    """The product's bookkeeping with rates that nobody reaches: the benchmark is one address with thousands of visitors."""

    def draw(self, bucket: Bucket | None, rate: Rate) -> tuple[float, Bucket]:
        return super().draw(bucket, LIFTED)

    def room(self, held: int) -> bool:
        return True


def secret(number: int) -> str:
    """The cookie of an operator."""
    return f"bench-operator-{number:06d}"


def staff(tx: Tx, count: int) -> None:
    """Operators who are signed in and take as much as comes."""
    for number in range(count):
        login = f"operator{number}"
        who = people.add(
            tx, login=login, name=login, password_hash="", role="operator", queues=["main"], capacity=100_000
        )
        people.sign_in(tx, who, secret(number))


async def echo(socket: WebSocket) -> None:
    """What everybody starts from."""
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return


async def hub_application(folder: Path, port: int, operators: int) -> Hub:
    text = f"""
        [hub]
        data = "{folder}"
        public_url = "http://localhost:{port}"
        [sites.bench]
        name = "Bench"
        origins = ["{SHOP}"]
        [channels.tracking]
        site = "bench"
        write_key = "{WRITE_KEY}"
        events_per_second = 100000
        """
    config = parse(text, {"tracking": TrackingSettings})
    hub = Hub(config, Registry(paths=[]), limits=Lifted(time.monotonic))
    await hub.start()
    await hub.store.write(staff, operators)
    return hub


def collect() -> dict[str, float]:
    began = time.thread_time()
    gc.collect()
    return {"ms": (time.thread_time() - began) * 1e3, "objects": len(gc.get_objects())}


async def serve(kind: str, folder: Path, operators: int) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
    port = listening.getsockname()[1]
    hub = await hub_application(folder, port, operators) if kind == "hub" else None
    server = Server(hub or Starlette(routes=[WebSocketRoute("/visitor", echo)]), [listening])

    if hub is None:
        server.config.ws = "websockets-sansio"  # what everybody else gets, not our own class

    def asked() -> None:
        if sys.stdin.readline().strip() == "collect":
            print(json.dumps(collect()), flush=True)
        else:
            asyncio.get_running_loop().remove_reader(sys.stdin)
            server.should_exit = True

    asyncio.get_running_loop().add_reader(sys.stdin, asked)
    settle_memory()
    print(json.dumps({"port": port, "pid": os.getpid()}), flush=True)
    await server.run_until_stopped()
    if hub is not None:
        await hub.stop()


if __name__ == "__main__":
    raise_open_files()
    kind, folder, *more = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(kind, Path(folder), int(more[0]) if more else 0))
