"""Threading: where a message belongs, and its number.

`append` is the hot path of the product: four prepared statements, no model objects. A message is stored once whatever its sender
repeats: the client id is unique within the conversation, and the numbers are taken in the same savepoint as the row, so neither `seq`
nor `leg_seq` can have a hole.
"""

from typing import Any, Literal

import msgspec

from hub.store import Read, Tx
from hub.wire import Refusal

Author = Literal["visitor", "operator", "bot", "system"]

_COLUMNS = (
    "id, anchor, queue, site, channel, status, visitor, operator, opened_at, closed_at, seq, score, leg, legs"
)
SQL_CONVERSATION = f"SELECT {_COLUMNS} FROM conversation WHERE id = :id"
SQL_OPEN_OF_VISITOR = f"SELECT {_COLUMNS} FROM conversation WHERE visitor = :visitor AND status <> 'closed'"
SQL_LATEST_OF_VISITOR = f"""
SELECT {_COLUMNS} FROM conversation WHERE visitor = :visitor ORDER BY opened_at DESC LIMIT 1"""
SQL_OF_VISITOR = "SELECT id FROM conversation WHERE visitor = :visitor ORDER BY opened_at DESC LIMIT 100"
SQL_BEGIN = """
INSERT INTO conversation
(id, anchor, leg, queue, site, channel, subject, status, visitor, priority, opened_at, last_at, alarm_at, seq, last_text, last_author)
VALUES (:id, :anchor, :leg, :queue, :site, :channel, :subject, 'waiting', :visitor, :priority, :now, :now, :now, 0, '', 'visitor')"""
SQL_BEGIN_LEG = """
INSERT INTO leg (id, conversation, channel, connection, thread, leg_seq, delivered, read, staff_delivered, staff_read)
VALUES (:id, :conversation, :channel, :connection, :thread, 0, 0, 0, 0, 0)"""
_LEG = "leg.id, leg.conversation, leg.channel, leg.connection, leg.thread, leg.leg_seq, leg.shown_on"
SQL_LEG_OF = f"SELECT {_LEG} FROM conversation c JOIN leg ON leg.id = c.leg WHERE c.id = :conversation"
SQL_WITH_LEG = f"""
SELECT {", ".join("c." + column for column in _COLUMNS.split(", "))}, {_LEG} FROM conversation c
JOIN leg ON leg.id = c.leg WHERE c.id = :id"""
SQL_LEGS_OF_THREAD = f"""
SELECT {_LEG} FROM leg JOIN conversation c ON c.id = leg.conversation
WHERE leg.connection = :connection AND leg.thread = :thread ORDER BY c.status = 'closed', c.opened_at DESC LIMIT 1"""
SQL_SENT = """
SELECT conversation, seq, leg_seq, at, id, author, operator FROM message
WHERE conversation = :conversation AND client_id = :client_id"""
SQL_SENT_BY_VISITOR = """
SELECT m.conversation, m.seq, m.leg_seq, m.at, m.id, m.author, m.operator FROM conversation c
JOIN message m ON m.conversation = c.id AND m.client_id = :client_id WHERE c.visitor = :visitor"""
SQL_LEAVING = """
SELECT m.id, m.conversation, l.thread, m.text, m.name, m.at, m.kind, m.leg <> l.id, m.leg <> l.id AND own.delivered >= m.leg_seq, m.author = 'bot'
FROM message m JOIN leg l ON l.id = :lane JOIN leg own ON own.id = m.leg WHERE m.id = :id AND m.leaves"""
SQL_HEARD = "SELECT at FROM message WHERE leg = :leg AND author = 'visitor' ORDER BY leg_seq DESC LIMIT 1"
SQL_WHERE_IS = "SELECT conversation, seq FROM message WHERE id = :id AND leaves"
SQL_DATA = "SELECT kind, data FROM message WHERE conversation = :conversation AND seq = :seq"
SQL_ANSWERED_SINCE = """
SELECT 1 FROM message WHERE conversation = :conversation AND seq > :seq
AND (author = 'operator' AND operator <> :but AND audience = 'all' OR author = 'system') LIMIT 1"""
SQL_SEQ_OF_LEG = "SELECT seq FROM message WHERE leg = :leg AND leg_seq = :leg_seq"
SQL_SET_DATA = "UPDATE message SET data = :data WHERE conversation = :conversation AND seq = :seq"
SQL_RATE = "UPDATE conversation SET score = :score, remark = :remark WHERE id = :id"
SQL_ANSWER_BY = "UPDATE conversation SET answer_by = :answer_by WHERE id = :id"
SQL_NEXT_SEQ = "UPDATE conversation SET seq = seq + 1 WHERE id = :id RETURNING seq"
SQL_SAID_BY_ITSELF = """
UPDATE conversation SET seq = seq + 1, last_text = :text, last_author = :author, last_at = :now WHERE id = :id RETURNING seq"""
SQL_SPOKEN = """
UPDATE conversation SET seq = seq + 1, last_text = :text, last_author = :author, last_at = :now,
waiting_since = CASE WHEN :author = 'visitor' THEN coalesce(waiting_since, :now) WHEN :author = 'operator' THEN NULL
ELSE waiting_since END,
first_reply_at = CASE WHEN :author = 'operator' THEN coalesce(first_reply_at, :now) ELSE first_reply_at END
WHERE id = :id RETURNING seq"""
SQL_NEXT_LEG_SEQ = "UPDATE leg SET leg_seq = leg_seq + 1 WHERE id = :leg RETURNING leg_seq"
# Who answers has read what they answer.
SQL_ANSWER_LEG_SEQ = """
UPDATE leg SET leg_seq = leg_seq + 1, staff_delivered = leg_seq + 1, staff_read = leg_seq + 1 WHERE id = :leg RETURNING leg_seq"""
SQL_INSERT = """
INSERT INTO message
(conversation, seq, id, leg, leg_seq, also, also_seq, client_id, audience, author, operator, name, kind, text, data, at, leaves)
VALUES (:conversation, :seq, :id, :leg, :leg_seq, :also, :also_seq, :client_id, :audience, :author, :operator, :name, :kind, :text,
:data, :now, :leaves)"""
SOCKET = "site:"
"""Connections of this form are our own sockets: `site:KEY`. A configured connection cannot have a colon in its name."""


