"""Cases: conversations of one customer that are about one thing, bound together and let go again.

People write on about a matter by another way and under another subject. Whoever serves them sees one thread; underneath, every
conversation keeps its rows, so that a bond which was wrong is taken away without a trace in what was said. A case is known by
the conversation that began it, its *head*. Those joined are in the same hands as the head, and go where it goes (`follow`); one that
is closed stays closed, and only its queue is the case's.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from hub import identity
from hub.conversations import following, thread
from hub.conversations.following import Spoken, Weighed
from hub.conversations.thread import Conversation
from hub.store import Read, Tx
from hub.wire import Refusal

MOST = 50
"""Conversations of one case."""
PROPOSED = 5
"""Open matters of a customer that something new is weighed against, the latest first."""
HEARD = 12
"""Messages of a matter that are read to know what it is about: the first, and the latest."""
LIKELY = 0.5

_HANDS = "queue, operator, status, outcome, closed_at"
SQL_HEAD = "SELECT head FROM case_member WHERE conversation = :conversation"
SQL_MEMBERS = (
    "SELECT conversation FROM case_member WHERE head = :head ORDER BY joined_at, conversation LIMIT 200"
)
SQL_HANDS = f"SELECT {_HANDS} FROM conversation WHERE id = :conversation"
SQL_SET_HANDS = """
UPDATE conversation SET queue = :queue, operator = :operator, status = :status, outcome = :outcome, closed_at = :closed_at
WHERE id = :conversation"""
# What is closed owes nothing, and an alarm begins when one begins to wait.
SQL_FOLLOWED = """
UPDATE conversation SET waiting_since = CASE WHEN status = 'closed' THEN NULL ELSE waiting_since END,
alarm = CASE WHEN status = 'waiting' THEN 0 ELSE alarm END,
alarm_at = CASE WHEN status = 'waiting' THEN :now ELSE alarm_at END,
seen_by = CASE WHEN status = 'waiting' THEN NULL ELSE seen_by END,
seen_at = CASE WHEN status = 'waiting' THEN NULL ELSE seen_at END,
told_at = CASE WHEN status = 'waiting' THEN NULL ELSE told_at END WHERE id = :conversation"""
SQL_ANSWERED = "UPDATE conversation SET waiting_since = NULL WHERE id = :conversation"
SQL_OWED = "SELECT waiting_since FROM conversation WHERE id = :conversation AND status <> 'closed'"
SQL_OWES = """
UPDATE case_member SET before = json_set(before, '$.' || :whose, coalesce(json_extract(before, '$.' || :whose), :since))
WHERE conversation = :conversation"""
SQL_OWES_AGAIN = """
UPDATE conversation SET waiting_since = :since WHERE id = :conversation AND waiting_since IS NULL AND status <> 'closed'"""
SQL_REPLIED = """
SELECT 1 FROM message WHERE conversation = :conversation AND author = 'operator' AND audience = 'all' AND at >= :since LIMIT 1"""
SQL_JOIN = """
INSERT INTO case_member (conversation, head, joined_at, before, after) VALUES (:conversation, :head, :now, :before, :after)"""
SQL_MOVE = "UPDATE case_member SET head = :head WHERE head = :old"
SQL_MOVE_ONE = "UPDATE case_member SET head = :head WHERE conversation = :conversation"
SQL_AFTER = "UPDATE case_member SET after = :after WHERE conversation = :conversation AND after = '{}'"
SQL_ANCHOR = "SELECT anchor FROM conversation WHERE id = :conversation"
SQL_JOINED_OF_CUSTOMER = """
SELECT k.conversation, k.head FROM evidence e CROSS JOIN touchpoint t ON t.evidence = e.key
CROSS JOIN conversation c ON c.anchor = t.id JOIN case_member k ON k.conversation = c.id OR k.head = c.id
WHERE e.customer = :customer AND e.talked IS NOT NULL LIMIT 500"""
SQL_LEAVE = "DELETE FROM case_member WHERE conversation = :conversation RETURNING head, before, after"
SQL_STEP = """
INSERT INTO case_step (at, op, conversation, head, operator, reasons)
VALUES (:now, :op, :conversation, :head, :operator, :reasons)"""
SQL_STEPS = """
SELECT s.op, s.at, s.conversation, s.head, s.operator, coalesce(o.name, ''), s.reasons FROM case_step s
LEFT JOIN operator o ON o.id = s.operator
WHERE s.conversation = :conversation
OR (s.head = :conversation AND s.op = 'joined' AND s.conversation IN (SELECT conversation FROM case_member WHERE head = :conversation))
ORDER BY s.n DESC LIMIT 100"""
SQL_DECLINED = (
    "SELECT op FROM case_step WHERE conversation = :conversation AND head = :head ORDER BY n DESC LIMIT 1"
)
SQL_NAMES = """
SELECT 1 FROM message_ref f JOIN message_ref r ON r.connection = f.connection AND r.ref = f.ref AND r.own
WHERE f.conversation = :conversation AND NOT f.own AND r.conversation = :head LIMIT 1"""
SQL_FIRST_AND_LAST = """
SELECT text, author, at, data, kind FROM (
  SELECT * FROM (SELECT seq, text, author, at, data, kind FROM message WHERE conversation = :conversation
    AND audience = 'all' AND kind <> 'system' ORDER BY seq LIMIT 2)
  UNION SELECT * FROM (SELECT seq, text, author, at, data, kind FROM message WHERE conversation = :conversation
    AND audience = 'all' AND kind <> 'system' ORDER BY seq DESC LIMIT :most)) ORDER BY seq"""
SQL_OTHER_VISITOR = """
SELECT 1 FROM conversation c JOIN conversation o ON o.visitor = c.visitor AND o.id <> c.id AND o.status <> 'closed'
WHERE c.id = :conversation"""

Op = Literal["joined", "split", "declined"]


class Step(msgspec.Struct, frozen=True):
    """One step of a conversation's history: what happened, when (UTC microseconds), by whom (None: the hub), and what spoke for it."""

    op: Op
    at: int
    conversation: bytes
    head: bytes
    operator: bytes | None
    name: str
    reasons: list[dict[str, Any]]


