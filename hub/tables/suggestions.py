"""Who might be who: what the scorer knows of each customer, the keys they are found by, and the suggestions that came of it.

All derived but the suggestions' fates. Triggers note in `match_due` whose record the scorer knows no longer, in the transaction that
changed it, so that code that writes cannot forget it; a job looks at them on the background lane. What is taken back leaves these
tables in the transaction that took it, and a suggestion holds levels of likeness, never a value. What only browsers and visits say
marks nobody, so an anonymous visit costs nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class MatchDue(SQLModel, table=True):
    """This customer has changed, come or gone since the scorer looked."""

    __tablename__ = "match_due"
    __table_args__ = ({"sqlite_with_rowid": False},)

    customer: bytes = Field(primary_key=True)


class MatchPerson(SQLModel, table=True):
    """What the scorer compares of a customer."""

    __tablename__ = "match_person"

    customer: bytes = Field(primary_key=True)
    said: str
    """Values as they were said, by field: JSON."""
    proven: bool = False
    """Verified claims say who it is."""


class MatchKey(SQLModel, table=True):
    """Customers by blocking key: the first eight bytes of its hash. A collision costs a comparison."""

    __tablename__ = "match_key"
    __table_args__ = (Index("match_key_by_customer", "customer"), {"sqlite_with_rowid": False})

    key: int = Field(primary_key=True)
    customer: bytes = Field(primary_key=True)


class SuggestionRow(SQLModel, table=True):
    """Two customers who may be one person. Each side is the customer's id of that day, an anchor.

    `status`: open, accepted (a `same`), dismissed (a `never`), unsure (open again from `until` on). Which decisions are in force is
    asked anew whenever a side changes, so one that is revoked opens the suggestion again.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        Index("suggestion_by_b", "b"),
        Index("suggestion_waiting", "bits", "a", "b", sqlite_where=text("status IN ('open', 'unsure')")),
    )

    a: bytes = Field(primary_key=True)
    b: bytes = Field(primary_key=True)
    bits: float
    prior: float
    steps: str
    """The waterfall, JSON: field, level, bits."""
    accounts: bool = False
    status: str = "open"
    found_at: int
    until: int | None = None
    decided_at: int | None = None
    author: str = ""
    decision: bytes | None = None


class MatchModel(SQLModel, table=True):
    """What was learned at this site: weights and how common values are. One row; without it what ships is used."""

    __tablename__ = "match_model"

    id: int | None = Field(default=None, primary_key=True)
    at: int
    people: int
    body: str


_PERSONAL = "{0}.kind NOT IN ('device', 'session')"
_MARK = """INSERT INTO match_due (customer) SELECT e.customer FROM evidence e
  WHERE e.key = {0} AND e.customer IS NOT NULL ON CONFLICT DO NOTHING"""
_TELLS = f"""(EXISTS (SELECT 1 FROM attribute a WHERE a.evidence = {{0}}.key)
  OR EXISTS (SELECT 1 FROM claim c WHERE c.evidence = {{0}}.key AND {_PERSONAL.format("c")}))"""
_FORGET = """DELETE FROM match_person WHERE customer = (SELECT e.customer FROM evidence e WHERE e.key = {0});
  DELETE FROM match_key WHERE customer = (SELECT e.customer FROM evidence e WHERE e.key = {0})"""
_BOTH = "e.key IN ({0}.a, {0}.b)"

BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "match_told": f"""CREATE TRIGGER match_told AFTER INSERT ON attribute BEGIN
  {_MARK.format("new.evidence")};
END""",
        "match_untold": f"""CREATE TRIGGER match_untold AFTER DELETE ON attribute BEGIN
  {_MARK.format("old.evidence")};
  {_FORGET.format("old.evidence")};
END""",
        "match_claimed": f"""CREATE TRIGGER match_claimed AFTER INSERT ON claim WHEN {_PERSONAL.format("new")} BEGIN
  {_MARK.format("new.evidence")};
END""",
        "match_unclaimed": f"""CREATE TRIGGER match_unclaimed AFTER DELETE ON claim WHEN {_PERSONAL.format("old")} BEGIN
  {_MARK.format("old.evidence")};
  {_FORGET.format("old.evidence")};
END""",
        "match_came": f"""CREATE TRIGGER match_came AFTER INSERT ON evidence
WHEN new.customer IS NOT NULL AND {_TELLS.format("new")} BEGIN
  INSERT INTO match_due (customer) VALUES (new.customer) ON CONFLICT DO NOTHING;
END""",
        "match_moved": f"""CREATE TRIGGER match_moved AFTER UPDATE OF customer ON evidence
WHEN old.customer IS NOT new.customer AND {_TELLS.format("new")} BEGIN
  INSERT INTO match_due (customer) SELECT old.customer WHERE old.customer IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO match_due (customer) SELECT new.customer WHERE new.customer IS NOT NULL ON CONFLICT DO NOTHING;
END""",
        "match_went": """CREATE TRIGGER match_went AFTER DELETE ON evidence WHEN old.customer IS NOT NULL BEGIN
  INSERT INTO match_due (customer) VALUES (old.customer) ON CONFLICT DO NOTHING;
  DELETE FROM match_person WHERE customer = old.customer;
  DELETE FROM match_key WHERE customer = old.customer;
END""",
        "match_ruled": f"""CREATE TRIGGER match_ruled AFTER INSERT ON ruling BEGIN
  INSERT INTO match_due (customer) SELECT DISTINCT e.customer FROM evidence e
  WHERE {_BOTH.format("new")} AND e.customer IS NOT NULL ON CONFLICT DO NOTHING;
END""",
        "match_unruled": f"""CREATE TRIGGER match_unruled AFTER DELETE ON ruling BEGIN
  INSERT INTO match_due (customer) SELECT DISTINCT e.customer FROM evidence e
  WHERE {_BOTH.format("old")} AND e.customer IS NOT NULL ON CONFLICT DO NOTHING;
END""",
    }
)
"""Name → the statement that makes it, in order."""
