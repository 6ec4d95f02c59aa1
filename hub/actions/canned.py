"""Canned replies change hands with nobody: an operator keeps their own, an admin everybody's, and all their tabs follow.

Topics: `canned` are those of everybody, `canned:ID` those of one operator. Who may is decided before, by `access`.
"""

from hub import feed
from hub.actions import people
from hub.conversations import canned, canned_files
from hub.conversations.canned import Draft
from hub.conversations.canned_files import Format
from hub.store import Read, Tx
from hub.wire import hex_id, id_hex
from hub.wire.console import CannedLoaded, CannedReply


def topic(owner: bytes | None) -> str:
    """Where changes of these replies are told."""
    return f"canned:{id_hex(owner)}" if owner else "canned"


def save(tx: Tx, author: bytes, owner: bytes | None, reply: bytes, draft: Draft) -> None:
    """Keep a reply, new or changed. Refusals: bad_request, not_found, taken, at_limit."""
    kept = canned.save(tx, owner, reply, draft, author)
    feed.note(tx, topic(owner), "canned", reply, kept)


def drop(tx: Tx, owner: bytes | None, reply: bytes) -> None:
    """Delete a reply; that it is gone already is no mistake."""
    if canned.drop(tx, owner, reply):
        feed.note(tx, topic(owner), "canned", reply, None)


def load(tx: Tx, author: bytes, owner: bytes | None, data: bytes, form: Format) -> CannedLoaded:
    """Keep all replies of a file; one with a known shortcut replaces that reply.

    Refusals: bad_request with every problem of the file (nothing is imported then), at_limit.
    """
    queues = {name: queue for queue, name in people.queues(tx)}
    added = changed = 0
    for draft in canned_files.read(data, queues, form):
        known = canned.named(tx, owner, draft.shortcut)
        before = canned.one(tx, known) if known else None
        if before is not None and _same(before, draft):
            continue
        reply = known or tx.new_id()
        canned.save(tx, owner, reply, draft, author)
        # Five hundred at once are read by whoever watches, or begun again, rather than sent one by one.
        feed.note(tx, topic(owner), "canned", reply, feed.UNSET)
        added, changed = added + (before is None), changed + (before is not None)
    return CannedLoaded(added=added, changed=changed)


def _same(before: CannedReply, draft: Draft) -> bool:
    queue = hex_id(before.queue) if before.queue else None
    return (before.shortcut, before.title, before.text, queue) == (
        draft.shortcut,
        draft.title,
        draft.text,
        draft.queue,
    )


def file(read: Read, owner: bytes | None, form: Format) -> str:
    """The replies as a file."""
    return canned_files.write(
        canned.of(read, owner), {id_hex(queue): name for queue, name in people.queues(read)}, form
    )
