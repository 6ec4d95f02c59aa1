"""What must leave: one row per message, question or event and the connection it has to leave by.

The text of a message stays in the message's row, the body of an event in `webhook_event`. `id` only gives the order and never leaves
the process; `item` is the id under which it leaves, the same in every attempt.

A row's `state` is waiting, riding (it leaves with another, and is what that one is), sent, delivered, read, here (it need not leave any more), failed (final) or quarantined (somebody has to look: our side broke on it, nobody
knows whether it arrived, or all tries are used up). A waiting row with a lease is being delivered; its lease ends at `due_at`.
"""

from sqlalchemy import Index, text
from sqlmodel import Field

from hub.tables.base import WITHOUT_ROWID, Id, Micros, Table

_WAITING = text("state = 'waiting'")


class OutboxRow(Table, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ux_outbox_item", "lane", "item", "connection", unique=True),
        # Only what waits is searched by time; the finished rows, which are most, stay out of these indexes.
        Index("ix_outbox_due", "connection", "due_at", sqlite_where=_WAITING),
        Index("ix_outbox_lane", "connection", "lane", "id", sqlite_where=_WAITING),
        Index(
            "ix_outbox_beside",
            "connection",
            "beside",
            "id",
            sqlite_where=text("state = 'waiting' AND beside IS NOT NULL"),
        ),
        Index(
            "ix_outbox_expires",
            "connection",
            "expires_at",
            sqlite_where=text("state = 'waiting' AND expires_at IS NOT NULL"),
        ),
        Index("ix_outbox_quarantined", "id", sqlite_where=text("state = 'quarantined'")),
        Index("ix_outbox_external", "connection", "external_id"),
        Index("ix_outbox_ended", "kind", "finished_at", sqlite_where=text("state <> 'waiting'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """message, question or webhook: by it the schedule of tries is chosen."""
    connection: str
    """Its name in hub.toml; `webhook:NAME` for an endpoint. A channel's name cannot have a colon."""
    lane: Id
    """What leaves in order: a leg's messages, a customer's events."""
    beside: Id | None = None
    """A second order to keep: a conversation's events, whoever its customer is by then. Of a message: the one it leaves with."""
    item: Id
    state: str
    attempts: int
    bugs: int = 0
    """Attempts that ended in a plugin's bug."""
    doubts: int = 0
    """Attempts of which nobody knows whether they got through."""
    created_at: Micros
    first_at: Micros | None = None
    """When it was first tried: the schedule of tries counts from here."""
    due_at: Micros
    """When to try next, or until when the present attempt holds its lease; far in the future behind an earlier one of its lane."""
    expires_at: Micros | None = None
    lease: Id | None = None
    finished_at: Micros | None = None
    external_id: str | None = None
    why: str = ""


class WebhookEvent(Table, table=True):
    """What happened, as every endpoint gets it: the very bytes that are signed, in each attempt."""

    __tablename__ = "webhook_event"
    __table_args__ = (Index("webhook_event_by_time", "at"), WITHOUT_ROWID)

    id: Id = Field(primary_key=True)
    event: str
    at: Micros
    body: str


class Webhook(Table, table=True):
    """An endpoint as hub.toml has it, for the transactions that write rows for it."""

    __tablename__ = "webhook"
    __table_args__ = (WITHOUT_ROWID,)

    name: str = Field(primary_key=True)
    events: str
    """Names of events with a comma before, between and after them."""
    gone_at: Micros | None = None
    """It answered that it exists no longer: nothing is written for it until an admin says otherwise."""
    why: str = ""
