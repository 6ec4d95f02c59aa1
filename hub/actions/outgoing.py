"""What leaves: an answer finds its way to the customer, and is stored once whichever that is.

An answer to somebody who has left the page stays on the page's leg, where they find it when they come back, and leaves besides by the
leg of an address they gave. It waits a moment first (`mail_after_seconds`): whoever comes back within it gets no mail. Whoever would
be called back gets none either, unless the operator chooses it. One who leaves before the answer has arrived: `left.py`.
"""

from collections.abc import Callable

import msgspec

from hub import outbox
from hub.actions import announce
from hub.conversations import legs, thread
from hub.conversations.thread import Conversation, Leg, Stored, Utterance
from hub.store import Read, Tx

Here = Callable[[bytes], bool]
"""Whether a visitor has a page open now."""

RULE = "mail_after_seconds"
SQL_RULE = "SELECT value FROM house_rule WHERE name = :name"
SECOND = 1_000_000


class Route(msgspec.Struct, frozen=True):
    """The leg an answer is said on, and another one by which it leaves for somebody who is not there."""

    leg: Leg
    by: Leg | None = None
    stays: bool = False
    """An operator chose the page: it leaves by nothing else, even when its customer has gone without it."""


def always(_: bytes) -> bool:
    """Everybody is here: for whoever knows nothing of pages."""
    return True


def route(tx: Tx, talk: Conversation, leg: Leg, way: str, here: Here) -> Route:
    """Where an answer goes; `leg` is the conversation's own. Refusals: no_change, for a `way` there is not."""
    there = talk.visitor is not None and here(talk.visitor)
    if not way and talk.legs == 1 and leg.is_page and there:
        return Route(leg)
    ways = legs.ways_of(tx, talk)
    taken = legs.chosen(ways, way) if way else legs.best(ways, here=there, called=legs.is_called(tx, talk))
    if taken.is_page or taken.leg == leg:
        return Route(leg, stays=bool(way))
    other = leg_by(tx, talk, taken)
    if way or not leg.is_page or _wrote_last(ways, taken):
        return Route(
            other
        )  # what an operator sends there goes there, and a mail is answered where it was written
    return Route(leg, by=other)


def leg_by(tx: Tx, talk: Conversation, taken: legs.Way) -> Leg:
    """The leg of a way, made where nothing has gone by it so far; where its address is proven, the page shows what goes by it."""
    leg = taken.leg or legs.join(tx, talk.id, taken.channel, taken.connection, taken.address)
    if taken.leg is None and taken.proven and legs.show(tx, talk, taken.address):
        return legs.get(tx, leg.id) or leg
    return leg


def send(tx: Tx, talk: Conversation, taken: Route, said: Utterance) -> Stored:
    """Store an answer, put it into the outbox where it leaves by that, and tell."""
    leg, by = taken.leg, taken.by
    # Our own sockets read the message rows by cursor; everything else leaves by the outbox, written in this transaction.
    out = by or (None if leg.is_page else leg)
    data = {**said.data, "stays": True} if taken.stays and leg.is_page else said.data
    said = msgspec.structs.replace(said, leaves=out is not None, data=data)
    stored = thread.append(
        tx, talk.id, leg.id, said, known_new=True, by=by.id if by else None, shown_on=leg.shown_on
    )
    if out is not None:
        after = grace(tx) if by else 0
        outbox.enqueue(tx, connection=out.connection, leg=out.id, message=stored.id, after=after)
    announce.message(tx, said, stored, leg, talk.visitor, by=by)
    return stored


def _wrote_last(ways: list[legs.Way], taken: legs.Way) -> bool:
    """Whether the customer's last word came this way."""
    return taken.heard_at is not None and all((way.heard_at or 0) <= taken.heard_at for way in ways)


def grace(read: Read) -> int:
    """How long an answer waits for a customer who may come back, in microseconds."""
    row = read.one(SQL_RULE, {"name": RULE})
    return (row[0] if row else 45) * SECOND
