"""A customer of thousands of visits is opened, written to, merged and taken apart as fast as one of ten.

Counted in the steps of SQLite's own machine, which neither the clock nor a neighbour on the machine can change. One heavy test takes
real sizes and compares times side by side.
"""

import statistics
import time
from typing import Self

import pytest

from hub import identity
from hub.actions import announce, arrive, people, talk
from hub.conversations import view
from hub.store import scratch_tx
from hub.web import customers
from hub.wire.common import Page
from hub.wire.visitor import Hello, Look, Open, Say
from tests.identity.conftest import Shop
from tests.steps import steps

FEW, MANY = 300, 3_000
"""More than a page and than both ends that a record lists, and ten times that."""


class Regular:
    """Somebody who has visited a shop so often, always in one browser, and is known by an address; some touchpoints repeat."""

    def __init__(self, visits: int, *, again: int = 1) -> None:
        self._scratch = scratch_tx()
        self.tx = tx = self._scratch.__enter__()
        people.route_sites(tx, [people.Route("shop", "main", "")])
        people.add(tx, login="ann", name="Ann", password_hash="x", role="operator", queues=["main"])
        self.shop = Shop(tx)
        self.hello = Hello(site="shop", tab="tab-00000001")
        self.visitor = arrive.greet(tx, "shop", self.hello).visitor
        self.device = f"device:{self.visitor.hex()}"
        self.old = [
            self.shop.report(self.device, f"session:old{n}", at=n * 1000 + turn)
            for n in range(visits)
            for turn in range(again)
        ]
        self.known = self.shop.report(self.device, "session:old1", "user_id!U", name="Ann Berg", at=1_500)
        self.number = 0
        self.come()
        self.talk = talk.open_chat(
            tx, "shop", self.visitor, Open(client_id=self.client_id(), text="Hello?")
        ).conversation
        self.customer = identity.resolve(tx, self.known)
        assert identity.resolve(tx, self.visit) == self.customer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._scratch.__exit__(None, None, None)

    def client_id(self) -> str:
        self.number += 1
        return f"c-{self.number:08d}"

    # --- what is asked of it

    def come(self) -> object:
        """Another visit, an hour later."""
        self.tx.now += 3_600_000_000
        found = arrive.arrive(
            self.tx, "shop", self.visitor, self.hello, Look(page=Page(url="https://a.test/"))
        )
        self.visit = found.visit.id
        return found

    def say_hello(self) -> object:
        return arrive.again(self.tx, self.visitor, self.hello)

    def head(self) -> object:
        return identity.header(self.tx, self.known)

    def open_the_record(self) -> object:
        return customers.customer(self.tx, self.customer)

    def open_the_timeline(self) -> object:
        return customers.timeline(self.tx, self.customer, None)

    def scroll_back(self) -> object:
        return customers.timeline(self.tx, self.customer, self.visit)

    def list_conversations(self) -> object:
        return view.of_customer(self.tx, self.customer)

    def ask(self) -> object:
        return talk.say(
            self.tx, self.visitor, Say(client_id=self.client_id(), conversation=self.talk.hex(), text="And?")
        )

    def tell_of_the_record(self) -> object:
        told = identity.RecordEvent(
            kind="changed", customer=self.customer, cause=self.customer, anchor=self.customer
        )
        return announce.records(self.tx, (told,))

    def is_it_being_worked_out(self) -> object:
        return identity.is_being_worked_out(self.tx, self.customer)

    def take_back_a_visit(self) -> object:
        """What one of the visits said does not count: the browser's facts are told anew, the rest is worked out later."""
        self.number += 1
        return self.shop.decide("retract", self.old[self.number])

    def a_stranger_becomes_them(self) -> object:
        """Another browser turns out to be theirs: a merge."""
        self.number += 1
        self.shop.report(f"device:other{self.number}", at=10**7 + self.number)
        return self.shop.report(f"device:other{self.number}", "user_id!U", at=10**7 + self.number)


ASKED = [
    "come", "say_hello", "head", "open_the_record", "open_the_timeline", "scroll_back", "list_conversations", "ask",
    "tell_of_the_record", "is_it_being_worked_out", "a_stranger_becomes_them",
]  # fmt: skip


@pytest.fixture(scope="module")
def regulars():
    with Regular(FEW) as few, Regular(MANY) as many:
        yield few, many


@pytest.mark.parametrize("asked", ASKED)
def test_ten_times_the_visits_take_hardly_more_steps(regulars, asked):
    few, many = (steps(it.tx, getattr(it, asked)) for it in regulars)
    assert few >= 1
    assert many < 1.3 * few + 200, f"{asked}: {few} steps at {FEW} visits, {many} at {MANY}"


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("few", "many"), [((FEW, 1), (10_000, 1)), ((150, 2), (150, 667))], ids=["visits", "touchpoints"]
)
def test_real_sizes_open_as_fast_as_small_ones(few, many):
    """10,000 visits in one browser; 100,000 touchpoints on 150 nodes. Medians of the same minute, by turns."""
    with Regular(few[0], again=few[1]) as little, Regular(many[0], again=many[1]) as much:
        for asked in ASKED:
            taken: dict[Regular, list[float]] = {little: [], much: []}
            for _ in range(15):
                for it, times in taken.items():
                    began = time.thread_time()
                    getattr(it, asked)()
                    times.append(time.thread_time() - began)
            short, long = (statistics.median(times) for times in taken.values())
            print(f"{asked:28} {short * 1e3:8.3f} ms {long * 1e3:8.3f} ms")
            assert long < 2 * short + 0.001, f"{asked}: {short * 1e3:.2f} ms, {long * 1e3:.2f} ms"
