"""The 22 ways to lie in a From line, through the hub: none comes among the words of the person it names, whatever it says it follows."""

import pytest

import hub
from hub.actions.receive import receive
from hub.conversations import thread, view
from hub.conversations.thread import Utterance
from hub.outbox import queue as outbox
from hub.store import scratch_tx
from hub_email import reading
from tests.plugins.hub_email.test_senders import BOX, CIRCUMSTANCES, IDS, NOW, SPOOFS, US, VICTIM, mail

HONEST = f"Authentication-Results: {US}; dmarc=pass header.from=bank.example"
THEIRS = "first@bank.example"
FOLLOWS = {
    "the name of theirs": f"In-Reply-To: <{THEIRS}>",
    "a forged name of ours": "In-Reply-To: <hub.{ours}."
    + "a" * 26
    + f"@shop.example>\r\nReferences: <{THEIRS}>",
    "answers to them": f"In-Reply-To: <{THEIRS}>\r\nReply-To: {VICTIM}",
}


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'mail')", (b"q" * 16,))
        yield tx


def comes(tx, head, results=""):
    """What becomes of a mail with this header."""
    tx.now += 1_000_000
    said = reading.touchpoint(mail(head, results), BOX, IDS, NOW)
    return receive(tx, "mail", said, subjects=True) if isinstance(said, hub.Touchpoint) else None


def begun(tx):
    """The victim has written, and we have answered: the conversation, and our answer's id."""
    first = comes(tx, f"From: {VICTIM}\r\nMessage-ID: <{THEIRS}>", HONEST).message
    leg = thread.leg_of(tx, first.conversation)
    ours = thread.append(
        tx, first.conversation, leg.id, Utterance(author="operator", text="Yes.", leaves=True)
    )
    outbox.enqueue(tx, connection="mail", leg=leg.id, message=ours.id)
    (due,) = outbox.lease_due(tx, "mail", limit=1, seconds=60)
    outbox.sent(tx, due, external_id=IDS.made(ours.id.hex()).strip("<>"))
    return first.conversation, ours.id.hex()


@pytest.mark.parametrize("results", CIRCUMSTANCES.values(), ids=CIRCUMSTANCES.keys())
@pytest.mark.parametrize("follows", FOLLOWS.values(), ids=FOLLOWS.keys())
def test_no_spoofed_letter_comes_into_the_persons_conversation(tx, follows, results):
    talk, ours = begun(tx)
    for name, head in SPOOFS.items():
        tail = f"Message-ID: <{list(SPOOFS).index(name)}@evil.example>\r\n{follows.replace('{ours}', ours)}"
        found = comes(tx, f"{head}\r\n{tail}", results)
        if found is None:
            continue
        shown = view.message(tx, found.message.conversation, found.message.seq).mail
        assert found.message.conversation != talk, name
        assert shown.proof == "", name
        assert shown.strange or shown.unproven, name
    assert view.row(tx, talk).seq == 2
    assert tx.one("SELECT count(*) FROM leg WHERE conversation = ?", (talk,)) == (1,)


def test_whoever_got_our_answer_goes_on_there_and_so_does_a_sender_who_is_vouched_for(tx):
    talk, ours = begun(tx)
    reply = comes(tx, f"From: {VICTIM}\r\nMessage-ID: <second@bank.example>\r\nIn-Reply-To: {IDS.made(ours)}")
    more = comes(tx, f"From: {VICTIM}\r\nMessage-ID: <third@bank.example>\r\nIn-Reply-To: <{THEIRS}>", HONEST)
    assert reply.message.conversation == more.message.conversation == talk