class Proposal(msgspec.Struct, frozen=True):
    """An open matter of the same customer that a conversation may belong to."""

    head: bytes
    weighed: Weighed


def head_of(read: Read, conversation: bytes) -> bytes:
    """The conversation that began the case this one belongs to: itself, when nobody has joined it to another."""
    row = read.one(SQL_HEAD, {"conversation": conversation})
    return conversation if row is None else bytes(row[0])


def together(read: Read, conversation: bytes) -> list[bytes]:
    """All conversations of its case, the head first."""
    head = head_of(read, conversation)
    return [head, *(row[0] for row in read.all(SQL_MEMBERS, {"head": head}))]


def steps(read: Read, conversation: bytes) -> list[Step]:
    """What was decided about this conversation, and why others were joined to it, the latest first."""
    return [
        Step(op, at, one, head, operator, name, json.loads(reasons))
        for op, at, one, head, operator, name, reasons in read.all(SQL_STEPS, {"conversation": conversation})
    ]


def weigh(read: Read, conversation: bytes, matters: Sequence[bytes]) -> list[Proposal]:
    """Which of these open matters it may belong to, the likeliest first; those somebody said no to are left out."""
    said = _spoken(read, conversation, first=True)
    if said is None:
        return []
    found = []
    for head in [m for m in matters if not _declined(read, conversation, m)][:PROPOSED]:
        matter = _spoken(read, head, first=False)
        if matter is not None:
            names = read.one(SQL_NAMES, {"conversation": conversation, "head": head}) is not None
            found.append(Proposal(head, following.weigh(msgspec.structs.replace(said, names=names), matter)))
    return sorted(found, key=lambda one: (-one.weighed.probability, one.head))


def join(
    tx: Tx,
    talk: Conversation,
    into: bytes,
    operator: bytes | None,
    reasons: Sequence[object] = (),
    *,
    bring: bool = False,
) -> list[Conversation]:
    """Bind a conversation, with those joined to it, to the case of `into`. Returns those that came into other hands, as they were.

    `bring`: whoever serves it takes the case over, which waits. Whether both are one customer's is asked by whoever calls.
    Refusals: no_change (together already), bad_request (a case has `MOST`).
    """
    head, own = head_of(tx, into), together(tx, talk.id)
    if head in own:
        raise Refusal("no_change", "these conversations are one case already")
    if own[0] != talk.id:
        raise Refusal("no_change", "this conversation belongs to another case; take it out of that one first")
    case = together(tx, head)
    if len(own) + len(case) > MOST:
        raise Refusal(
            "bad_request", f"a case has at most {MOST} conversations; close this one and begin another"
        )
    before = _hands(tx, talk.id)
    before["brought"] = [one.hex() for one in own[1:]]
    changed: list[Conversation] = []
    if bring:
        before["head"] = _hands(tx, head)
        changed.append(thread.get(tx, head))
        served = {"operator": talk.operator.hex() if talk.operator else None, "status": "open"}
        tx.run(SQL_SET_HANDS, {"conversation": head, **_packed({**_hands(tx, head), **served})})
    tx.run(SQL_MOVE, {"old": talk.id, "head": head})
    row = {"conversation": talk.id, "head": head, "now": tx.now, "before": json.dumps(before), "after": "{}"}
    tx.run(SQL_JOIN, row)
    _step(tx, "joined", talk.id, head, operator, reasons)
    return changed + _into_hands_of(tx, head, [*own, *case])


