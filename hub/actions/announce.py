"""The last step of every action: note what changed, for whoever watches now or looks again later.

Consoles hear numbered changes of durable topics (`feed.note`); a visitor's pages hear frames under `visitor:ID`, and catch up from
the message rows by cursor; the board of visitors hears under `board`. All of it is published by the store after the commit.
"""

from collections.abc import Iterable

import msgspec

from hub import feed, identity
from hub.actions import hooks
from hub.conversations import cases, mentions, thread, view
from hub.conversations.thread import Conversation, Leg, Stored, Utterance
from hub.store import Tx
from hub.visits import watching
from hub.wire import hex_id, id_hex
from hub.wire.visitor import TalkChanged

NAMED = 100
"""Newest conversations of a customer that are shown anew when the record moves; a head further back is right at its next opening."""


class Talks(msgspec.Struct, frozen=True):
    """For the board: this visitor's open conversation (None: none) and who serves it."""

    visitor: bytes
    conversation: bytes | None
    operator_name: str


class Known(msgspec.Struct, frozen=True):
    """For the board: the records of these customers have changed."""

    customers: frozenset[bytes]


def conversation(tx: Tx, changed: bytes, *, left_queue: bytes | None = None, on_record: bool = False) -> None:
    """The state of a conversation moved on; `left_queue` is where it waited before, if elsewhere.

    `on_record`: also what its customer's record shows of it has changed: who serves it, where, and how it ended.
    """
    row, shown = view.both(tx, changed)
    feed.note(tx, f"conversation:{row.id}", "row", changed, row)
    feed.note(tx, f"queue:{row.queue}", "row", changed, None if row.status == "closed" else row)
    if left_queue is not None and id_hex(left_queue) != row.queue:
        feed.note(tx, f"queue:{id_hex(left_queue)}", "row", changed, None)
        mentioned(tx, changed, mentions.awaited(tx, changed))
    if on_record:
        feed.note(tx, f"customer:{row.customer}", "customer", bytes.fromhex(row.customer), feed.UNSET)
    if row.visitor is not None:
        tx.publish(f"visitor:{row.visitor}", TalkChanged(talk=shown))
        served = changed if row.status != "closed" else None
        tx.publish("board", Talks(hex_id(row.visitor), served, row.operator_name if served else ""))


def moved(tx: Tx, before: Conversation) -> None:
    """Tell of a conversation that may have changed hands, and of those whose load that changed."""
    conversation(tx, before.id, left_queue=before.queue, on_record=True)
    after = thread.get(tx, before.id)
    if (before.operator, before.status) != (after.operator, after.status):
        team(tx, *dict.fromkeys((before.operator, after.operator)))


def opened(tx: Tx, begun: bytes, *, again: bool = False) -> None:
    """A conversation has begun, or begun anew. Call it before its next message is announced."""
    hooks.conversation(tx, "opened", begun, again=again)


def closed(tx: Tx, ended: bytes, outcome: str | None = None) -> None:
    """A conversation has ended."""
    hooks.conversation(tx, "closed", ended, outcome=outcome)


def message(
    tx: Tx,
    said: Utterance,
    stored: Stored,
    leg: Leg | None = None,
    visitor: bytes | None = None,
    *,
    by: Leg | None = None,
) -> None:
    """A message was stored; `leg` and `visitor` are those it goes to, `by` another leg it leaves by. Call `conversation` after it:
    lists show the last word."""
    shown, heard = view.spoken(said, stored, leg, by)
    hooks.message(tx, shown, note=stored.leg_seq is None)
    feed.note(tx, f"conversation:{shown.conversation}", "message", stored.seq.to_bytes(8), shown)
    if visitor is not None and heard is not None:
        tx.publish(f"visitor:{id_hex(visitor)}", heard)


def mentioned(tx: Tx, changed: bytes, operators: Iterable[bytes]) -> None:
    """What these operators have not seen of the notes in a conversation that call them has changed."""
    for operator in operators:
        feed.note(tx, f"mentions:{id_hex(operator)}", "mention", changed, mentions.one(tx, operator, changed))


def restated(tx: Tx, changed: bytes, seq: int) -> None:
    """What is known of a message's delivery changed."""
    item = view.message(tx, changed, seq)
    feed.note(tx, f"conversation:{id_hex(changed)}", "message", seq.to_bytes(8), item)


def touch(tx: Tx, customer: bytes, touch_id: bytes) -> None:
    """A customer has one more touchpoint."""
    topic = f"customer:{id_hex(customer)}"
    feed.note(tx, topic, "touch", touch_id, feed.UNSET)
    feed.note(tx, topic, "customer", customer, feed.UNSET)


def ruled(tx: Tx, customer: bytes) -> None:
    """A decision about this customer was made or revoked, whether it moved anything or not."""
    feed.note(tx, f"customer:{id_hex(customer)}", "customer", customer, feed.UNSET)


def team(tx: Tx, *operators: bytes | None) -> None:
    """These operators' presence, load or place in the team changed."""
    for operator in operators:
        if operator is not None:
            feed.note(tx, "team", "operator", operator, feed.UNSET)


def member(tx: Tx, *operators: bytes) -> None:
    """What admins know of these operators changed."""
    for operator in operators:
        feed.note(tx, "operators", "member", operator, feed.UNSET)


def link(tx: Tx, made: bytes) -> None:
    """A link that works once was made, or is no more."""
    feed.note(tx, "operators", "link", made, feed.UNSET)


def queue(tx: Tx, *queues: bytes) -> None:
    """These queues, or who serves them, changed."""
    for changed in queues:
        feed.note(tx, "queues", "queue", changed, feed.UNSET)


def records(tx: Tx, events: tuple[identity.RecordEvent, ...], *, named: bool = True) -> None:
    """Records were merged, split or changed: their own topics say where to look now.

    `named`: they may be shown under another name now, or with other words; lists are not asked about the visits of a browser.
    """
    touched: set[bytes] = set()
    for event in events:
        hooks.record(tx, event)
        both = [event.customer] if event.other is None else [event.customer, event.other]
        for customer in both:
            topic = f"customer:{id_hex(customer)}"
            if event.other is not None:
                feed.note(tx, topic, "moved", event.other, feed.UNSET)
            feed.note(tx, topic, "customer", customer, feed.UNSET)
        if named or event.other is not None:
            touched.update(both)
    if any(event.kind == "split" for event in events):
        for before in cases.keep_apart(tx, touched):
            moved(tx, before)
    if touched:
        tx.publish("board", Known(frozenset(touched)))
        _named(tx, touched)
        _watched(tx, touched)


def _watched(tx: Tx, customers: set[bytes]) -> None:
    """Lists of watched customers name them, too."""
    for customer in {identity.resolve(tx, anchor) for anchor in customers}:
        for found in watching.watchers(tx, customer):
            feed.note(tx, f"watching:{id_hex(found.operator)}", "watch", found.anchor, feed.UNSET)


def _named(tx: Tx, customers: set[bytes]) -> None:
    """Lists and heads name a conversation's customer: they are shown anew when the record behind them moved."""
    for customer in {identity.resolve(tx, anchor) for anchor in customers}:
        for row in view.of_customer(tx, customer, NAMED):
            key = bytes.fromhex(row.id)
            feed.note(tx, f"conversation:{row.id}", "row", key, row)
            if row.status != "closed":
                feed.note(tx, f"queue:{row.queue}", "row", key, row)
