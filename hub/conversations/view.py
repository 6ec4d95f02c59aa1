"""What consoles and visitors are shown of conversations, composed from rows.

One statement fetches a list, and each row goes straight into a wire struct; no models are built. The same functions serve a snapshot,
a live event and a resumed reader, which is what makes the feed's law hold.
"""

from collections.abc import Iterable
from sys import intern
from typing import Any, Literal

import msgspec

from hub import identity
from hub.conversations import faces, thread, waiting
from hub.conversations.thread import Leg, Stored, Utterance
from hub.store import Read
from hub.wire import id_hex, level_word, millis
from hub.wire.common import Attachment, Cursors, Priority
from hub.wire.console import ConversationRow, Mail, Message, MessagePage
from hub.wire.visitor import Person, Push, Said, Talk

UNREAD_AMONG = 100
"""Only the newest messages are counted as unread: every message counts again, and nobody reads the difference above that."""
_SEQ_OF = """coalesce((SELECT m.seq FROM message m WHERE m.leg = l.id AND m.leg_seq = l.{cursor}),
(SELECT m.seq FROM message m WHERE m.also = l.id AND m.also_seq = l.{cursor}), 0)"""
ROW = f"""
SELECT c.id, c.anchor, c.queue, c.status, c.channel, c.site, c.opened_at, c.seq, c.operator, o.name, c.last_text,
c.last_author, c.last_at, c.waiting_since, c.outcome, v.blocked_at, c.visitor,
{_SEQ_OF.format(cursor="delivered")}, {_SEQ_OF.format(cursor="read")},
(SELECT count(*) FROM message m
 WHERE m.conversation = c.id AND m.seq > max(coalesce(r.read, 0), c.seq - {UNREAD_AMONG}) AND m.author = 'visitor'),
c.answer_by, c.score, c.remark, c.alarm, c.seen_at, s.name, c.told_at,
(SELECT group_concat(g.tag, char(10)) FROM (SELECT tag FROM conversation_tag WHERE conversation = c.id ORDER BY tag) g),
{identity.HEADER},
l.leg_seq, l.delivered, l.read, l.staff_delivered, l.staff_read, p.name, k.head, c.subject,
CASE WHEN c.legs > 1 AND c.visitor IS NOT NULL THEN EXISTS (SELECT 1 FROM leg x WHERE x.conversation = c.id AND x.id <> c.leg
  AND x.shown_on IS NOT c.leg AND x.leg_seq > 0 AND x.thread <> '') ELSE 0 END, c.priority,
CASE WHEN c.legs > 1 THEN (SELECT x.channel FROM message m JOIN leg x ON x.id = m.leg
  WHERE m.conversation = c.id AND m.leg_seq IS NOT NULL ORDER BY m.seq DESC LIMIT 1) END, c.legs
FROM conversation c
JOIN leg l ON l.id = c.leg
LEFT JOIN operator o ON o.id = c.operator
LEFT JOIN operator s ON s.id = c.seen_by
LEFT JOIN visitor v ON v.id = c.visitor
LEFT JOIN reader r ON r.conversation = c.id AND r.operator = c.operator
LEFT JOIN operator_picture p ON p.operator = c.operator
LEFT JOIN case_member k ON k.conversation = c.id
{identity.HEADER_JOIN.format(anchor="c.anchor")}
"""
"""What `rows` reads, from `conversation c`; to be narrowed and sorted."""
SQL_ROW = f"{ROW} WHERE c.id = :id"
SQL_ACTIVE = f"""{ROW} WHERE c.queue = :queue AND c.status IN ('waiting', 'open') ORDER BY c.last_at DESC LIMIT :most"""
# From the few nodes whose latest conversation is latest: not from every visit.
SQL_OF_CUSTOMER = f"""{ROW} WHERE c.id IN (
  SELECT k.id FROM (SELECT e.key FROM evidence e INDEXED BY evidence_talked
    WHERE e.customer = :customer AND e.talked IS NOT NULL ORDER BY e.talked DESC LIMIT :limit) n
  CROSS JOIN touchpoint t ON t.evidence = n.key CROSS JOIN conversation k ON k.anchor = t.id)
ORDER BY c.opened_at DESC LIMIT :limit"""
_MESSAGE = """m.id, m.conversation, m.seq, m.author, m.text, m.at, m.kind, m.name, m.operator, l.channel, m.client_id,
CASE WHEN m.leaves THEN (SELECT x.state FROM outbox x WHERE x.lane IN (m.leg, m.also) AND x.item = m.id) END, m.data,
CASE WHEN m.leaves THEN (SELECT x.why FROM outbox x WHERE x.lane IN (m.leg, m.also) AND x.item = m.id
  AND x.state IN ('failed', 'quarantined')) END,
CASE WHEN m.leaves THEN (SELECT b.channel FROM leg b WHERE b.id = m.also AND m.also_seq IS NULL) END,
CASE WHEN m.leaves THEN coalesce((SELECT b.thread FROM leg b WHERE b.id = m.also AND m.also_seq IS NULL), l.thread) END"""
_LEGS = "LEFT JOIN leg l ON l.id = m.leg"
SQL_AFTER = f"""SELECT {_MESSAGE} FROM message m {_LEGS}
WHERE m.conversation = :conversation AND m.seq > :after ORDER BY m.seq LIMIT :limit"""
SQL_BEFORE = f"""SELECT {_MESSAGE} FROM message m {_LEGS}
WHERE m.conversation = :conversation AND m.seq < :before ORDER BY m.seq DESC LIMIT :limit"""
SQL_MESSAGE = f"""SELECT {_MESSAGE} FROM message m {_LEGS}
WHERE m.conversation = :conversation AND m.seq = :seq"""
_SAID = "SELECT conversation, {number} AS number, author, text, at, kind, name, client_id, data FROM message WHERE {leg} = :leg"
_OWN, _SHOWN = _SAID.format(number="leg_seq", leg="leg"), _SAID.format(number="also_seq", leg="also")
SQL_SHOWN = "SELECT 1 FROM message WHERE also = :leg AND also_seq IS NOT NULL LIMIT 1"
SQL_SAID_AFTER = f"{_OWN} AND leg_seq > :have ORDER BY number LIMIT :limit"
SQL_SAID_LAST = f"{_OWN} AND leg_seq IS NOT NULL ORDER BY number DESC LIMIT :limit"
# For a page that shows what was said by mail as well, which few do.
SQL_ALL_AFTER = f"""
{_OWN} AND leg_seq > :have UNION ALL {_SHOWN} AND also_seq > :have ORDER BY number LIMIT :limit"""
SQL_ALL_LAST = f"""
{_OWN} AND leg_seq IS NOT NULL UNION ALL {_SHOWN} AND also_seq IS NOT NULL ORDER BY number DESC LIMIT :limit"""

