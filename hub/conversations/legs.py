"""Legs: the ways by which one conversation goes on, and which of them an answer takes.

A conversation has one leg of its own (`thread.leg_of`) and, once it has gone on elsewhere, others. The rule is where the customer is now:

1. a page of theirs is open → the page. Unless they wrote last by another way and nobody has proven that the page is theirs as
   well: whoever sits there may have typed somebody else's address, and must not read what its owner is answered;
2. else the leg they wrote on last, if it takes replies;
3. else an address they gave, and a connection that can write to it first: one that is in use here before one that was proven, that
   before one that was only typed;
4. else the page, which keeps it until they come back, or the leg the conversation began with.

The rule is `best`, and pure; the operator may choose any other of `ways_of`.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hub.conversations import thread
from hub.conversations.thread import Conversation, Leg
from hub.store import Read, Tx
from hub.wire import Refusal

SQL_LEGS = """
SELECT l.id, l.conversation, l.channel, l.connection, l.thread, l.leg_seq, l.shown_on,
(SELECT m.at FROM message m WHERE m.leg = l.id AND m.author = 'visitor' AND m.leg_seq IS NOT NULL ORDER BY m.leg_seq DESC LIMIT 1),
o.reply_window, o.connection IS NOT NULL
FROM leg l LEFT JOIN outlet o ON o.connection = l.connection WHERE l.conversation = :conversation"""
SQL_LEG_WITH = """
SELECT id, conversation, channel, connection, thread, leg_seq, shown_on FROM leg
WHERE conversation = :conversation AND connection = :connection AND thread = :thread"""
SQL_JOIN = """
INSERT INTO leg (id, conversation, channel, connection, thread, leg_seq, delivered, read, staff_delivered, staff_read)
VALUES (:id, :conversation, :channel, :connection, :thread, 0, 0, 0, 0, 0)"""
SQL_JOINED = "UPDATE conversation SET legs = legs + 1 WHERE id = :conversation"
# What was said in this very browser, whatever record it leads to by now: the newest first of those that prove as much.
SQL_GIVEN_HERE = """
SELECT c.value, c.level FROM claim d JOIN claim c ON c.evidence = d.evidence AND c.kind = 'email' AND c.status <> 'junk'
JOIN evidence e ON e.key = d.evidence
WHERE d.kind = 'device' AND d.value = :device ORDER BY c.level = 'verified' DESC, e.last DESC LIMIT 20"""
SQL_GIVEN_AT = """
SELECT c.value, c.level FROM touchpoint t JOIN claim c ON c.evidence = t.evidence AND c.kind = 'email' AND c.status <> 'junk'
WHERE t.id = :anchor ORDER BY c.level = 'verified' DESC LIMIT 20"""
SQL_MAIL_OF = """
SELECT o.connection, o.channel FROM site_route s JOIN outlet o ON o.connection = s.mail AND o.addresses = 'email' WHERE s.site = :site"""
SQL_ONLY_MAIL = "SELECT connection, channel FROM outlet WHERE addresses = 'email' LIMIT 2"
SQL_DROP_OUTLETS = "DELETE FROM outlet"
SQL_KNOW = """
INSERT INTO outlet (connection, channel, addresses, reply_window) VALUES (:connection, :channel, :addresses, :reply_window)"""

SQL_LEG = "SELECT id, conversation, channel, connection, thread, leg_seq, shown_on FROM leg WHERE id = :id"
SQL_WITH_ADDRESS = """
SELECT id, conversation, channel, connection, thread, leg_seq, shown_on FROM leg
WHERE conversation = :conversation AND thread = :address AND shown_on IS NOT :page AND id <> :page"""
SQL_SHOWN_ON = "UPDATE leg SET shown_on = :page WHERE id = :leg"
SQL_NOT_SHOWN = """
SELECT seq FROM message WHERE conversation = :conversation AND leg = :leg AND leg_seq IS NOT NULL AND also IS NOT :page ORDER BY seq"""
SQL_SHOW = (
    "UPDATE message SET also = :page, also_seq = :number WHERE conversation = :conversation AND seq = :seq"
)
SQL_COUNT = "UPDATE leg SET leg_seq = leg_seq + 1 WHERE id = :leg RETURNING leg_seq"
SQL_SENT_BY = (
    "SELECT seq FROM message WHERE conversation = :conversation AND leg = :from AND also = :leg ORDER BY seq"
)
SQL_PUT_ON = """
UPDATE message SET leg = :leg, leg_seq = :number, also = NULL, also_seq = NULL WHERE conversation = :conversation AND seq = :seq"""
SQL_MOVE_TO = "UPDATE conversation SET visitor = :visitor, leg = :page WHERE id = :conversation"
SQL_RETIRE = "UPDATE leg SET thread = '' WHERE id = :leg"

SQL_ANSWER_BY = "SELECT answer_by FROM conversation WHERE id = :id"

PAGE = "site"
"""How an operator names the customer's page among the ways."""


