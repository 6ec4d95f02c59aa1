"""Who is who: the log of decisions, and everything derived from it and from the touchpoints.

Only `decision` is truth, and append-only; every other table here could be dropped and computed again. The way from an anchor to the
customer of today is `anchor = touchpoint.id`, `touchpoint.evidence = evidence.key`, `evidence.customer`.
"""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Decision(SQLModel, table=True):
    """What an operator decided about who is who. Each side is a touchpoint or an identifier, never a customer: those move.

    `op`: same, never, revoke (of the decision `target`); detach, block, unblock, pin and retract have their columns ready.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("decision_by_target", "target"),)

    id: bytes = Field(primary_key=True)
    at: int
    author: str
    op: str
    a_touch: bytes | None = None
    a_kind: str | None = None
    a_value: str | None = None
    b_touch: bytes | None = None
    b_kind: str | None = None
    b_value: str | None = None
    target: bytes | None = None
    attribute: str | None = None
    value: str | None = None
    note: str = ""


class Ruling(SQLModel, table=True):
    """Derived: a `same` or `never` that is in force, between two nodes, which may not exist yet."""

    __tablename__ = "ruling"
    __table_args__ = (Index("ruling_by_a", "a"), Index("ruling_by_b", "b"))

    decision: bytes = Field(primary_key=True)
    at: int
    op: str
    a: bytes
    b: bytes


class Evidence(SQLModel, table=True):
    """Derived: touchpoints with the same claims and names share one node; a touchpoint or identifier named in a ruling has its own."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("evidence_by_customer", "customer"),
        Index("evidence_by_component", "component", "customer"),
        Index("evidence_with_person", "component", "person", sqlite_where=text("person IS NOT NULL")),
        Index("evidence_ruled", "component", sqlite_where=text("ruled")),
    )

    key: bytes = Field(primary_key=True)
    first: bytes | None = None
    """Its smallest touch id; NULL for the empty node of an identifier that a decision names."""
    customer: bytes | None = None
    """The customer of today: the smallest touch id in the record. NULL while the record has no touchpoint at all."""
    component: bytes
    """Label of everything connected by linking identifiers, rules left aside: the key of one of its members."""
    person: bytes | None = None
    """Label of what verified claims alone connect; NULL without one."""
    ruled: bool = False
    """Named in a ruling."""
    names: str = "[]"
    """Folded names, JSON: the full rule compares them."""


class ClaimRow(SQLModel, table=True):
    """Derived: one identifier that an evidence node claims, at the best level it was said there."""

    __tablename__ = "claim"
    __table_args__ = (Index("claim_by_evidence", "evidence"), {"sqlite_with_rowid": False})

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    evidence: bytes = Field(primary_key=True)
    level: str
    status: str = "links"
    """What the value is by itself: links, role (info@…), junk (test@test.com)."""
    links: bool = False
    """Whether it may join: by kind, level and status."""


class AttributeRow(SQLModel, table=True):
    """Derived: one value of an attribute as one connection said it on one evidence node, with the latest touchpoint that did."""

    __tablename__ = "attribute"
    __table_args__ = ({"sqlite_with_rowid": False},)

    evidence: bytes = Field(primary_key=True)
    attribute: str = Field(primary_key=True)
    connection: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    confidence: float = Field(primary_key=True)
    touch: bytes
    at: int
    says: bool
    """Whether the value says anything: "n/a" does not."""


class SourceRank(SQLModel, table=True):
    """Whose word goes first about an attribute (`*`: all that are not named), as hub.toml has it."""

    __tablename__ = "source_rank"
    __table_args__ = ({"sqlite_with_rowid": False},)

    attribute: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    rank: int


class RecordEventRow(SQLModel, table=True):
    """Derived: what a touchpoint or a decision did to records, in order, for whoever follows customers by id."""

    __tablename__ = "record_event"
    __table_args__ = (
        Index("record_event_by_customer", "customer", "n"),
        Index("record_event_by_other", "other", "n"),
    )

    n: int | None = Field(default=None, primary_key=True)
    at: int
    kind: str
    customer: bytes
    other: bytes | None = None
    cause: bytes
    """The touch id or the decision's id."""
    anchor: bytes
    """A touchpoint that stands for `customer` in a decision, as it was before."""
    other_anchor: bytes | None = None