class Conversation(msgspec.Struct, frozen=True):
    """The row of a conversation that decisions are made on."""

    id: bytes
    anchor: bytes
    queue: bytes
    site: str
    channel: str
    status: str
    visitor: bytes | None
    operator: bytes | None
    opened_at: int
    closed_at: int | None
    seq: int
    score: int | None
    leg: bytes
    legs: int


class Leg(msgspec.Struct, frozen=True):
    """One channel and counterpart address of a conversation."""

    id: bytes
    conversation: bytes
    channel: str
    connection: str
    thread: str
    leg_seq: int
    shown_on: bytes | None = None

    @property
    def is_page(self) -> bool:
        """Whether our own socket is at its other end: it is read by cursor, and nothing leaves by the outbox."""
        return self.connection.startswith(SOCKET)


class Stored(msgspec.Struct, frozen=True):
    """Where a message is. `fresh` is False when it had been stored before, under these numbers."""

    conversation: bytes
    seq: int
    leg_seq: int | None
    at: int
    id: bytes
    fresh: bool = True
    also_seq: int | None = None
    """Its number on the page where it is shown besides."""


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """A message before it has numbers. Without a leg it is for operators only."""

    author: Author
    text: str
    kind: str = "text"
    name: str = ""
    operator: bytes | None = None
    client_id: str | None = None
    leaves: bool = False
    automatic: bool = False
    """No person said it: nobody waits for an answer."""
    data: dict[str, Any] = {}
    """What its kind needs besides the text: `attachments`, `push`."""


def get(read: Read, conversation: bytes) -> Conversation:
    """The conversation, or `Refusal` not_found."""
    row = read.one(SQL_CONVERSATION, {"id": conversation})
    if row is None:
        raise Refusal("not_found", f"no conversation {conversation.hex()}")
    return Conversation(*row)


def with_leg(read: Read, conversation: bytes) -> tuple[Conversation, Leg]:
    """The conversation and its own leg, or `Refusal` not_found."""
    row = read.one(SQL_WITH_LEG, {"id": conversation})
    if row is None:
        raise Refusal("not_found", f"no conversation {conversation.hex()}")
    return Conversation(*row[:14]), Leg(*row[14:])


def open_of(read: Read, visitor: bytes) -> Conversation | None:
    """The one conversation of this browser that is not closed."""
    row = read.one(SQL_OPEN_OF_VISITOR, {"visitor": visitor})
    return Conversation(*row) if row else None


