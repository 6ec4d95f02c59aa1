"""What the running hub holds right now, counted: what `hub doctor` shows, and what the checker of faults holds against its bounds.

A leak is a number here that grows while nobody does anything new. Cheap enough to ask every few seconds; only `objects` walks memory.
"""

import asyncio
import gc
import resource
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hub.web.room import open_files

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.store import Read

SQL_BACKLOG = "SELECT state, count(*) FROM outbox WHERE state IN ('waiting', 'quarantined') GROUP BY state"


async def figures_of(hub: "Hub", *, objects: bool = False) -> dict[str, int]:
    """Figures by name, all of them counts but those in bytes (`_bytes`) and KiB (`_kib`)."""
    sessions, store = hub.hall.sessions, hub.store
    waiting, aside = await store.read(_backlog)
    found = {
        "memory_kib": _resident(),
        "open_files": open_files(),
        "open_files_limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "threads": threading.active_count(),
        "tasks": len(asyncio.all_tasks()),
        "sockets": len(sessions),
        "socket_buffered_bytes": sum(session.socket.buffered() for session in sessions),
        "bus_listeners": hub.bus.listeners,
        "writer_waiting": store.waiting,
        "outbox_waiting": waiting,
        "outbox_aside": aside,
        "wal_bytes": _size(store.path.with_name(store.path.name + "-wal")),
        "database_bytes": _size(store.path),
        **hub.runners.figures,
    }
    if objects:
        gc.collect()
        found["objects"] = len(gc.get_objects())
    return found


def _backlog(read: "Read") -> tuple[int, int]:
    found = dict(read.all(SQL_BACKLOG))
    return found.get("waiting", 0), found.get("quarantined", 0)


def _resident() -> int:
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
