"""Place a touchpoint: the incremental path, in the transaction that stores it.

Seen evidence (most touchpoints) is one look-up. New evidence whose components together are one record for certain (`summary.py`)
joins it without a node being read. Everything else is settled by the rule on the touched components' nodes, so that live state always
equals the batch rule over the whole log.
"""

from collections.abc import Sequence

import msgspec

from hub.contract import kind_of
from hub.identity import events, judging, nodes, settling, summary, values
from hub.identity.events import RecordEvent
from hub.identity.names import fold
from hub.identity.nodes import Content
from hub.identity.settling import (
    RANKS,
    SQL_DROP_COMPONENT,
    STATUS,
    Component,
    component,
    put,
    rules_of,
    settle,
)
from hub.identity.standing import linking
from hub.identity.terms import LINKS, Key, Node, Rules, Said, is_personal
from hub.intake import Accepted, own_key
from hub.store.tx import Read, Tx

SQL_SEEN_EVIDENCE = """
SELECT e.first, e.customer, e.component, EXISTS (SELECT 1 FROM ruling WHERE a = :own), EXISTS (SELECT 1 FROM ruling WHERE b = :own),
       EXISTS (SELECT 1 FROM taken WHERE touch = :touch)
FROM (SELECT 1) LEFT JOIN evidence e ON e.key = :key"""
SQL_CUSTOMER_OF_EVIDENCE = "SELECT customer FROM evidence WHERE key = ?"
SQL_EARLIER = "UPDATE evidence SET first = ? WHERE key = ?"
SQL_PROVEN = """
SELECT e.component FROM claim c INDEXED BY claim_proving JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.links = 1 AND c.level = 'verified' LIMIT 1"""
SQL_PARTNERS = """
SELECT e.component FROM ruling r JOIN evidence e ON e.key = CASE r.a WHEN :key THEN r.b ELSE r.a END
WHERE r.a = :key OR r.b = :key"""
SQL_NEAREST = """
SELECT min(first) FROM (SELECT e.first FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.links > 0 AND e.component = ? LIMIT 500)"""
SQL_JOINING = "SELECT kind, value, level, links FROM claim WHERE evidence = ? AND links > 0"
SQL_RENAME = "UPDATE evidence SET customer = ? WHERE component = ?"
SQL_TAKE_OVER = "UPDATE evidence SET component = ?, customer = ? WHERE component = ?"


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
    found = tx.one(SQL_SEEN_EVIDENCE, {"key": accepted.evidence, "own": own, "touch": touch})
    assert found is not None
    first, customer, label, *named = found
    key = accepted.evidence
    if any(named):
        content = nodes.what_counts(tx, touch, accepted.claims, accepted.names, own=True)
        if key != own:
            tx.run(nodes.SQL_TOUCH_MOVES, (own, touch))
        key, label = own, None
    else:
        content = Content(key, accepted.claims, accepted.names)
    _say_attributes(tx, key, accepted)
    if label is None:
        return add(tx, touch, content, ruled=bool(named[0] or named[1]))
    if touch > first:
        return Resolution(customer=customer, events=_told(accepted, customer))
    tx.run(SQL_EARLIER, (touch, key))
    happened = _earlier(tx, key, touch, label)
    row = tx.one(SQL_CUSTOMER_OF_EVIDENCE, (key,))
    assert row is not None
    return Resolution(customer=row[0], events=happened)


def _told(accepted: Accepted, customer: bytes) -> tuple[RecordEvent, ...]:
    if not accepted.attributes:
        return ()
    return (RecordEvent(kind="changed", customer=customer, cause=accepted.touch_id, anchor=customer),)


def _say_attributes(tx: Tx, evidence: bytes, accepted: Accepted) -> None:
    own = evidence == own_key(accepted.touch_id)
    retracted = own and (None, None) in tx.all(nodes.SQL_TAKEN, (accepted.touch_id,))
    if accepted.attributes and not retracted:
        said = values.rows(
            evidence, accepted.touch_id, accepted.connection, accepted.occurred_at, accepted.attributes
        )
        tx.many(values.SQL_SAY, said)


def _earlier(tx: Tx, key: bytes, touch: bytes, label: bytes) -> tuple[RecordEvent, ...]:
    """A node's first touchpoint is an older one than was known, and with it its place in the order of things."""
    known = component(tx, label)
    if known.customer is None:
        return settle(tx, [label], touch)
    node = _node(tx, key, touch)
    better = [best for best in (known.summary.best, summary.best_of(node)) if best]
    about = msgspec.structs.replace(known.summary, best=min(better, default=None))
    if touch < known.customer and known.summary.nodes > settling.REWRITTEN:
        return settle(tx, [label], touch)
    put(tx, label, min(touch, known.customer), about)
    return _older(tx, label, touch, known.customer) if touch < known.customer else ()


