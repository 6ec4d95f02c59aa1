"""Conversations, their legs and messages.

Two numberings, so that nobody sees a hole where somebody else's message is: `seq` counts a conversation's messages without
gaps for operators; `leg_seq` counts those of one leg without gaps for its customer side, and is null for notes. Messages are
clustered by conversation (`WITHOUT ROWID`), so opening one of 100,000 messages reads as few pages as one of ten. No row holds a
customer id, only an anchor (a touch id) that identity resolves.
"""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Conversation(SQLModel, table=True):
    """A thread with one customer. The `last_*` columns and `waiting_since` are what the inbox shows, kept on write."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "conversation_one_open",
            "visitor",
            unique=True,
            sqlite_where=text("status <> 'closed' AND visitor IS NOT NULL"),
            postgresql_where=text("status <> 'closed' AND visitor IS NOT NULL"),
        ),
        Index("conversation_by_visitor", "visitor", "opened_at"),
        Index("conversation_by_time", "opened_at"),
        Index("conversation_inbox", "queue", "status", "last_at"),
        Index(
            "conversation_answered",
            "queue",
            "first_reply_at",
            sqlite_where=text("first_reply_at IS NOT NULL"),
            postgresql_where=text("first_reply_at IS NOT NULL"),
        ),
        Index(
            "conversation_alarm",
            "alarm_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("conversation_by_operator", "operator", "status"),
        Index("conversation_by_anchor", "anchor"),
        Index("conversation_closed", "status", "last_at", "id"),
        {"sqlite_with_rowid": False},
    )

    id: bytes = Field(primary_key=True)
    anchor: bytes
    leg: bytes
    """The one its customer's page counts on, where it has a page; else the one it began with."""
    legs: int = 1
    queue: bytes
    site: str
    channel: str
    subject: str = ""
    """What it is about, in the words of its first message, without any `Re:`; where its channel has subjects."""
    status: str
    visitor: bytes | None = None
    operator: bytes | None = None
    priority: int = 1
    """0 urgent, 1 normal, 2 low: who waits is served in this order, and then by how long."""
    opened_at: int
    closed_at: int | None = None
    outcome: str | None = None
    answer_by: str = "here"
    """Where the customer wants the answer when nobody is there: here, email or phone."""
    score: int | None = None
    """The customer's rating, 1 to 5."""
    remark: str = ""
    """What the customer wrote with it."""
    first_reply_at: int | None = None
    """When an operator first answered: how long the next one may have to wait is told from these."""
    seq: int = 0
    last_text: str = ""
    last_author: str = "visitor"
    last_at: int
    waiting_since: int | None = None
    alarm: int = 0
    """Rounds of the alarm that nobody acknowledged; begins anew whenever it comes to wait."""
    alarm_at: int = 0
    """When the present round began."""
    seen_by: bytes | None = None
    """The operator who acknowledged the alarm."""
    seen_at: int | None = None
    told_at: int | None = None
    """When the customer was told that nobody could answer so far."""


class Leg(SQLModel, table=True):
    """One channel and counterpart address in a conversation. All four cursors are numbers of this leg."""

    __tablename__ = "leg"
    __table_args__ = (
        Index("leg_by_conversation", "conversation"),
        Index("leg_by_thread", "connection", "thread"),
        {"sqlite_with_rowid": False},
    )

    id: bytes = Field(primary_key=True)
    conversation: bytes
    channel: str
    connection: str
    thread: str
    leg_seq: int = 0
    shown_on: bytes | None = None
    """The leg of the page whose visitor has proven to own this address: what is said here is numbered and shown there as well."""
    delivered: int = 0
    read: int = 0
    staff_delivered: int = 0
    staff_read: int = 0


class Returned(SQLModel, table=True):
    """A link in a mail that was followed, and the browser it works in from then on."""

    __tablename__ = "returned"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: bytes = Field(primary_key=True)
    """The code in the link, hashed."""
    leg: bytes
    visitor: bytes
    at: int


class Message(SQLModel, table=True):
    """One utterance. `audience` is `all` (it has a leg) or `staff` (a note; only operators see it)."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "message_once",
            "conversation",
            "client_id",
            unique=True,
            sqlite_where=text("client_id IS NOT NULL"),
            postgresql_where=text("client_id IS NOT NULL"),
        ),
        Index(
            "message_by_leg",
            "leg",
            "leg_seq",
            unique=True,
            sqlite_where=text("leg_seq IS NOT NULL"),
            postgresql_where=text("leg_seq IS NOT NULL"),
        ),
        Index(
            "message_also",
            "also",
            "also_seq",
            unique=True,
            sqlite_where=text("also_seq IS NOT NULL"),
            postgresql_where=text("also_seq IS NOT NULL"),
        ),
        Index("message_leaving", "id", sqlite_where=text("leaves"), postgresql_where=text("leaves")),
        {"sqlite_with_rowid": False},
    )

    conversation: bytes = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    id: bytes
    leg: bytes | None = None
    leg_seq: int | None = None
    also: bytes | None = None
    """A second leg: the one it leaves by for a customer who has left the page, or the page it is shown on besides (`also_seq`)."""
    also_seq: int | None = None
    client_id: str | None = None
    audience: str
    author: str
    operator: bytes | None = None
    name: str = ""
    kind: str
    text: str
    data: str = "{}"
    """What its kind needs besides the text, as JSON: attachments, a pushed page."""
    at: int
    leaves: bool = False
    """It goes out through the outbox, which finds it by its id."""


class Reader(SQLModel, table=True):
    """How far one operator has received and read a conversation, in its `seq`."""

    __tablename__ = "reader"
    __table_args__ = ({"sqlite_with_rowid": False},)

    conversation: bytes = Field(primary_key=True)
    operator: bytes = Field(primary_key=True)
    delivered: int = 0
    read: int = 0


class ConversationTag(SQLModel, table=True):
    """A word an operator has put on a conversation, as it is compared."""

    __tablename__ = "conversation_tag"
    __table_args__ = (
        Index("conversation_tag_in_use", "tag", "conversation"),
        {"sqlite_with_rowid": False},
    )

    conversation: bytes = Field(primary_key=True)
    tag: str = Field(primary_key=True)


class Mention(SQLModel, table=True):
    """Note `seq` of a conversation calls this operator."""

    __tablename__ = "mention"
    __table_args__ = (
        Index(
            "mention_unseen",
            "conversation",
            "operator",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    operator: bytes = Field(primary_key=True)
    conversation: bytes = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: int
    seen_at: int | None = None
    """When its operator had read so far."""


class CannedReply(SQLModel, table=True):
    """A text to be said again. `owner` None: everybody's; `queue` None: for conversations of every queue.

    `folded` is the shortcut as it is compared: two that differ in case alone are one to whoever types them.
    """

    __tablename__ = "canned_reply"
    __table_args__ = (
        Index("canned_reply_own", "owner", "folded", unique=True),
        Index(
            "canned_reply_shared",
            "folded",
            unique=True,
            sqlite_where=text("owner IS NULL"),
            postgresql_where=text("owner IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    id: bytes = Field(primary_key=True)
    owner: bytes | None = None
    shortcut: str
    folded: str
    title: str
    text: str
    queue: bytes | None = None
    updated_at: int
    updated_by: bytes
