"""Visitor tokens: how a browser is recognised when it returns.

256 random bits, shown in the first frame (never in a URL), stored hashed, bound to one site. A new one is given every 24 hours and
after a signed identity. The old one ends ten minutes after the new one was first used, not when it was given: the frame that
carried it may have been lost, and another tab may still hold the old one.
"""

import base64
import hashlib
from typing import Literal, cast

import msgspec

from hub.store import Read, Tx

ROTATE = 24 * 3600 * 1_000_000
IDLE_END = 90 * 24 * 3600 * 1_000_000
OVERLAP = 600 * 1_000_000

SQL_FIND = """
SELECT t.visitor, t.level, t.created_at, t.used_at FROM visitor_token t
WHERE t.hash = :hash AND t.site = :site AND t.expires_at > :now"""
SQL_ISSUE = """
INSERT INTO visitor_token (hash, visitor, site, created_at, used_at, expires_at, level)
VALUES (:hash, :visitor, :site, :now, 0, :expires, :level)"""
SQL_USE = """
UPDATE visitor_token AS this SET used_at = :now, expires_at = CASE WHEN EXISTS (
  SELECT 1 FROM visitor_token newer WHERE newer.visitor = this.visitor AND newer.hash <> this.hash
  AND newer.used_at > 0 AND newer.created_at >= this.created_at) THEN expires_at ELSE :expires END
WHERE hash = :hash RETURNING expires_at < :expires"""
SQL_END_ALL = "DELETE FROM visitor_token WHERE visitor = :visitor"
SQL_END_OLDER = """
UPDATE visitor_token SET expires_at = min(expires_at, :soon)
WHERE visitor = :visitor AND hash <> :hash AND created_at <= :created"""
SQL_SWEEP = "DELETE FROM visitor_token WHERE expires_at <= :now"
SQL_NEW_VISITOR = "INSERT INTO visitor (id, site, created_at, visits) VALUES (:id, :site, :now, 0) ON CONFLICT (id) DO NOTHING"
SQL_PERSON = "SELECT person FROM visitor WHERE id = :id"
SQL_VOUCHED = "UPDATE visitor SET person = :person WHERE id = :id"
SQL_BLOCKED = "SELECT blocked_at FROM visitor WHERE id = :id"
SQL_BLOCK = "UPDATE visitor SET blocked_at = :at, blocked_by = :by WHERE id = :id"

TokenLevel = Literal["observed", "verified"]


class Holder(msgspec.Struct, frozen=True):
    """Who a token speaks for. `token` is set when the browser must keep a new one from now on."""

    visitor: bytes
    level: TokenLevel
    token: str | None = None


def recognise(tx: Tx, site: str, token: str | None) -> Holder:
    """The browser behind this token; without a good one, a new visitor with a new token."""
    known = holder(tx, site, token)
    if known is not None:
        return known
    visitor = new_visitor(tx, site)
    return Holder(visitor, "observed", issue(tx, site, visitor, "observed"))


def whose(read: Read, site: str, token: str | None) -> bytes | None:
    """The browser behind this token, without counting as its use."""
    row = read.one(SQL_FIND, {"hash": _hash(token), "site": site, "now": read.now}) if token else None
    return row[0] if row else None


def holder(tx: Tx, site: str, token: str | None) -> Holder | None:
    """The browser behind this token, or None."""
    if token is None:
        return None
    row = tx.one(SQL_FIND, {"hash": _hash(token), "site": site, "now": tx.now})
    if row is None:
        return None
    visitor, level, created, used = row
    return _known(tx, site, token, visitor, cast(TokenLevel, level), created, used)


def issue(tx: Tx, site: str, visitor: bytes, level: TokenLevel) -> str:
    """A new token for this browser."""
    token = base64.urlsafe_b64encode(tx.new_id() + tx.new_id()).rstrip(b"=").decode()
    row = {
        "hash": _hash(token),
        "visitor": visitor,
        "site": site,
        "now": tx.now,
        "expires": tx.now + IDLE_END,
        "level": level,
    }
    tx.run(SQL_ISSUE, row)
    return token


def new_visitor(tx: Tx, site: str) -> bytes:
    """A browser seen for the first time."""
    visitor = tx.new_id()
    know(tx, site, visitor)
    return visitor


def know(tx: Tx, site: str, visitor: bytes) -> None:
    """There is a browser with this id, if there was none before."""
    tx.run(SQL_NEW_VISITOR, {"id": visitor, "site": site, "now": tx.now})


def end_all(tx: Tx, visitor: bytes) -> None:
    """No token speaks for this visitor any longer."""
    tx.run(SQL_END_ALL, {"visitor": visitor})


def person(read: Read, visitor: bytes) -> str | None:
    """The user id that the site's server vouched for in this browser."""
    row = read.one(SQL_PERSON, {"id": visitor})
    return row[0] if row else None


def vouched(tx: Tx, visitor: bytes, user_id: str) -> None:
    """The site's server says who sits before this browser."""
    tx.run(SQL_VOUCHED, {"id": visitor, "person": user_id})


def blocked(read: Read, visitor: bytes) -> bool:
    """Whether an operator has refused further conversations from this browser."""
    row = read.one(SQL_BLOCKED, {"id": visitor})
    return bool(row and row[0])


def block(tx: Tx, visitor: bytes, by: bytes, *, on: bool) -> bool:
    """Refuse conversations from this browser, or allow them again. False when there is no such visitor."""
    return tx.run(SQL_BLOCK, {"id": visitor, "at": tx.now if on else None, "by": by if on else None}) > 0


def sweep(tx: Tx) -> int:
    """Forget tokens that have ended. Returns how many."""
    return tx.run(SQL_SWEEP, {"now": tx.now})


def _known(
    tx: Tx, site: str, token: str, visitor: bytes, level: TokenLevel, created: int, used: int
) -> Holder:
    digest = _hash(token)
    use = tx.one(SQL_USE, {"hash": digest, "now": tx.now, "expires": tx.now + IDLE_END})
    assert use is not None, "it was found in this transaction"
    if not used:
        older = {"visitor": visitor, "hash": digest, "created": created, "soon": tx.now + OVERLAP}
        tx.run(SQL_END_OLDER, older)
    # One that a newer token is ending is not stretched by using it; its page is handed one to go on with.
    fresh = issue(tx, site, visitor, level) if use[0] or tx.now - created > ROTATE else None
    return Holder(visitor, level, fresh)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
