"""The timeline of a customer with a hundred thousand touchpoints opens as fast as one with a few hundred.

Counted in the steps of SQLite's own machine, like `tests/conversations/test_long.py`; a heavy test takes a real hundred thousand. The
record beside it says how many there are, and counting walks an index: what that may cost is bounded.
"""

import datetime as dt
import os
import statistics
import time
from typing import Self

import pytest

from hub.actions.receive import receive
from hub.contract import Claim, Level, Touchpoint
from hub.identity import resolve
from hub.store import scratch_tx
from hub.web import customers
from tests.steps import steps

SHORT, LONG = 300, 3_000
"""More than any page, and ten times that."""
SECOND = 1_000_000


class Known:
    """A customer whom so many orders are known of. All but the first few are copies of one, written straight into the log."""

    def __init__(self, touches: int) -> None:
        self._scratch = scratch_tx()
        self.tx = tx = self._scratch.__enter__()
        claims = (Claim(kind="user_id", value="lou", level=Level.VERIFIED),)
        for n in range(3):
            tx.now += 1_000 * SECOND  # room for the copies: none is older than the first
            at = dt.datetime.fromtimestamp(tx.now / SECOND, dt.UTC)
            order = Touchpoint(
                channel="shop", kind="order", key=f"order-{n}", claims=claims, site="shop", payload={"total": 42}, occurred_at=at
            )  # fmt: skip
            self.newest = receive(tx, "shop", order).touch
        self._copy(touches - 3)
        self.who = resolve(tx, self.newest)
        ids = tx.all("SELECT id FROM touchpoint ORDER BY id")
        self.middle: bytes = ids[len(ids) // 2][0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._scratch.__exit__(None, None, None)

    def _copy(self, many: int) -> None:
        """Older than the newest, each with an id and a time of its own."""
        columns = [name for _, name, *_ in self.tx.all("PRAGMA table_info(touchpoint)")]
        row = dict(
            zip(
                columns,
                self.tx.one("SELECT * FROM touchpoint WHERE id = ?", (self.newest,)) or (),
                strict=True,
            )
        )
        copies = []
        for n in range(many):
            origin = os.urandom(10)
            at = (
                int.from_bytes(self.newest[:6]) - (many - n) - 1
            )  # the first six bytes of an id are its milliseconds
            copies.append(tuple({**row, "id": at.to_bytes(6) + origin, "origin": origin}.values()))
        self.tx.many(
            f"INSERT INTO touchpoint ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", copies
        )

    # --- what is asked of it

    def open_the_record(self) -> object:
        return customers.customer(self.tx, self.who)

    def open_the_timeline(self) -> object:
        page = customers.timeline(self.tx, self.who, None)
        assert len(page.items) == customers.PAGE and page.next
        return page

    def scroll_back_from_the_middle(self) -> object:
        page = customers.timeline(self.tx, self.who, self.middle)
        assert len(page.items) == customers.PAGE and page.next
        return page

    def look_for_what_is_not_there(self) -> object:
        wanted = customers.wanted({"q": "unicorn"})
        assert wanted is not None
        return customers.timeline(self.tx, self.who, None, wanted)


ASKED = ["open_the_timeline", "scroll_back_from_the_middle"]
COUNTING = 0.5e-6
"""Seconds of CPU for each touchpoint that a record counts: a sixth of it on a quiet machine."""


@pytest.fixture(scope="module")
def lengths():
    with Known(SHORT) as short, Known(LONG) as long:
        yield short, long


@pytest.mark.parametrize("asked", ASKED)
def test_ten_times_the_touchpoints_take_hardly_more_steps(lengths, asked):
    short, long = (steps(it.tx, getattr(it, asked)) for it in lengths)
    assert short > 10
    assert long < 1.5 * short + 200, f"{asked}: {short} steps at {SHORT} touchpoints, {long} at {LONG}"


@pytest.mark.heavy
def test_a_hundred_thousand_touchpoints_open_as_fast_as_three_hundred():
    """Medians of the same minute, by turns. Looking for what is not there stops after a bounded look, whatever the length."""
    with Known(2_000) as short, Known(100_000) as long:
        for asked in [*ASKED, "look_for_what_is_not_there", "open_the_record"]:
            taken: dict[Known, list[float]] = {short: [], long: []}
            for _ in range(15):
                for it, times in taken.items():
                    began = time.thread_time()
                    getattr(it, asked)()
                    times.append(time.thread_time() - began)
            few, many = (statistics.median(times) for times in taken.values())
            counted = COUNTING * 100_000 if asked == "open_the_record" else 0.001
            assert many < 3 * few + counted, f"{asked}: {few * 1e3:.2f} ms, {many * 1e3:.2f} ms"
