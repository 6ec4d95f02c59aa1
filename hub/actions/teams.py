"""Teams: which queues there are, who serves them, and what happens to conversations when that changes.

Nothing is lost between two queues: a queue is archived into another one, and whoever leaves a queue leaves what they had in hand there
for those who stay. All of it is one transaction, and the tabs of everybody concerned hear of it at once.
"""

from hub.actions import announce, links, people
from hub.conversations import routing, thread
from hub.conversations.thread import Utterance
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, millis
from hub.wire.console import MemberRow, QueueRow

MOST = 200
"""Queues a hub may have, archived ones counted."""
LONGEST_NAME = 80

SQL_QUEUES = "SELECT id, name, archived_at FROM queue WHERE (:only IS NULL OR id = :only) ORDER BY name"
SQL_MEMBERS = (
    "SELECT queue, operator FROM queue_member WHERE (:only IS NULL OR queue = :only) ORDER BY operator"
)
SQL_QUEUES_OF = "SELECT queue FROM queue_member WHERE operator = :operator ORDER BY queue"
SQL_SITES = "SELECT queue, site FROM site_route ORDER BY site"
SQL_NAMED = "SELECT id, archived_at FROM queue WHERE name = :name"
SQL_COUNT = "SELECT count(*) FROM queue"
SQL_ADD = "INSERT INTO queue (id, name) VALUES (:id, :name)"
SQL_RENAME = "UPDATE queue SET name = :name WHERE id = :id"
SQL_ARCHIVE = "UPDATE queue SET archived_at = :at WHERE id = :id"
SQL_JOIN = "INSERT INTO queue_member (queue, operator) VALUES (:queue, :operator) ON CONFLICT DO NOTHING"
SQL_LEAVE = "DELETE FROM queue_member WHERE queue = :queue AND operator = :operator"
SQL_MEMBERS_LIST = """
SELECT o.id, o.login, o.name, o.role, o.capacity, o.active, o.created_at FROM operator o
WHERE (:only IS NULL OR o.id = :only) ORDER BY o.name, o.id"""


