"""Place a touchpoint: the incremental path, in the transaction that stores it.

Seen evidence (most touchpoints) is one look-up. New evidence that touches nothing is a new customer. New evidence that touches one
component that is one record, and brings nothing that could break a rule, joins that record: no other node is read. Everything else is
settled by the rule on the touched components' nodes, so that live state always equals the batch rule over the whole log.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hub.contract import Group, Level, kind_of
from hub.identity import rule, values
from hub.identity.events import RecordEvent, store
from hub.identity.settling import Row, settle
from hub.intake import Accepted, AcceptedClaim, own_key
from hub.store.tx import Read, Tx

SQL_SEEN_EVIDENCE = """
SELECT e.first, e.customer, e.component, EXISTS (SELECT 1 FROM ruling WHERE a = :own OR b = :own)
FROM (SELECT 1) LEFT JOIN evidence e ON e.key = :key"""
SQL_CUSTOMER_OF_EVIDENCE = "SELECT customer FROM evidence WHERE key = ?"
SQL_OWN_NODE = "UPDATE touchpoint SET evidence = ? WHERE id = ?"
SQL_EARLIER = "UPDATE evidence SET first = ? WHERE key = ?"
SQL_NEIGHBOUR = """
SELECT e.component FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.links LIMIT 1"""
SQL_PROVEN_NEIGHBOUR = """
SELECT e.person FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.links AND c.level = 'verified' LIMIT 1"""
SQL_PARTNERS = """
SELECT e.component FROM ruling r JOIN evidence e ON e.key = CASE r.a WHEN :key THEN r.b ELSE r.a END
WHERE (r.a = :key OR r.b = :key) AND r.op = 'same'"""
SQL_ADD_EVIDENCE = "INSERT INTO evidence (key, first, customer, component, person, ruled, names) VALUES (?, ?, ?, ?, ?, ?, ?)"
SQL_ADD_CLAIM = "INSERT INTO claim (kind, value, evidence, level, status, links) VALUES (?, ?, ?, ?, ?, ?)"
SQL_SUMMARY = """
SELECT (SELECT min(customer) FROM evidence WHERE component = :c), (SELECT max(customer) FROM evidence WHERE component = :c),
       (SELECT min(person) FROM evidence WHERE component = :c AND person IS NOT NULL),
       (SELECT max(person) FROM evidence WHERE component = :c AND person IS NOT NULL),
       EXISTS (SELECT 1 FROM evidence WHERE component = :c AND ruled AND first IS NULL)"""
SQL_COUNTS = """
SELECT c.kind, count(DISTINCT c.value) FROM evidence e JOIN claim c ON c.evidence = e.key
WHERE e.component = ? AND c.links AND c.kind NOT IN ('device', 'session') GROUP BY c.kind"""
SQL_SET_CUSTOMER = "UPDATE evidence SET customer = ? WHERE key = ?"
SQL_RENAME = "UPDATE evidence SET customer = ? WHERE component = ?"


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """The customer a touchpoint belongs to now, and what placing it did to records."""

    customer: bytes
    events: tuple[RecordEvent, ...] = ()


def resolve_touch(tx: Tx, accepted: Accepted) -> Resolution:
    """Place an accepted touchpoint. One that was accepted before is only looked up."""
    if not accepted.fresh:
        row = tx.one(SQL_CUSTOMER_OF_EVIDENCE, (accepted.evidence,))
        assert row is not None, "a stored touchpoint has been placed"
        return Resolution(customer=row[0])
    touch, own = accepted.touch_id, own_key(accepted.touch_id)
    found = tx.one(SQL_SEEN_EVIDENCE, {"key": accepted.evidence, "own": own})
    assert found is not None
    first, customer, component, ruled = found
    key = accepted.evidence
    if ruled and key != own:
        tx.run(SQL_OWN_NODE, (own, touch))
        key, component = own, None
    _say_attributes(tx, key, accepted)
    if component is None:
        happened = add(tx, key, touch, accepted.claims, accepted.names, ruled=bool(ruled))
    elif touch > first:
        return Resolution(customer=customer, events=_told(accepted, customer))
    else:
        tx.run(SQL_EARLIER, (touch, key))
        happened = settle(tx, [component], touch)
    row = tx.one(SQL_CUSTOMER_OF_EVIDENCE, (key,))
    assert row is not None
    return Resolution(customer=row[0], events=happened)


def _told(accepted: Accepted, customer: bytes) -> tuple[RecordEvent, ...]:
    if not accepted.attributes:
        return ()
    return (RecordEvent(kind="changed", customer=customer, cause=accepted.touch_id, anchor=customer),)


def _say_attributes(tx: Tx, evidence: bytes, accepted: Accepted) -> None:
    if accepted.attributes:
        said = values.rows(
            evidence, accepted.touch_id, accepted.connection, accepted.occurred_at, accepted.attributes
        )
        tx.many(values.SQL_SAY, said)


def add(
    tx: Tx, key: bytes, touch: bytes, claims: Sequence[AcceptedClaim], names: Sequence[str], *, ruled: bool
) -> tuple[RecordEvent, ...]:
    """A node nobody has seen yet."""
    linking = [c for c in claims if rule.links(c.kind, c.level, c.status)]
    proving = [c for c in linking if c.level is Level.VERIFIED and kind_of(c.kind).group is Group.PERSONAL]
    near = neighbours(tx, ((c.kind, c.value) for c in linking))
    if ruled:
        near |= {row[0] for row in tx.all(SQL_PARTNERS, {"key": key})}
    people = {row[0] for c in proving if (row := tx.one(SQL_PROVEN_NEIGHBOUR, (c.kind, c.value)))}
    component = min(near, default=key)
    person = min(people, default=key) if proving else None
    insert(tx, key, touch, claims, names, (None if near else touch, component, person), ruled=ruled)
    if not near:
        return (RecordEvent(kind="changed", customer=touch, cause=touch, anchor=touch),)
    simple = len(near) == 1 and len(people) < 2 and not ruled
    if simple and (customer := _only_record(tx, component, proving=bool(proving))) is not None:
        return _enter(tx, key, component, touch, customer)
    return settle(tx, near | {component}, touch)


def neighbours(tx: Read, identifiers: Iterable[tuple[str, str]]) -> set[bytes]:
    """The components that claim one of these identifiers."""
    return {row[0] for identifier in identifiers if (row := tx.one(SQL_NEIGHBOUR, identifier))}


def insert(
    tx: Tx,
    key: bytes,
    first: bytes | None,
    claims: Iterable[AcceptedClaim],
    names: Sequence[str],
    row: Row,
    *,
    ruled: bool,
) -> None:
    """Write a node and its claims."""
    tx.run(SQL_ADD_EVIDENCE, (key, first, *row, ruled, msgspec.json.encode(names).decode()))
    tx.many(
        SQL_ADD_CLAIM,
        [(c.kind, c.value, key, c.level, c.status, rule.links(c.kind, c.level, c.status)) for c in claims],
    )


def _only_record(tx: Read, component: bytes, *, proving: bool) -> bytes | None:
    """The customer of a component that is one record and stays one with the node just put there; None if that takes the rule.

    A component that is one record holds no `never` and at most one person, and browsers never break limits, so a node that
    proves nothing cannot split it. One that does must belong to that one person, and leave the limits kept.
    """
    summary = tx.one(SQL_SUMMARY, {"c": component})
    assert summary is not None
    lowest, highest, person, other, has_empty = summary
    if lowest != highest or has_empty or (proving and (person != other or not _keeps_limits(tx, component))):
        return None
    return bytes(lowest) if lowest else None


def _keeps_limits(tx: Read, component: bytes) -> bool:
    return all(count <= kind_of(kind).limit for kind, count in tx.all(SQL_COUNTS, (component,)))


def _enter(tx: Tx, key: bytes, component: bytes, touch: bytes, customer: bytes) -> tuple[RecordEvent, ...]:
    """Put the node into the one record of its component; an older touchpoint becomes the record's id."""
    if touch > customer:
        tx.run(SQL_SET_CUSTOMER, (customer, key))
        return (RecordEvent(kind="changed", customer=customer, cause=touch, anchor=customer),)
    tx.run(SQL_RENAME, (touch, component))
    happened = (
        RecordEvent(
            kind="changed",
            customer=touch,
            other=customer,
            cause=touch,
            anchor=customer,
            other_anchor=customer,
        ),
    )
    store(tx, happened)
    return happened
