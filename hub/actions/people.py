"""Operators: who they are, whether they are signed in, and whether they are there.

Passwords arrive here already hashed: hashing takes tens of milliseconds on purpose and has no place in the writer's thread. Sessions
end by a row's deletion, published under `signed-out` so that sockets close within the second.
"""

import hashlib
from typing import Any

import msgspec

from hub.actions import announce
from hub.conversations import routing, thread
from hub.store import Read, Tx
from hub.wire import Refusal

IDLE_END = 12 * 3600 * 1_000_000
AGE_END = 30 * 24 * 3600 * 1_000_000
LEASE = 45 * 1_000_000
"""How long a word about presence is good for, in microseconds."""

_OPERATOR = "o.id, o.login, o.name, o.role, o.capacity, o.active"
SQL_ADD = """
INSERT INTO operator (id, login, name, password_hash, role, capacity, active, created_at)
VALUES (:id, :login, :name, :password_hash, :role, :capacity, 1, :now)"""
SQL_BY_LOGIN = f"SELECT {_OPERATOR}, o.password_hash FROM operator o WHERE o.login = :login"
SQL_ALL = f"SELECT {_OPERATOR} FROM operator o ORDER BY o.name"
SQL_REHASH = "UPDATE operator SET password_hash = :password_hash WHERE id = :id"
SQL_SET_PASSWORD = "UPDATE operator SET password_hash = :password_hash WHERE login = :login RETURNING id"  # noqa: S105  # a statement, not a secret
SQL_ACTIVE = "UPDATE operator SET active = :active WHERE id = :id"
SQL_SIGN_IN = """
INSERT INTO operator_session (hash, operator, created_at, used_at) VALUES (:hash, :operator, :now, :now)"""
SQL_SESSION = f"""
SELECT {_OPERATOR}, s.used_at FROM operator_session s JOIN operator o ON o.id = s.operator
WHERE s.hash = :hash AND o.active AND s.used_at > :idle AND s.created_at > :age"""
SQL_USE = "UPDATE operator_session SET used_at = :now WHERE hash = :hash"
SQL_SIGN_OUT = "DELETE FROM operator_session WHERE hash = :hash RETURNING operator"
SQL_SIGN_OUT_ALL = "DELETE FROM operator_session WHERE operator = :operator"
SQL_SWEEP = "DELETE FROM operator_session WHERE used_at <= :idle OR created_at <= :age RETURNING hash"
SQL_IS_SESSION = (
    "SELECT 1 FROM operator_session s JOIN operator o ON o.id = s.operator WHERE s.hash = :hash AND o.active"
)
SQL_QUEUE = "SELECT id FROM queue WHERE name = :name"
SQL_ADD_QUEUE = "INSERT INTO queue (id, name) VALUES (:id, :name)"
SQL_QUEUES_OF = """
SELECT q.id, q.name FROM queue q JOIN queue_member m ON m.queue = q.id WHERE m.operator = :operator ORDER BY q.name"""
SQL_ALL_QUEUES = "SELECT id, name FROM queue ORDER BY name"
SQL_JOIN = "INSERT INTO queue_member (queue, operator) VALUES (:queue, :operator) ON CONFLICT DO NOTHING"
SQL_ROUTE = """
INSERT INTO site_route (site, queue, region, alarm_seconds) VALUES (:site, :queue, :region, :alarm_seconds)
ON CONFLICT (site) DO UPDATE SET queue = excluded.queue, region = excluded.region, alarm_seconds = excluded.alarm_seconds"""
SQL_ROUTE_SETTINGS = (
    "UPDATE site_route SET region = :region, alarm_seconds = :alarm_seconds WHERE site = :site"
)
SQL_PRESENCE = """
INSERT INTO presence (operator, state, until) VALUES (:operator, :state, :until)
ON CONFLICT (operator) DO UPDATE SET state = excluded.state, until = excluded.until"""
SQL_RENEW = "UPDATE presence SET until = :until WHERE operator = :operator AND until > :now"
SQL_RENEW_SESSION = "UPDATE operator_session SET used_at = max(used_at, :now) WHERE hash = :hash"
SQL_LAST_STATE = "SELECT state FROM presence WHERE operator = :operator"
SQL_GONE = "UPDATE presence SET until = -:now WHERE operator = :operator"
SQL_RAN_OUT = "SELECT 1 FROM presence WHERE operator = :operator AND until BETWEEN 1 AND :now"
SQL_LAPSED = "SELECT operator FROM presence WHERE until <= :now AND until > :last"
SQL_ATTENDED = """
SELECT 1 FROM site_route s JOIN queue_member m ON m.queue = s.queue JOIN presence p ON p.operator = m.operator
JOIN operator o ON o.id = m.operator AND o.active
WHERE s.site = :site AND p.until > :now AND p.state = 'available' LIMIT 1"""