def split(
    tx: Tx, conversation: bytes, operator: bytes | None, reasons: Sequence[object] = ()
) -> list[Conversation]:
    """Take a conversation out of its case, with those it brought along: the exact inverse of `join`.

    Each side comes back into the hands it was in, unless somebody has changed them since; and waits again for what only the other was
    answered. Returns those that came into other hands, as they were. Refusals: no_change, when nobody has joined it to anything.
    """
    row = tx.one(SQL_LEAVE, {"conversation": conversation})
    if row is None:
        raise Refusal("no_change", "this conversation was not joined to another")
    head, before, after = row[0], json.loads(row[1]), json.loads(row[2])
    brought = [bytes.fromhex(one) for one in before.pop("brought")]
    lent, owed, owed_head = (before.pop(name, None) for name in ("head", "owed", "owed_head"))
    still = [one for one in brought if head_of(tx, one) == head]
    for one in still:
        tx.run(SQL_MOVE_ONE, {"conversation": one, "head": conversation})
    _step(tx, "split", conversation, head, operator, reasons)
    were = [thread.get(tx, conversation), thread.get(tx, head)]
    if _hands(tx, conversation) == after and not _elsewhere(tx, conversation, before):
        tx.run(SQL_SET_HANDS, {"conversation": conversation, **_packed(before)})
    if lent is not None and _hands(tx, head) == after:
        tx.run(SQL_SET_HANDS, {"conversation": head, **_packed(lent)})
    _owe_again(tx, [conversation, *still], conversation, owed)
    _owe_again(tx, together(tx, head), head, owed_head)
    left = _into_hands_of(tx, head, together(tx, head))
    return [*were, *_into_hands_of(tx, conversation, [conversation, *still]), *left]


def answered(tx: Tx, conversation: bytes) -> list[bytes]:
    """The customer was answered here, and so in the whole case, whose other conversations owe nothing any longer. Returns those."""
    found = []
    case = together(tx, conversation)
    for one in case:
        row = tx.one(SQL_OWED, {"conversation": one})
        if one != conversation and row is not None and row[0] is not None:
            tx.run(SQL_ANSWERED, {"conversation": one})
            member, whose = (conversation, "owed_head") if one == case[0] else (one, "owed")
            tx.run(SQL_OWES, {"conversation": member, "whose": whose, "since": row[0]})
            found.append(one)
    return found


def outcome_of(read: Read, conversation: bytes) -> str | None:
    """How it ended; None where nobody said."""
    outcome: str | None = _hands(read, conversation)["outcome"]
    return outcome


def _owe_again(tx: Tx, side: Sequence[bytes], conversation: bytes, since: int | None) -> None:
    if since is None or any(tx.one(SQL_REPLIED, {"conversation": one, "since": since}) for one in side):
        return
    tx.run(SQL_OWES_AGAIN, {"conversation": conversation, "since": since})


def decline(tx: Tx, conversation: bytes, head: bytes, operator: bytes) -> None:
    """It is not about that: it is not proposed again."""
    _step(tx, "declined", conversation, head_of(tx, head), operator, ())


def customer_of(read: Read, conversation: bytes) -> bytes:
    """Whose it is today."""
    row = read.one(SQL_ANCHOR, {"conversation": conversation})
    if row is None:
        raise Refusal("not_found", f"no conversation {conversation.hex()}")
    return identity.resolve(read, row[0])


def keep_apart(tx: Tx, customers: Iterable[bytes]) -> list[Conversation]:
    """Records came apart: bonds between conversations that are not one customer's any more are taken away. Returns as `split`."""
    changed: list[Conversation] = []
    for customer in customers:
        for conversation, head in tx.all(SQL_JOINED_OF_CUSTOMER, {"customer": customer}):
            still = head_of(tx, conversation) == head != conversation
            if still and customer_of(tx, conversation) != customer_of(tx, head):
                changed += split(tx, conversation, None, [{"word": "two_customers"}])
    return changed


