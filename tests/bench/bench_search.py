"""Search over 100,000 messages: what a message pays for being found later, what indexing costs, and how long questions take.

    python -m tests.bench.bench_search

Words are drawn by Zipf's law, half of the messages share one word, and one team sees a thousandth of them: the worst case of a filter.
"""

import itertools
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from hub import search
from hub.store.connecting import open_writer
from hub.store.preparing import prepare
from hub.store.tx import Tx
from tests.bench.report import table

MESSAGES = 100_000
MAIN, SMALL, ANN = b"m" * 16, b"s" * 16, b"a" * 16
INSERT = "INSERT INTO message (conversation, seq, id, audience, author, kind, text, at) VALUES (?, ?, ?, 'all', 'visitor', 'text', ?, ?)"
BEGIN = """INSERT INTO conversation (id, anchor, queue, site, channel, status, opened_at, last_at, seq)
VALUES (?1, ?1, ?2, 'shop', 'text', 'closed', ?3, ?3, 10)"""


def timed(action: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1e3


def fill(tx: Tx, words: list[str]) -> float:
    """Microseconds a message."""
    dice = random.Random(1)
    weights = list(itertools.accumulate(1 / (n + 1) for n in range(len(words))))
    rows, talk = [], b""
    for n in range(MESSAGES):
        tx.now += 1_000_000
        if n % 10 == 0:
            talk = os.urandom(16)
            tx.run(BEGIN, (talk, SMALL if n % 10_000 == 0 else MAIN, tx.now))
        text = " ".join(dice.choices(words, cum_weights=weights, k=12)) + (" hello" if n % 2 else "")
        rows.append((talk, n % 10 + 1, os.urandom(16), text, tx.now))
    return timed(lambda: tx.many(INSERT, rows)) / MESSAGES * 1e3


def main() -> None:
    """Print both tables."""
    dice = random.Random(2)
    words = [
        "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randrange(3, 9))) for _ in range(20_000)
    ]
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "hub.db")
        connection = open_writer(Path(folder) / "hub.db", "NORMAL")
        tx = Tx(connection, 1_700_000_000_000_000, os.urandom)
        tx.run("BEGIN")
        tx.run("INSERT INTO queue_member (queue, operator) VALUES (?, ?)", (SMALL, ANN))
        each = fill(tx, words)
        tx.run("COMMIT")
        batches, more = [], True
        while more:
            began = time.perf_counter()
            tx.run("BEGIN")
            more = search.catch_up(tx)
            tx.run("COMMIT")
            batches.append((time.perf_counter() - began) * 1e3)
        batches.sort()
        table("Indexing", ["", "figure"], [
            ["insert with its mark, µs a message", f"{each:.1f}"],
            ["index, µs a message", f"{sum(batches) / MESSAGES * 1e3:.1f}"],
            ["batch of 100, ms p50", f"{median(batches):.1f}"],
            ["batch of 100, ms p99", f"{batches[len(batches) * 99 // 100]:.1f}"],
        ])  # fmt: skip
        asked = {
            "two rare words": (f"{words[900]} {words[1500]}", None),
            "a common word": (words[0], None),
            "a word of every second message": ("hello", None),
            "the same, a small team": ("hello", ANN),
            "one letter": ("h", None),
            "one letter, a small team": ("h", ANN),
            "a phrase": (f'"{words[0]} {words[1]}"', None),
        }
        rows = [
            [
                name,
                f"{median(timed(lambda q=q, who=who: search.find(tx, q, operator=who)) for _ in range(7)):.1f}",
            ]
            for name, (q, who) in asked.items()
        ]
        table(f"Questions over {MESSAGES:,} messages", ["", "ms"], rows)
        connection.close()


if __name__ == "__main__":
    main()
