"""A world with one hub in it that may be killed: start it, let people live in it, kill it, and look at what is left."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from urllib.request import urlopen
from weakref import WeakSet

from hub.store import ask
from tests.browser.hosts import free_port
from tests.faults.child import OPERATORS
from tests.faults.people import Operator, Visitor
from tests.faults.story import Sent, Story

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0
LIVING: "WeakSet[HubProcess]" = WeakSet()
"""Every hub of this process, for `leave`."""


class HubProcess:
    """The hub in `folder`. `plant` names a bug of `child`; `before` is put before the command, such as strace; `env` is for `child`."""

    def __init__(
        self,
        folder: Path,
        plant: str = "",
        before: tuple[str, ...] = (),
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder, self.plant, self.before, self.env = folder, plant, before, env
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        LIVING.add(self)

    async def start(self) -> None:
        """Until it answers."""
        command = [*self.before, sys.executable, "-m", "tests.faults.child", str(self.folder), str(self.port)]
        with (self.folder / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220  # a fork of a millisecond, while nobody else lives here
                command + ([self.plant] if self.plant else []),
                cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", **self.env}, stdout=log, stderr=log,
            )  # fmt: skip
        await until(self.answers, "the hub to answer")

    def answers(self) -> bool:
        """Whether it says that it is well, which takes a read of the database."""
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(
                f"the hub ended with {self.process.returncode}: {(self.folder / 'hub.log').read_text()[-2000:]}"
            )
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return bool(json.load(answer))
        except OSError:
            return False

    async def figures(self, *, objects: bool = False) -> dict[str, int]:
        """What it holds: by its own account, and seen from outside (`pss_kib`, `log_bytes`)."""
        assert self.process is not None
        told: dict[str, int] = await asyncio.to_thread(
            ask, self.folder, "figures", timeout=PATIENCE, objects=objects
        )
        return {**told, **seen(self.process.pid), "log_bytes": (self.folder / "hub.log").stat().st_size}

    async def healths(self) -> dict[str, dict[str, str]]:
        """Its connections and plugins by name."""
        told = await asyncio.to_thread(ask, self.folder, "plugins", timeout=PATIENCE)
        return {it["name"]: it for it in told if it["what"] == "connection"}

    async def kill(self) -> None:
        """SIGKILL, at this very instant."""
        assert self.process is not None
        self._signal(signal.SIGKILL)
        await asyncio.to_thread(self.process.wait, PATIENCE)

    async def stop(self) -> int:
        """SIGTERM, and what it answers."""
        assert self.process is not None
        self._signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, PATIENCE)

    def leave(self) -> None:
        """End what a test that failed left behind."""
        if self.process is not None and self.process.poll() is None:
            with suppress(OSError, ValueError):
                self._signal(signal.SIGKILL)
            self.process.kill()
            self.process.wait(PATIENCE)

    def _signal(self, number: signal.Signals) -> None:
        """To the hub itself: a strace that is killed lets go of it, and it would live on."""
        assert self.process is not None
        if self.before:
            os.kill(int(self.database.with_name("hub.db.lock").read_text()), number)
        else:
            self.process.send_signal(number)

    @property
    def database(self) -> Path:
        return self.folder / "hub.db"


def seen(pid: int) -> dict[str, int]:
    """What the system says of a process."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    status = Path(f"/proc/{pid}/status").read_text()
    threads = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Threads:"))
    return {"pss_kib": pss, "threads": threads, "open_files": len(list(Path(f"/proc/{pid}/fd").iterdir()))}


class World:
    """Visitors, operators and pigeons around one hub, and the story they tell."""

    def __init__(self, hub: HubProcess, visitors: int, seed: int) -> None:
        self.hub, self.seed, self.story, self.rng = hub, seed, Story(), random.Random(seed)
        self.visitors = [Visitor(self.story, n, random.Random(seed * 1000 + n)) for n in range(visitors)]
        self.operators = [
            Operator(self.story, n, OPERATORS, random.Random(seed * 2000 + n)) for n in range(OPERATORS)
        ]
        self._letters = 0
        self._writing = True

    @property
    def acknowledged(self) -> int:
        return len(self.story.told)

    @property
    def unavailable(self) -> int:
        """How often somebody was told that nothing can be stored now."""
        return sum(one.later for one in (*self.visitors, *self.operators))

    async def letters(self) -> None:
        """A letter by pigeon now and then."""
        while self._writing:
            await asyncio.sleep(self.rng.uniform(0.1, 0.4))
            self._letters += 1
            number = self._letters
            canary = f"pn{number:06d}"
            text = f"{canary}/pigeon{number % 5}/{number}"
            letter = {"id": f"letter-{number:06d}", "from": f"p{number % 5}@loft.example", "text": text}
            path = self.hub.folder / "loft" / f"{number:06d}.json"
            try:
                path.with_suffix(".tmp").write_text(json.dumps(letter))
            except OSError:
                continue  # no room: this pigeon stays at home
            self.story.sent.append(Sent(f"pigeon{number % 5}", f"letter-{number:06d}", text, number))
            path.with_suffix(".tmp").rename(path)

    async def settle(self) -> None:
        """Nobody writes any more; everybody gets their acknowledgements, comes back once, and catches up."""
        self._writing = False
        everybody = [*self.visitors, *self.operators]
        for one in everybody:
            one.writing = False
        await until(
            lambda: not any(one.outbox for one in everybody),
            "every message to be acknowledged",
            say=self._owed,
        )
        for one in everybody:
            await one.hang_up()
        await until(lambda: all(one.welcome for one in everybody), "everybody to be back")
        await until(self._caught_up, "everybody to have caught up", fail=False)
        await until(self._delivered, "all that leaves to have left", fail=False, seconds=3 * PATIENCE)

    def _owed(self) -> str:
        return ", ".join(
            f"{one.name}: {list(one.outbox)[:3]}" for one in (*self.visitors, *self.operators) if one.outbox
        )

    def _caught_up(self) -> bool:
        with sqlite3.connect(f"file:{self.hub.database}?mode=ro", uri=True) as file:
            ends = dict(file.execute("SELECT lower(hex(conversation)), max(seq) FROM message GROUP BY 1"))
            legs = dict(file.execute("SELECT lower(hex(conversation)), max(leg_seq) FROM message GROUP BY 1"))
        for visitor in self.visitors:
            if visitor.conversation and visitor.have < legs[visitor.conversation]:
                return False
        return all(n >= ends[talk] for one in self.operators for talk, n in one.reached.items())

    def _delivered(self) -> bool:
        with sqlite3.connect(f"file:{self.hub.database}?mode=ro", uri=True) as file:
            (left,) = file.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
        return left == 0 and not list((self.hub.folder / "loft").glob("*.json"))


@asynccontextmanager
async def living(world: World) -> AsyncIterator[None]:
    """Everybody lives while this lasts."""
    port = lambda: world.hub.port  # one word for three uses
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one.live(port)) for one in (*world.visitors, *world.operators)]
        tasks += [group.create_task(one.write()) for one in world.visitors]
        tasks.append(group.create_task(world.letters()))
        yield
        for task in tasks:
            task.cancel()


async def until(
    fact: Callable[[], bool],
    what: str,
    *,
    fail: bool = True,
    say: Callable[[], str] = str,
    seconds: float = PATIENCE,
) -> None:
    """Wait for a fact; with `fail` off its absence is for the checker to tell."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            assert not fail, f"waited {seconds:.0f} s in vain for {what}: {say()}"
            return
        await asyncio.sleep(0.02)