PAGE = 50
_DELIVERY: dict[str | None, Literal["sent", "delivered", "read", "failed"]] = {
    "waiting": "sent",
    "riding": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "quarantined": "failed",
}
"""A state of the outbox in the words operators know."""
_HERE = "here"
"""It was to leave, and its customer came back to the page before: it has left nowhere."""
MOST_ACTIVE = 1_000
PRIORITIES: tuple[Priority, ...] = ("urgent", "normal", "low")


def row(read: Read, conversation: bytes) -> ConversationRow | None:
    """One conversation as lists show it."""
    found = read.one(SQL_ROW, {"id": conversation})
    return _row(found) if found else None


def both(read: Read, conversation: bytes) -> tuple[ConversationRow, Talk]:
    """A conversation that exists, as lists show it and as its visitor sees it."""
    found = read.one(SQL_ROW, {"id": conversation})
    assert found is not None, "a conversation that is spoken of exists"
    return _row(found), _talk(read, found)


def active(read: Read, queue: bytes) -> list[ConversationRow]:
    """What waits or is open in a queue: the snapshot of its topic."""
    return rows(read.all(SQL_ACTIVE, {"queue": queue, "most": MOST_ACTIVE}))


def of_customer(read: Read, customer: bytes, limit: int = 20) -> list[ConversationRow]:
    """A customer's conversations, newest first, whatever browser or channel they came by."""
    return rows(read.all(SQL_OF_CUSTOMER, {"customer": customer, "limit": limit}))


