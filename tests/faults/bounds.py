"""C8: what a hub holds stays within bounds, and what it held for somebody is given back when they have gone.

`growth` compares two moments at which the same people are there, with many comings and goings between: whatever is kept for each of them
is found as a slope. `within` holds single moments against what so many sockets may cost; it is for runs in which the hub is killed.
"""

from collections.abc import Mapping, Sequence

Figures = Mapping[str, int]

PER_COMING = {
    "tasks": 0.2,
    "open_files": 0.2,
    "threads": 0.05,
    "bus_listeners": 0.2,
    "objects": 0.9,
    "plugin_tasks": 0.2,
}
"""What may remain of each coming and going, on average; one of anything would be a leak."""
SLACK = {
    "tasks": 8,
    "open_files": 12,
    "threads": 6,
    "bus_listeners": 8,
    "objects": 400,
    "plugin_tasks": 8,
    "pss_kib": 16 * 1024,
}
"""What may come and go by itself, such as a job that is at work."""
AT_REST = {"writer_waiting": 64, "socket_buffered_bytes": 64 * 1024, "plugin_frames": 0, "outbox_waiting": 0}

MOST = {
    "pss_kib": (320 * 1024, 120.0),
    "open_files": (96, 1.5),
    "threads": (64, 0.0),
    "tasks": (96, 4.0),
    "bus_listeners": (256, 24.0),
    "writer_waiting": (4_096, 4.0),
    "socket_buffered_bytes": (4 << 20, 8 << 10),
    "plugin_tasks": (256, 1.0),
    "plugin_frames": (2_000, 0.0),
    "plugin_threads_stuck": (0, 0.0),
    "wal_bytes": (96 << 20, 0.0),
}
"""The bounds of one moment: so much, and so much more for each socket."""
LOG_BYTES = (256 << 10, 16 << 10)
"""Of the log: in all, and for each start."""


def growth(before: Figures, after: Figures, comings: int) -> list[str]:
    """Findings between two moments of rest with so many comings and goings between them."""
    found = []
    for name, slack in SLACK.items():
        allowed = slack + PER_COMING.get(name, 0.0) * comings
        grown = after.get(name, 0) - before.get(name, 0)
        if grown > allowed:
            found.append(
                f"C8: {name} grew by {grown} over {comings} comings and goings; at most {allowed:.0f}"
            )
    for name, most in AT_REST.items():
        if after.get(name, 0) > most:
            found.append(f"C8: {name} is {after[name]} at rest; at most {most}")
    return found


def within(samples: Sequence[Figures], starts: int = 1) -> list[str]:
    """Findings in moments of a run in which the hub was started so many times."""
    found = []
    for name, (base, each) in MOST.items():
        over = [(it[name], base + each * it.get("sockets", 0)) for it in samples if name in it]
        worst = max(over, key=lambda it: it[0] - it[1], default=(0, 0.0))
        if worst[0] > worst[1]:
            found.append(f"C8: {name} was {worst[0]}; at most {worst[1]:.0f}")
    log = max((it.get("log_bytes", 0) for it in samples), default=0)
    if log > (most := LOG_BYTES[0] + LOG_BYTES[1] * starts):
        found.append(f"C8: the log has {log} bytes after {starts} starts; at most {most}")
    return found
