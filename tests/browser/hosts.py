"""The servers of a browser test: a hub and a shop on another origin, in this process, on an event loop in a thread of its own.

The shop is at 127.0.0.1 and the hub at localhost, so to a browser they are different sites. The hub is the real one with a
database file and real sockets; only its clock can be moved and its password hash is cheap. It can be cut off (every
connection reset), stopped and started again on the same file and port. `HubProcess` is the same hub in a process that can
be killed.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import uvicorn

from hub.actions import people
from hub.app import Hub
from hub.config import Config, parse
from hub.registry import Registry

IDENTITY_KEY = "a key of the shop that nobody else has, 2026"
PATIENCE = 20.0
ROOT = Path(__file__).resolve().parents[2]


class LoopThread:
    """An event loop of its own, so that a test may wait for a browser while the servers work."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="servers", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()


class Server:
    """One ASGI application on a loopback port."""

    def __init__(self, loop: LoopThread, app: Any, port: int, *, lifespan: str = "off") -> None:
        self.loop = loop
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self.socket.getsockname()[1]
        config = uvicorn.Config(
            app, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, lifespan=lifespan,
            timeout_graceful_shutdown=1, access_log=False,
        )  # fmt: skip
        self.uvicorn = uvicorn.Server(config)
        self._task = asyncio.run_coroutine_threadsafe(self._serve(), loop.loop)
        wait_for(lambda: self.uvicorn.started or self._task.done(), f"a server on port {self.port}")
        if self._task.done():
            self.socket.close()
            raise RuntimeError("the server ended at once; see its log")

    async def _serve(self) -> None:
        # SystemExit is how uvicorn says that the application did not start; it would end the loop's thread.
        with contextlib.suppress(SystemExit):
            await self.uvicorn.serve(sockets=[self.socket])

    def reset_connections(self) -> None:
        """Every connection ends without a word, as when a cable is pulled."""

        async def reset() -> None:
            for connection in list(self.uvicorn.server_state.connections):
                connection.transport.abort()

        self.loop.call(reset())

    def stopping(self) -> None:
        """Ask it to stop; two that are asked before one is waited for take the time of one."""
        self.uvicorn.should_exit = True

    def stop(self) -> None:
        self.stopping()
        self._task.result(PATIENCE)
        self.socket.close()


class Clock:
    """The hub's clock: the real one, and what was added."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1000 + self.ahead

    def move(self, *, hours: float) -> None:
        self.ahead += int(hours * 3600 * 1_000_000)


class PlainHasher:
    """Passwords as they are: hashing is tested elsewhere and is slow on purpose."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def verify(self, known: str, password: str) -> bool:
        return known == f"plain:{password}"

    def check_needs_rehash(self, known: str) -> bool:
        return False


class RunningHub:
    """A hub that is there for one test."""

    def __init__(self, loop: LoopThread, data: Path, *, registry: Registry | None = None) -> None:
        self.loop, self.data = loop, data
        self.clock = Clock()
        self.registry = registry or loaded_registry()
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.server: Server
        self.hub: Hub

    def start(self, toml: str) -> None:
        self._config = config_of(toml, self.registry)
        self.start_again()

    def start_again(self) -> None:
        self.hub = Hub(self._config, self.registry, clock=self.clock, hasher=PlainHasher())
        self.server = Server(self.loop, self.hub, self.port, lifespan="on")

    def stop(self) -> None:
        self.server.stop()

    def cut(self) -> None:
        self.server.reset_connections()

    def write(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.loop.call(self.hub.store.write(action, *args, **kwargs))

    def read(self, query: Callable[..., Any], *args: Any) -> Any:
        return self.loop.call(self.hub.store.read(query, *args))

    def forgive_the_address(self) -> None:
        """Everybody in a test comes from one address: begin its limits anew."""
        self.hub.hall.limits._buckets.clear()

    def add_operator(
        self, login: str, name: str, *, role: str = "operator", queues: tuple[str, ...] = ("main",)
    ) -> None:
        self.write(
            people.add, login=login, name=name, role=role, queues=list(queues),
            password_hash=PlainHasher().hash(password_of(login)),
        )  # fmt: skip

    def deactivate(self, login: str) -> None:
        found = self.read(people.by_login, login)
        self.write(people.activate, found[0].id, on=False)


class HubProcess:
    """The same hub in a process of its own: it can be killed at any moment and started again on the same file."""

    def __init__(self, data: Path, toml: str, port: int) -> None:
        self.data, self.port = data, port
        self.url = f"http://localhost:{port}"
        data.mkdir(parents=True, exist_ok=True)
        (data / "hub.toml").write_text(toml)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.browser.hub_child", str(self.data), str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}"}
        )
        wait_for(self._answers, "the hub's process")

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the hub's process ended with {self._process.returncode}"
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return bool(json.load(answer))
        except OSError:
            return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None


def loaded_registry() -> Registry:
    registry = Registry()
    registry.load()
    return registry


def config_toml(data: Path, hub_port: int, shop_url: str, more: str = "") -> str:
    """A hub.toml for one shop, and beside the data the file with the shop's key."""
    key = data.with_name("identity.key")
    key.write_text(IDENTITY_KEY)
    return f"""
[hub]
data = "{data}"
public_url = "http://localhost:{hub_port}"
port = {hub_port}

[sites.shop]
name = "Vase & Stem"
origins = ["{shop_url}"]
accent = "#0f766e"
identity_keys = ["file:{key}"]
greeting = "Hello! Ask us anything about vases."
{more}
"""


def config_of(toml: str, registry: Registry) -> Config:
    return parse(toml, registry.settings_types, strict=True)


def password_of(login: str) -> str:
    return f"{login}'s password"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for(fact: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until `fact()` is true; returns it."""
    end = time.monotonic() + seconds
    while not (found := fact()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.02)
    return found
