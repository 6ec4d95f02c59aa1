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


class TakenRow(SQLModel, table=True):
    """Derived: a detach or a retract that is in force: what a touchpoint said and does not count. With `kind` NULL nothing of it does."""

    __tablename__ = "taken"
    __table_args__ = (Index("taken_by_touch", "touch"),)

    decision: bytes = Field(primary_key=True)
    touch: bytes
    kind: str | None = None
    value: str | None = None


class PinRow(SQLModel, table=True):
    """Derived: a pin that is in force: this value of the attribute, for whoever the touchpoint is about. The latest counts."""

    __tablename__ = "pin"
    __table_args__ = (Index("pin_by_touch", "touch"), Index("pin_by_attribute", "attribute", "touch"))

    decision: bytes = Field(primary_key=True)
    at: int
    touch: bytes
    attribute: str
    value: str


class Evidence(SQLModel, table=True):
    """Derived: touchpoints with the same claims and names share one node; a touchpoint or identifier named in a decision has its own."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("evidence_by_customer", "customer", "last"),
        Index("evidence_telling", "customer", sqlite_where=text("tells")),
        Index("evidence_repeated", "customer", "last", "first", sqlite_where=text("touches > 1")),
        Index("evidence_talked", "customer", "talked", sqlite_where=text("talked IS NOT NULL")),
        Index("evidence_by_component", "component", "customer"),
        Index("evidence_ruled", "component", sqlite_where=text("ruled")),
    )

    key: bytes = Field(primary_key=True)
    first: bytes | None = None
    """Its smallest touch id; NULL for the empty node of an identifier that a decision names."""
    customer: bytes | None = None
    """The customer of today: the smallest touch id in the record. NULL while the record has no touchpoint at all."""
    component: bytes
    """Label of everything connected by linking identifiers, rules left aside."""
    ruled: bool = False
    """Named in a `same` or `never`."""
    names: str = "[]"
    """Folded names, JSON: the rule compares them."""
    last: bytes | None = None
    """Its greatest touch id. This and what follows is kept by triggers (`keeping.py`)."""
    touches: int = 0
    tells: bool = False
    """Says more than which browser it is: an attribute, or an identifier of a person."""
    talked: bytes | None = None
    """The latest of its touchpoints that began a conversation."""


class ComponentRow(SQLModel, table=True):
    """Derived: what has to be known of a component to place a touchpoint without reading its nodes."""

    __tablename__ = "component"
    __table_args__ = (
        Index("component_dirty", "label", sqlite_where=text("dirty")),
        {"sqlite_with_rowid": False},
    )

    label: bytes = Field(primary_key=True)
    version: int
    """Counts every change, so that work done on a snapshot knows whether it still holds."""
    customer: bytes | None = None
    """The one customer, where the component is one record for certain; else NULL."""
    dirty: bool = False
    """Its records are being worked out: too large to settle within the transaction that changed it."""
    summary: str
    """JSON, `hub.identity.summary`."""


class IdentifierRow(SQLModel, table=True):
    """Derived: identifiers that are not what their values are by themselves: shared by many, blocked or unblocked by an operator."""

    __tablename__ = "identifier"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    status: str
    """links, shared, blocked; role and junk when an operator said so."""
    ruled: str | None = None
    """What an operator said: block, unblock."""


class BehindRow(SQLModel, table=True):
    """Derived: an identifier whose status has turned and which so many claim that their claims follow in slices (`working.py`)."""

    __tablename__ = "behind"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    turned: bytes
    """Made up at each turn, so that whoever has followed one does not take it for a later one."""


class IdentityState(SQLModel, table=True):
    """What the records were computed with; one row, none while all of it is the default."""

    __tablename__ = "identity_state"

    id: int = Field(primary_key=True)
    rules: str
    """JSON, `hub.identity.Rules`."""
    due: int
    """How often the rules were changed since all records were made by them. By which reading of identifiers they were, `normaliser` says."""


class NearRow(SQLModel, table=True):
    """Derived: what the touchpoints that claim an identifier say besides: another personal identifier (`what` is its kind) or a name
    (`what` is ~), on so many nodes. Too many different ones make it shared."""

    __tablename__ = "near"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    said: str = Field(primary_key=True)
    nodes: int


class ClaimRow(SQLModel, table=True):
    """Derived: one identifier that an evidence node claims, at the best level it was said there."""

    __tablename__ = "claim"
    __table_args__ = (
        Index("claim_by_evidence", "evidence"),
        Index("claim_proving", "kind", "value", sqlite_where=text("links = 1 AND level = 'verified'")),
        Index("claim_at_desk", "kind", "value", sqlite_where=text("links = 2")),
        {"sqlite_with_rowid": False},
    )

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    evidence: bytes = Field(primary_key=True)
    level: str
    status: str = "links"
    """What the value is by itself: links, role (info@…), junk (test@test.com); held where the site lets typed identifiers join nobody."""
    links: int = 0
    """1: it joins. 2: the node has nothing that joins, and sits with this desk or shared mailbox. 0: neither."""


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
    touches: int
    """How many touchpoints of the node say so."""


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


class Erasure(SQLModel, table=True):
    """A person was erased: when, on whose word, and what it came to. Nothing of who it was."""

    __tablename__ = "erasure"

    id: bytes = Field(primary_key=True)
    at: int
    author: str
    customer: bytes
    """The record's id at the time: a touch id, whose touchpoint is blank now."""
    touches: int
    planned: bool = False
    done_at: int | None = None


class Erasing(SQLModel, table=True):
    """What is left to erase; a row goes when its touchpoint is blank and all that hung on it is deleted."""

    __tablename__ = "erasing"
    __table_args__ = (Index("erasing_of", "erasure"), {"sqlite_with_rowid": False})

    touch: bytes = Field(primary_key=True)
    erasure: bytes