def message(read: Read, conversation: bytes, seq: int) -> Message | None:
    """One message as operators see it."""
    found = read.one(SQL_MESSAGE, {"conversation": conversation, "seq": seq})
    return _message(found) if found else None


def spoken(
    said: Utterance, stored: Stored, leg: Leg | None, by: Leg | None = None
) -> tuple[Message, Said | None]:
    """A message just stored, as operators see it and as its customer's page does, without reading it again.

    The page sees what was said on its own leg or is shown on it: not notes, and not what was said to an address that nobody
    has proven there.
    """
    delivery = "waiting" if said.leaves else None
    data = thread.packed(said.data)
    shown = _message((
        stored.id, stored.conversation, stored.seq, said.author, said.text, stored.at, said.kind, said.name, said.operator,
        leg.channel if leg else "", said.client_id, delivery, data, None, by.channel if by else None, _address(said, leg, by),
    ))  # fmt: skip
    number = stored.leg_seq if leg is not None and leg.is_page else stored.also_seq
    if number is None:
        return shown, None
    return shown, _said((
        stored.conversation, number, said.author, said.text, stored.at, said.kind, said.name, said.client_id, data,
    ))  # fmt: skip


def _address(said: Utterance, leg: Leg | None, by: Leg | None) -> str | None:
    out = by or leg
    return out.thread if said.leaves and out is not None else None


def page(read: Read, conversation: bytes, before: int | None = None, limit: int = PAGE) -> MessagePage:
    """The `limit` messages before a number (None: the newest), oldest first."""
    asked = {"conversation": conversation, "before": before or 2**62, "limit": limit + 1}
    found = read.all(SQL_BEFORE, asked)
    return MessagePage(items=[_message(m) for m in reversed(found[:limit])], more=len(found) > limit)


def page_after(read: Read, conversation: bytes, after: int, limit: int = PAGE) -> MessagePage:
    """The `limit` messages after a number, oldest first: for whoever reads on from somewhere in the middle."""
    found = read.all(SQL_AFTER, {"conversation": conversation, "after": after, "limit": limit + 1})
    return MessagePage(items=[_message(m) for m in found[:limit]], more=len(found) > limit)


def said_after(read: Read, leg: bytes, have: int, limit: int = 200) -> tuple[list[Said], bool]:
    """What a page misses, oldest first. When that is more than `limit`: the newest ones, and True (drop what you had)."""
    shown = read.one(SQL_SHOWN, {"leg": leg}) is not None
    found = read.all(
        SQL_ALL_AFTER if shown else SQL_SAID_AFTER, {"leg": leg, "have": have, "limit": limit + 1}
    )
    if len(found) <= limit:
        return [_said(m) for m in found], False
    newest = read.all(SQL_ALL_LAST if shown else SQL_SAID_LAST, {"leg": leg, "limit": limit})
    return [_said(m) for m in reversed(newest)], True


