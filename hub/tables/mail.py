"""What messages of channels like mail have besides their text: what they are called there, their HTML, and what could not be read.

Bodies stand apart from the messages, because nobody needs them to show a conversation, and one can be as long as a thousand messages.
"""

from sqlalchemy import Index, text
from sqlmodel import Field

from hub.tables.base import WITHOUT_ROWID, Id, Micros, Table


class MessageRef(Table, table=True):
    """What a message is called in its channel (`own`), or what it says it follows: a later one finds its conversation by either."""

    __tablename__ = "message_ref"
    __table_args__ = (
        Index("message_ref_by_message", "message"),
        Index("message_ref_by_conversation", "conversation"),
        WITHOUT_ROWID,
    )

    connection: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    message: Id = Field(primary_key=True)
    conversation: Id
    own: bool
    place: int = 0
    """Of what it follows: 0 is the nearest."""


class MessageBody(Table, table=True):
    """The message as HTML, cleaned, and what it repeats of earlier ones."""

    __tablename__ = "message_body"
    __table_args__ = (Index("message_body_by_conversation", "conversation"),)

    message: Id = Field(primary_key=True)
    conversation: Id
    html: str = ""
    inside: str = "{}"
    """Pictures that the HTML shows, as JSON: what it calls them → attachment."""
    quoted: str = ""


class Aside(Table, table=True):
    """What a connection received and could not read: it waits for somebody to look."""

    __tablename__ = "aside"
    __table_args__ = (
        Index("ux_aside_key", "connection", "key", unique=True),
        Index("aside_by_time", "at", sqlite_where=text("given_up_at IS NULL")),
    )

    id: Id = Field(primary_key=True)
    connection: str
    key: str
    why: str
    tries: int = 1
    """How often it was set aside."""
    created_at: Micros
    at: Micros
    size: int
    """Bytes, as it came; `raw` is the beginning when it is shorter."""
    raw: bytes
    given_up_at: Micros | None = None
    """Nobody is to be asked about it again. Only its key is kept."""
