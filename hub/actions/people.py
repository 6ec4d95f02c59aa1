"""Operators: who they are, and whether they are signed in.

Passwords arrive here already hashed: hashing takes tens of milliseconds on purpose and has no place in the writer's thread. Sessions
end by a row's deletion, published under `signed-out` so that sockets close within the second.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from hub.actions import announce, choose, links, presence
from hub.conversations import load, routing, thread
from hub.store import Read, Tx
from hub.wire import Refusal

IDLE_END = 12 * 3600 * 1_000_000
AGE_END = 30 * 24 * 3600 * 1_000_000
LONGEST_AGENT = 300
_OPERATOR = f"o.id, o.login, o.name, o.role, {load.CAPACITY}, o.active, o.idle_minutes"
SQL_ADD = """
INSERT INTO operator (id, login, name, password_hash, role, capacity, active, created_at, idle_minutes)
VALUES (:id, :login, :name, :password_hash, :role, :capacity, 1, :now, 10)"""
SQL_BY_LOGIN = f"SELECT {_OPERATOR}, o.password_hash FROM operator o WHERE o.login = :login"
SQL_ALL = f"SELECT {_OPERATOR} FROM operator o ORDER BY o.name"
SQL_REHASH = "UPDATE operator SET password_hash = :password_hash WHERE id = :id"
SQL_SET_PASSWORD = "UPDATE operator SET password_hash = :password_hash WHERE login = :login RETURNING id"  # noqa: S105  # a statement, not a secret
SQL_OPERATOR = f"SELECT {_OPERATOR} FROM operator o WHERE o.id = :id"
SQL_OWN_LIMIT = "SELECT capacity FROM operator WHERE id = :id"
SQL_CHANGE = "UPDATE operator SET role = :role, capacity = :capacity WHERE id = :id"
SQL_IDLE_MINUTES = "UPDATE operator SET idle_minutes = :minutes WHERE id = :id"
SQL_OTHER_ADMIN = "SELECT 1 FROM operator WHERE role = 'admin' AND active AND id <> :id LIMIT 1"
SQL_ACTIVE = "UPDATE operator SET active = :active WHERE id = :id"
SQL_SIGN_IN = """
INSERT INTO operator_session (hash, operator, created_at, used_at, agent) VALUES (:hash, :operator, :now, :now, :agent)"""
SQL_SESSION = f"""
SELECT {_OPERATOR}, s.used_at FROM operator_session s JOIN operator o ON o.id = s.operator
WHERE s.hash = :hash AND o.active AND s.used_at > :idle AND s.created_at > :age"""
SQL_USE = "UPDATE operator_session SET used_at = :now WHERE hash = :hash"
SQL_SIGN_OUT = "DELETE FROM operator_session WHERE hash = :hash RETURNING operator"
SQL_SIGN_OUT_ALL = "DELETE FROM operator_session WHERE operator = :operator"
SQL_SWEEP = "DELETE FROM operator_session WHERE used_at <= :idle OR created_at <= :age RETURNING hash"
SQL_QUEUE = "SELECT id FROM queue WHERE name = :name"
SQL_ADD_QUEUE = "INSERT INTO queue (id, name) VALUES (:id, :name)"
SQL_QUEUES_OF = """
SELECT q.id, q.name FROM queue q JOIN queue_member m ON m.queue = q.id
WHERE m.operator = :operator AND q.archived_at IS NULL ORDER BY q.name"""
SQL_ALL_QUEUES = "SELECT id, name FROM queue WHERE archived_at IS NULL ORDER BY name"
SQL_RULE = """
INSERT INTO house_rule (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value"""
SQL_ROUTES = "SELECT site, queue FROM site_route"
SQL_BRING_BACK = "UPDATE queue SET archived_at = NULL WHERE id = :id AND archived_at IS NOT NULL"
SQL_UNROUTE = "DELETE FROM site_route WHERE site = :site"
SQL_JOIN = "INSERT INTO queue_member (queue, operator) VALUES (:queue, :operator) ON CONFLICT DO NOTHING"
SQL_ROUTE = """
INSERT INTO site_route (site, queue, region, hold_typed, alarm_seconds, mail, opening)
VALUES (:site, :queue, :region, :hold_typed, :alarm_seconds, :mail, :opening)
ON CONFLICT (site) DO UPDATE SET queue = excluded.queue, region = excluded.region, hold_typed = excluded.hold_typed,
                                 alarm_seconds = excluded.alarm_seconds, mail = excluded.mail, opening = excluded.opening"""
SQL_ROUTE_SETTINGS = """
UPDATE site_route SET region = :region, alarm_seconds = :alarm_seconds, opening = :opening WHERE site = :site"""


class Operator(msgspec.Struct, frozen=True):
    """An operator as the policy and the console need them."""

    id: bytes
    login: str
    name: str
    role: str
    capacity: int
    active: bool
    idle_minutes: int = 10


class Rights(msgspec.Struct, frozen=True):
    """For the tabs of an operator: who they are, and whose conversations they see, from now on."""

    operator: Operator
    queues: list[tuple[bytes, str]]
    presence: str
    choices: choose.Choices


def add(
    tx: Tx,
    *,
    login: str,
    name: str,
    password_hash: str,
    role: str,
    queues: list[str],
    capacity: int | None = None,
) -> bytes:
    """A new operator, serving these queues (made where they do not exist). Without `capacity`, the house's limit holds.

    Refusals: no_change when the login is taken.
    """
    who = hire(tx, login=login, name=name, password_hash=password_hash, role=role, capacity=capacity)
    for queue in queues:
        tx.run(SQL_JOIN, {"queue": queue_named(tx, queue), "operator": who})
        announce.queue(tx, queue_named(tx, queue))
    announce.team(tx, who)
    announce.member(tx, who)
    return who


def hire(tx: Tx, *, login: str, name: str, password_hash: str, role: str, capacity: int | None) -> bytes:
    """A new operator who serves no queue yet; the caller announces them. Refusals: no_change when the login is taken."""
    if tx.one(SQL_BY_LOGIN, {"login": login}):
        raise Refusal("no_change", f"there is an operator {login!r} already; choose another login")
    who = tx.new_id()
    row = {"login": login, "name": name, "password_hash": password_hash, "role": role, "capacity": capacity}
    tx.run(SQL_ADD, {"id": who, "now": tx.now, **row})
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
    hold_typed: bool = False
    mail: str = ""
    opening: str = "{}"
    """See `conversations.opening`."""


def route_sites(tx: Tx, routes: list[Route], per_operator: int = 4, mail_after: int = 45) -> None:
    """Write down which queue each configured site's conversations wait in, its region, how many one operator serves at once, and the
    seconds before an answer leaves by mail."""
    tx.run(SQL_RULE, {"name": "mail_after_seconds", "value": mail_after})
    if tx.run(SQL_RULE, {"name": "conversations_per_operator", "value": per_operator}):
        announce.team(tx, *(who.id for who in every(tx)))
    if not queues(tx):
        queue_named(tx, "main")
    before = tx.all(SQL_ROUTES)
    named = {route.site: queue_named(tx, route.queue) for route in routes}
    for site, _ in before:
        if site not in named:
            tx.run(SQL_UNROUTE, {"site": site})
    for route in routes:
        row = msgspec.structs.asdict(route)
        tx.run(SQL_ROUTE, {**row, "queue": named[route.site]})
    for queue in set(named.values()):
        if tx.run(SQL_BRING_BACK, {"id": queue}):
            announce.queue(tx, queue)
    moved = set(before) ^ set(named.items())
    announce.queue(tx, *sorted({queue for _, queue in moved}))


def by_login(read: Read, login: str) -> tuple[Operator, str] | None:
    """An operator and their password hash."""
    row = read.one(SQL_BY_LOGIN, {"login": login})
    return (_operator(row[:7]), row[7]) if row else None


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
    end_sessions(tx, row[0])


def one(read: Read, operator: bytes) -> Operator:
    """An operator, active or not. Refusals: not_found."""
    row = read.one(SQL_OPERATOR, {"id": operator})
    if row is None:
        raise Refusal("not_found", f"no operator {operator.hex()}; pick another from the list")
    return _operator(row)


def own_limit(read: Read, operator: bytes) -> int | None:
    """The limit that was set for this operator alone; None: the house's."""
    row = read.one(SQL_OWN_LIMIT, {"id": operator})
    return row[0] if row else None


def change(tx: Tx, operator: bytes, role: str, capacity: int | None) -> None:
    """Another role or limit; the caller announces it. Refusals: not_found, no_change (the last admin)."""
    if role != "admin":
        demand_another_admin(tx, operator)
    if not tx.run(SQL_CHANGE, {"id": operator, "role": role, "capacity": capacity}):
        raise Refusal("not_found", f"no operator {operator.hex()}; pick another from the list")


def rest_after(tx: Tx, operator: bytes, minutes: int) -> None:
    """After how many minutes without a touch this operator is away; 0 is never."""
    tx.run(SQL_IDLE_MINUTES, {"id": operator, "minutes": minutes})
    tell_rights(tx, operator)


def demand_another_admin(read: Read, operator: bytes) -> None:
    """Let somebody stop being an admin, unless nobody else is one. Refusals: no_change."""
    who = one(read, operator)
    if who.role == "admin" and who.active and read.one(SQL_OTHER_ADMIN, {"id": operator}) is None:
        raise Refusal(
            "no_change", f"{who.name} is the only admin who can sign in; make somebody else an admin first"
        )


def activate(tx: Tx, operator: bytes, *, on: bool, force: bool = False) -> None:
    """Let an operator in again, or put them out at once. Refusals: not_found, no_change (the last admin, without `force`)."""
    if not on and not force:
        demand_another_admin(tx, operator)
    if not tx.run(SQL_ACTIVE, {"id": operator, "active": on}):
        raise Refusal("not_found", f"no operator {operator.hex()}")
    if not on:
        links.withdraw(tx, operator)
        end_sessions(tx, operator)
        presence.go(tx, operator)
        hand_back(tx, operator)
    announce.team(tx, operator)
    announce.member(tx, operator)


def hand_back(tx: Tx, operator: bytes, keeps: Callable[[bytes], bool] = lambda queue: False) -> None:
    """What somebody can no longer serve waits for others again; all of it, but for queues they keep."""
    for conversation in routing.held_by(tx, operator):
        talk = thread.get(tx, conversation)
        if keeps(talk.queue):
            continue
        routing.give_back(
            tx, talk, routing.queue_for(tx, talk.site) if routing.is_archived(tx, talk.queue) else talk.queue
        )
        announce.conversation(tx, conversation, left_queue=talk.queue, on_record=True)


def sign_in(tx: Tx, operator: bytes, secret: str, agent: str = "") -> None:
    """Begin a session; `secret` is the cookie's value, kept hashed; `agent` is what the browser calls itself."""
    row = {"hash": session_hash(secret), "operator": operator, "now": tx.now, "agent": agent[:LONGEST_AGENT]}
    tx.run(SQL_SIGN_IN, row)


def sign_out(tx: Tx, secret: str) -> None:
    """End a session; its sockets close."""
    row = tx.one(SQL_SIGN_OUT, {"hash": session_hash(secret)})
    if row:
        tx.publish("signed-out", session_hash(secret))


def signed_in(read: Read, secret: str) -> tuple[Operator, int] | None:
    """Who this cookie belongs to, and when it was last used; None when the session has ended."""
    asked = {"hash": session_hash(secret), "idle": read.now - IDLE_END, "age": read.now - AGE_END}
    row = read.one(SQL_SESSION, asked)
    return (_operator(row[:7]), row[7]) if row else None


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


def seen_by(read: Read, operator: Operator) -> list[tuple[bytes, str]]:
    """(id, name) of the queues whose conversations this operator sees: their own, or all for an admin."""
    return queues(read) if operator.role == "admin" else queues_of(read, operator.id)


def tell_rights(tx: Tx, *operators: bytes) -> None:
    """What these operators may see or do changed: their tabs hear it at once. Called last in an action."""
    for operator in operators:
        who = one(tx, operator)
        tx.publish(
            "rights",
            Rights(who, seen_by(tx, who), presence.chosen(tx, operator), choose.chosen(tx, operator)),
        )


def end_sessions(tx: Tx, operator: bytes) -> None:
    """Everywhere; their sockets close."""
    tx.run(SQL_SIGN_OUT_ALL, {"operator": operator})
    tx.publish("signed-out", operator)


def _operator(row: tuple[Any, ...]) -> Operator:
    who, login, name, role, capacity, active, idle_minutes = row
    return Operator(who, login, name, role, capacity, bool(active), idle_minutes)


def session_hash(secret: str) -> bytes:
    """What is kept of a session's secret."""
    return hashlib.sha256(secret.encode()).digest()