def add(tx: Tx, touch: bytes, content: Content, *, ruled: bool) -> Resolution:
    """A node nobody has seen yet."""
    said = judging.said_of(content.claims)
    rules = rules_of(tx)
    looks = judging.look(tx, said)
    joining = linking(said, {key: found.status for key, found in looks.items()})
    node = Node(content.key, touch, joining, tuple(map(fold, content.names)))
    near = {one.key: label for one in joining if (label := _beside(looks[one.key], one)) is not None}
    known = [component(tx, label) for label in sorted(set(near.values()))]
    lonely = [key for key, found in looks.items() if not found.near]
    turned = judging.entered(tx, said, content.names, rules, lonely, inserted=False)
    if not (ruled or turned) and (resolved := _cold(tx, node, content, near, known, rules)) is not None:
        return resolved
    label = tx.new_id()
    nodes.insert(tx, touch, content, None, label, node.claims, ruled=ruled)
    put(tx, label, None, summary.Summary())
    labels = {label, *(one.label for one in known), *judging.turn(tx, turned)}
    if ruled:
        labels |= {row[0] for row in tx.all(SQL_PARTNERS, {"key": content.key})}
    happened = settle(tx, labels, touch)
    row = tx.one(SQL_CUSTOMER_OF_EVIDENCE, (content.key,))
    assert row is not None
    return Resolution(customer=row[0], events=happened)


def _beside(look: judging.Look, said: Said) -> bytes | None:
    return look.links if said.status == LINKS else look.desk


def _cold(
    tx: Tx, node: Node, content: Content, near: dict[Key, bytes], known: Sequence[Component], rules: Rules
) -> Resolution | None:
    """Let a node join components that are one record with it for certain; None if that takes the rule."""
    if any(one.dirty or one.customer is None for one in known):
        return None
    about = _united(tx, node, near, known)
    if not about.is_one_record(rules):
        return None
    touch = node.first
    assert touch is not None, "a touchpoint is being placed"
    if not known:
        label = tx.new_id()
        nodes.insert(tx, touch, content, touch, label, node.claims, ruled=False)
        put(tx, label, touch, about)
        told = RecordEvent(kind="changed", customer=touch, cause=touch, anchor=touch)
        return Resolution(customer=touch, events=(told,))
    into = max(known, key=lambda one: (one.summary.nodes, one.label))
    customer = min(touch, *(one.customer for one in known if one.customer))
    rewritten = sum(one.summary.nodes for one in known if one is not into or one.customer != customer)
    if rewritten > settling.REWRITTEN:
        return None
    anchors = (
        {one.customer: _anchor(tx, one, near) for one in known if one.customer} if len(known) > 1 else {}
    )
    for one in known:
        if one is not into:
            tx.run(SQL_TAKE_OVER, (into.label, customer, one.label))
            tx.run(SQL_DROP_COMPONENT, (one.label,))
        elif one.customer != customer:
            tx.run(SQL_RENAME, (customer, one.label))
    nodes.insert(tx, touch, content, customer, into.label, node.claims, ruled=False)
    put(tx, into.label, customer, about)
    happened = events.compare(
        [(None, customer), *((one.customer, customer) for one in known)], anchors, touch
    )
    events.store(tx, happened)
    return Resolution(customer=customer, events=happened)


def _united(tx: Read, node: Node, near: dict[Key, bytes], known: Sequence[Component]) -> summary.Summary:
    proving = {
        row[0]
        for said in node.claims
        if said.proves and said.key in near and (row := tx.one(SQL_PROVEN, said.key))
    }
    naming = {near[said.key] for said in node.claims if is_personal(said.key) and said.key in near}
    own = summary.of_node(node, [key[0] for key in near])
    persons = own.persons + sum(one.summary.persons for one in known if one.label not in proving)
    personals = own.personals + sum(one.summary.personals for one in known if one.label not in naming)
    return summary.united([*(one.summary for one in known), own], persons, personals)


def _anchor(tx: Read, one: Component, near: dict[Key, bytes]) -> bytes:
    """The touchpoint that stands for a record before it is merged: what proves best who it is; of an anonymous one the nearest."""
    if one.summary.best is not None:
        return one.summary.best[2]
    key = min(
        (key for key, label in near.items() if label == one.label), key=lambda key: kind_of(key[0]).priority
    )
    row = tx.one(SQL_NEAREST, (*key, one.label))
    assert row is not None
    assert one.customer is not None
    return bytes(row[0] or one.customer)  # a decision may name an identifier that nobody has said yet


def _node(tx: Read, key: bytes, first: bytes) -> Node:
    rows = tx.all(SQL_JOINING, (key,))
    return Node(
        key,
        first,
        tuple(Said((kind, value), RANKS[level], STATUS[links]) for kind, value, level, links in rows),
    )


def _older(tx: Tx, label: bytes, touch: bytes, customer: bytes) -> tuple[RecordEvent, ...]:
    """An older touchpoint becomes the record's id."""
    tx.run(SQL_RENAME, (touch, label))
    happened = events.compare([(customer, touch)], {}, touch)
    events.store(tx, happened)
    return happened