def follow(tx: Tx, before: Conversation) -> list[Conversation]:
    """A conversation came into other hands, was closed or reopened: so are those of its case. Returns those that changed, as they were.

    Reopened by its customer it is opened alone, into the hands of the case where that is open; by an operator, with all of it, unless a
    colleague has the rest in hand.
    """
    case = together(tx, before.id)
    if len(case) == 1:
        return []
    now = thread.get(tx, before.id)
    again = before.status == "closed" and now.status != "closed"
    others = [thread.get(tx, one) for one in case if one != now.id]
    held = next((one for one in others if one.status != "closed"), None) if again else None
    if held is not None and (held.operator is not None or now.operator is None):
        changed = _into_hands_of(tx, held.id, [now.id])
    else:
        changed = _into_hands_of(tx, now.id, case, again=again and now.operator is not None)
    for one in changed:
        tx.run(SQL_FOLLOWED, {"conversation": one.id, "now": tx.now})
    return changed


def _into_hands_of(
    tx: Tx, model: bytes, all_of: Sequence[bytes], *, again: bool = False
) -> list[Conversation]:
    """Give them the hands of `model`; remember what that made of the members. Returns those that changed, as they were.

    What is closed stays as it ended, unless it is opened `again`; only its queue is that of the case.
    """
    hands = _hands(tx, model)
    changed: list[Conversation] = []
    for one in all_of:
        was = becomes = _hands(tx, one)
        if one != model and was["status"] != "closed":
            becomes = hands
        elif one != model:
            opens = again and hands["status"] != "closed" and not _elsewhere(tx, one, hands)
            becomes = hands if opens else {**was, "queue": hands["queue"]}
        if becomes != was:
            changed.append(thread.get(tx, one))
            tx.run(SQL_SET_HANDS, {"conversation": one, **_packed(becomes)})
        tx.run(SQL_AFTER, {"conversation": one, "after": json.dumps(becomes)})
    return changed


def _elsewhere(read: Read, conversation: bytes, hands: dict[str, Any]) -> bool:
    """A browser has one open conversation: one that is closed stays closed while its visitor talks in another."""
    return (
        hands["status"] != "closed"
        and read.one(SQL_OTHER_VISITOR, {"conversation": conversation}) is not None
    )


def _hands(read: Read, conversation: bytes) -> dict[str, Any]:
    row = read.one(SQL_HANDS, {"conversation": conversation})
    assert row is not None, "a member of a case exists"
    queue, operator, status, outcome, closed_at = row
    return {
        "queue": queue.hex(),
        "operator": operator.hex() if operator else None,
        "status": status,
        "outcome": outcome,
        "closed_at": closed_at,
    }


def _packed(hands: dict[str, Any]) -> dict[str, Any]:
    operator = hands["operator"]
    return {
        **hands,
        "queue": bytes.fromhex(hands["queue"]),
        "operator": bytes.fromhex(operator) if operator else None,
    }


def _step(
    tx: Tx, op: Op, conversation: bytes, head: bytes, operator: bytes | None, reasons: Sequence[object]
) -> None:
    row = {"now": tx.now, "op": op, "conversation": conversation, "head": head}
    tx.run(SQL_STEP, {**row, "operator": operator, "reasons": msgspec.json.encode(list(reasons)).decode()})


def _declined(read: Read, conversation: bytes, head: bytes) -> bool:
    row = read.one(SQL_DECLINED, {"conversation": conversation, "head": head})
    return row is not None and row[0] in ("declined", "split")


def _spoken(read: Read, conversation: bytes, *, first: bool) -> Spoken | None:
    """What it is about: of something new its first words, of a matter its first and latest ones."""
    rows = read.all(SQL_FIRST_AND_LAST, {"conversation": conversation, "most": HEARD})
    if not rows:
        return None
    subject = next((s for row in rows if (s := _subject(row[3]))), "")
    if first:
        rows = [row for row in rows if row[1] == "visitor"][:2] or rows[:1]
    return Spoken(
        text="\n".join(row[0] for row in rows),
        subject=subject,
        at=rows[0][2] if first else rows[-1][2],
        ours_last=not first and rows[-1][1] == "operator",
    )


def _subject(data: str) -> str:
    mail = json.loads(data).get("mail") if "mail" in data else None
    return str(mail.get("subject", "")) if isinstance(mail, dict) else ""
