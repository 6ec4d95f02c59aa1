"""Why a record is one person and who was left out: the evidence, what joined it, and what did not although it is shared.

Read from what is stored and from one run of the rule over the components the record lies in, so the explanation is the rule's own and
not a story told afterwards.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from hub.contract import Level
from hub.identity import lookups, rule
from hub.identity.judging import status_of
from hub.identity.settling import Loaded, rules_of
from hub.identity.terms import LINKS, Join, Key, Partition, Refused, Ruling, is_personal
from hub.intake import normalise
from hub.store.tx import Read

MOST_PIECES: Final = 400
"""Pieces of evidence that are shown; the oldest, and those that joined."""
MOST_OTHERS: Final = 5
MOST_NODES: Final = 60_000
"""Of more than this the chain is not computed: it would take seconds, and nobody reads it."""

SQL_PIECES = "SELECT key, first, names FROM evidence WHERE customer = ? AND first IS NOT NULL ORDER BY first"
SQL_TOUCHES_ON = "SELECT count(*) FROM touchpoint WHERE evidence = ?"
SQL_CLAIMS_ON = "SELECT kind, value, level, links FROM claim WHERE evidence = ? ORDER BY kind, value"
SQL_COMPONENTS = "SELECT DISTINCT component FROM evidence WHERE customer = ?"
SQL_SIZE = "SELECT count(*) FROM evidence WHERE component = ?"
SQL_NEVERS = """
SELECT DISTINCT r.decision, o.customer FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
JOIN evidence o ON o.key = CASE r.a WHEN e.key THEN r.b ELSE r.a END
WHERE e.customer = :customer AND e.ruled AND r.op = 'never' AND o.customer <> :customer"""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier that a piece of evidence claims. `joins`: it counts as evidence of who this is."""

    identifier: Key
    level: Level
    joins: bool


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Touchpoints that say the same of who they are from: the first of them, and how many they are."""

    first: bytes
    touches: int
    names: tuple[str, ...]
    carries: tuple[Carried, ...]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain: an identifier, or a decision, brought these together; by the first touch id of each piece."""

    firsts: tuple[bytes, ...]
    identifier: Key | None = None
    decision: bytes | None = None


class Apart(msgspec.Struct, frozen=True, kw_only=True):
    """What did not join others to this record, why, and a few of them. `reason` as in `terms.Refused`, or an identifier's status."""

    reason: str
    others: tuple[bytes, ...]
    more: int = 0
    identifier: Key | None = None
    decision: bytes | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence of one customer, oldest first, the chain that joined it, what stayed apart; `more` pieces are left out.

    `large`: there is too much to run the rule over for a look, so the chain is empty, and of what stayed apart the reasons are those
    that are stored.
    """

    pieces: tuple[Piece, ...]
    chain: tuple[Link, ...]
    apart: tuple[Apart, ...]
    statuses: dict[Key, str]
    more: int = 0
    large: bool = False


def explain(read: Read, customer: bytes) -> Explanation:
    """Explain today's customer of this id. Raises UnknownAnchor."""
    today = lookups.resolve(read, customer)
    rows = read.all(SQL_PIECES, (today,))
    labels = [row[0] for row in read.all(SQL_COMPONENTS, (today,))]
    large = sum(row[0] for label in labels if (row := read.one(SQL_SIZE, (label,)))) > MOST_NODES
    found = Loaded(read, [] if large else labels)
    result = rule.partition(found.nodes.values(), found.rulings, rules_of(read))
    inside = {key for key, row in found.rows.items() if row[0] == today}
    joins = [join for join in result.joins if inside.issuperset(join.parts)]
    shown = _shown(rows, {key for join in joins for key in join.parts})
    pieces = tuple(_piece(read, *row) for row in shown)
    keys = dict.fromkeys(carried.identifier for piece in pieces for carried in piece.carries)
    statuses = {key: status_of(read, key, normalise.status(*key)) for key in keys}
    return Explanation(
        pieces=pieces,
        chain=_chain(joins, found),
        apart=tuple(_apart(read, today, result, found, inside, statuses)),
        statuses=statuses,
        more=len(rows) - len(shown),
        large=large,
    )


def _chain(joins: Iterable[Join], found: Loaded) -> tuple[Link, ...]:
    """What is taken at two levels, or person by person, is one link."""
    links: dict[Key | bytes, dict[bytes, None]] = {}
    for join in joins:
        by = join.by.decision if isinstance(join.by, Ruling) else join.by
        firsts = (found.nodes[key].first for key in join.parts)
        links.setdefault(by, {}).update((first, None) for first in firsts if first is not None)
    return tuple(
        Link(firsts=tuple(firsts), decision=by)
        if isinstance(by, bytes)
        else Link(firsts=tuple(firsts), identifier=by)
        for by, firsts in links.items()
    )


def _shown(rows: list[tuple[bytes, bytes, str]], joined: set[bytes]) -> list[tuple[bytes, bytes, str]]:
    if len(rows) <= MOST_PIECES:
        return rows
    best = sorted(rows, key=lambda row: (row[0] not in joined, row[1]))[:MOST_PIECES]
    return sorted(best, key=lambda row: row[1])


def _piece(read: Read, key: bytes, first: bytes, names: str) -> Piece:
    count = read.one(SQL_TOUCHES_ON, (key,))
    assert count is not None
    carries = tuple(
        Carried(identifier=(kind, value), level=Level(level), joins=links > 0)
        for kind, value, level, links in read.all(SQL_CLAIMS_ON, (key,))
    )
    said = tuple(msgspec.json.decode(names, type=list[str]))
    return Piece(first=first, touches=count[0], names=said, carries=carries)


def _apart(
    read: Read, today: bytes, result: Partition, found: Loaded, inside: set[bytes], statuses: dict[Key, str]
) -> Iterable[Apart]:
    """Decisions first; then identifiers that are shared with others, each with the reason that kept these out."""
    nevers: dict[bytes, set[bytes]] = {}
    for decision, other in read.all(SQL_NEVERS, {"customer": today}):
        nevers.setdefault(decision, set()).add(other)
    for decision, foes in nevers.items():
        yield Apart(reason="never", decision=decision, others=tuple(sorted(foes)))
    reasons = _reasons(result.refused, found, inside)
    for key, status in statuses.items():
        others = [one.customer for one in lookups.customers_of(read, *key) if one.customer != today]
        if not others or (status == LINKS and key not in reasons and not is_personal(key)):
            continue
        yield Apart(
            reason=reasons.get(key, "choice") if status == LINKS else status,
            identifier=key,
            others=tuple(others[:MOST_OTHERS]),
            more=max(0, len(others) - MOST_OTHERS),
        )


def _reasons(refused: Iterable[Refused], found: Loaded, inside: set[bytes]) -> dict[Key, str]:
    """Why the rule did not let an identifier join nodes of this record with nodes of another; the last word counts."""
    reasons: dict[Key, str] = {}
    for one in refused:
        here = inside.intersection(one.parts)
        if here and len(here) < len(set(one.parts)) and not isinstance(one.by, Ruling):
            reasons[one.by] = one.reason
    return reasons