class Outlet(msgspec.Struct, frozen=True):
    """A configured connection that sends. `addresses`: what it can write to first; `reply_window` in microseconds."""

    connection: str
    channel: str
    addresses: str = ""
    reply_window: int | None = None


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to the customer. Without a `leg` nothing has gone by it in this conversation so far."""

    leg: Leg | None = None
    channel: str
    connection: str
    address: str
    heard_at: int | None = None
    """When the customer last wrote there, in microseconds."""
    takes: bool = True
    """Whether it takes a message now."""
    proven: bool = False
    """Of an address: that it is the customer's. Of the page: that all other legs are shown on it."""

    @property
    def is_page(self) -> bool:
        """Whether it is the customer's page on one of our sites."""
        return self.leg is not None and self.leg.is_page

    @property
    def name(self) -> str:
        """How an operator names it: `site`, or CONNECTION:ADDRESS."""
        return PAGE if self.is_page else f"{self.connection}:{self.address}"


def know(tx: Tx, outlets: Iterable[Outlet]) -> None:
    """These connections send from now on, and no others."""
    tx.run(SQL_DROP_OUTLETS)
    for outlet in outlets:
        tx.run(SQL_KNOW, msgspec.structs.asdict(outlet))


def join(tx: Tx, talk: bytes, channel: str, connection: str, address: str) -> Leg:
    """The leg of a conversation with this counterpart of a connection; a new one where it has none."""
    found = tx.one(SQL_LEG_WITH, {"conversation": talk, "connection": connection, "thread": address})
    if found is not None:
        return Leg(*found)
    made = Leg(tx.new_id(), talk, channel, connection, address, 0)
    values = {"id": made.id, "channel": channel, "connection": connection, "thread": address}
    tx.run(SQL_JOIN, {**values, "conversation": talk})
    tx.run(SQL_JOINED, {"conversation": talk})
    return made


def get(read: Read, leg: bytes) -> Leg | None:
    """A leg by its id."""
    row = read.one(SQL_LEG, {"id": leg})
    return Leg(*row) if row else None


def show(tx: Tx, talk: Conversation, address: str) -> bool:
    """The address is proven to be of whoever sits before the conversation's page: what was said to it and by it is counted there,
    after what is there already, and from now on. False when there was nothing to show anew."""
    rows = tx.all(SQL_WITH_ADDRESS, {"conversation": talk.id, "address": address, "page": talk.leg})
    for leg in (Leg(*row) for row in rows):
        if leg.is_page:
            continue
        tx.run(SQL_SHOWN_ON, {"leg": leg.id, "page": talk.leg})
        asked = {"conversation": talk.id, "page": talk.leg}
        for (seq,) in tx.all(SQL_NOT_SHOWN, {**asked, "leg": leg.id}):
            tx.run(SQL_SHOW, {**asked, "seq": seq, "number": _next(tx, talk.leg)})
    return bool(rows)


def move(tx: Tx, talk: Conversation, leg: Leg, page: str, visitor: bytes) -> None:
    """The conversation goes on in another browser, whose page is a leg of the connection `page`. What was said on the page before
    stays unseen there, but for what left by `leg`: that was said to both."""
    before = thread.leg_of(tx, talk.id)
    made = join(tx, talk.id, "text", page, visitor.hex())
    tx.run(SQL_MOVE_TO, {"conversation": talk.id, "visitor": visitor, "page": made.id})
    if before.is_page and before.id != made.id:
        tx.run(SQL_RETIRE, {"leg": before.id})  # whoever sits there begins anew
        for (seq,) in tx.all(SQL_SENT_BY, {"conversation": talk.id, "from": before.id, "leg": leg.id}):
            number = _next(tx, leg.id)
            tx.run(SQL_PUT_ON, {"conversation": talk.id, "seq": seq, "leg": leg.id, "number": number})


