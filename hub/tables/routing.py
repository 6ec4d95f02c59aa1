"""Routing rules as they were at every time, what they decided, and who was answered by itself."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class RoutingEdition(SQLModel, table=True):
    """All routing rules after one change, in their order; the last edition is in force. `rules` is JSON.

    Kept whole, because a decision must be shown by the rules as they were, and because their order is part of what they say.
    """

    __tablename__ = "routing_edition"

    n: int = Field(primary_key=True)
    at: int
    author: bytes
    rules: str


class RoutingDecision(SQLModel, table=True):
    """What the rules of an edition said of a conversation when it began. `steps` is JSON; `queue` is the one it began in."""

    __tablename__ = "routing_decision"
    __table_args__ = ({"sqlite_with_rowid": False},)

    conversation: bytes = Field(primary_key=True)
    at: int
    edition: int
    queue: bytes
    steps: str
    answered: str = ""
    """What became of its canned answer: sent, or why not."""


class AutomaticAnswer(SQLModel, table=True):
    """An address was last answered by itself at this time. Rows are worth nothing after a day, and go."""

    __tablename__ = "automatic_answer"
    __table_args__ = (Index("automatic_answer_by_time", "at"), {"sqlite_with_rowid": False})

    address: bytes = Field(primary_key=True)
    """Its hash: all that is asked of it is whether it is the same."""
    connection: str
    at: int
