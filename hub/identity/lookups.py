"""Questions about who is who, answered from the derived tables.

The way from an anchor to today's customer is two look-ups by key. Other stages that list things by customer join the same way:
`conversation.anchor = touchpoint.id`, `touchpoint.evidence = evidence.key`, `evidence.customer = ?`.
"""

from typing import Any

import msgspec

from hub.contract import Level
from hub.store.tx import Read

SQL_CUSTOMER_OF = "SELECT e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = ?"
SQL_MEMBERS = (
    "SELECT t.id FROM evidence e JOIN touchpoint t ON t.evidence = e.key WHERE e.customer = ? ORDER BY t.id"
)
# The newest touchpoints are on the nodes whose newest touchpoint before `before` is newest: of a page's worth of those, found by two
# indexes, none older than the least of their newest is read. So a customer of 100,000 touchpoints or visits opens as fast as one of ten.
SQL_TOUCHES = """
WITH near AS MATERIALIZED (
  SELECT key, top FROM (
    SELECT key, top FROM (SELECT e.key, e.last AS top FROM evidence e INDEXED BY evidence_by_customer
      WHERE e.customer = :customer AND e.last < :before ORDER BY e.last DESC LIMIT :limit)
    UNION ALL
    SELECT e.key, (SELECT max(x.id) FROM touchpoint x WHERE x.evidence = e.key AND x.id < :before)
    FROM evidence e INDEXED BY evidence_repeated
    WHERE e.customer = :customer AND e.last >= :before AND e.first < :before AND e.touches > 1)
  ORDER BY top DESC LIMIT :limit),
 least AS MATERIALIZED (SELECT CASE count(*) WHEN :limit THEN min(top) ELSE x'' END AS top FROM near),
 page AS MATERIALIZED (
  SELECT x.id FROM near CROSS JOIN least CROSS JOIN touchpoint x
    ON x.id IN (SELECT y.id FROM touchpoint y WHERE y.evidence = near.key AND y.id < :before AND y.id >= least.top
                ORDER BY y.id DESC LIMIT :limit)
  ORDER BY x.id DESC LIMIT :limit)
SELECT t.id, t.connection, t.channel, t.kind, t.site, t.thread, t.occurred_at, t.received_at, t.claims, t.attributes, t.payload
FROM page CROSS JOIN touchpoint t ON t.id = page.id ORDER BY t.id DESC"""
SQL_HOLDERS = """
SELECT e.customer, min(CASE c.level WHEN 'verified' THEN 0 WHEN 'observed' THEN 1 ELSE 2 END), max(c.links)
FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND e.customer IS NOT NULL GROUP BY e.customer ORDER BY 2, 1"""

# From the visit's own browser and session to what was said in them, among the few nodes of the record that tell anything.
SQL_TOLD = """
WITH here AS MATERIALIZED (
       SELECT e.key, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = :anchor),
     same AS MATERIALIZED (
       SELECT n.key FROM here CROSS JOIN evidence n INDEXED BY evidence_telling ON n.customer = here.customer AND n.tells
       WHERE n.key = here.key OR EXISTS (
         SELECT 1 FROM claim c CROSS JOIN claim o ON o.kind = c.kind AND o.value = c.value AND o.evidence = n.key
         WHERE c.evidence = here.key AND c.kind IN ('device', 'session')))
SELECT EXISTS (SELECT 1 FROM same CROSS JOIN attribute a ON a.evidence = same.key WHERE a.attribute = :name),
       EXISTS (SELECT 1 FROM same CROSS JOIN claim c ON c.evidence = same.key WHERE c.kind = :name AND c.status <> 'junk')"""

LATEST = b"\xff" * 17
"""Behind every touch id: where a timeline starts."""


class UnknownAnchor(LookupError):
    """No touchpoint has this id."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A customer of whom an identifier was claimed, at the best level; `links` is False if it only was said, and joins nobody."""

    customer: bytes
    level: Level
    links: bool


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """A stored touchpoint; times in UTC microseconds, claims and attributes as reported."""

    id: bytes
    connection: str
    channel: str
    kind: str
    site: str | None
    thread: str | None
    occurred_at: int
    received_at: int
    claims: list[dict[str, Any]]
    attributes: list[dict[str, Any]]
    payload: dict[str, Any]


def resolve(tx: Read, anchor: bytes) -> bytes:
    """Today's customer of a touch id, or of any customer id ever shown (they are touch ids). Raises UnknownAnchor."""
    row = tx.one(SQL_CUSTOMER_OF, (anchor,))
    if row is None:
        raise UnknownAnchor(f"no touchpoint has the id {anchor.hex()}")
    return bytes(row[0])


def told(tx: Read, anchor: bytes, name: str) -> bool:
    """Whether this attribute, or an identifier of this kind, has been said in this very browser: no need to ask again.

    What is known of the customer elsewhere does not count: not being asked would tell whoever typed somebody's address that
    we know the person.
    """
    row = tx.one(SQL_TOLD, {"anchor": anchor, "name": name})
    return row is not None and bool(row[0] or row[1])


def members(tx: Read, customer: bytes) -> tuple[bytes, ...]:
    """Every touch id of a customer, oldest first: all anchors that resolve to it. Empty if this is no customer's id today."""
    return tuple(row[0] for row in tx.all(SQL_MEMBERS, (customer,)))


def touches(tx: Read, customer: bytes, before: bytes | None = None, limit: int = 50) -> tuple[Touch, ...]:
    """A customer's touchpoints, newest first; `before` is the last id of the page before."""
    rows = tx.all(SQL_TOUCHES, {"customer": customer, "before": before or LATEST, "limit": limit})
    return tuple(_touch(row) for row in rows)


_said = msgspec.json.Decoder(list[dict[str, Any]]).decode
_payload = msgspec.json.Decoder(dict[str, Any]).decode


def _touch(row: tuple[Any, ...]) -> Touch:
    touch, connection, channel, kind, site, thread, occurred_at, received_at, claims, attributes, payload = (
        row
    )
    return Touch(
        id=touch,
        connection=connection,
        channel=channel,
        kind=kind,
        site=site,
        thread=thread,
        occurred_at=occurred_at,
        received_at=received_at,
        claims=_said(claims),
        attributes=_said(attributes),
        payload=_payload(payload),
    )


def customers_of(tx: Read, kind: str, value: str) -> tuple[Holder, ...]:
    """The customers of whom this identifier (normalised) was claimed, best level first."""
    levels = tuple(Level)
    return tuple(
        Holder(customer=customer, level=levels[rank], links=bool(links))
        for customer, rank, links in tx.all(SQL_HOLDERS, (kind, value))
    )
