"""Operators, their sessions, teams' queues and presence.

Sessions are server-side and hashed, so that signing out or deactivating somebody takes effect at once and a copied database
signs nobody in. Presence is a row with a lease: routing reads it in the transaction, and an operator whose tab died
goes offline by the clock alone.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Operator(SQLModel, table=True):
    """A person who answers. `role` is admin or operator; `capacity` is how many open conversations they serve at once."""

    __tablename__ = "operator"

    id: bytes = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    password_hash: str
    role: str
    capacity: int = 4
    active: bool = True
    created_at: int
    language: str = ""
    """What they read the console in; empty: what their browser asks for."""
    zone: str = ""
    """IANA zone that their times are told in; empty: their computer's."""


class OperatorSession(SQLModel, table=True):
    """A signed-in browser, by the SHA-256 of its cookie. Ends 12 idle hours or 30 days after `created_at`."""

    __tablename__ = "operator_session"
    __table_args__ = (Index("operator_session_by_operator", "operator"), {"sqlite_with_rowid": False})

    hash: bytes = Field(primary_key=True)
    operator: bytes
    created_at: int
    used_at: int


class Queue(SQLModel, table=True):
    """Where conversations wait for the operators of one team."""

    __tablename__ = "queue"

    id: bytes = Field(primary_key=True)
    name: str = Field(unique=True)


class QueueMember(SQLModel, table=True):
    """An operator serves a queue."""

    __tablename__ = "queue_member"
    __table_args__ = (Index("queue_member_by_operator", "operator"), {"sqlite_with_rowid": False})

    queue: bytes = Field(primary_key=True)
    operator: bytes = Field(primary_key=True)


class PresenceLease(SQLModel, table=True):
    """What an operator said about being there; worth nothing after `until`."""

    __tablename__ = "presence"
    __table_args__ = ({"sqlite_with_rowid": False},)

    operator: bytes = Field(primary_key=True)
    state: str
    until: int


class SiteRoute(SQLModel, table=True):
    """Which queue a site's conversations wait in, and its region; written from the configuration at every start."""

    __tablename__ = "site_route"

    site: str = Field(primary_key=True)
    queue: bytes
    region: str = ""
    """Country that national phone numbers are read for."""
    alarm_seconds: int
    """Seconds of one round of the alarm."""