def initials(name: str) -> str:
    """Up to two letters for a face."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def rows(found: Iterable[tuple[Any, ...]]) -> list[ConversationRow]:
    """Conversations as lists show them, of rows of a statement that begins with `ROW`."""
    return [_row(one) for one in found]


def _row(r: tuple[Any, ...]) -> ConversationRow:
    who = identity.header_of(*r[28:32])
    return ConversationRow(
        id=id_hex(r[0]),
        queue=id_hex(r[2]),
        status=r[3],
        customer=id_hex(who.customer),
        name=who.name,
        level=level_word(who.here),
        channel=r[4],
        site=r[5],
        opened=millis(r[6]),
        seq=r[7],
        operator=id_hex(r[8]) if r[8] else None,
        operator_name=r[9] or "",
        last_text=r[10],
        last_author=r[11],
        last_at=millis(r[12]),
        waiting_since=millis(r[13]) if r[13] is not None else None,
        outcome=r[14],
        blocked=r[15] is not None,
        visitor=id_hex(r[16]) if r[16] else None,
        customer_cursors=Cursors(delivered=r[17], read=r[18]),
        unread=r[19],
        answer_by=r[20],
        score=r[21],
        remark=r[22],
        tags=r[27].split("\n") if r[27] else [],
        case=id_hex(r[38]) if r[38] else None,
        subject=r[39],
        priority=PRIORITIES[r[41]],
        last_channel=r[42] or "",
        legs=r[43],
        **(_alarm(*r[23:27]) if r[3] == "waiting" else {}),
    )


def _talk(read: Read, r: tuple[Any, ...]) -> Talk:
    """The visitor knows the numbers of their leg only."""
    leg_seq, delivered, seen, staff_delivered, staff_seen, picture = r[32:38]
    waits, name = r[3] == "waiting", r[9] or ""
    return Talk(
        id=id_hex(r[0]),
        status=r[3],
        seq=leg_seq,
        operator=Person(name=name, initials=initials(name), picture=faces.at(picture)) if r[8] else None,
        mine=Cursors(delivered=delivered, read=seen),
        theirs=Cursors(delivered=staff_delivered, read=staff_seen),
        position=waiting.position(read, r[0]) if waits else None,
        wait=waiting.expected(read, r[2]) if waits else None,
        rated=r[21],
        mailed=bool(r[40]),
    )


def _alarm(rounds: int, seen_at: int | None, seen_by: str | None, told_at: int | None) -> dict[str, Any]:
    """What became of the alarm for somebody who waits."""
    return {
        "alarm": rounds,
        "seen_at": None if seen_at is None else millis(seen_at),
        "seen_by": seen_by or "",
        "told": told_at is not None,
    }


def _message(r: tuple[Any, ...]) -> Message:
    return Message(
        id=id_hex(r[0]),
        conversation=id_hex(r[1]),
        seq=r[2],
        author=r[3],
        text=r[4],
        at=millis(r[5]),
        kind=intern(r[6]),
        name=r[7],
        operator=id_hex(r[8]) if r[8] else None,
        channel=r[9] or "",
        client_id=r[10],
        delivery=_DELIVERY.get(r[11]),
        why=r[13] or "",
        by="" if r[11] == _HERE else r[14] or "",
        to="" if r[11] == _HERE else r[15] or "",
        **_more(r[12]),
    )


class _Data(msgspec.Struct, frozen=True):
    """What a message's column `data` may hold."""

    attachments: list[Attachment] = []
    push: Push | None = None
    mentions: list[str] = []
    mail: Mail | None = None


_data = msgspec.json.Decoder(_Data).decode


def _more(data: str) -> dict[str, Any]:
    """Attachments, a pushed page, who is mentioned; most messages have none of it, and then nothing is parsed."""
    return {} if data == "{}" else msgspec.structs.asdict(_data(data))


def _public(data: str) -> dict[str, Any]:
    """The same without what only operators see."""
    return {name: value for name, value in _more(data).items() if name not in ("mentions", "mail")}


def _said(r: tuple[Any, ...]) -> Said:
    return Said(
        conversation=id_hex(r[0]),
        seq=r[1],
        author=r[2],
        text=r[3],
        at=millis(r[4]),
        kind=intern(r[5]),
        name=r[6],
        client_id=r[7] if r[2] == "visitor" else None,
        **_public(r[8]),
    )
