"""The reconciled record of a customer: values with their sources and runners-up, identifiers, consent, decisions, and why.

Composed anew whenever somebody looks, from what was said (`surviving.py` has the order, `values.py` reads); so merging records or
taking them apart asks for no repair, and every count is a count.
"""

from itertools import groupby
from typing import Any

import msgspec

from hub import ids
from hub.contract import KINDS, Group, Identifier, Level, kind_of
from hub.identity import lookups, rule, values
from hub.identity.consent import Consent
from hub.identity.decisions import in_force
from hub.identity.judging import status_of
from hub.identity.settling import Loaded, rules_of
from hub.identity.surviving import Attribute
from hub.identity.terms import Join, Key, Ruling
from hub.intake import normalise
from hub.store.tx import Read

VISITS = 100
"""Nodes at either end of a record whose browsers and visits are listed."""
EXPLAINED = 60
"""Nodes up to which a record comes with the reasons why it is one person; those of a larger one are found when somebody asks (`why`)."""

_CLAIMED = "c.kind, c.value, c.level, c.status, c.links, e.first"
SQL_IDENTIFIERS = f"""
SELECT {_CLAIMED} FROM evidence e INDEXED BY evidence_telling CROSS JOIN claim c ON c.evidence = e.key
WHERE e.customer = :customer AND e.tells AND e.first IS NOT NULL AND c.kind NOT IN ('device', 'session')
UNION
SELECT {_CLAIMED} FROM (SELECT key, first FROM evidence INDEXED BY evidence_by_customer WHERE customer = :customer AND first IS NOT NULL
                        ORDER BY last DESC LIMIT :most) e CROSS JOIN claim c ON c.evidence = e.key WHERE c.kind IN ('device', 'session')
UNION
SELECT {_CLAIMED} FROM (SELECT key, first FROM evidence INDEXED BY evidence_by_customer WHERE customer = :customer AND first IS NOT NULL
                        ORDER BY last LIMIT :most) e CROSS JOIN claim c ON c.evidence = e.key WHERE c.kind IN ('device', 'session')
ORDER BY 1, 2"""
# All who join by an identifier are in one component: where that is one record, nobody else holds it.
SQL_IS_ONE = """
SELECT c.customer IS NOT NULL FROM touchpoint t JOIN evidence e ON e.key = t.evidence JOIN component c ON c.label = e.component
WHERE t.id = ?"""
SQL_OTHERS_HOLD = """
SELECT 1 FROM (SELECT evidence FROM claim WHERE kind = ? AND value = ? AND links LIMIT 2000) c CROSS JOIN evidence e ON e.key = c.evidence
WHERE e.customer <> ? LIMIT 1"""
_RANK = " ".join(f"WHEN '{level}' THEN {level.rank}" for level in Level)
_STRONGER = " ".join(f"WHEN '{kind.name}' THEN {kind.priority}" for kind in KINDS.values())
HEADER_JOIN = "LEFT JOIN touchpoint ht ON ht.id = {anchor} LEFT JOIN evidence he ON he.key = ht.evidence"
# What the anchor's own touchpoint says, and the others of the same visit that are this customer's.
_SEAT = """SELECT he.key UNION ALL SELECT o.evidence FROM claim s CROSS JOIN claim o ON o.kind = s.kind AND o.value = s.value
 CROSS JOIN evidence n ON n.key = o.evidence WHERE s.evidence = he.key AND s.kind = 'session' AND n.customer = he.customer"""
_NAMES = """FROM evidence e INDEXED BY evidence_telling CROSS JOIN attribute a ON a.evidence = e.key
 WHERE e.customer = he.customer AND e.tells AND a.attribute = 'name'"""
_HELD = """FROM evidence e INDEXED BY evidence_telling CROSS JOIN claim c ON c.evidence = e.key
 WHERE e.customer = he.customer AND e.tells AND c.status <> 'junk' AND c.kind NOT IN ('device', 'session')"""
# Most have no name or one, and no choice to be made: counting first costs half of sorting, in every row of every list and message. Most
# hold nothing, either: asking whether there is anything costs a fifth of gathering their visit to look for the strongest of it.
HEADER = f"""he.customer,
(SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN max(a.level || ' ' || a.value)
 ELSE {values.NAME.format(customer="he.customer")} END {_NAMES}),
(SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN max(c.level || ' ' || c.value) ELSE (SELECT c.level || ' ' || c.value {_HELD}
 ORDER BY CASE c.level {_RANK} END, CASE c.kind {_STRONGER} ELSE {kind_of("ext:any").priority} END, c.value LIMIT 1) END {_HELD}),
coalesce(
 CASE WHEN EXISTS (SELECT 1 {_HELD}) THEN (SELECT c.level FROM claim c
  WHERE c.evidence IN ({_SEAT}) AND c.status <> 'junk' AND c.kind NOT IN ('device', 'session')
  ORDER BY CASE c.level {_RANK} END LIMIT 1) END,
 CASE WHEN EXISTS (SELECT 1 {_NAMES}) THEN (SELECT a.level FROM attribute a
  WHERE a.evidence IN ({_SEAT}) AND a.attribute = 'name' AND a.says ORDER BY CASE a.level {_RANK} END LIMIT 1) END)"""
