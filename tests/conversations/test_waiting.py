"""Place and wait: told from rows, told honestly, and not told when there is nothing to tell them from."""

import pytest

from hub.conversations import routing, thread, waiting
from hub.conversations.thread import Utterance
from hub.store import scratch_tx

MAIN, OTHER = b"m" * 16, b"o" * 16
MINUTE = 60 * 1_000_000


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("DELETE FROM queue")
        tx.many("INSERT INTO queue (id, name) VALUES (?, ?)", [(MAIN, "main"), (OTHER, "other")])
        yield tx


def asks(tx, queue: bytes = MAIN) -> bytes:
    """A customer begins a conversation with a question."""
    tx.now += 1
    talk, leg = thread.begin(
        tx,
        anchor=tx.new_id(),
        queue=queue,
        site="shop",
        channel="text",
        connection="site:shop",
        thread="x",
        visitor=tx.new_id(),
    )
    thread.append(tx, talk.id, leg.id, Utterance(author="visitor", text="Hello?"))
    return talk.id


def says(tx, talk: bytes) -> None:
    thread.append(tx, talk, thread.leg_of(tx, talk).id, Utterance(author="operator", text="Good day."))


def answered(tx, after: int, queue: bytes = MAIN) -> bytes:
    talk = asks(tx, queue)
    tx.now += after
    says(tx, talk)
    tx.run("UPDATE conversation SET status = 'open' WHERE id = ?", (talk,))
    return talk


def test_the_first_who_asked_is_next(tx):
    line = [asks(tx) for _ in range(4)]
    assert [waiting.position(tx, talk) for talk in line] == [1, 2, 3, 4]
    assert [talk for talk, _ in waiting.line(tx, MAIN)] == line


def test_who_is_served_or_closed_stands_before_nobody(tx):
    line = [asks(tx) for _ in range(4)]
    tx.run("UPDATE conversation SET status = 'open' WHERE id = ?", (line[0],))
    routing.close(tx, thread.get(tx, line[1]), None)
    assert [waiting.position(tx, talk) for talk in line[2:]] == [1, 2]


def test_two_who_came_at_once_have_two_places(tx):
    line = [asks(tx) for _ in range(3)]
    tx.run("UPDATE conversation SET waiting_since = ?", (tx.now,))
    assert sorted(waiting.position(tx, talk) for talk in line) == [1, 2, 3]
    assert [waiting.position(tx, talk) for talk, _ in waiting.line(tx, MAIN)] == [1, 2, 3]


def test_another_queue_is_another_line(tx):
    asks(tx, OTHER)
    assert waiting.position(tx, asks(tx)) == 1


def test_who_is_handed_back_without_an_open_question_has_a_place_and_takes_one(tx):
    first = asks(tx)
    back = answered(tx, MINUTE)
    routing.give_back(tx, thread.get(tx, back), MAIN)
    last = asks(tx)
    assert [waiting.position(tx, talk) for talk in (first, back, last)] == [1, 2, 3]
    assert [talk for talk, _ in waiting.line(tx, MAIN)] == [first, back, last]


def test_there_is_no_figure_from_four_and_one_from_five(tx):
    for n in range(4):
        answered(tx, (n + 1) * MINUTE)
    assert waiting.expected(tx, MAIN) is None
    answered(tx, 60 * MINUTE)
    assert waiting.expected(tx, MAIN) == 240, "four of five waited four minutes or less"


def test_other_queues_and_older_days_tell_nothing(tx):
    for _ in range(5):
        answered(tx, MINUTE, OTHER)
        answered(tx, 2 * MINUTE)
    assert (waiting.expected(tx, OTHER), waiting.expected(tx, MAIN)) == (60, 120)
    tx.now += waiting.LATELY
    assert waiting.expected(tx, MAIN) is None


def test_who_was_invited_waited_for_nobody_and_does_not_count(tx):
    for _ in range(20):
        answered(tx, 0)
    for _ in range(4):
        answered(tx, 5 * MINUTE)
    assert waiting.expected(tx, MAIN) is None
    answered(tx, 5 * MINUTE)
    assert waiting.expected(tx, MAIN) == 300


def test_later_answers_in_a_conversation_are_no_waits(tx):
    talk = answered(tx, MINUTE)
    for _ in range(9):
        tx.now += MINUTE
        says(tx, talk)
    assert waiting.expected(tx, MAIN) is None
