"""SQLite without its account of memory.

Whatever SQLite allocates or frees passes one lock that all connections share, so that it can tell how much it holds. Nobody here asks,
and the account costs the writer a tenth of its time. SQLite's authors recommend to do without it (sqlite.org/compile.html,
SQLITE_DEFAULT_MEMSTATUS=0), but systems ship libraries that keep it, and Python has no way to say so: it is told to the library itself.
"""

import _sqlite3
import ctypes
from functools import cache

CONFIG_MEMSTATUS = 9
OK = 0


@cache  # afterwards SQLite says that it holds nothing, whatever it holds, so this is asked once
def uncounted() -> bool:
    """Stop the account, for the whole program. False, and nothing is changed, where SQLite is in use already or cannot be reached.

    To be called at the start, before there are threads: SQLite takes such a setting only while it is shut down.
    """
    try:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_memory_used.restype = ctypes.c_int64
        library.sqlite3_config.argtypes = [ctypes.c_int]  # what follows is variadic
        in_use = library.sqlite3_memory_used() > 0
    except (AttributeError, OSError):  # a Python with SQLite built in, and its names hidden
        return False
    if in_use:
        return False
    library.sqlite3_shutdown()
    told: int = library.sqlite3_config(CONFIG_MEMSTATUS, ctypes.c_int(0))
    library.sqlite3_initialize()
    return told == OK
