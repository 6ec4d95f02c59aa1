"""Browsers that may be called while the console is closed, and what they were called for."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class PushSubscription(SQLModel, table=True):
    """A push service's address for one signed-in browser. Worth nothing once the session has ended."""

    __tablename__ = "push_subscription"
    __table_args__ = (Index("push_subscription_by_endpoint", "endpoint"), {"sqlite_with_rowid": False})

    session: bytes = Field(primary_key=True)
    operator: bytes
    endpoint: str
    key: bytes
    """The browser's public key: 65 bytes of P-256."""
    auth: bytes
    """The secret that the browser shares with us and not with its push service."""
    words: bool = False
    """Whether a push may carry the customer's name and words."""
    quiet_until: int = 0
    failures: int = 0
    resume_at: int = 0
    """Not before this moment: the push service asked for a pause, or did not answer."""
    created_at: int


class PushSent(SQLModel, table=True):
    """This browser was called for the round of a conversation's alarm that began at `alarm_at`."""

    __tablename__ = "push_sent"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session: bytes = Field(primary_key=True)
    conversation: bytes = Field(primary_key=True)
    alarm_at: int
