"""What is kept of evidence nodes and customers so that a customer of many visits is read as fast as one of few.

Each visit is a node of its own, so whoever comes back often is thousands of nodes that say nothing but "this browser again". Lists,
heads and records look at the nodes that tell something, the newest ones, and counts; triggers keep these from the very rows they are
about, so no step of the engine can forget them, and merges, splits and erasures carry them along with the node. `REKEEP` computes them
from scratch.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlmodel import Field, SQLModel


class CustomerTotal(SQLModel, table=True):
    """Derived: how many touchpoints a customer has; no row for none."""

    __tablename__ = "customer_total"
    __table_args__ = ({"sqlite_with_rowid": False},)

    customer: bytes = Field(primary_key=True)
    touches: int


# Columns of evidence are named with their table: a touchpoint has a `key` as well.
TELLS = """(EXISTS (SELECT 1 FROM attribute a WHERE a.evidence = {0})
  OR EXISTS (SELECT 1 FROM claim c WHERE c.evidence = {0} AND c.kind NOT IN ('device', 'session')))"""
LAST = "(SELECT max(t.id) FROM touchpoint t WHERE t.evidence = {0})"
TOUCHES = "(SELECT count(*) FROM touchpoint t WHERE t.evidence = {0})"
TALKED = "(SELECT max(c.anchor) FROM touchpoint t CROSS JOIN conversation c ON c.anchor = t.id WHERE t.evidence = {0})"
_ADD = """INSERT INTO customer_total (customer, touches) SELECT new.customer, new.touches WHERE new.customer IS NOT NULL AND new.touches > 0
  ON CONFLICT DO UPDATE SET touches = touches + excluded.touches"""
_TAKE = """UPDATE customer_total SET touches = touches - old.touches WHERE customer = old.customer;
  DELETE FROM customer_total WHERE customer = old.customer AND touches <= 0"""
_RETALK = f"UPDATE evidence SET talked = {TALKED.format('evidence.key')} WHERE key"
_TALKS = "EXISTS (SELECT 1 FROM conversation c WHERE c.anchor = {0}.id)"

BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "kept_touch": """CREATE TRIGGER kept_touch AFTER INSERT ON touchpoint BEGIN
  UPDATE evidence SET touches = touches + 1, last = max(coalesce(last, new.id), new.id) WHERE key = new.evidence;
END""",
        "kept_touch_gone": f"""CREATE TRIGGER kept_touch_gone AFTER DELETE ON touchpoint BEGIN
  UPDATE evidence SET touches = touches - 1, last = {LAST.format("evidence.key")} WHERE key = old.evidence;
END""",
        "kept_touch_moved": f"""CREATE TRIGGER kept_touch_moved AFTER UPDATE OF evidence ON touchpoint WHEN old.evidence <> new.evidence BEGIN
  UPDATE evidence SET touches = touches - 1, last = {LAST.format("evidence.key")} WHERE key = old.evidence;
  UPDATE evidence SET touches = touches + 1, last = max(coalesce(last, new.id), new.id) WHERE key = new.evidence;
END""",
        "kept_talk_moved": f"""CREATE TRIGGER kept_talk_moved AFTER UPDATE OF evidence ON touchpoint
WHEN old.evidence <> new.evidence AND {_TALKS.format("new")} BEGIN
  {_RETALK} IN (old.evidence, new.evidence);
END""",
        "kept_talk": """CREATE TRIGGER kept_talk AFTER INSERT ON conversation BEGIN
  UPDATE evidence SET talked = max(coalesce(talked, new.anchor), new.anchor)
  WHERE key = (SELECT t.evidence FROM touchpoint t WHERE t.id = new.anchor);
END""",
        "kept_talk_gone": f"""CREATE TRIGGER kept_talk_gone AFTER DELETE ON conversation BEGIN
  {_RETALK} = (SELECT t.evidence FROM touchpoint t WHERE t.id = old.anchor);
END""",
        "kept_told": """CREATE TRIGGER kept_told AFTER INSERT ON attribute BEGIN
  UPDATE evidence SET tells = 1 WHERE key = new.evidence AND NOT tells;
END""",
        "kept_untold": f"""CREATE TRIGGER kept_untold AFTER DELETE ON attribute BEGIN
  UPDATE evidence SET tells = {TELLS.format("evidence.key")} WHERE key = old.evidence;
END""",
        "kept_claimed": """CREATE TRIGGER kept_claimed AFTER INSERT ON claim WHEN new.kind NOT IN ('device', 'session') BEGIN
  UPDATE evidence SET tells = 1 WHERE key = new.evidence AND NOT tells;
END""",
        "total_came": f"""CREATE TRIGGER total_came AFTER INSERT ON evidence WHEN new.customer IS NOT NULL BEGIN
  {_ADD};
END""",
        "total_went": f"""CREATE TRIGGER total_went AFTER DELETE ON evidence WHEN old.customer IS NOT NULL BEGIN
  {_TAKE};
END""",
        "total_changed": f"""CREATE TRIGGER total_changed AFTER UPDATE OF customer ON evidence WHEN old.customer IS NOT new.customer BEGIN
  {_TAKE};
  {_ADD};
END""",
        "total_grew": """CREATE TRIGGER total_grew AFTER UPDATE OF touches ON evidence
WHEN new.customer IS old.customer AND new.customer IS NOT NULL AND new.touches > old.touches BEGIN
  INSERT INTO customer_total (customer, touches) VALUES (new.customer, new.touches - old.touches)
  ON CONFLICT DO UPDATE SET touches = touches + excluded.touches;
END""",
        "total_shrank": """CREATE TRIGGER total_shrank AFTER UPDATE OF touches ON evidence
WHEN new.customer IS old.customer AND new.touches < old.touches BEGIN
  UPDATE customer_total SET touches = touches + new.touches - old.touches WHERE customer = new.customer;
  DELETE FROM customer_total WHERE customer = new.customer AND touches <= 0;
END""",
    }
)
"""Name → the statement that makes it, in order."""

REKEEP = f"""UPDATE evidence SET last = {LAST.format("evidence.key")}, touches = {TOUCHES.format("evidence.key")}, tells = {TELLS.format("evidence.key")},
talked = {TALKED.format("evidence.key")}"""
"""Computes what is kept of nodes anew; to be narrowed. The totals follow."""
MISKEPT = f"""(last IS NOT {LAST.format("evidence.key")} OR touches <> {TOUCHES.format("evidence.key")}
OR tells <> {TELLS.format("evidence.key")} OR talked IS NOT {TALKED.format("evidence.key")})"""
"""Whether what is kept of a node is not what `REKEEP` would say."""
TOTALS = """SELECT customer, sum(touches) FROM evidence WHERE customer > :after AND customer <= :until
GROUP BY customer HAVING sum(touches) > 0"""
"""What `customer_total` has to say of some customers."""
