"""How much work SQLite does for something, counted and not timed: the same on every machine."""

from collections.abc import Callable

from hub.store import Tx


def steps(tx: Tx, act: Callable[[], object]) -> int:
    """Steps of SQLite's machine that it takes, the second time: the first prepares statements."""
    act()
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection = tx._connection
    connection.set_progress_handler(step, 1)
    try:
        act()
    finally:
        connection.set_progress_handler(None, 1)
    return taken
