"""Events that could not be taken: counted, listed for the console, and kept over a restart.

A sender cannot be told (a 4xx would cost it the whole batch), so the owner is: the connection's health says how many and why the last one,
and `GET /api/tracking/problems` lists the newest. They are documents of the connection in a ring of a hundred slots, so a broken sender fills
neither the disk nor the writer: while one list is being written, the next is gathered, and of that no more than a ring's worth.
"""

import datetime as dt
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hub import documents
from hub.contract import Put
from hub.registry import State
from hub.store import Read, StoreError, Tx
from hub.tracking import Refused
from hub.web.hall import Hall
from hub.web.tracking_keys import Key
from hub.wire import millis
from hub.wire.console import TrackingProblem

Say = Callable[[str, State, str], None]
"""`say(connection, state, why)`: how a connection is, as seen from here."""

SLOTS = 100
RUN = 24 * 3600 * 1_000_000
"""A run of problems ends when none has come for so long (microseconds); the next one counts from 1 again."""

_SLOT, _COUNT = "refused event", "refused events"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The run of problems of one connection. Times in microseconds."""

    n: int = 0
    count: int = 0
    since: int = 0
    last: int = 0
    why: str = ""


class Problems:
    """Of all tracking connections. For the event loop's thread only."""

    def __init__(self, hall: Hall, say: Say) -> None:
        self._hall, self._say = hall, say
        self._gathered: dict[str, deque[Refused]] = {}
        self._more: dict[str, int] = {}
        self._writing: set[str] = set()
        self._runs: dict[str, Counted] = {}

    async def open(self, zones: Mapping[str, str]) -> None:
        """Say what was refused before this start. `zones`: connection → the time zone of its site."""
        for connection, zone in zones.items():
            run = await self._hall.store.read(counted, connection)
            if run.count and self._hall.clock() - run.last <= RUN:
                self._tell(connection, run, zone)

    def add(self, key: Key, refused: Sequence[Refused]) -> None:
        """These events of the key's connection were left out."""
        gathered = self._gathered.setdefault(key.connection, deque(maxlen=SLOTS))
        gathered.extend(refused)
        self._more[key.connection] = self._more.get(key.connection, 0) + len(refused)
        if key.connection not in self._writing:
            self._writing.add(key.connection)
            self._hall.soon(self._write(key))

    async def sweep(self) -> None:
        """Connections without a new problem for a day are well again."""
        for connection, run in list(self._runs.items()):
            if self._hall.clock() - run.last > RUN:
                del self._runs[connection]
                self._say(connection, "healthy", "")

    async def _write(self, key: Key) -> None:
        try:
            while self._more.get(key.connection):
                newest, count = list(self._gathered.pop(key.connection)), self._more.pop(key.connection)
                run = await self._hall.store.write_background(note, key.connection, newest, count)
                self._tell(key.connection, run, key.site.zone)
        except StoreError:
            return  # the disk's trouble is told elsewhere, and these were refused all the same
        finally:
            self._writing.discard(key.connection)

    def _tell(self, connection: str, run: Counted, zone: str) -> None:
        self._runs[connection] = run
        since = dt.datetime.fromtimestamp(run.since / 1_000_000, ZoneInfo(zone))
        events = "1 event" if run.count == 1 else f"{run.count} events"
        # Well all the same: what is wrong is at the sender.
        self._say(connection, "healthy", f"{events} refused since {since:%d %b %H:%M}: {run.why}")


def note(tx: Tx, connection: str, newest: Sequence[Refused], count: int) -> Counted:
    """Write the newest problems of `count` that have come."""
    run = counted(tx, connection)
    fresh = tx.now - run.last > RUN
    after = Counted(
        n=run.n + count,
        count=count if fresh else run.count + count,
        since=tx.now if fresh else run.since,
        last=tx.now,
        why=str(newest[-1])[:300],
    )
    puts = [_slot(after.n - len(newest) + place, tx.now, refused) for place, refused in enumerate(newest, 1)]
    puts.append(Put(kind=_COUNT, key="run", body=msgspec.to_builtins(after)))
    documents.put(tx, connection, puts)
    return after


def counted(read: Read, connection: str) -> Counted:
    """The run of problems that is going on, or was the last."""
    found = documents.get(read, connection, _COUNT, "run")
    return Counted() if found is None else msgspec.convert(found.body, Counted)


def listed(read: Read, connections: Sequence[str]) -> list[TrackingProblem]:
    """The problems that are kept, the newest first."""
    found = [
        msgspec.convert({"connection": name, **document.body}, TrackingProblem)
        for name in connections
        for document in documents.all_of(read, name, _SLOT)
    ]
    return sorted(found, key=lambda problem: (problem.at, problem.n), reverse=True)


def _slot(n: int, now: int, refused: Refused) -> Put:
    body: dict[str, Any] = {
        "n": n,
        "at": millis(now),
        "call": refused.call,
        "message_id": refused.message_id,
        "why": str(refused)[:500],
    }
    return Put(kind=_SLOT, key=f"{n % SLOTS:03d}", body=body)
