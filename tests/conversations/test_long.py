"""A conversation of a hundred thousand messages opens as fast as one of a few hundred.

Counted in the steps of SQLite's own machine, which neither the clock nor a neighbour on the machine can change: whatever is asked of
a long conversation takes hardly more of them than of a short one. Lengths are written straight into the tables; one heavy test takes
a real hundred thousand, and compares times side by side.
"""

import os
import statistics
import time
from typing import Self

import pytest

from hub import feed, search
from hub.access import Actor
from hub.actions import announce, arrive, guard, people, serve, talk
from hub.conversations import thread, view
from hub.conversations.thread import Utterance
from hub.store import scratch_tx
from hub.web import items
from hub.wire.common import Page
from hub.wire.visitor import Hello, Look, Open, Say
from tests.steps import steps

SHORT, LONG = 300, 3_000
"""More than any page, and ten times that."""
SQL_FILL = """
INSERT INTO message (conversation, seq, id, leg, leg_seq, audience, author, operator, name, kind, text, data, at, leaves)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, '{}', ?, 0)"""


class Long:
    """A conversation that has gone on for `length` messages: questions, answers, a note now and then, all read."""

    def __init__(self, length: int, *, notes_at_the_end: int = 0) -> None:
        self._scratch = scratch_tx()
        self.tx = tx = self._scratch.__enter__()
        people.route_sites(tx, [people.Route("shop", "main", "")])
        self.ann = people.add(
            tx, login="ann", name="Ann", password_hash="x", role="operator", queues=["main"], capacity=9
        )
        self.hello = Hello(site="shop", tab="tab-00000001")
        self.visitor = arrive.greet(tx, "shop", self.hello).visitor
        arrive.arrive(tx, "shop", self.visitor, self.hello, Look(page=Page(url="https://a.test/")))
        first = Open(client_id="c-first-01", text="Hello?")
        self.id = talk.open_chat(tx, "shop", self.visitor, first).conversation
        self.number = 0
        self.answer()
        self._fill(length, notes_at_the_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._scratch.__exit__(None, None, None)

    def _fill(self, length: int, notes: int) -> None:
        tx, leg = self.tx, thread.leg_of(self.tx, self.id)
        seq, leg_seq, rows = thread.get(tx, self.id).seq, leg.leg_seq, []
        for n in range(length + notes):
            seq += 1
            note = n >= length or n % 10 == 9
            by = "operator" if note or n % 2 else "visitor"
            leg_seq += not note
            text = "needle in hay" if n == length // 2 else f"word number {n}"
            rows.append((
                self.id, seq, os.urandom(16), None if note else leg.id, None if note else leg_seq, "staff" if note else "all",
                by, self.ann if by == "operator" else None, "note" if note else "text", text, tx.now + n,
            ))  # fmt: skip
        tx.many(SQL_FILL, rows)
        tx.run("UPDATE conversation SET seq = ? WHERE id = ?", (seq, self.id))
        tx.run(
            "UPDATE leg SET leg_seq = ?1, delivered = ?1, read = ?1, staff_delivered = ?1, staff_read = ?1",
            (leg_seq,),
        )
        tx.run("UPDATE reader SET delivered = ?1, read = ?1", (seq,))
        announce.conversation(tx, self.id)
        while search.catch_up(tx):
            pass

    # --- what is asked of it

    def client_id(self) -> str:
        self.number += 1
        return f"c-{self.number:08d}"

    def open_in_the_console(self) -> object:
        return items.snapshot(self.tx, f"conversation:{self.id.hex()}")

    def scroll_back_from_the_middle(self) -> object:
        return view.page(self.tx, self.id, thread.get(self.tx, self.id).seq // 2)

    def read_on_from_the_middle(self) -> object:
        return view.page_after(self.tx, self.id, thread.get(self.tx, self.id).seq // 2)

    def resume_in_the_console(self) -> object:
        topic = f"conversation:{self.id.hex()}"
        return [items.compose(self.tx, topic, it.kind, it.key) for it in feed.since(self.tx, topic, 1) or ()]

    def list_in_its_queue(self) -> object:
        return view.active(self.tx, thread.get(self.tx, self.id).queue)

    def search_within(self) -> object:
        return search.within(self.tx, self.id, "needle")

    def open_in_the_page(self) -> object:
        return view.said_after(self.tx, thread.leg_of(self.tx, self.id).id, 0)

    def resume_in_the_page(self) -> object:
        leg = thread.leg_of(self.tx, self.id)
        return view.said_after(self.tx, leg.id, leg.leg_seq - 3)

    def ask(self) -> object:
        said = Say(client_id=self.client_id(), conversation=self.id.hex(), text="One more thing")
        return talk.say(self.tx, self.visitor, said)

    def answer(self) -> object:
        ann = Actor(kind="operator", id=self.ann)
        return guard.act(
            self.tx, ann, "console reply", serve.reply, self.id, self.client_id(), "With pleasure."
        )

    def note(self) -> object:
        return serve.note(self.tx, self.ann, self.id, self.client_id(), "A regular.")

    def see_it_as_an_operator(self) -> object:
        last = thread.get(self.tx, self.id).seq
        return serve.move_cursor(self.tx, self.ann, self.id, last, last)

    def see_it_as_the_visitor(self) -> object:
        last = thread.leg_of(self.tx, self.id).leg_seq
        return talk.move_cursor(self.tx, self.visitor, self.id, last, last)

    def hand_on_and_take_back(self) -> object:
        command = self.client_id()
        serve.transfer_to_queue(self.tx, self.ann, self.id, thread.get(self.tx, self.id).queue, "", command)
        return serve.take_back(self.tx, self.ann, self.id, command)

    def close_and_open_again(self) -> object:
        serve.close(self.tx, self.ann, self.id, "solved")
        return serve.reopen(self.tx, self.ann, self.id)


ASKED = [
    "open_in_the_console", "scroll_back_from_the_middle", "read_on_from_the_middle", "resume_in_the_console", "list_in_its_queue",
    "search_within", "open_in_the_page", "resume_in_the_page", "ask", "answer", "note", "see_it_as_an_operator",
    "see_it_as_the_visitor", "hand_on_and_take_back", "close_and_open_again",
]  # fmt: skip


@pytest.fixture(scope="module")
def lengths():
    with Long(SHORT) as short, Long(LONG) as long:
        yield short, long


@pytest.mark.parametrize("asked", ASKED)
def test_ten_times_the_messages_take_hardly_more_steps(lengths, asked):
    short, long = (steps(it.tx, getattr(it, asked)) for it in lengths)
    assert short > 10
    assert long < 1.5 * short + 200, f"{asked}: {short} steps at {SHORT} messages, {long} at {LONG}"


def test_a_page_of_nothing_but_notes_does_not_end_the_scroll():
    with Long(SHORT, notes_at_the_end=200) as it:
        page = view.page(it.tx, it.id)
        assert page.more
        assert {message.kind for message in page.items} == {"note"}
        seen = [message.seq for message in page.items]
        while page.more:
            page = view.page(it.tx, it.id, page.items[0].seq)
            seen = [message.seq for message in page.items] + seen
        assert seen == list(range(1, thread.get(it.tx, it.id).seq + 1))
        said, again = view.said_after(it.tx, thread.leg_of(it.tx, it.id).id, 0)
        assert again
        assert said[-1].seq == thread.leg_of(it.tx, it.id).leg_seq


def test_what_an_action_tells_is_what_reading_it_again_says():
    """A message is shown from what was said, not from its row: the two must be the same."""
    with Long(SHORT) as it:
        for said in (
            Utterance(author="bot", text="Soon.", name="Bot"),
            Utterance(author="visitor", text="So?", data={"attachments": []}),
        ):
            leg = thread.leg_of(it.tx, it.id)
            stored = thread.append(it.tx, it.id, leg.id, said)
            shown, heard = view.spoken(said, stored, leg)
            assert shown == view.message(it.tx, it.id, stored.seq)
            assert heard == view.said_after(it.tx, leg.id, leg.leg_seq)[0][-1]


@pytest.mark.heavy
def test_a_hundred_thousand_messages_open_as_fast_as_three_hundred():
    """Medians of the same minute, by turns."""
    with Long(SHORT) as short, Long(100_000) as long:
        for asked in ASKED:
            taken: dict[Long, list[float]] = {short: [], long: []}
            for _ in range(15):
                for it, times in taken.items():
                    began = time.thread_time()
                    getattr(it, asked)()
                    times.append(time.thread_time() - began)
            few, many = (statistics.median(times) for times in taken.values())
            assert many < 3 * few + 0.001, f"{asked}: {few * 1e3:.2f} ms, {many * 1e3:.2f} ms"
