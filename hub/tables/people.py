"""Operators, their sessions, teams' queues and presence.

Sessions are server-side and hashed, so that signing out or deactivating somebody takes effect at once and a copied database
signs nobody in. Presence is a row with a lease: routing reads it in the transaction, and an operator whose tab died
goes offline by the clock alone.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Operator(SQLModel, table=True):
    """A person who answers. `role` is admin or operator; `capacity` is how many open conversations they serve at once, where it
    is not what the configuration says for everybody."""

    __tablename__ = "operator"

    id: bytes = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    password_hash: str
    role: str
    capacity: int | None = None
    active: bool = True
    created_at: int
    language: str = ""
    """What they read the console in; empty: what their browser asks for."""
    zone: str = ""
    """IANA zone that their times are told in; empty: their computer's."""
    idle_minutes: int
    """Minutes without a touch of mouse or keys after which they are away; 0 is never."""


class OperatorPicture(SQLModel, table=True):
    """How an operator looks: a small WebP drawn by us, under a random name that is its public address."""

    __tablename__ = "operator_picture"

    operator: bytes = Field(primary_key=True)
    name: bytes = Field(unique=True)
    data: bytes


class OperatorSession(SQLModel, table=True):
    """A signed-in browser, by the SHA-256 of its cookie. Ends 12 idle hours or 30 days after `created_at`."""

    __tablename__ = "operator_session"
    __table_args__ = (Index("operator_session_by_operator", "operator"), {"sqlite_with_rowid": False})

    hash: bytes = Field(primary_key=True)
    operator: bytes
    created_at: int
    used_at: int
    agent: str = ""
    """What the browser calls itself, so that its operator knows which one it is."""


class OperatorLink(SQLModel, table=True):
    """A link that works once: it makes an operator, or gives one a new password. Only the hash of its token is kept."""

    __tablename__ = "operator_link"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hash: bytes = Field(primary_key=True)
    id: bytes = Field(unique=True)
    """What lists call it; opens nothing."""
    operator: bytes | None = None
    """Whose password it renews; None: it makes somebody new."""
    note: str = ""
    """Whom it is for, in the words of whoever made it."""
    role: str = ""
    capacity: int | None = None
    queues: str = ""
    """JSON list of the ids of the queues the new operator will serve."""
    made_by: bytes
    made_at: int
    ends_at: int


class Queue(SQLModel, table=True):
    """Where conversations wait for the operators of one team."""

    __tablename__ = "queue"

    id: bytes = Field(primary_key=True)
    name: str = Field(unique=True)
    archived_at: int | None = None
    """Since when nothing waits there any more; what was said in it stays its team's."""


class QueueMember(SQLModel, table=True):
    """An operator serves a queue."""

    __tablename__ = "queue_member"
    __table_args__ = (Index("queue_member_by_operator", "operator"), {"sqlite_with_rowid": False})

    queue: bytes = Field(primary_key=True)
    operator: bytes = Field(primary_key=True)


class PresenceLease(SQLModel, table=True):
    """Whether an operator is there; worth nothing after `until`. Below zero, `until` tells when they left."""

    __tablename__ = "presence"
    __table_args__ = ({"sqlite_with_rowid": False},)

    operator: bytes = Field(primary_key=True)
    state: str
    until: int
    chosen: str
    """What they said themselves; another state than `state` came by itself and ends with their first touch."""
    since: int
    """When this state began."""


class SiteRoute(SQLModel, table=True):
    """Which queue a site's conversations wait in, and its region; written from the configuration at every start."""

    __tablename__ = "site_route"

    site: str = Field(primary_key=True)
    queue: bytes
    region: str = ""
    """Country that national phone numbers are read for."""
    hold_typed: bool = False
    """Whether identifiers that are only typed or imported join nobody."""
    alarm_seconds: int
    """Seconds of one round of the alarm."""
    mail: str = ""
    """The connection by which its answers leave as mail; empty: none."""
    opening: str = "{}"
    """Its zone, hours and exceptions as JSON: routing rules ask whether it is open."""


class Outlet(SQLModel, table=True):
    """A connection that sends messages, as the transactions know it that choose one; written at every start."""

    __tablename__ = "outlet"
    __table_args__ = ({"sqlite_with_rowid": False},)

    connection: str = Field(primary_key=True)
    channel: str
    addresses: str = ""
    """The kind of identifier it can write to first; empty: it only answers."""
    reply_window: int | None = None
    """Microseconds after the customer's last word in which it takes a reply."""


class HouseRule(SQLModel, table=True):
    """A figure of the configuration that actions must know, by name; written at every start."""

    __tablename__ = "house_rule"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: str = Field(primary_key=True)
    value: int
