"""All decisions ever taken, newest first, and who took one back: the log as operators read it."""

import msgspec

from hub.identity.decisions import in_force
from hub.identity.record import Ruled, ruled_of
from hub.store.tx import Read

SQL_UNDONE = """
SELECT id, author, at, note FROM decision WHERE op = 'revoke' AND target = ? ORDER BY at DESC, id DESC"""
SQL_DECIDED = """
SELECT d.id, d.at, d.author, d.op, d.note, d.a_touch, d.a_kind, d.a_value, d.b_touch, d.b_kind, d.b_value, d.attribute, d.value
FROM decision d LEFT JOIN touchpoint t ON t.id = d.a_touch
WHERE d.op <> 'revoke' AND (d.at, d.id) < (:at, :id) AND t.kind IS NOT :but ORDER BY d.at DESC, d.id DESC LIMIT :limit"""

LATEST = (1 << 62, b"\xff" * 16)
"""In front of everything that was decided."""


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """Who took a decision back, when (UTC microseconds), and why."""

    author: str
    at: int
    note: str


def undone(read: Read, decision: bytes) -> Undone | None:
    """The latest revocation in force of a decision."""
    rows = read.all(SQL_UNDONE, (decision,))
    return next(
        (Undone(author=row[1], at=row[2], note=row[3]) for row in rows if in_force(read, row[0])), None
    )


def decided(
    read: Read, before: tuple[int, bytes] = LATEST, limit: int = 50, but: str = ""
) -> tuple[Ruled, ...]:
    """Decisions but revocations, newest first; `before` is (at, id) of the last one of the page before. `but`: leave out decisions
    that come with a touchpoint of this kind."""
    rows = read.all(SQL_DECIDED, {"at": before[0], "id": before[1], "limit": limit, "but": but})
    return tuple(ruled_of(read, row) for row in rows)
