"""What must leave: one row per message and leg that a channel has to deliver.

The text itself stays in the message's row. `id` only gives the order and never leaves the process. A row's `state`
is waiting, sent, delivered, read, failed (final, the other side will not take it) or quarantined (our side broke
on it; somebody looks and retries). A waiting row with a lease is being delivered until `leased_until`.
"""

from sqlalchemy import Index, text
from sqlmodel import Field

from hub.tables.base import Id, Micros, Table


class OutboxRow(Table, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ux_outbox_leg_message", "leg", "message", unique=True),
        # Only what waits is searched by time; the finished rows, which are most, stay out of this index.
        Index("ix_outbox_due", "connection", "due_at", sqlite_where=text("state = 'waiting'")),
        Index("ix_outbox_waiting_leg", "leg", "id", sqlite_where=text("state = 'waiting'")),
        Index("ix_outbox_external", "connection", "external_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    connection: str
    leg: Id
    message: Id
    state: str
    attempts: int
    created_at: Micros
    due_at: Micros
    lease: Id | None = None
    leased_until: Micros = 0
    finished_at: Micros | None = None
    external_id: str | None = None
    why: str = ""
