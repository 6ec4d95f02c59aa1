"""Attachments: what files there are, whose, and where they were used. The bytes lie in the data folder, named by the id.

A row without a conversation was uploaded and not sent yet; after a day it is deleted with its file. `visitor` or `operator`
is who uploaded it, and only they can send it. With a message of another channel a file comes in by a `connection`, and is sent at once.
"""

from sqlalchemy import Index, text
from sqlmodel import Field

from hub.tables.base import WITHOUT_ROWID, Id, Micros, Table


class AttachmentRow(Table, table=True):
    """One file. `name` is clean and fits the content; `media_type` is what it is served as."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index("attachment_by_visitor", "visitor", "at", sqlite_where=text("visitor IS NOT NULL")),
        Index("attachment_by_conversation", "conversation", sqlite_where=text("conversation IS NOT NULL")),
        Index("attachment_unused", "at", sqlite_where=text("conversation IS NULL")),
        Index("attachment_by_sender", "sender", sqlite_where=text("sender IS NOT NULL")),
        Index("attachment_by_connection", "connection", "at", sqlite_where=text("connection IS NOT NULL")),
        WITHOUT_ROWID,
    )

    id: Id = Field(primary_key=True)
    conversation: Id | None = None
    visitor: Id | None = None
    operator: Id | None = None
    name: str
    media_type: str
    size: int
    """Bytes, as kept."""
    width: int | None = None
    height: int | None = None
    thumb: bool = False
    """It has a small picture of at most 480 pixels beside it."""
    inline: bool = False
    """It is a picture drawn anew by us, and may be shown in a page; anything else is only ever downloaded."""
    at: Micros
    connection: str | None = None
    sender: bytes | None = None
    """Until it is sent: a keyed hash of the address a visitor's file came from, for the quota of addresses."""
