"""Acknowledged means kept: a child process writes, is killed at any instant, and what it acknowledged is there."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = CHILD.parents[2]


def run_until_killed(database: Path, seconds: float) -> set[int]:
    """Let the child write for a while, kill -9, and return the numbers it said were acknowledged."""
    child = subprocess.Popen([sys.executable, CHILD, database], stdout=subprocess.PIPE, cwd=ROOT)
    with child:
        acknowledged = {int(child.stdout.readline())}
        time.sleep(seconds)
        child.kill()
        lines = child.stdout.read().split(b"\n")
    return acknowledged | {int(line) for line in lines[:-1]}  # the last may have been cut by the kill


def test_no_acknowledged_row_is_lost_or_doubled_by_kills(tmp_path):
    database = tmp_path / "hub.db"
    acknowledged: set[int] = set()
    chance = random.Random(7)
    for _ in range(6):
        acknowledged |= run_until_killed(database, chance.uniform(0.02, 0.4))
    with closing(sqlite3.connect(database)) as connection:
        stored = [n for (n,) in connection.execute("SELECT n FROM line")]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        halves = connection.execute(
            "SELECT count(*) FROM line WHERE n NOT IN (SELECT n FROM echo)"
        ).fetchone()
    assert len(acknowledged) > 100
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))
    assert halves == (0,)  # each action wrote two rows: both or none