def ways_of(read: Read, talk: Conversation) -> list[Way]:
    """Every way by which this customer can be answered: the legs there are, then addresses they gave, the surest first."""
    rows = read.all(SQL_LEGS, {"conversation": talk.id})
    legs = [Leg(*row[:7]) for row in rows]
    page = next((leg for leg in legs if leg.id == talk.leg and leg.is_page), None)
    ways = [
        _way(read, leg, page, legs, heard_at, window, known)
        for leg, (heard_at, window, known) in zip(legs, (row[7:] for row in rows), strict=True)
        if leg.id == talk.leg or not leg.is_page
    ]
    ways.sort(key=lambda way: not way.is_page)
    used = {(way.connection, way.address) for way in ways}
    mail = mail_of(read, talk.site)
    if mail is not None:
        ways += [
            Way(connection=mail[0], channel=mail[1], address=address, proven=level == "verified")
            for address, level in _given(read, talk).items()
            if (mail[0], address) not in used
        ]
    return ways


def is_called(read: Read, talk: Conversation) -> bool:
    """Whether this customer asked to be called back."""
    row = read.one(SQL_ANSWER_BY, {"id": talk.id})
    return row is not None and row[0] == "phone"


def best(ways: Sequence[Way], *, here: bool, called: bool = False) -> Way:
    """The way an answer takes by itself. `here`: a page of the customer's is open; `called`: they asked for a call. There is at least
    one way."""
    page = next((way for way in ways if way.is_page), None)
    heard = [way for way in ways if way.heard_at is not None]
    last = max(heard, key=lambda way: way.heard_at or 0, default=None)
    if page is not None and here and (page.proven or last in (None, page)):
        return page
    others = [way for way in ways if way is not page and way.takes]
    if last is not None and last in others:
        return last
    reaches = (
        []
        if called and page is not None
        else sorted(others, key=lambda way: (way.leg is None, not way.proven))
    )
    return next(iter(reaches), page or ways[0])


def chosen(ways: Sequence[Way], name: str) -> Way:
    """The way an operator named. Refusals: no_change, when there is none of that name or it takes no message now."""
    found = next((way for way in ways if way.name == name), None)
    if found is None or not found.takes:
        raise Refusal("no_change", "this customer cannot be answered that way now; choose another")
    return found


def _way(
    read: Read,
    leg: Leg,
    page: Leg | None,
    legs: Sequence[Leg],
    heard_at: int | None,
    window: int | None,
    known: bool,
) -> Way:
    takes = leg.is_page or (
        bool(known) and (window is None or (heard_at is not None and read.now < heard_at + window))
    )
    if leg is page:
        proven = all(other.shown_on == leg.id for other in legs if other is not leg)
    else:
        proven = heard_at is not None
    return Way(
        leg=leg,
        channel=leg.channel,
        connection=leg.connection,
        address="" if leg.is_page else leg.thread,
        heard_at=heard_at,
        takes=takes,
        proven=proven,
    )


def _next(tx: Tx, leg: bytes) -> int:
    row = tx.one(SQL_COUNT, {"leg": leg})
    assert row is not None
    number: int = row[0]
    return number


def _given(read: Read, talk: Conversation) -> dict[str, str]:
    """The addresses they gave, the surest first, and how sure each is."""
    if talk.visitor is not None:
        rows = read.all(SQL_GIVEN_HERE, {"device": talk.visitor.hex()})
    else:
        rows = read.all(SQL_GIVEN_AT, {"anchor": talk.anchor})
    given: dict[str, str] = {}
    for address, level in rows:
        given.setdefault(address, level)
    return given


def with_mail(read: Read, sites: Iterable[str]) -> frozenset[str]:
    """Of these sites, those whose answers can leave as mail."""
    return frozenset(site for site in sites if mail_of(read, site) is not None)


def mail_of(read: Read, site: str) -> tuple[str, str] | None:
    """The connection by which this site's answers go as mail: the one it names, else the only one there is."""
    named = read.one(SQL_MAIL_OF, {"site": site})
    if named is not None:
        return named[0], named[1]
    found = read.all(SQL_ONLY_MAIL)
    return (found[0][0], found[0][1]) if len(found) == 1 else None
