"""Accepted touchpoints: the log everything about customers is computed from.

Rows are never updated, with three exceptions: `evidence` is derived (identity moves a touchpoint that a decision names onto a node of
its own), what an operator said and took back loses its `claims` and `attributes`, and erasure blanks `key`, `thread`, `claims`, `attributes` and `payload` while `id` and `origin` stay, so that a redelivery
of an erased touchpoint still counts as seen.
"""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class TouchpointRow(SQLModel, table=True):
    """One touchpoint. `id` is made from content (`hub.ids`), so rows sort by the time of the event."""

    __tablename__ = "touchpoint"
    __table_args__ = (
        Index("touchpoint_by_origin", "origin", unique=True),
        Index("touchpoint_by_evidence", "evidence", "id"),
        Index("touchpoint_orders", "evidence", sqlite_where=text("kind = 'order'")),
    )

    id: bytes = Field(primary_key=True)
    origin: bytes
    """The last ten bytes of the id: the hash of connection and key. Unique, so arriving twice is arriving once."""
    connection: str
    key: str
    channel: str
    kind: str
    site: str | None = None
    thread: str | None = None
    region: str | None = None
    """The country whose way of writing phone numbers was assumed."""
    held: bool = False
    """Whether its site let typed identifiers join nobody when it was accepted."""
    occurred_at: int
    """When it happened; a time in the future was set to the time of receipt, once, here."""
    received_at: int
    evidence: bytes
    claims: str = "[]"
    """The claims as reported, JSON: normalising them again must be possible after the rules of normalising changed."""
    attributes: str = "[]"
    payload: str = "{}"


class Normaliser(SQLModel, table=True):
    """Which version of normalising made the derived tables, from when on. The last row counts."""

    __tablename__ = "normaliser"

    n: int | None = Field(default=None, primary_key=True)
    version: str
    at: int
