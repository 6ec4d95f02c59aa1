"""Visitors, their visits and the pages they saw.

A visitor is a browser we can recognise; who sits before it is identity's matter, so these rows keep no customer, only the
visit's own touch id as their anchor (a visit *is* a touchpoint: `visit.id` is its touch id). Tokens are kept hashed: whoever
reads this file cannot speak for a visitor.
"""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Visitor(SQLModel, table=True):
    """One browser on one site. `id` is the value of its `device` identifier."""

    __tablename__ = "visitor"

    id: bytes = Field(primary_key=True)
    site: str
    created_at: int
    visits: int = 0
    person: str | None = None
    """The user id that the site's own server vouched for, until the visitor logs out there."""
    blocked_at: int | None = None
    blocked_by: bytes | None = None


class VisitorToken(SQLModel, table=True):
    """A token a browser may show, as its SHA-256. The one before stays good for a while: its answer may have been lost."""

    __tablename__ = "visitor_token"
    __table_args__ = (Index("visitor_token_by_visitor", "visitor"), {"sqlite_with_rowid": False})

    hash: bytes = Field(primary_key=True)
    visitor: bytes
    site: str
    created_at: int
    used_at: int
    expires_at: int
    level: str
    """Trust the token's holder has earned: observed (a cookie), or verified (after a signed identity)."""


class Visit(SQLModel, table=True):
    """A run of page views of one visitor, over with 30 idle minutes."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("visit_by_visitor", "visitor", "last_at"),
        Index("visit_open", "closed_at", "last_at"),
        Index("visit_by_site", "site", "last_at"),
        {"sqlite_with_rowid": False},
    )

    id: bytes = Field(primary_key=True)
    visitor: bytes
    site: str
    number: int
    """1 for the first visit of this browser."""
    opened_at: int
    last_at: int
    closed_at: int | None = None
    referrer: str = ""
    language: str = ""
    zone: str = ""
    device: str = ""
    """phone, tablet or desktop, as the page says."""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    """`utm_source`, `utm_medium` and `utm_campaign` of the first page."""
    network: str = ""
    """The address cut to /24 or /48 before it came here; never the address."""
    pages: int = 0


class PageView(SQLModel, table=True):
    """One page of a visit. `active_ms` counts the time it was visible and used, and only grows."""

    __tablename__ = "page_view"
    __table_args__ = (
        Index("page_view_by_origin", "origin", unique=True, sqlite_where=text("origin IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )

    visit: bytes = Field(primary_key=True)
    n: int = Field(primary_key=True)
    tab: str
    url: str
    title: str
    at: int
    active_ms: int = 0
    scroll: int = 0
    """How far down it has been seen, in per cent; only grows."""
    origin: bytes | None = None
    """As of an event, for pages that another tracker told of; NULL for those of our own."""


class VisitEvent(SQLModel, table=True):
    """Something a page or a shop's server told of a visit: a product looked at, a search, a form error, a checkout step.

    `origin` is the hash of who told it and their own id for it, so that arriving twice is arriving once.
    """

    __tablename__ = "visit_event"
    __table_args__ = (Index("visit_event_by_visit", "visit", "at"), {"sqlite_with_rowid": False})

    origin: bytes = Field(primary_key=True)
    visit: bytes
    name: str
    at: int
    properties: str = "{}"
    """JSON, at most 4 KiB."""


class Invitation(SQLModel, table=True):
    """One offer to talk, shown to one visitor, with its fate: offered, shown, accepted, declined or expired."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("invitation_by_visitor", "visitor", "offered_at"),
        Index(
            "invitation_promised",
            "operator",
            "fate_at",
            sqlite_where=text("fate = 'accepted' AND conversation IS NULL"),
            postgresql_where=text("fate = 'accepted' AND conversation IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    id: bytes = Field(primary_key=True)
    visitor: bytes
    visit: bytes
    operator: bytes
    text: str
    offered_at: int
    fate: str = "offered"
    fate_at: int
    conversation: bytes | None = None


class Cart(SQLModel, table=True):
    """What lies in a visitor's cart now; the last word counts. `items` is JSON: [{name, sku?, price, quantity}]."""

    __tablename__ = "cart"
    __table_args__ = ({"sqlite_with_rowid": False},)

    visitor: bytes = Field(primary_key=True)
    visit: bytes
    at: int
    currency: str
    value: float
    count: int
    items: str = "[]"


class Watched(SQLModel, table=True):
    """An operator wants to be told when this customer is back. `anchor` is a touch id, so merges and divisions rewrite nothing."""

    __tablename__ = "watched"
    __table_args__ = (Index("watched_by_anchor", "anchor"), {"sqlite_with_rowid": False})

    operator: bytes = Field(primary_key=True)
    anchor: bytes = Field(primary_key=True)
    at: int
