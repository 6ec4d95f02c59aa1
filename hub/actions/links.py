"""Links that work once: whoever opens one becomes an operator, or gets a new password.

The token is 128 random bits that stand in the link's fragment, so no server's log has them; only its hash is kept, and what is looked
up is the hash, so the time an answer takes tells nothing of the token. A link ends with its use, after three days, when it is withdrawn,
and with the rights of whoever made it. One that has ended, was used or never was is answered alike.
"""

import hashlib
from typing import Any, Literal

import msgspec

from hub.actions import announce
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, millis
from hub.wire.console import LinkRow

LIFETIME = 72 * 3600 * 1_000_000
"""Microseconds a link works for."""
MOST = 100
"""Links that may be open at a time."""
NONE = "this link does not work (any longer); ask whoever sent it for another"

_LINK = (
    "k.id, k.operator, k.note, k.role, k.capacity, k.queues, k.made_by, k.made_at, k.ends_at, o.name, b.name"
)
_FROM = (
    "FROM operator_link k LEFT JOIN operator o ON o.id = k.operator LEFT JOIN operator b ON b.id = k.made_by"
)
SQL_ALL = f"SELECT {_LINK} {_FROM} ORDER BY k.made_at"
SQL_ONE = f"SELECT {_LINK} {_FROM} WHERE k.id = :id"
SQL_BY_HASH = """
SELECT k.operator, o.login, o.active, k.note FROM operator_link k LEFT JOIN operator o ON o.id = k.operator
WHERE k.hash = :hash AND k.ends_at > :now"""
SQL_COUNT = "SELECT count(*) FROM operator_link"
SQL_MAKE = """
INSERT INTO operator_link (hash, id, operator, note, role, capacity, queues, made_by, made_at, ends_at)
VALUES (:hash, :id, :operator, :note, :role, :capacity, :queues, :made_by, :now, :ends_at)"""
SQL_USE = """
DELETE FROM operator_link WHERE hash = :hash AND ends_at > :now
RETURNING id, operator, role, capacity, queues"""
SQL_DROP = "DELETE FROM operator_link WHERE id = :id"
SQL_OF = "SELECT id FROM operator_link WHERE operator = :operator"
SQL_CONCERNING = "SELECT id FROM operator_link WHERE operator = :operator OR made_by = :operator"
SQL_MADE_BY = "SELECT id FROM operator_link WHERE made_by = :operator"
SQL_ENDED = "SELECT id FROM operator_link WHERE ends_at <= :now"


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What a new operator will be. `note` says whom it is for; without `capacity`, the house's limit holds."""

    role: Literal["admin", "operator"]
    queues: list[bytes]
    note: str = ""
    capacity: int | None = None


class Used(msgspec.Struct, frozen=True):
    """A link that was just used up. `operator` None: it makes somebody new."""

    operator: bytes | None
    role: str
    capacity: int | None
    queues: list[bytes]


class Opened(msgspec.Struct, frozen=True):
    """What the page behind a link must know: `login` of whose password it renews, empty where it makes somebody new."""

    login: str
    note: str


def invite(tx: Tx, author: bytes, token: str, asked: Invitation) -> int:
    """A link that makes an operator. Returns when it ends. Refusals: at_limit."""
    queues = [id_hex(queue) for queue in asked.queues]
    row = {"operator": None, "note": asked.note, "role": asked.role, "capacity": asked.capacity}
    return _make(tx, author, token, {**row, "queues": msgspec.json.encode(queues).decode()})


def renew_password(tx: Tx, author: bytes, token: str, operator: bytes) -> int:
    """A link by which this operator chooses a new password; it replaces an older one. Returns when it ends. Refusals: at_limit."""
    forget_password(tx, operator)
    return _make(
        tx, author, token, {"operator": operator, "note": "", "role": "", "capacity": None, "queues": "[]"}
    )


def forget_password(tx: Tx, operator: bytes) -> None:
    """Links for this operator's password work no longer."""
    for (link,) in tx.all(SQL_OF, {"operator": operator}):
        drop(tx, link)


def look(read: Read, token: str) -> Opened:
    """What a link leads to. Refusals: not_found, alike for all that do not work."""
    row = read.one(SQL_BY_HASH, {"hash": _hash(token), "now": read.now})
    if row is None or (row[0] is not None and not row[2]):
        raise _none()
    return Opened(row[1] or "", row[3])


def use(tx: Tx, token: str) -> Used:
    """Use a link up; of many at once, one does. Refusals: not_found, alike for all that do not work."""
    row = tx.one(SQL_USE, {"hash": _hash(token), "now": tx.now})
    if row is None:
        raise _none()
    announce.link(tx, row[0])
    queues = [bytes.fromhex(queue) for queue in msgspec.json.decode(row[4], type=list[str])]
    return Used(row[1], row[2], row[3], queues)


def drop(tx: Tx, link: bytes) -> None:
    """It works no longer; that it is gone already is no mistake."""
    if tx.run(SQL_DROP, {"id": link}):
        announce.link(tx, link)


def withdraw(tx: Tx, operator: bytes) -> None:
    """Links for somebody who may no longer, and those they made."""
    for (link,) in tx.all(SQL_CONCERNING, {"operator": operator}):
        drop(tx, link)


def withdraw_made(tx: Tx, operator: bytes) -> None:
    """Links by somebody who is no longer an admin."""
    for (link,) in tx.all(SQL_MADE_BY, {"operator": operator}):
        drop(tx, link)


def sweep(tx: Tx) -> None:
    """Forget what has ended."""
    for (link,) in tx.all(SQL_ENDED, {"now": tx.now}):
        drop(tx, link)


def of_all(read: Read, only: bytes | None = None) -> list[LinkRow]:
    """Links that were not used yet (or one of them), oldest first."""
    found = read.all(SQL_ONE, {"id": only}) if only else read.all(SQL_ALL)
    return [_row(row) for row in found]


def _make(tx: Tx, author: bytes, token: str, row: dict[str, object]) -> int:
    sweep(tx)
    count = tx.one(SQL_COUNT)
    if count is not None and count[0] >= MOST:
        raise Refusal("at_limit", f"{MOST} links are open already; withdraw one first")
    link, ends_at = tx.new_id(), tx.now + LIFETIME
    tx.run(
        SQL_MAKE,
        {**row, "hash": _hash(token), "id": link, "made_by": author, "now": tx.now, "ends_at": ends_at},
    )
    announce.link(tx, link)
    return ends_at


def _row(row: tuple[Any, ...]) -> LinkRow:
    link, operator, note, role, capacity, queues, _, made_at, ends_at, name, by = row
    return LinkRow(
        id=id_hex(link),
        operator=id_hex(operator) if operator else None,
        name=name or "",
        note=note,
        role=role or None,
        limit=capacity,
        queues=msgspec.json.decode(queues),
        at=millis(made_at),
        ends=millis(ends_at),
        by=by or "",
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _none() -> Refusal:
    return Refusal("not_found", NONE)
