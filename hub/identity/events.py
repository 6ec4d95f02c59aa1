"""What a touchpoint or a decision did to records, computed from the partitions before and after it, in the same transaction.

Customers' ids move; whoever keeps an id on a screen, in an index or in a CRM follows these. `merged` and `split` carry anchors that
stand for the two sides as they were, ready for an operator's `never` or `same`.
"""

from collections.abc import Iterable, Mapping

import msgspec

from hub.store.tx import Read, Tx

SQL_NOTE = "INSERT INTO record_event (at, kind, customer, other, cause, anchor, other_anchor) VALUES (?, ?, ?, ?, ?, ?, ?)"
SQL_EVENTS_OF = """
SELECT n, at, kind, customer, other, cause, anchor, other_anchor FROM record_event
WHERE customer = :customer OR other = :customer ORDER BY n DESC LIMIT :limit"""


class RecordEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One change of records.

    - merged: `other` is now part of `customer`.
    - split: `other` has come out of `customer`, or a part of it has gone over to `other`.
    - changed: `customer` is new or has gained or lost something; with `other`, it was known under that id before.

    `anchor` and `other_anchor` are touchpoints that stand for each side in a decision: `never` between them takes a merge back.
    `cause` is the touch id or decision id that did it.
    """

    kind: str
    customer: bytes
    cause: bytes
    anchor: bytes
    other: bytes | None = None
    other_anchor: bytes | None = None


def compare(
    moves: Iterable[tuple[bytes | None, bytes | None]], anchors: Mapping[bytes, bytes], cause: bytes
) -> tuple[RecordEvent, ...]:
    """The events of a change. `moves`: (customer before, customer after) of every node, None where there was or is none.
    `anchors`: the touchpoint that stood best for each customer before."""
    flows = {(before, after) for before, after in moves if after is not None}
    afters = {after for _, after in flows}
    targets: dict[bytes, set[bytes]] = {}
    for before, after in flows:
        if before is not None:
            targets.setdefault(before, set()).add(after)
    told: list[tuple[str, bytes, bytes | None]] = []
    heirs: set[bytes] = set()
    for before, parts in sorted(targets.items()):
        keeper = before if before in afters else min(parts)
        if (
            keeper != before
        ):  # its id is gone: into another record, or because an older touchpoint is the id now
            told.append(("merged" if keeper in targets or keeper in heirs else "changed", keeper, before))
            heirs.add(keeper)
        told += [("split", keeper, part) for part in sorted(parts - {keeper}) if part not in heirs]
    known = {customer for _, customer, _ in told} | {other for _, _, other in told}
    told += [("changed", after, None) for after in sorted({a for b, a in flows if a != b} - known)]
    return tuple(
        RecordEvent(
            kind=kind,
            customer=customer,
            other=other,
            cause=cause,
            anchor=anchors.get(customer, customer),
            other_anchor=None if other is None else anchors.get(other, other),
        )
        for kind, customer, other in told
    )


def store(tx: Tx, events: Iterable[RecordEvent]) -> None:
    """Keep what moves an id. A plain `changed` is told to the action and not kept: the touchpoint itself is the trace."""
    moving = [e for e in events if e.other is not None]
    if moving:
        tx.many(
            SQL_NOTE,
            [(tx.now, e.kind, e.customer, e.other, e.cause, e.anchor, e.other_anchor) for e in moving],
        )


def events_of(tx: Read, customer: bytes, limit: int = 50) -> tuple[RecordEvent, ...]:
    """What has happened to a record, newest first. Ask with every id it has had to see all of it."""
    rows = tx.all(SQL_EVENTS_OF, {"customer": customer, "limit": limit})
    return tuple(
        RecordEvent(
            kind=kind, customer=into, other=other, cause=cause, anchor=anchor, other_anchor=other_anchor
        )
        for _, _, kind, into, other, cause, anchor, other_anchor in rows
    )
