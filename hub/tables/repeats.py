"""Answers to unsafe requests that carried an `Idempotency-Key`: kept for a day, so that asking again is not doing again."""

from sqlalchemy import Index
from sqlmodel import Field

from hub.tables.base import WITHOUT_ROWID, Micros, Table


class RepeatRow(Table, table=True):
    """One key of one asker. `owner` and `key` are hashes; `answer` is sealed, for it may hold a link that works once.

    `state`: 0 begun, 1 something of it is stored, 2 answered. `request` is the hash of what was asked, known with the answer.
    """

    __tablename__ = "repeat"
    __table_args__ = (Index("repeat_by_age", "at"), WITHOUT_ROWID)

    owner: bytes = Field(primary_key=True)
    key: bytes = Field(primary_key=True)
    state: int
    at: Micros
    request: bytes | None = None
    status: int | None = None
    media_type: str | None = None
    answer: bytes | None = None
