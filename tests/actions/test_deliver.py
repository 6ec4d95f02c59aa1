"""What becomes of messages that left: what the other side says later, and who hears of it."""

import pytest

from hub.actions import deliver
from hub.contract import Receipt
from hub.conversations import view
from hub.outbox import OUTCOMES
from hub.store import scratch_tx
from tests.actions.test_reported import ANN, QUEUE, answered, close, letter, row


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'mail')", (QUEUE,))
        yield tx


BOUNCE = Receipt(state="failed", why="5.1.1 no such mailbox here")


@pytest.fixture
def sent(tx):
    """(what Ann wrote, the id of our answer)."""
    first = letter(tx, ANN, "<a1>")
    return first, bytes.fromhex(answered(tx, first.message))


def told(tx, received, message):
    shown = next(m for m in view.page(tx, received.message.conversation).items if m.id == message.hex())
    return shown.delivery, shown.why


def test_a_bounce_marks_the_message_with_its_reason_and_the_customer_waits_again(tx, sent):
    first, message = sent
    assert row(tx, first).waiting_since is None
    assert deliver.receipt(tx, "post", message, BOUNCE)
    assert told(tx, first, message) == ("failed", "5.1.1 no such mailbox here")
    assert row(tx, first).waiting_since is not None
    assert OUTCOMES in [topic for topic, _ in tx.published]


def test_a_bounce_brings_a_closed_conversation_back_and_a_second_one_does_not(tx, sent):
    first, message = sent
    close(tx, first)
    deliver.receipt(tx, "post", message, BOUNCE)
    assert row(tx, first).status == "waiting"
    close(tx, first)
    assert deliver.receipt(tx, "post", message, BOUNCE)
    assert row(tx, first).status == "closed"


def test_receipts_never_go_back(tx, sent):
    first, message = sent
    for state, shown in (
        ("delivered", "delivered"),
        ("read", "read"),
        ("delivered", "read"),
        ("failed", "read"),
    ):
        assert deliver.receipt(tx, "post", message, Receipt(state=state))
        assert told(tx, first, message)[0] == shown


def test_a_message_that_another_connection_sent_is_unknown(tx, sent):
    _, message = sent
    assert not deliver.receipt(tx, "other", message, BOUNCE)
    assert not deliver.receipt(tx, "post", b"x" * 16, BOUNCE)