def latest_of(read: Read, visitor: bytes) -> Conversation | None:
    """The open conversation of this browser, else its newest closed one."""
    found = open_of(read, visitor)
    if found is not None:
        return found
    row = read.one(SQL_LATEST_OF_VISITOR, {"visitor": visitor})
    return Conversation(*row) if row else None


def of_visitor(read: Read, visitor: bytes) -> list[bytes]:
    """All conversations of this browser, newest first."""
    return [row[0] for row in read.all(SQL_OF_VISITOR, {"visitor": visitor})]


def leg_of(read: Read, conversation: bytes) -> Leg:
    """A conversation's own leg: its customer's page, where there is one, else the one it began with. Others: `legs.py`."""
    row = read.one(SQL_LEG_OF, {"conversation": conversation})
    assert row is not None, "a conversation begins with a leg"
    return Leg(*row)


def leg_of_thread(read: Read, connection: str, thread: str) -> Leg | None:
    """The leg with this counterpart of a connection: of a conversation that is not closed, else of the newest."""
    row = read.one(SQL_LEGS_OF_THREAD, {"connection": connection, "thread": thread})
    return Leg(*row) if row else None


def begin(
    tx: Tx,
    *,
    anchor: bytes,
    queue: bytes,
    site: str,
    channel: str,
    connection: str,
    thread: str,
    visitor: bytes | None,
    subject: str = "",
    priority: int = 1,
) -> tuple[Conversation, Leg]:
    """A new conversation that waits in `queue`, with its first leg."""
    talk, leg = tx.new_id(), tx.new_id()
    tx.run(
        SQL_BEGIN,
        {
            "id": talk,
            "anchor": anchor,
            "leg": leg,
            "queue": queue,
            "site": site,
            "channel": channel,
            "subject": subject,
            "visitor": visitor,
            "priority": priority,
            "now": tx.now,
        },
    )
    tx.run(
        SQL_BEGIN_LEG,
        {"id": leg, "conversation": talk, "channel": channel, "connection": connection, "thread": thread},
    )
    return get(tx, talk), Leg(leg, talk, channel, connection, thread, 0)


def sent(
    read: Read, conversation: bytes, client_id: str, author: Author, operator: bytes | None = None
) -> Stored | None:
    """The message this author has sent to this conversation under that client id. Refusals: bad_request, when another has."""
    row = read.one(SQL_SENT, {"conversation": conversation, "client_id": client_id})
    return _stored_before(row, author, operator)


def sent_by(read: Read, visitor: bytes, client_id: str) -> Stored | None:
    """The same over all conversations of a browser: an `open` that was repeated after its answer was lost."""
    row = read.one(SQL_SENT_BY_VISITOR, {"visitor": visitor, "client_id": client_id})
    return _stored_before(row, "visitor", None)


def data_of(read: Read, conversation: bytes, seq: int) -> dict[str, Any]:
    """What a message keeps besides its text."""
    row = read.one(SQL_DATA, {"conversation": conversation, "seq": seq})
    return msgspec.json.decode(row[1], type=dict[str, Any]) if row else {}


def answered_since(read: Read, conversation: bytes, seq: int, but: bytes) -> bool:
    """Whether anybody but this operator has answered, or done something with it, after message `seq`."""
    return read.one(SQL_ANSWERED_SINCE, {"conversation": conversation, "seq": seq, "but": but}) is not None


def pushed_page(tx: Tx, conversation: bytes, leg: bytes, leg_seq: int, fate: str) -> int | None:
    """What the customer did with a page pushed to them: written on its message, once. Returns the message's seq."""
    row = tx.one(SQL_SEQ_OF_LEG, {"leg": leg, "leg_seq": leg_seq})
    found = tx.one(SQL_DATA, {"conversation": conversation, "seq": row[0]}) if row else None
    if row is None or found is None or found[0] != "push":
        raise Refusal("not_found", f"message {leg_seq} of this conversation pushes no page")
    data = msgspec.json.decode(found[1])
    if data["push"].get("fate"):
        return None
    data["push"]["fate"] = fate
    text = msgspec.json.encode(data).decode()
    tx.run(SQL_SET_DATA, {"conversation": conversation, "seq": row[0], "data": text})
    seq: int = row[0]
    return seq


def rate(tx: Tx, conversation: bytes, score: int, remark: str) -> None:
    """How it was, in the customer's eyes; the last word counts."""
    tx.run(SQL_RATE, {"id": conversation, "score": score, "remark": remark})


def answer_by(tx: Tx, conversation: bytes, way: str) -> None:
    """Where the customer wants the answer."""
    tx.run(SQL_ANSWER_BY, {"id": conversation, "answer_by": way})


