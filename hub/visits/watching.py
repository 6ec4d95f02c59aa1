"""Whom an operator watches: customers they want to be told of, now and at a later visit.

A row keeps an anchor, so it means whoever that person is today; two anchors that became one person are one entry.
"""

import msgspec

from hub import identity
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, level_word, millis
from hub.wire.console import WatchRow

MOST = 200
"""Customers one operator watches; beyond that nobody hears a bell any longer."""

SQL_OF = "SELECT anchor, at FROM watched WHERE operator = :operator ORDER BY at, anchor"
SQL_ONE = "SELECT anchor, at FROM watched WHERE operator = :operator AND anchor = :anchor"
SQL_WATCH = "INSERT INTO watched (operator, anchor, at) VALUES (:operator, :anchor, :now)"
SQL_LEAVE = "DELETE FROM watched WHERE operator = :operator AND anchor = :anchor"
SQL_WATCHERS = """
SELECT w.operator, w.anchor FROM evidence e CROSS JOIN touchpoint t ON t.evidence = e.key CROSS JOIN watched w ON w.anchor = t.id
WHERE e.customer = :customer"""
SQL_ANYBODY = "SELECT 1 FROM watched LIMIT 1"


class Watcher(msgspec.Struct, frozen=True):
    """An operator, and the entry of theirs that means the customer."""

    operator: bytes
    anchor: bytes


def of(read: Read, operator: bytes) -> list[WatchRow]:
    """Everybody this operator watches, the longest watched first."""
    return [_row(read, anchor, at) for anchor, at in read.all(SQL_OF, {"operator": operator})]


def one(read: Read, operator: bytes, anchor: bytes) -> WatchRow | None:
    """One entry, as it is today."""
    row = read.one(SQL_ONE, {"operator": operator, "anchor": anchor})
    return _row(read, *row) if row else None


def watch(tx: Tx, operator: bytes, customer: bytes) -> bytes | None:
    """Begin to watch; the new entry's anchor, None when they are watched already. Refusals: not_found, at_limit."""
    today = _today(tx, customer)
    entries = [row[0] for row in tx.all(SQL_OF, {"operator": operator})]
    if any(identity.resolve(tx, anchor) == today for anchor in entries):
        return None
    if len(entries) >= MOST:
        raise Refusal("at_limit", f"you watch {MOST} customers already; end watching one first")
    tx.run(SQL_WATCH, {"operator": operator, "anchor": today, "now": tx.now})
    return today


def leave(tx: Tx, operator: bytes, customer: bytes) -> list[bytes]:
    """Watch them no longer; the anchors of the entries that went."""
    today = _today(tx, customer)
    gone = [row[0] for row in tx.all(SQL_OF, {"operator": operator}) if identity.resolve(tx, row[0]) == today]
    for anchor in gone:
        tx.run(SQL_LEAVE, {"operator": operator, "anchor": anchor})
    return gone


def watchers(read: Read, customer: bytes) -> list[Watcher]:
    """Who watches today's customer. Nearly always nobody, which costs one look."""
    if read.one(SQL_ANYBODY) is None:
        return []
    return [Watcher(*row) for row in read.all(SQL_WATCHERS, {"customer": customer})]


def _today(read: Read, customer: bytes) -> bytes:
    try:
        return identity.resolve(read, customer)
    except identity.UnknownAnchor:
        raise Refusal("not_found", f"no customer {customer.hex()}") from None


def _row(read: Read, anchor: bytes, at: int) -> WatchRow:
    who = identity.header(read, anchor)
    return WatchRow(
        id=id_hex(anchor),
        customer=id_hex(who.customer),
        name=who.name,
        level=level_word(who.level),
        at=millis(at),
    )