"""The four columns that `header_of` reads, for lists that name a customer in each row; they want `HEADER_JOIN` with the row's anchor."""
SQL_HEADER = (
    f"SELECT {HEADER} FROM (SELECT :anchor AS anchor) asked {HEADER_JOIN.format(anchor='asked.anchor')}"
)
SQL_SOURCE = "SELECT connection, occurred_at FROM touchpoint WHERE id = ?"
SQL_COUNT = """
SELECT (SELECT touches FROM customer_total WHERE customer = :customer),
       (SELECT max(last) FROM evidence INDEXED BY evidence_by_customer WHERE customer = :customer)"""
SQL_COMPONENTS = "SELECT DISTINCT component FROM evidence WHERE customer = ?"
SQL_SIZE = "SELECT count(*) FROM (SELECT 1 FROM evidence WHERE customer = ? LIMIT ?)"
SQL_MEMBER_NODES = "SELECT key FROM evidence WHERE customer = ?"
SQL_DECISIONS = """
SELECT d.id, d.at, d.author, d.op, d.note, d.a_touch, d.a_kind, d.a_value, d.b_touch, d.b_kind, d.b_value, d.attribute, d.value FROM decision d
WHERE d.op <> 'revoke' AND (
  EXISTS (SELECT 1 FROM touchpoint t JOIN evidence e ON e.key = t.evidence
          WHERE t.id IN (d.a_touch, d.b_touch) AND e.customer = :customer)
  OR EXISTS (SELECT 1 FROM claim c JOIN evidence e ON e.key = c.evidence
             WHERE (c.kind, c.value) IN ((d.a_kind, d.a_value), (d.b_kind, d.b_value)) AND e.customer = :customer))
ORDER BY d.at DESC, d.id DESC"""


class HeldIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier claimed of the customer, at its best level, and when and by which connection it was first.

    `status`: links (it may join), unverified (only said), contested (others hold it too), shared (by too many to say whose it is),
    role (a desk), junk, blocked (by an operator).
    """

    kind: str
    value: str
    level: Level
    status: str
    connection: str
    touch: bytes
    at: int


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain that makes this one person: an identifier, or an operator's decision, brought these parts together.
    `parts`: the first touch id of each part, None for an identifier nobody has reported."""

    parts: tuple[bytes | None, ...]
    identifier: Identifier | None = None
    decision: bytes | None = None


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that concerns the customer, in force or revoked; a side is a touch id or an identifier, and `b` None where there is
    one side only. `attribute` and `value` are those of a pin."""

    decision: bytes
    at: int
    author: str
    op: str
    note: str
    revoked: bool
    a: bytes | Identifier
    b: bytes | Identifier | None = None
    attribute: str = ""
    value: str = ""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list. `name`: the chosen name, else the best identifier of a person, else empty. `level`: verified when
    anything proves who this is, observed or asserted when somebody merely says so, observed for a bare browser.

    `here` is the same for whoever is at the anchor itself, by what was said there: a stranger who typed the address of somebody
    known is shown with that record, and is not verified by it.
    """

    customer: bytes
    name: str
    level: Level
    here: Level


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A reconciled customer. Times in UTC microseconds, to the millisecond."""

    customer: bytes
    name: str
    level: Level
    first_at: int
    last_at: int
    touches: int
    attributes: tuple[Attribute, ...]
    consents: tuple[Consent, ...]
    identifiers: tuple[HeldIdentifier, ...]
    decisions: tuple[Ruled, ...]
    why: tuple[Reason, ...]


def header(tx: Read, anchor: bytes) -> Header:
    """Today's customer of an anchor, with the little that lists show. Raises UnknownAnchor."""
    row = tx.one(SQL_HEADER, {"anchor": anchor})
    assert row is not None
    if row[0] is None:
        raise lookups.UnknownAnchor(f"no touchpoint has the id {anchor.hex()}")
    return header_of(*row)


def header_of(customer: bytes, named: str | None, reached: str | None, here: str | None) -> Header:
    """What the columns of `HEADER` say: the name, else the best identifier; how far we may trust that it is them."""
    known, _, best = (reached or "").partition(" ")
    trusted, _, name = (named or "").partition(" ")
    return Header(
        customer=customer,
        name=name or best,
        level=Level(known or trusted or "observed"),
        here=Level(here or "observed"),
    )