def save(tx: Tx, queue: bytes, name: str, members: list[bytes]) -> None:
    """Keep a queue, new or changed, and who serves it. Refusals: bad_request, taken, no_change (hub.toml names it), at_limit."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refusal(
            "bad_request",
            f"name: expected 1 to {LONGEST_NAME} characters",
            fields={"name": "too long or empty"},
        )
    before = one(tx, queue)
    if before is None or before.name != name:
        _demand_free(tx, name)
    if before is None:
        count = tx.one(SQL_COUNT)
        if count is not None and count[0] >= MOST:
            raise Refusal("at_limit", f"there are {MOST} queues already, and no more fit")
        tx.run(SQL_ADD, {"id": queue, "name": name})
    elif before.name != name:
        if before.sites:
            raise Refusal(
                "no_change", f"hub.toml names this queue for {', '.join(before.sites)}; rename it there"
            )
        tx.run(SQL_RENAME, {"id": queue, "name": name})
    were = {bytes.fromhex(member) for member in (before.members if before else [])}
    for member in members:
        people.one(tx, member)
    _serve(tx, [(queue, who) for who in members], [(queue, who) for who in were - set(members)])
    announce.queue(tx, queue)
    people.tell_rights(tx, *_concerned(tx, were | set(members)))


def archive(tx: Tx, author: bytes, queue: bytes, to: bytes | None) -> int:
    """Nothing waits there any more: what is open in it goes on in `to`. Returns how many that were; archiving twice is once.

    Refusals: not_found, no_change (a site's, or the last one), bad_request (something is open in it, and no `to`).
    """
    before = one(tx, queue)
    if before is None:
        raise Refusal("not_found", f"no queue {queue.hex()}; pick another from the list")
    if before.archived:
        return 0
    if before.sites:
        raise Refusal(
            "no_change", f"hub.toml sends {', '.join(before.sites)} here; name another queue there first"
        )
    if len(people.queues(tx)) == 1:
        raise Refusal("no_change", "this is the only queue; make another one first")
    held = routing.active_in(tx, queue)
    if held and (to is None or to == queue):
        said = f"{len(held)} conversations are in it; say which queue they go to"
        raise Refusal("bad_request", said, fields={"to": said})
    name = routing.candidate(tx, author).name
    for conversation in held:
        assert to is not None
        _move(tx, conversation, to, name)
    tx.run(SQL_ARCHIVE, {"id": queue, "at": tx.now})
    announce.queue(tx, queue)
    people.tell_rights(tx, *_concerned(tx, {bytes.fromhex(member) for member in before.members}))
    return len(held)


def restore(tx: Tx, queue: bytes) -> None:
    """An archived queue is there again, with those who served it. Refusals: not_found."""
    before = one(tx, queue)
    if before is None:
        raise Refusal("not_found", f"no queue {queue.hex()}; pick another from the list")
    tx.run(SQL_ARCHIVE, {"id": queue, "at": None})
    announce.queue(tx, queue)
    people.tell_rights(tx, *_concerned(tx, {bytes.fromhex(member) for member in before.members}))


def change(tx: Tx, operator: bytes, role: str, capacity: int | None, queues: list[bytes]) -> None:
    """An operator's role, limit and queues. Refusals: not_found, no_change (the last admin)."""
    for queue in queues:
        routing.queue_name(tx, queue)
    people.change(tx, operator, role, capacity)
    if role != "admin":
        links.withdraw_made(tx, operator)
    were = {row[0] for row in tx.all(SQL_QUEUES_OF, {"operator": operator})}
    kept = {queue for queue in were if routing.is_archived(tx, queue)}
    left = were - set(queues) - kept
    _serve(tx, [(queue, operator) for queue in queues], [(queue, operator) for queue in left])
    _hand_back(tx, operator)
    announce.member(tx, operator)
    announce.team(tx, operator)
    announce.queue(tx, *sorted(were ^ set(queues)))
    people.tell_rights(tx, operator)


def join(tx: Tx, invited: links.Used, login: str, name: str, password_hash: str) -> bytes:
    """Whoever used an invitation becomes an operator. Refusals: no_change (the login is taken)."""
    who = people.hire(
        tx, login=login, name=name, password_hash=password_hash, role=invited.role, capacity=invited.capacity
    )
    there = [queue for queue in invited.queues if one(tx, queue)]
    _serve(tx, [(queue, who) for queue in there], [])
    announce.queue(tx, *there)
    announce.team(tx, who)
    announce.member(tx, who)
    return who


def of_all(read: Read, only: bytes | None = None) -> list[QueueRow]:
    """Queues (or one of them) with who serves them and which sites wait in them."""
    members: dict[bytes, list[str]] = {}
    for queue, operator in read.all(SQL_MEMBERS, {"only": only}):
        members.setdefault(queue, []).append(id_hex(operator))
    sites: dict[bytes, list[str]] = {}
    for queue, site in read.all(SQL_SITES):
        sites.setdefault(queue, []).append(site)
    return [
        QueueRow(
            id=id_hex(queue), name=name, archived=millis(at) if at else None, sites=sites.get(queue, []), members=members.get(queue, [])
        )
        for queue, name, at in read.all(SQL_QUEUES, {"only": only})
    ]  # fmt: skip


def one(read: Read, queue: bytes) -> QueueRow | None:
    """A queue as it is now."""
    return next(iter(of_all(read, queue)), None)


def everybody(read: Read, only: bytes | None = None) -> list[MemberRow]:
    """Operators (or one of them) as admins see them, active or not."""
    return [
        MemberRow(
            id=id_hex(who), login=login, name=name, role=role, limit=limit, active=bool(active), joined=millis(joined)
        )
        for who, login, name, role, limit, active, joined in read.all(SQL_MEMBERS_LIST, {"only": only})
    ]  # fmt: skip


def _demand_free(read: Read, name: str) -> None:
    row = read.one(SQL_NAMED, {"name": name})
    if row is not None:
        words = (
            "an archived queue has this name; bring it back, or choose another"
            if row[1]
            else "there is a queue of this name"
        )
        raise Refusal("taken", f"name: {words}", fields={"name": words})


def _serve(tx: Tx, joins: list[tuple[bytes, bytes]], leaves: list[tuple[bytes, bytes]]) -> None:
    """Write down who serves what from now on; what leavers had in hand there waits again."""
    for queue, operator in joins:
        tx.run(SQL_JOIN, {"queue": queue, "operator": operator})
    for queue, operator in leaves:
        tx.run(SQL_LEAVE, {"queue": queue, "operator": operator})
    for operator in dict.fromkeys(operator for _, operator in leaves):
        _hand_back(tx, operator)
    announce.team(tx, *dict.fromkeys(operator for _, operator in (*joins, *leaves)))


def _hand_back(tx: Tx, operator: bytes) -> None:
    if people.one(tx, operator).role != "admin":
        people.hand_back(tx, operator, keeps=lambda queue: routing.serves(tx, operator, queue))
        announce.team(tx, operator)


def _concerned(read: Read, members: set[bytes]) -> list[bytes]:
    """Members, and the admins, who see every queue."""
    admins = {who.id for who in people.every(read) if who.role == "admin" and who.active}
    return sorted(members | admins)


def _move(tx: Tx, conversation: bytes, to: bytes, who: str) -> None:
    talk = thread.get(tx, conversation)
    routing.move(tx, talk, to)
    announce.conversation(tx, conversation, left_queue=talk.queue, on_record=True)
    said = Utterance(
        author="system", kind="system", text=f"transferred:{routing.queue_name(tx, to)}", name=who
    )
    announce.message(tx, said, thread.append(tx, conversation, None, said))
    announce.conversation(tx, conversation)
    announce.team(tx, talk.operator)
