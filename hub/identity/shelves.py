"""The suggestions as they wait for an operator: surest first, on two shelves, and what became of those that were judged."""

from typing import Any, Final, Literal

import msgspec

from hub.identity.decisions import in_force
from hub.identity.matching.comparing import LEVELS
from hub.identity.matching.site import Verdict, pattern_of
from hub.identity.suggesting import LEAST_BITS, QUEUE_BITS, SQL_PERSON, WAITING, Said
from hub.store.tx import Read, Tx

Shelf = Literal["queue", "more"]
COUNTED: Final = 1_000
"""Nobody has a use for a greater number of what waits."""
VERDICTS: Final = 20_000

_COLUMNS = "a, b, bits, prior, steps, accounts, found_at, until"
_WAITS = "(status = 'open' OR (status = 'unsure' AND until <= :now)) AND bits >= :least"
_BITS: Final = {"queue": (QUEUE_BITS, 1e9), "more": (LEAST_BITS, QUEUE_BITS)}

SQL_PAGE = f"""
SELECT {_COLUMNS} FROM suggestion
WHERE {_WAITS} AND bits < :most AND (bits, a, b) < (:bits, :a, :b) AND status IN ('open', 'unsure')
ORDER BY bits DESC, a DESC, b DESC LIMIT :limit"""
SQL_WAITING = f"""
SELECT count(*) FROM (SELECT 1 FROM suggestion WHERE {_WAITS} AND bits < :most AND status IN ('open', 'unsure') LIMIT {COUNTED})"""
SQL_OF_CUSTOMER = f"""
SELECT {_COLUMNS} FROM suggestion WHERE (a = :customer OR b = :customer) AND {_WAITS} ORDER BY bits DESC LIMIT :limit"""
SQL_ONE = "SELECT status, decision FROM suggestion WHERE a = :a AND b = :b"
SQL_JUDGE = """
UPDATE suggestion SET status = :status, until = :until, decided_at = :now, author = :author, decision = :decision
WHERE a = :a AND b = :b"""
SQL_REOPEN = "UPDATE suggestion SET status = 'open', until = NULL, author = '', decision = NULL WHERE decision = :decision"
SQL_VERDICTS = f"""
SELECT steps, status FROM suggestion WHERE status IN ('accepted', 'dismissed') AND steps <> '[]'
ORDER BY decided_at DESC LIMIT {VERDICTS}"""


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """A suggestion. `steps`: (field, level, bits); `prior` and their bits make `bits`, to rounding. Times in UTC microseconds."""

    a: bytes
    b: bytes
    bits: float
    prior: float
    steps: tuple[tuple[str, str, float], ...]
    accounts: bool
    found_at: int
    until: int | None


Place = tuple[float, bytes, bytes]
"""Where a page ended: bits, a, b."""
TOP: Final[Place] = (1e9, b"\xff" * 16, b"\xff" * 16)


def page(read: Read, shelf: Shelf, before: Place = TOP, limit: int = 20) -> list[Suggested]:
    """A page of a shelf, surest first, after `before`."""
    least, most = _BITS[shelf]
    bits, a, b = before
    rows = read.all(
        SQL_PAGE,
        {"now": read.now, "least": least, "most": most, "bits": bits, "a": a, "b": b, "limit": limit},
    )
    return [_suggested(row) for row in rows]


def waiting(read: Read, shelf: Shelf) -> int:
    """How many wait on a shelf, up to a thousand."""
    least, most = _BITS[shelf]
    row = read.one(SQL_WAITING, {"now": read.now, "least": least, "most": most})
    assert row is not None
    return int(row[0])


def of_customer(read: Read, customer: bytes, limit: int = 20) -> list[Suggested]:
    """Those of one customer of today, surest first."""
    rows = read.all(
        SQL_OF_CUSTOMER, {"now": read.now, "least": LEAST_BITS, "customer": customer, "limit": limit}
    )
    return [_suggested(row) for row in rows]


def waits(read: Read, a: bytes, b: bytes) -> bool:
    """Whether these two, in either order, are suggested and not decided, or decided by what was revoked since."""
    row = read.one(SQL_ONE, _pair(a, b))
    if row is None:
        return False
    status, decision = row
    return status in WAITING or (decision is not None and not in_force(read, decision))


def judged(
    tx: Tx, a: bytes, b: bytes, status: str, *, author: str, decision: bytes | None, until: int | None
) -> None:
    """Note what became of a suggestion: accepted, dismissed, or unsure until a time."""
    fate = {"status": status, "until": until, "now": tx.now, "author": author, "decision": decision}
    tx.run(SQL_JUDGE, {**_pair(a, b), **fate})


def revoked(tx: Tx, decision: bytes) -> None:
    """What was judged by this decision waits again, if it is in force no longer."""
    if not in_force(tx, decision):
        tx.run(SQL_REOPEN, {"decision": decision})


def said_by(read: Read, customer: bytes) -> Said:
    """What the scorer compared of a customer, as it was said; empty for one it does not know."""
    row = read.one(SQL_PERSON, {"customer": customer})
    return msgspec.json.decode(row[0], type=Said) if row else {}


def verdicts(read: Read) -> list[Verdict]:
    """What operators made of suggestions, the latest first: a decision that was revoked is no verdict, its suggestion is open again."""
    return [
        (pattern_of((field, level) for field, level, _ in _told(steps)), status == "accepted")
        for steps, status in read.all(SQL_VERDICTS)
    ]


def _pair(a: bytes, b: bytes) -> dict[str, Any]:
    return {"a": min(a, b), "b": max(a, b)}


def _told(steps: str) -> list[tuple[str, str, float]]:
    told = msgspec.json.decode(steps, type=list[tuple[str, str, float]])
    # A level that an older release knew says nothing to this one.
    return [step for step in told if step[1] in LEVELS.get(step[0], ())]


def _suggested(row: tuple[Any, ...]) -> Suggested:
    a, b, bits, prior, steps, accounts, found_at, until = row
    return Suggested(
        a=a,
        b=b,
        bits=bits,
        prior=prior,
        steps=tuple(_told(steps)),
        accounts=bool(accounts),
        found_at=found_at,
        until=until,
    )
