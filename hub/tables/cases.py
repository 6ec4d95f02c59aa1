"""Cases: which conversations of one customer are about one thing, and every step that made it so.

A case is a bond between conversations and moves none of their rows: each keeps its own legs, numbers and visitor, so taking the
bond away leaves exactly what was there. `case_step` is the history; `case_member` is what it comes to now.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class CaseMember(SQLModel, table=True):
    """A conversation that belongs to the case another one began. One that began a case, or is alone, has no row."""

    __tablename__ = "case_member"
    __table_args__ = (Index("case_member_of", "head", "conversation"), {"sqlite_with_rowid": False})

    conversation: bytes = Field(primary_key=True)
    head: bytes
    """The conversation that began the case."""
    joined_at: int
    before: str
    """Whose hands it was in and what it looked like until then, as JSON: what a split gives back."""
    after: str
    """The same, right after it was joined: what has changed since is not taken back by a split."""


class CaseStep(SQLModel, table=True):
    """joined, split, or declined (it was proposed, and somebody said no). `operator` is None where the hub did it by itself."""

    __tablename__ = "case_step"
    __table_args__ = (
        Index("case_step_of", "conversation", "n"),
        Index("case_step_about", "head"),
    )

    n: int | None = Field(default=None, primary_key=True)
    at: int
    op: str
    conversation: bytes
    head: bytes
    operator: bytes | None = None
    reasons: str = "[]"
    """What spoke for it then, as JSON."""
