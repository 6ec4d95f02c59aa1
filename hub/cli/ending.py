"""The end of the program, whatever a plugin has left behind.

Python waits at its end for every thread that is no daemon, and plugins may have started some: a worker in a call that never returns, a
library's own. By then the database is closed and everybody has been told, so there is nothing to wait for.
"""

import logging
import os
import sys
import threading

PATIENCE = 3.0
"""Seconds for threads of plugins after the hub has stopped."""
log = logging.getLogger("hub")


def end_in_time(code: int, patience: float = PATIENCE) -> None:
    """The program is about to end with `code`: see to it that it does."""
    timer = threading.Timer(patience, _end, (code,))
    timer.daemon = True
    timer.start()


def _end(code: int) -> None:
    names = ", ".join(sorted(thread.name for thread in threading.enumerate() if not thread.daemon))
    log.warning("ending without waiting for threads that plugins have left running: %s", names)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
