"""The standing of identifiers, kept up to date: `standing.py` says what the facts mean, this keeps the facts and acts on a change.

A touchpoint that names one identifier too many turns another into a shared one, and a record far away from it falls apart; taking the
touchpoint back turns it round again. Whoever inserts or drops a node asks here which identifiers changed, and settles the components
that `turn` hands back.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from hub.identity import settling
from hub.identity.names import fold
from hub.identity.settling import RANKS, names_of, rules_of
from hub.identity.standing import MOST_NAMES, Facts, linking, rivals, status
from hub.identity.terms import HELD, LINKS, Key, Rules, Said, is_personal
from hub.intake import AcceptedClaim, normalise
from hub.store.tx import Read, Tx

NAME = "~"
"""`near.what` of a name; behind every kind, so that identifiers come first."""

SQL_STATUS = "SELECT status, ruled FROM identifier WHERE kind = ? AND value = ?"
SQL_PUT_STATUS = """
INSERT INTO identifier (kind, value, status, ruled) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, value) DO UPDATE SET status = excluded.status, ruled = excluded.ruled"""
SQL_DROP_STATUS = "DELETE FROM identifier WHERE kind = ? AND value = ?"
SQL_SAY_NEAR = """
INSERT INTO near (kind, value, what, said, nodes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET nodes = nodes + excluded.nodes"""
SQL_UNSAY_LAST = "DELETE FROM near WHERE kind = ? AND value = ? AND what = ? AND said = ? AND nodes <= 1"
SQL_UNSAY = "UPDATE near SET nodes = nodes - 1 WHERE kind = ? AND value = ? AND what = ? AND said = ?"
SQL_NEAR = "SELECT what, said FROM near WHERE kind = ? AND value = ? LIMIT ?"
SQL_FORGET_NEAR = "DELETE FROM near WHERE kind = ? AND value = ?"
SQL_CO_CLAIMS = """
SELECT o.kind, o.value, count(*) FROM claim c JOIN evidence e ON e.key = c.evidence JOIN claim o ON o.evidence = c.evidence
WHERE c.kind = :kind AND c.value = :value AND c.status <> 'held' AND e.first IS NOT NULL
  AND o.status = 'links' AND (o.kind, o.value) <> (:kind, :value)
GROUP BY o.kind, o.value"""
SQL_CO_NAMES = """
SELECT e.names, count(*) FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.status <> 'held' AND e.first IS NOT NULL AND e.names <> '[]'
GROUP BY e.names"""
SQL_CROWD = """
SELECT count(*) FROM (SELECT 1 FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.status <> 'held' AND e.first IS NOT NULL LIMIT ?)"""
SQL_CLAIMANTS = "SELECT evidence FROM claim WHERE kind = ? AND value = ?"
SQL_CLAIMS_OF = "SELECT kind, value, level, status, links FROM claim WHERE evidence = ?"
SQL_UNLINK = "UPDATE claim SET links = 0 WHERE kind = ? AND value = ? AND links > 0"
SQL_CLAIMED_BY = "SELECT count(*) FROM (SELECT 1 FROM claim WHERE kind = ? AND value = ? LIMIT ?)"
SQL_FALL_BEHIND = """
INSERT INTO behind (kind, value, turned) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET turned = excluded.turned"""
SQL_IS_BEHIND = "SELECT 1 FROM behind WHERE kind = ? AND value = ?"
SQL_UNLINKED = """
SELECT c.evidence FROM claim c WHERE c.kind = :kind AND c.value = :value
AND NOT EXISTS (SELECT 1 FROM claim o WHERE o.evidence = c.evidence AND o.links > 0)"""
SQL_LINK = "UPDATE claim SET links = ? WHERE kind = ? AND value = ? AND evidence = ?"
SQL_COMPONENT_OF = "SELECT component FROM evidence WHERE key = ?"
# What joins nobody may be claimed by thousands: nobody is looked for then, and desks have an index of their own.
SQL_LOOK = """
SELECT (SELECT status FROM identifier WHERE kind = :kind AND value = :value),
       (SELECT e.component FROM claim c JOIN evidence e ON e.key = c.evidence
        WHERE coalesce((SELECT status FROM identifier WHERE kind = :kind AND value = :value), :own) = 'links'
          AND c.kind = :kind AND c.value = :value AND c.links = 1 LIMIT 1),
       (SELECT e.component FROM claim c INDEXED BY claim_at_desk JOIN evidence e ON e.key = c.evidence
        WHERE c.kind = :kind AND c.value = :value AND c.links = 2 LIMIT 1),
       EXISTS (SELECT 1 FROM near WHERE kind = :kind AND value = :value)"""
SQL_NEIGHBOUR = """
SELECT e.component FROM claim c JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.links = 1 LIMIT 1"""
SQL_DESK_NEIGHBOUR = """
SELECT e.component FROM claim c INDEXED BY claim_at_desk JOIN evidence e ON e.key = c.evidence
WHERE c.kind = ? AND c.value = ? AND c.links = 2 LIMIT 1"""


def status_of(tx: Read, key: Key, intrinsic: str) -> str:
    """What an identifier is today; `intrinsic`: what its value is by itself."""
    row = tx.one(SQL_STATUS, key)
    return intrinsic if row is None else str(row[0])


def said_of(claims: Iterable[AcceptedClaim]) -> list[Said]:
    """Claims as the rule reads them."""
    return [Said((c.kind, c.value), c.level.rank, c.status) for c in claims]


class Look(NamedTuple):
    """What is known of an identifier: its status, the components that join by it as one of a person and as a desk, and whether
    anything is said beside it."""

    status: str
    links: bytes | None
    desk: bytes | None
    near: bool


def look(tx: Read, claims: Iterable[Said]) -> dict[Key, Look]:
    """What is known of the identifiers that a node claims."""
    found = {}
    for said in claims:
        own = LINKS if said.status == HELD else said.status
        row = tx.one(SQL_LOOK, {"kind": said.key[0], "value": said.key[1], "own": own})
        assert row is not None
        found[said.key] = Look(row[0] or own, row[1], row[2], bool(row[3]))
    return found


def joining(tx: Read, claims: Iterable[Said]) -> dict[Key, int]:
    """{identifier: 1 or 2} of the claims by which a node joins, as `claim.links` has it."""
    claims = list(claims)
    today = {
        said.key: status_of(tx, said.key, LINKS if said.status == HELD else said.status) for said in claims
    }
    return {said.key: 1 if said.status == LINKS else 2 for said in linking(claims, today)}


def neighbour(tx: Read, key: Key, links: int) -> bytes | None:
    """The component of whoever else joins by this identifier."""
    row = tx.one(SQL_NEIGHBOUR if links == 1 else SQL_DESK_NEIGHBOUR, key)
    return None if row is None else bytes(row[0])


def entered(
    tx: Tx,
    claims: Sequence[Said],
    names: Sequence[str],
    rules: Rules,
    lonely: Collection[Key] = (),
    *,
    inserted: bool = True,
) -> set[Key]:
    """Note what a node says beside each identifier; those whose status is another with it. `lonely`: identifiers beside which nothing
    is said so far. `inserted`: the node is stored already."""
    turned = set()
    for said, rows in _beside(claims, names, rules):
        if not rows and said.key in lonely:
            continue
        if rows:
            tx.many(SQL_SAY_NEAR, [(*row, 1) for row in rows])
        if _judged(tx, said.key, said.status, rules, int(not inserted)) is not None:
            turned.add(said.key)
    return turned


def left(tx: Tx, claims: Sequence[Said], names: Sequence[str]) -> set[Key]:
    """Take back what a node that is gone said beside each identifier; those whose status is another now."""
    rules = rules_of(tx)
    turned = set()
    for said, rows in _beside(claims, names, rules):
        if rows:
            tx.many(SQL_UNSAY_LAST, rows)
            tx.many(SQL_UNSAY, rows)
        if _judged(tx, said.key, said.status, rules) is not None:
            turned.add(said.key)
    return turned


def _beside(
    claims: Sequence[Said], names: Sequence[str], rules: Rules
) -> list[tuple[Said, list[tuple[str, str, str, str]]]]:
    """Each claim whose standing depends on what is said besides, with the rows of what this node says."""
    personal = [said.key for said in claims if said.status == LINKS and is_personal(said.key)]
    near = [*personal, *((NAME, name) for name in names)]
    return [
        (said, [(*said.key, *other) for other in near if other != said.key])
        for said in claims
        if said.status != HELD and said.key[0] in rules.others
    ]


def recount(tx: Tx, key: Key) -> None:
    """Collect anew what the touchpoints that claim an identifier say besides."""
    tx.run(SQL_FORGET_NEAR, key)
    if key[0] not in rules_of(tx).others:
        return
    others = tx.all(SQL_CO_CLAIMS, {"kind": key[0], "value": key[1]})
    rows = [(*key, *other) for other in others if is_personal((other[0], other[1]))]
    rows += [(*key, NAME, name.full, n) for text, n in tx.all(SQL_CO_NAMES, key) for name in names_of(text)]
    tx.many(SQL_SAY_NEAR, rows)


def _judged(tx: Read, key: Key, intrinsic: str, rules: Rules, more: int = 0) -> tuple[str, str | None] | None:
    """(status, what an operator said) of an identifier as the facts have it now, if that differs from what is stored."""
    row = tx.one(SQL_STATUS, key)
    stored, ruled = row or (intrinsic, None)
    about = Facts(intrinsic)
    for what, said in tx.all(SQL_NEAR, (*key, rules.others.get(key[0], 0) + MOST_NAMES + 2)):
        if what == NAME:
            about.names.add(fold(said))
        else:
            about.others.add((what, said))
    crowd = rules.crowds.get(key[0])
    if crowd is not None and rivals(about):
        count = tx.one(SQL_CROWD, (*key, crowd + 1))
        assert count is not None
        about.nodes = count[0] + more
    now = status(key, about, ruled, rules)
    return None if now == stored else (now, ruled)


def turn(tx: Tx, keys: Iterable[Key]) -> set[bytes]:
    """Let identifiers be what they are now, and every node that claims one join by what it may; the components to settle. Where
    more nodes claim one than are settled at once, they follow in slices, a plan at a time."""
    touched: set[bytes] = set()
    rules = rules_of(tx)
    for key in sorted(set(keys)):
        intrinsic = normalise.status(*key)
        judged = _judged(tx, key, intrinsic, rules)
        if judged is None:
            continue
        if judged[0] == intrinsic and judged[1] is None:
            tx.run(SQL_DROP_STATUS, key)
        else:
            tx.run(SQL_PUT_STATUS, (*key, *judged))
        together = (neighbour(tx, key, 1), neighbour(tx, key, 2))
        touched |= {label for label in together if label is not None}
        if _are_many(tx, key):
            tx.run(SQL_FALL_BEHIND, (*key, tx.new_id()))
            continue
        if judged[0] == LINKS:
            nodes = [row[0] for row in tx.all(SQL_CLAIMANTS, key)]
        else:
            # Whoever joins by it is one component; only those need a look that join by nothing else.
            tx.run(SQL_UNLINK, key)
            nodes = [row[0] for row in tx.all(SQL_UNLINKED, {"kind": key[0], "value": key[1]})]
        for node in nodes:
            touched |= relink(tx, node)
    return touched


def _are_many(tx: Read, key: Key) -> bool:
    row = tx.one(SQL_CLAIMED_BY, (*key, settling.INLINE + 1))
    return row is not None and row[0] > settling.INLINE


def relink(tx: Tx, node: bytes) -> set[bytes]:
    """Let one node join by what it may join by today; its component and those it joins, if that is another answer than before."""
    rows = tx.all(SQL_CLAIMS_OF, (node,))
    own = tx.one(SQL_COMPONENT_OF, (node,))
    assert own is not None
    now = joining(tx, [Said((kind, value), RANKS[level], status) for kind, value, level, status, _ in rows])
    touched = set()
    for kind, value, _, _, links in rows:
        new = now.get((kind, value), 0)
        if new != links:
            touched.add(bytes(own[0]))
            if new and (near := neighbour(tx, (kind, value), new)) is not None:
                touched.add(near)
            tx.run(SQL_LINK, (new, kind, value, node))
    return touched


def rule_on(tx: Tx, key: Key, ruled: str | None) -> set[bytes]:
    """An operator's block or unblock of an identifier is in force now, or none is; the components to settle."""
    intrinsic = normalise.status(*key)
    stored = tx.one(SQL_STATUS, key)
    tx.run(SQL_PUT_STATUS, (*key, stored[0] if stored else intrinsic, ruled))
    touched = turn(tx, [key])
    if tx.one(SQL_STATUS, key) == (intrinsic, None):
        tx.run(SQL_DROP_STATUS, key)
    return touched
