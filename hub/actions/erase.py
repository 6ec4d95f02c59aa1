"""Erase a person: what they did, said and sent, what was said of them, and everything made of it. Nothing brings it back.

In slices, each a transaction of its own on the background lane, so that chats go on meanwhile. What is left to do stands in the
database: an erasure that was cut off goes on with the next start. The rows of its touchpoints stay, blank, because what is delivered
again must still be known as seen; and one row of `erasure` says that it was done, when, and on whose word.
"""

from typing import Any

import msgspec

from hub import documents, feed, identity, intake, media, outbox
from hub.contract import Identifier
from hub.conversations import erasing as talks
from hub.store import Read, Tx
from hub.visits import erasing as visits
from hub.wire import Refusal, id_hex

AT_ONCE = 40
"""Touchpoints of one slice."""
ROWS = 200
"""Messages, pages and events of one slice."""
PLANNED = 1_000

SQL_BEGIN = (
    "INSERT INTO erasure (id, at, author, customer, touches) VALUES (:id, :now, :author, :customer, :touches)"
)
SQL_PLAN = "INSERT INTO erasing (touch, erasure) VALUES (?, ?) ON CONFLICT DO NOTHING"
SQL_PLANNED = "UPDATE erasure SET planned = 1 WHERE id = :id"
SQL_UNFINISHED = "SELECT id, planned, customer FROM erasure WHERE done_at IS NULL ORDER BY at, id"
SQL_AGAIN = "DELETE FROM erasing WHERE erasure = :id"
SQL_LEFT = "SELECT touch FROM erasing WHERE erasure = :id ORDER BY touch DESC LIMIT :most"
SQL_DROP = "DELETE FROM erasing WHERE touch = ?"
SQL_DONE = "UPDATE erasure SET done_at = :now WHERE id = :id"
SQL_AUTHOR = "SELECT author FROM erasure WHERE id = :id"
SQL_MENTIONED = "SELECT DISTINCT operator FROM mention WHERE conversation = :conversation"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure would take. `words`: values by which documents of plugins are known to speak of this person."""

    customer: bytes
    name: str
    touches: tuple[bytes, ...]
    conversations: tuple[bytes, ...]
    visitors: tuple[bytes, ...]
    words: tuple[str, ...]


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What one slice did. `files` are to be deleted after the commit; `done`: nothing is left."""

    done: bool
    files: tuple[bytes, ...] = ()


def plan(read: Read, anchor: bytes) -> Plan:
    """What would be erased with this customer. Refusal: not_found."""
    try:
        record = identity.record(read, anchor, whole=True)
    except identity.UnknownAnchor:
        raise Refusal("not_found", f"no customer {id_hex(anchor)}") from None
    held = [
        Identifier(kind=one.kind, value=one.value)
        for one in record.identifiers
        if one.status in ("links", "unverified")
    ]
    members = identity.members(read, record.customer)
    touches = tuple(sorted({*members, *identity.retracted(read, held)}))
    found = [talk for touch in touches for talk, _ in talks.of_touch(read, touch)]
    browsers = {visitor for touch in touches if (visitor := visits.visitor_of(read, touch))}
    words = {one.value for one in held if len(one.value) > 5}
    return Plan(
        customer=record.customer, name=record.name, touches=touches, conversations=tuple(found),
        visitors=tuple(sorted(browsers)), words=tuple(sorted(words)),
    )  # fmt: skip


def begin(tx: Tx, author: str, customer: bytes, touches: int) -> bytes:
    """The erasure's id. Nothing is erased before all of it is planned."""
    made = tx.new_id()
    tx.run(SQL_BEGIN, {"id": made, "now": tx.now, "author": author, "customer": customer, "touches": touches})
    return made


def note_plan(tx: Tx, erasure: bytes, touches: tuple[bytes, ...]) -> None:
    """These touchpoints are to be erased."""
    tx.many(SQL_PLAN, [(touch, erasure) for touch in touches])


def clear(
    tx: Tx,
    erasure: bytes,
    kept: tuple[tuple[str, str, str], ...],
    events: tuple[bytes, ...],
    asides: tuple[bytes, ...] = (),
) -> None:
    """The first slice: documents of plugins, events, and what could not be read, that speak of them. They are found by what the next slices erase, so from
    here on the plan is not made again."""
    for connection, kind, key in kept:
        documents.delete(tx, connection, kind, key)
    outbox.erase_events(tx, events)
    for aside in asides:
        intake.asides.give_up(tx, aside)
    tx.run(SQL_PLANNED, {"id": erasure})


def unfinished(read: Read) -> list[tuple[bytes, bool, bytes]]:
    """(erasure, whether all of it is planned, customer) of those that were cut off."""
    return [(row[0], bool(row[1]), row[2]) for row in read.all(SQL_UNFINISHED)]


def plan_again(tx: Tx, erasure: bytes) -> None:
    """It was cut off before anything was erased: what had been planned is planned anew."""
    tx.run(SQL_AGAIN, {"id": erasure})


def erase(tx: Tx, erasure: bytes) -> Slice:
    """One slice: what hangs on the next touchpoints, then the touchpoints."""
    left = [row[0] for row in tx.all(SQL_LEFT, {"id": erasure, "most": AT_ONCE})]
    if not left:
        return Slice(done=True)
    files: list[bytes] = []
    room = ROWS
    ready: list[bytes] = []
    for touch in left:
        room -= _hanging(tx, touch, room, files)
        if room <= 0:
            break
        ready.append(touch)
    row = tx.one(SQL_AUTHOR, {"id": erasure})
    assert row is not None
    identity.erase(tx, ready, row[0])
    for touch in ready:
        feed.note(tx, f"customer:{id_hex(touch)}", "customer", touch, feed.UNSET)
    tx.many(SQL_DROP, [(touch,) for touch in ready])
    return Slice(done=False, files=tuple(files))


def _hanging(tx: Tx, touch: bytes, room: int, files: list[bytes]) -> int:
    """Delete what hangs on a touchpoint; how many rows that were. With `room` or more, something may be left."""
    rows = 1
    for conversation, queue in talks.of_touch(tx, touch):
        rows += talks.erase_messages(tx, conversation, room)
        if rows >= room:
            return rows
        files += _end(tx, conversation, queue)
    visitor = visits.visitor_of(tx, touch)
    if visitor is not None:
        rows += visits.erase_pages(tx, touch, room - rows)
        if rows >= room:
            return rows
        visits.erase_visit(tx, touch)
        if visits.erase_visitor(tx, visitor):
            files += media.forget_unsent(tx, visitor)
    outbox.erase_lanes(tx, [touch])
    return rows


def _end(tx: Tx, conversation: bytes, queue: bytes) -> list[bytes]:
    """Delete an emptied conversation, and tell lists that it is gone."""
    called: list[Any] = [row[0] for row in tx.all(SQL_MENTIONED, {"conversation": conversation})]
    outbox.erase_lanes(tx, [conversation, *talks.legs(tx, conversation)])
    files = media.forget_conversation(tx, conversation)
    talks.erase(tx, conversation)
    feed.note(tx, f"conversation:{id_hex(conversation)}", "row", conversation, None)
    feed.note(tx, f"queue:{id_hex(queue)}", "row", conversation, None)
    for operator in called:
        feed.note(tx, f"mentions:{id_hex(operator)}", "mention", conversation, None)
    return files


def finish(tx: Tx, erasure: bytes) -> None:
    """It is done."""
    tx.run(SQL_DONE, {"id": erasure, "now": tx.now})