class Operator(msgspec.Struct, frozen=True):
    """An operator as the policy and the console need them."""

    id: bytes
    login: str
    name: str
    role: str
    capacity: int
    active: bool


def add(
    tx: Tx, *, login: str, name: str, password_hash: str, role: str, queues: list[str], capacity: int = 4
) -> bytes:
    """A new operator, serving these queues (made where they do not exist). Refusals: no_change when the login is taken."""
    if tx.one(SQL_BY_LOGIN, {"login": login}):
        raise Refusal("no_change", f"there is an operator {login!r} already; choose another login")
    who = tx.new_id()
    row = {"login": login, "name": name, "password_hash": password_hash, "role": role, "capacity": capacity}
    tx.run(SQL_ADD, {"id": who, "now": tx.now, **row})
    for queue in queues:
        tx.run(SQL_JOIN, {"queue": queue_named(tx, queue), "operator": who})
    announce.team(tx, who)
    return who


def queue_named(tx: Tx, name: str) -> bytes:
    """Id of a queue, made where it does not exist."""
    row = tx.one(SQL_QUEUE, {"name": name})
    if row:
        found: bytes = row[0]
        return found
    queue = tx.new_id()
    tx.run(SQL_ADD_QUEUE, {"id": queue, "name": name})
    return queue


class Route(msgspec.Struct, frozen=True):
    """What the configuration says about a site that actions must know."""

    site: str
    queue: str
    region: str
    alarm_seconds: int = 45


def route_sites(tx: Tx, routes: list[Route]) -> None:
    """Write down which queue each configured site's conversations wait in, and its region."""
    queue_named(tx, "main")
    for route in routes:
        row = msgspec.structs.asdict(route)
        tx.run(SQL_ROUTE, {**row, "queue": queue_named(tx, route.queue)})


def by_login(read: Read, login: str) -> tuple[Operator, str] | None:
    """An operator and their password hash."""
    row = read.one(SQL_BY_LOGIN, {"login": login})
    return (_operator(row[:6]), row[6]) if row else None


def every(read: Read) -> list[Operator]:
    """All operators, active or not, by name."""
    return [_operator(row) for row in read.all(SQL_ALL)]


def rehash(tx: Tx, operator: bytes, password_hash: str) -> None:
    """Keep a hash made with today's cost."""
    tx.run(SQL_REHASH, {"id": operator, "password_hash": password_hash})


def set_password(tx: Tx, login: str, password_hash: str) -> None:
    """A new password; every session of that operator ends. Refusals: not_found."""
    row = tx.one(SQL_SET_PASSWORD, {"login": login, "password_hash": password_hash})
    if row is None:
        raise Refusal("not_found", f"no operator {login!r}")
    _end_sessions(tx, row[0])


def activate(tx: Tx, operator: bytes, *, on: bool) -> None:
    """Let an operator in again, or put them out at once. Refusals: not_found."""
    if not tx.run(SQL_ACTIVE, {"id": operator, "active": on}):
        raise Refusal("not_found", f"no operator {operator.hex()}")
    if not on:
        _end_sessions(tx, operator)
        _hand_back(tx, operator)
    announce.team(tx, operator)


def _hand_back(tx: Tx, operator: bytes) -> None:
    """What somebody who has gone had in hand waits for others again."""
    for conversation in routing.held_by(tx, operator):
        talk = thread.get(tx, conversation)
        routing.give_back(tx, talk, talk.queue)
        announce.conversation(tx, conversation, on_record=True)


def sign_in(tx: Tx, operator: bytes, secret: str) -> None:
    """Begin a session; `secret` is the cookie's value, kept hashed."""
    tx.run(SQL_SIGN_IN, {"hash": session_hash(secret), "operator": operator, "now": tx.now})