class Leaving(msgspec.Struct, frozen=True):
    """A message on its way out: `address` is the counterpart on the leg it leaves by; `at` in microseconds.

    `left`: it was said on a page that its customer had left. `seen`: that page has it by now. `automatic`: no person said it.
    """

    id: bytes
    conversation: bytes
    address: str
    text: str
    author: str
    at: int
    kind: str
    left: bool
    seen: bool
    automatic: bool


def leaving(read: Read, message: bytes, lane: bytes) -> Leaving | None:
    """A message that leaves by the outbox and this leg, by its id."""
    row = read.one(SQL_LEAVING, {"id": message, "lane": lane})
    return Leaving(*row) if row else None


def heard_at(read: Read, leg: bytes) -> int | None:
    """When the customer last wrote on a leg: for channels that take a reply only for a while after that."""
    row = read.one(SQL_HEARD, {"leg": leg})
    return row[0] if row else None


def where_is(read: Read, message: bytes) -> tuple[bytes, int] | None:
    """(conversation, seq) of a message that leaves by the outbox."""
    row = read.one(SQL_WHERE_IS, {"id": message})
    return (row[0], row[1]) if row else None


def append(
    tx: Tx,
    conversation: bytes,
    leg: bytes | None,
    said: Utterance,
    *,
    known_new: bool = False,
    by: bytes | None = None,
    shown_on: bytes | None = None,
) -> Stored:
    """Store a message and take its numbers; one with a client id seen before is answered with the first one's.

    `known_new`: the caller has asked `sent` in this transaction already. `by`: another leg that it leaves by. `shown_on`: the page
    that counts it, too.
    """
    if said.client_id is not None and not known_new:
        before = sent(tx, conversation, said.client_id, said.author, said.operator)
        if before is not None:
            return before
    message = tx.new_id()
    seq = _next_seq(tx, conversation, said, staff_only=leg is None)
    next_leg_seq = SQL_ANSWER_LEG_SEQ if said.author == "operator" else SQL_NEXT_LEG_SEQ
    leg_seq = None if leg is None else _one(tx, next_leg_seq, {"leg": leg})
    also_seq = None if shown_on is None else _one(tx, next_leg_seq, {"leg": shown_on})
    tx.run(
        SQL_INSERT,
        {
            "conversation": conversation,
            "seq": seq,
            "id": message,
            "leg": leg,
            "leg_seq": leg_seq,
            "also": shown_on or by,
            "also_seq": also_seq,
            "client_id": said.client_id,
            "audience": "staff" if leg is None else "all",
            "author": said.author,
            "operator": said.operator,
            "name": said.name,
            "kind": said.kind,
            "text": said.text,
            "data": packed(said.data),
            "now": tx.now,
            "leaves": said.leaves,
        },
    )
    return Stored(conversation, seq, leg_seq, tx.now, message, also_seq=also_seq)


def packed(data: dict[str, Any]) -> str:
    """What a message keeps besides its text, as its row has it."""
    return msgspec.json.encode(data).decode() if data else "{}"


def _stored_before(row: tuple[Any, ...] | None, author: Author, operator: bytes | None) -> Stored | None:
    if row is None:
        return None
    conversation, seq, leg_seq, at, message, by, who = row
    if (by, who) != (author, operator):
        # Answering with its numbers would tell this one that words were stored which nobody will ever see.
        raise Refusal(
            "bad_request", "another message has this id already; send it again under an id of its own"
        )
    return Stored(conversation, seq, leg_seq, at, message, fresh=False)


def _next_seq(tx: Tx, conversation: bytes, said: Utterance, *, staff_only: bool) -> int:
    # Notes and system lines change neither the preview nor the wait: the customer still waits for a word.
    if staff_only or said.kind == "system" or (said.author == "bot" and said.automatic):
        return _one(tx, SQL_NEXT_SEQ, {"id": conversation})
    preview = (
        said.text[:160] or ", ".join(str(file["name"]) for file in said.data.get("attachments", ()))[:160]
    )
    spoken = SQL_SAID_BY_ITSELF if said.automatic else SQL_SPOKEN
    return _one(tx, spoken, {"id": conversation, "text": preview, "author": said.author, "now": tx.now})


def _one(tx: Tx, sql: str, params: dict[str, object]) -> int:
    row = tx.one(sql, params)
    assert row is not None
    number: int = row[0]
    return number
