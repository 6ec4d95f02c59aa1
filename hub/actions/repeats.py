"""What is written down about a request with an `Idempotency-Key`, and when.

    claim     before it is carried out, in a transaction of its own          state 0
    mark      in every transaction that the request writes, together with it  state 1
    keep      its answer, once there is one                                   state 2

Effect and mark are one commit, so a hub that died in between knows on its next start: 0 nothing happened and it may be carried out,
1 it happened and only the answer is gone, 2 here is the answer. In none of them is it carried out twice.
"""

from typing import NamedTuple

from hub.store import Tx

BEGUN, ACTED, ANSWERED = 0, 1, 2
KEPT = 24 * 3600 * 1_000_000
"""Microseconds an answer is kept."""

SQL_FIND = (
    "SELECT state, request, status, media_type, answer FROM repeat WHERE owner = ? AND key = ? AND at > ?"
)
SQL_CLAIM = """
INSERT INTO repeat (owner, key, state, at) VALUES (:owner, :key, :state, :at)
ON CONFLICT (owner, key) DO UPDATE SET state = :state, at = :at, request = NULL, status = NULL, media_type = NULL, answer = NULL
"""
SQL_MARK = "UPDATE repeat SET state = 1 WHERE owner = ? AND key = ? AND state = 0"
SQL_KEEP = """
UPDATE repeat SET state = 2, request = :request, status = :status, media_type = :media_type, answer = :answer
WHERE owner = :owner AND key = :key
"""
SQL_RELEASE = "DELETE FROM repeat WHERE owner = ? AND key = ? AND state = 0"
SQL_SWEEP = "DELETE FROM repeat WHERE at <= ?"


class Place(NamedTuple):
    """Whose key, and which: hashes of 16 bytes."""

    owner: bytes
    key: bytes


class Kept(NamedTuple):
    """What is known of a request that was asked before. All None but `state` until it was answered."""

    state: int
    request: bytes | None
    status: int | None
    media_type: str | None
    answer: bytes | None


def claim(tx: Tx, place: Place, *, outside: bool) -> Kept | None:
    """What an earlier request of this key came to; None when this one is to be carried out, which is written down.

    `outside`: it acts beyond the database, so from here on nobody can know whether it has acted.
    """
    found = tx.one(SQL_FIND, (*place, tx.now - KEPT))
    if found is not None and found[0] != BEGUN:
        return Kept(*found)
    tx.run(SQL_CLAIM, {**place._asdict(), "state": ACTED if outside else BEGUN, "at": tx.now})
    return None


def mark(tx: Tx, place: Place) -> None:
    """The request stores something in this very transaction."""
    tx.run(SQL_MARK, place)


def keep(tx: Tx, place: Place, request: bytes, status: int, media_type: str, answer: bytes) -> None:
    """The answer, for whoever asks again."""
    values = {"request": request, "status": status, "media_type": media_type, "answer": answer}
    tx.run(SQL_KEEP, {**place._asdict(), **values})


def release(tx: Tx, place: Place) -> None:
    """Nothing was carried out and the answer may be another one next time: as if it had not been asked."""
    tx.run(SQL_RELEASE, place)


def sweep(tx: Tx) -> None:
    """Forget what is older than a day."""
    tx.run(SQL_SWEEP, (tx.now - KEPT,))
