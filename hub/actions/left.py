"""Whoever leaves before an answer has reached their page: it goes after them by mail.

An answer to an open page is written for the page alone; a page that closes at that very moment never gets it, though it counted as
open. So when the last page of somebody who talks goes, their conversations are looked at once for answers that they have not received,
and these are planned as any answer to somebody who has left: they wait for `mail_after_seconds`, and need not leave when the page
has them in time. An answer to a page that stays open costs nothing of this.

A hub that ends takes no leave of anybody: `before` looks once, at the start, at the conversations of its last hour.
"""

from typing import Any

from hub import outbox
from hub.actions import announce, outgoing
from hub.conversations import legs, thread
from hub.conversations.thread import SOCKET, Conversation
from hub.store import Tx

HOUR = 3_600_000_000

# The first message of a conversation is the customer's, or an invitation that they have answered.
_UNRECEIVED = f"""
JOIN leg l ON l.id = c.leg AND l.delivered < l.leg_seq AND l.connection >= '{SOCKET}' AND l.connection < 'site;'
JOIN message m ON m.leg = l.id AND m.leg_seq > l.delivered
WHERE m.seq > 1 AND m.author = 'operator' AND m.kind = 'text' AND m.also IS NULL AND json_extract(m.data, '$.stays') IS NULL"""
_FOUND = "SELECT m.conversation, m.seq, m.id FROM conversation c"
SQL_OF_VISITOR = f"{_FOUND} {_UNRECEIVED} AND c.visitor = :visitor ORDER BY m.conversation, m.seq"
SQL_LATELY = (
    f"{_FOUND} {_UNRECEIVED} AND c.status = :status AND c.last_at >= :since ORDER BY m.conversation, m.seq"
)
SQL_LAST_WORD = "SELECT max(last_at) FROM conversation WHERE status = :status"
SQL_GOES_BY = """
UPDATE message SET also = :leg, leaves = 1 WHERE conversation = :conversation AND seq = :seq AND also IS NULL"""

STATES = ("waiting", "open", "closed")


def behind(tx: Tx, visitor: bytes, here: outgoing.Here) -> int:
    """The last page of this visitor has gone: what it has not received is planned. Returns how many answers; asking twice is once."""
    if here(visitor):
        return 0
    return _plan(tx, tx.all(SQL_OF_VISITOR, {"visitor": visitor}))


def before(tx: Tx) -> int:
    """The same for everybody, at the start: nobody saw the pages go that were open when the hub ended."""
    words = (tx.one(SQL_LAST_WORD, {"status": status}) for status in STATES)
    last = max((row[0] for row in words if row and row[0] is not None), default=0)
    asked = [{"status": status, "since": last - HOUR} for status in STATES]
    return sum(_plan(tx, tx.all(SQL_LATELY, one)) for one in asked)


def _plan(tx: Tx, found: list[tuple[Any, ...]]) -> int:
    planned = 0
    for conversation in dict.fromkeys(row[0] for row in found):
        talk = thread.get(tx, conversation)
        answers = [(seq, message) for of, seq, message in found if of == conversation]
        planned += len(answers) if _mail(tx, talk, answers) else 0
    return planned


def _mail(tx: Tx, talk: Conversation, answers: list[tuple[int, bytes]]) -> bool:
    taken = legs.best(legs.ways_of(tx, talk), here=False, called=legs.is_called(tx, talk))
    if taken.is_page:
        return False
    by = outgoing.leg_by(tx, talk, taken)
    for seq, message in answers:
        tx.run(SQL_GOES_BY, {"leg": by.id, "conversation": talk.id, "seq": seq})
        outbox.enqueue(tx, connection=by.connection, leg=by.id, message=message, after=outgoing.grace(tx))
        announce.restated(tx, talk.id, seq)
    announce.conversation(tx, talk.id)
    return True
