"""Durable topics: what changed, numbered, for whoever looks again.

A row points at what changed instead of copying it: (topic, n) → kind and key of an item whose present state is read when
somebody resumes. Items are put or dropped whole, so a resumed reader that gets today's state for an older n ends in the same place.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Topic(SQLModel, table=True):
    """Where a topic's changes were cut: the oldest n that can still be resumed from, which is its newest when no row is left."""

    __tablename__ = "topic"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: str = Field(primary_key=True)
    kept_from: int = 0


class FeedRow(SQLModel, table=True):
    """Change number `n` of a topic: the item `kind` with `key` was put, or dropped."""

    __tablename__ = "feed"
    __table_args__ = (Index("feed_by_age", "at"), {"sqlite_with_rowid": False})

    topic: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    kind: str
    key: bytes
    at: int
