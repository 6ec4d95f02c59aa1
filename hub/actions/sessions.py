"""Sessions of one operator: which browsers they are signed in with, ending them, and a new password.

A session's secret never leaves its cookie; lists name it by a piece of the hash that is kept, which signs nobody in.
"""

from hub.actions import links, people, teams
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, millis
from hub.wire.console import SessionPage, SessionRow

SQL_OF = """
SELECT hash, created_at, used_at, agent FROM operator_session
WHERE operator = :operator AND used_at > :idle AND created_at > :age ORDER BY used_at DESC"""
SQL_END = "DELETE FROM operator_session WHERE hash = :hash"
SQL_PASSWORD = "UPDATE operator SET password_hash = :password_hash WHERE id = :id"  # noqa: S105  # a statement, not a secret


def of(read: Read, operator: bytes, secret: str) -> SessionPage:
    """Browsers this operator is signed in with, last used first; `secret` is the asker's own."""
    asked = {"operator": operator, "idle": read.now - people.IDLE_END, "age": read.now - people.AGE_END}
    mine = people.session_hash(secret)
    rows = [
        SessionRow(id=id_hex(key[:16]), at=millis(at), used=millis(used), agent=agent, mine=key == mine)
        for key, at, used, agent in read.all(SQL_OF, asked)
    ]
    return SessionPage(items=rows)


def end(tx: Tx, operator: bytes, session: bytes | None, *, keep: str) -> int:
    """End one session of an operator, or with None all but the asker's own; their sockets close. Returns how many ended."""
    own = people.session_hash(keep)
    asked = {"operator": operator, "idle": 0, "age": 0}
    hashes = [row[0] for row in tx.all(SQL_OF, asked)]
    ended = [key for key in hashes if (key[:16] == session if session else key != own)]
    for key in ended:
        tx.run(SQL_END, {"hash": key})
        tx.publish("signed-out", key)
    return len(ended)


def change_password(tx: Tx, operator: bytes, password_hash: str, *, keep: str) -> None:
    """A new password of one's own; every other session ends, and so do links for another one."""
    tx.run(SQL_PASSWORD, {"id": operator, "password_hash": password_hash})
    end(tx, operator, None, keep=keep)
    links.forget_password(tx, operator)


def by_link(tx: Tx, token: str, login: str, name: str, password_hash: str) -> bytes:
    """Use a link up: become an operator, or choose a new password, which ends every session there was. Returns who it is.

    Refusals: not_found (the link), no_change (the login is taken; the link still works).
    """
    used = links.use(tx, token)
    if used.operator is None:
        return teams.join(tx, used, login, name, password_hash)
    who = people.one(tx, used.operator)
    if not who.active:
        raise Refusal("not_found", links.NONE)
    tx.run(SQL_PASSWORD, {"id": who.id, "password_hash": password_hash})
    people.end_sessions(tx, who.id)
    return who.id