def record(tx: Read, customer: bytes, *, whole: bool = False) -> Record:
    """The reconciled record of today's customer of this id. Raises UnknownAnchor.

    What is read does not grow with visits: of those who have many, browsers and visits are listed from both ends, and `why` is left
    to whoever asks. `whole`: all of it, for exports and erasures.
    """
    top = header(tx, customer)
    row = tx.one(SQL_COUNT, {"customer": top.customer})
    size = tx.one(SQL_SIZE, (top.customer, EXPLAINED + 1))
    assert row is not None
    assert size is not None
    count, last = row
    return Record(
        customer=top.customer,
        name=top.name,
        level=top.level,
        first_at=_time(top.customer),
        last_at=_time(last),
        touches=count,
        attributes=values.attributes(tx, top.customer),
        consents=values.consents(tx, top.customer),
        identifiers=_identifiers(tx, top.customer, -1 if whole else VISITS),
        decisions=_decisions(tx, top.customer),
        why=why(tx, top.customer) if whole or size[0] <= EXPLAINED else (),
    )


def _identifiers(tx: Read, customer: bytes, most: int) -> tuple[HeldIdentifier, ...]:
    held = []
    found = tx.all(SQL_IDENTIFIERS, {"customer": customer, "most": most})
    is_one = tx.one(SQL_IS_ONE, (customer,)) == (1,)
    for (kind, value), rows in groupby(found, key=lambda row: (row[0], row[1])):
        said = list(rows)
        touch = min(row[5] for row in said)
        source = tx.one(SQL_SOURCE, (touch,))
        assert source is not None, "a node's first touchpoint is stored"
        level = min((Level(row[2]) for row in said), key=lambda level: level.rank)
        status = status_of(tx, (kind, value), normalise.status(kind, value))
        joined = is_one and any(row[4] for row in said)
        if status == "links" and not joined and tx.one(SQL_OTHERS_HOLD, (kind, value, customer)):
            status = "contested"
        elif status == "links" and level is Level.ASSERTED:
            status = "unverified"
        held.append(
            HeldIdentifier(
                kind=kind,
                value=value,
                level=level,
                status=status,
                connection=source[0],
                touch=touch,
                at=source[1],
            )
        )
    return tuple(
        sorted(
            held, key=lambda h: (kind_of(h.kind).group is Group.BROWSER, kind_of(h.kind).priority, h.value)
        )
    )


def why(tx: Read, customer: bytes) -> tuple[Reason, ...]:
    """The chain of evidence: what joined the parts of this record, strongest first, as the rule finds it now."""
    found = Loaded(tx, [row[0] for row in tx.all(SQL_COMPONENTS, (customer,))])
    inside = {row[0] for row in tx.all(SQL_MEMBER_NODES, (customer,))}
    joins = rule.partition(found.nodes.values(), found.rulings, rules_of(tx)).joins
    told: dict[Key | bytes, Reason] = {}
    for join in joins:
        if inside.issuperset(join.parts):
            reason = _reason(join, found)
            by = join.by.decision if isinstance(join.by, Ruling) else join.by
            before = told.get(by)
            # What is taken at two levels, or person by person, is one link of the chain.
            parts = reason.parts if before is None else tuple(dict.fromkeys((*before.parts, *reason.parts)))
            told[by] = msgspec.structs.replace(before or reason, parts=parts)
    return tuple(told.values())


def _reason(join: Join, found: Loaded) -> Reason:
    parts = tuple(found.nodes[key].first for key in join.parts)
    if isinstance(join.by, Ruling):
        return Reason(parts=parts, decision=join.by.decision)
    return Reason(parts=parts, identifier=Identifier(kind=join.by[0], value=join.by[1]))


def _decisions(tx: Read, customer: bytes) -> tuple[Ruled, ...]:
    return tuple(ruled_of(tx, row) for row in tx.all(SQL_DECISIONS, {"customer": customer}))


def ruled_of(tx: Read, row: tuple[Any, ...]) -> Ruled:
    """A decision from the columns of `SQL_DECISIONS`."""
    key, at, author, op, note, *sides, attribute, value = row
    a, b = _side(sides[:3]), _side(sides[3:])
    assert a is not None, "every decision but a revocation has a side"
    return Ruled(
        decision=key, at=at, author=author, op=op, note=note, revoked=not in_force(tx, key), a=a, b=b,
        attribute=attribute or "", value=value or "",
    )  # fmt: skip


def _side(columns: list[Any]) -> bytes | Identifier | None:
    touch, kind, value = columns
    if touch is not None:
        return bytes(touch)
    return None if kind is None else Identifier(kind=kind, value=value)


def _time(touch: bytes) -> int:
    return int.from_bytes(touch[: ids.LENGTH - 10], "big") * 1000
