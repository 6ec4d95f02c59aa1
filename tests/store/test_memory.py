"""SQLite's account of memory is stopped at the start, or not at all. Each in a process of its own: it is a setting of the library."""

import subprocess
import sys

HELD = """
import _sqlite3, ctypes, sqlite3
from hub.store.memory import uncounted
library = ctypes.CDLL(_sqlite3.__file__)
library.sqlite3_memory_used.restype = ctypes.c_int64
def stored():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE word (text TEXT)")
    connection.execute("INSERT INTO word VALUES ('kept')")
    return connection
"""


def told(program: str) -> str:
    ended = subprocess.run([sys.executable, "-c", HELD + program], capture_output=True, text=True, check=True)
    return ended.stdout.strip()


def test_nothing_is_counted_once_it_is_told_and_the_database_works() -> None:
    program = "print(uncounted()); c = stored(); print(library.sqlite3_memory_used(), c.execute('SELECT text FROM word').fetchone()[0], uncounted())"
    assert told(program) == "True\n0 kept True"


def test_while_a_database_is_open_nothing_is_changed() -> None:
    program = "c = stored(); print(uncounted()); print(library.sqlite3_memory_used() > 0, c.execute('SELECT text FROM word').fetchone()[0])"
    assert told(program) == "False\nTrue kept"