def sign_out(tx: Tx, secret: str) -> None:
    """End a session; its sockets close."""
    row = tx.one(SQL_SIGN_OUT, {"hash": session_hash(secret)})
    if row:
        tx.publish("signed-out", session_hash(secret))


def signed_in(read: Read, secret: str) -> tuple[Operator, int] | None:
    """Who this cookie belongs to, and when it was last used; None when the session has ended."""
    asked = {"hash": session_hash(secret), "idle": read.now - IDLE_END, "age": read.now - AGE_END}
    row = read.one(SQL_SESSION, asked)
    return (_operator(row[:6]), row[6]) if row else None


def used(tx: Tx, secret: str) -> None:
    """The session is alive; called at most once a minute."""
    tx.run(SQL_USE, {"hash": session_hash(secret), "now": tx.now})


def sweep(tx: Tx) -> int:
    """Forget ended sessions, and let their sockets close. Returns how many."""
    ended = tx.all(SQL_SWEEP, {"idle": tx.now - IDLE_END, "age": tx.now - AGE_END})
    for (session,) in ended:
        tx.publish("signed-out", session)
    return len(ended)


def queues_of(read: Read, operator: bytes) -> list[tuple[bytes, str]]:
    """(id, name) of the queues an operator serves."""
    return [(row[0], row[1]) for row in read.all(SQL_QUEUES_OF, {"operator": operator})]


def queues(read: Read) -> list[tuple[bytes, str]]:
    """(id, name) of all queues."""
    return [(row[0], row[1]) for row in read.all(SQL_ALL_QUEUES)]


def set_presence(tx: Tx, operator: bytes, state: str) -> None:
    """The operator says whether new conversations may come."""
    tx.run(SQL_PRESENCE, {"operator": operator, "state": state, "until": tx.now + LEASE})
    announce.team(tx, operator)


def presence_of(read: Read, operator: bytes) -> str:
    """What the operator said last about being there; "available" before they ever did."""
    row = read.one(SQL_LAST_STATE, {"operator": operator})
    return row[0] if row else "available"


def come(tx: Tx, operator: bytes, session: bytes) -> str:
    """A tab opened: the operator is there again, in the state they last chose. Returns it.

    Refusals: not_signed_in, when the session ended between the handshake and the first frame.
    """
    if tx.one(SQL_IS_SESSION, {"hash": session}) is None:
        raise Refusal("not_signed_in", "this session has ended; sign in again")
    state = presence_of(tx, operator)
    set_presence(tx, operator, state)
    return state


def renew(tx: Tx, operators: list[bytes], sessions: list[bytes]) -> None:
    """Their tabs are alive: extend the leases, and keep the sessions from idling out. In one batch, off the hot path."""
    for who in operators:
        tx.run(SQL_RENEW, {"operator": who, "until": tx.now + LEASE, "now": tx.now})
        # A lease may run out under a living tab (this machine slept, or was very slow); who has gone meanwhile stays gone.
        if tx.one(SQL_RAN_OUT, {"operator": who, "now": tx.now}):
            set_presence(tx, who, presence_of(tx, who))
    tx.many(SQL_RENEW_SESSION, [{"hash": session, "now": tx.now} for session in sessions])


def go(tx: Tx, operator: bytes) -> None:
    """The last tab closed. Below zero the lease tells when: it ran out for nobody, they have gone."""
    tx.run(SQL_GONE, {"operator": operator, "now": tx.now})
    announce.team(tx, operator)


def lapse(tx: Tx, last: int) -> int:
    """Tell everybody of leases that ran out since `last` (microseconds). Returns how many."""
    found = tx.all(SQL_LAPSED, {"now": tx.now, "last": last})
    announce.team(tx, *(row[0] for row in found))
    return len(found)


def attended(read: Read, site: str) -> bool:
    """Whether somebody who serves the site's queue is available now."""
    return read.one(SQL_ATTENDED, {"site": site, "now": read.now}) is not None


def _end_sessions(tx: Tx, operator: bytes) -> None:
    tx.run(SQL_SIGN_OUT_ALL, {"operator": operator})
    tx.publish("signed-out", operator)


def _operator(row: tuple[Any, ...]) -> Operator:
    who, login, name, role, capacity, active = row
    return Operator(who, login, name, role, capacity, bool(active))


def session_hash(secret: str) -> bytes:
    """What is kept of a session's secret."""
    return hashlib.sha256(secret.encode()).digest()
