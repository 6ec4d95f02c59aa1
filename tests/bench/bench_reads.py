"""What lists cost against the same rows handed to JSON as they are, and whether what is long opens as fast as what is short.

    python -m tests.bench.bench_reads [--rounds 5]

Everything is one thread's, on a file that is in memory. "Raw" is the same statement's rows encoded as arrays, without a struct, a
name or an id in hex: what nobody can do without. "Plain" is the shortest statement of the same tables, without what takes a look into
others for each row: who it is by all they ever said, what is unread, tags, how far the customer has read.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from hub.actions import arrive, serve, talk
from hub.actions.people import add
from hub.actions.receive import receive
from hub.contract import Claim, Level, Touchpoint
from hub.conversations import listing
from hub.identity import resolve
from hub.identity.lookups import LATEST, SQL_TOUCHES
from hub.store.connecting import open_writer
from hub.store.preparing import prepare
from hub.store.tx import Tx
from hub.web.customers import timeline
from hub.wire import encode
from hub.wire.common import Page
from hub.wire.visitor import Hello, Look, Open, Say
from tests.bench.report import table

CONVERSATIONS = 300
TOUCHES = 300
REPEATS = 40
SECOND = 1_000_000
NOW = 1_790_000_000 * SECOND

SQL_RAW_INBOX = """
SELECT c.id, c.queue, c.status, e.customer, a.value, a.level, c.channel, c.site, c.opened_at, c.seq, c.operator, o.name, c.last_text,
c.last_author, c.last_at, c.waiting_since, c.outcome, v.blocked_at, c.visitor, l.delivered, l.read, c.answer_by, c.score, c.remark
FROM conversation c JOIN leg l ON l.conversation = c.id LEFT JOIN operator o ON o.id = c.operator
LEFT JOIN visitor v ON v.id = c.visitor JOIN touchpoint t ON t.id = c.anchor JOIN evidence e ON e.key = t.evidence
LEFT JOIN attribute a ON a.evidence = e.key AND a.attribute = 'name'
WHERE c.status = 'open' ORDER BY c.last_at DESC LIMIT 50"""
SQL_RAW_TIMELINE = """
SELECT t.id, t.kind, t.channel, t.occurred_at, t.site, t.connection, t.payload, c.id, v.id, v.number, v.referrer, v.pages
FROM evidence e JOIN touchpoint t ON t.evidence = e.key LEFT JOIN conversation c ON c.anchor = t.id LEFT JOIN visit v ON v.id = t.id
WHERE e.customer = ? ORDER BY t.id DESC LIMIT 50"""


def opened(path: Path) -> Tx:
    """A database of a small shop, in a transaction that stays open."""
    prepare(path)
    tx = Tx(open_writer(path, "NORMAL"), NOW, os.urandom)
    tx.run("BEGIN")
    return tx


def inbox(tx: Tx) -> None:
    """Conversations that operators serve, with names, words of both sides and some unread."""
    operators = [
        add(tx, login=f"op{n}", name=f"Operator {n}", password_hash="", role="operator", queues=["main"], capacity=1000)
        for n in range(8)
    ]  # fmt: skip
    for n in range(CONVERSATIONS):
        visitor = page(tx, n)
        asked = Open(
            client_id=f"open-{n:08d}",
            text="Is the blue one in stock in size 42?",
            name=f"Kim {n}",
            email=f"kim{n}@example.org",
        )
        begun = talk.open_chat(tx, "bench", visitor, asked).conversation
        for turn in range(3):
            tx.now += SECOND
            serve.reply(tx, operators[n % 8], begun, f"reply-{n}-{turn:04d}", "It is. We measured it again.")
            for word in range(2):
                said = Say(
                    client_id=f"say-{n}-{turn}-{word:04d}",
                    conversation=begun.hex(),
                    text="Then I take it, thank you very much!",
                )
                talk.say(tx, visitor, said)  # fmt: skip
        tx.published.clear()


def page(tx: Tx, number: int) -> bytes:
    """A visitor on a page."""
    tx.now += SECOND
    hello = Hello(site="bench", tab=f"tab-{number:08d}")
    visitor = arrive.greet(tx, "bench", hello).visitor
    arrive.arrive(
        tx, "bench", visitor, hello, Look(page=Page(url="https://shop.example/shoes", title="Shoes"))
    )
    return visitor


def history(tx: Tx, touches: int) -> bytes:
    """A customer of so many touchpoints over several channels; their id."""
    last = b""
    claims = (Claim(kind="user_id", value=f"lou-{touches}", level=Level.VERIFIED),)
    for n in range(touches):
        tx.now += SECOND
        channel, kind = (("email", "mail"), ("shop", "order"), ("voice", "call"))[n % 3]
        touch = Touchpoint(
            channel=channel, kind=kind, key=f"{touches}-{n}", claims=claims, site="bench", payload={"title": f"Number {n}", "total": 42},
            occurred_at=dt.datetime.fromtimestamp(tx.now / SECOND, dt.UTC),
        )  # fmt: skip
        last = receive(tx, channel, touch).touch
        tx.published.clear()
    return resolve(tx, last)


def micros(work: Callable[[], object]) -> float:
    """CPU microseconds, median."""
    taken = []
    for _ in range(REPEATS):
        began = time.thread_time_ns()
        work()
        taken.append((time.thread_time_ns() - began) / 1e3)
    return statistics.median(taken)


class Read(NamedTuple):
    """CPU microseconds: as the hub does it, its own rows raw, the plainest rows raw."""

    ours: float
    raw: float
    plain: float


def measured(folder: Path, rounds: int) -> dict[str, Read]:
    """Both lists."""
    tx = opened(folder / "reads.db")
    inbox(tx)
    customer = history(tx, TOUCHES)
    tx.run("COMMIT")
    wanted = listing.Wanted(open=True)
    first = {"team": None, "at": 2**62, "id": b"\xff" * 16, "limit": 50, **msgspec.structs.asdict(wanted)}
    newest = {"customer": customer, "before": LATEST, "limit": 50}
    lists: dict[str, tuple[Callable[[], object], ...]] = {
        "inbox list": (
            lambda: encode(listing.listed(tx, None, wanted)),
            lambda: encode(tx.all(listing.SQL_LISTED, first)),
            lambda: encode(tx.all(SQL_RAW_INBOX)),
        ),
        "timeline": (
            lambda: encode(timeline(tx, customer, None)),
            lambda: encode(tx.all(SQL_TOUCHES, newest)),
            lambda: encode(tx.all(SQL_RAW_TIMELINE, (customer,))),
        ),
    }
    found: dict[str, list[list[float]]] = {name: [] for name in lists}
    for _ in range(rounds):
        for name, ways in lists.items():
            found[name].append([micros(way) for way in ways])
    return {name: Read(*map(statistics.median, zip(*runs, strict=True))) for name, runs in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    with TemporaryDirectory() as folder:
        found = measured(Path(folder), parser.parse_args().rounds)
    table(
        "Fifty rows to JSON, CPU",
        ["", "µs", "raw µs", "ratio", "plain µs", "ratio"],
        [
            [
                name,
                f"{it.ours:.0f}",
                f"{it.raw:.0f}",
                f"{it.ours / it.raw:.2f}",
                f"{it.plain:.0f}",
                f"{it.ours / it.plain:.2f}",
            ]
            for name, it in found.items()
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
