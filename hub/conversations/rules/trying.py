"""Rules on past conversations: what they would have done, beside what was done. Nothing is written.

What a rule would see is put together from the rows: the first words, the addresses, the customer as of then. Where a conversation went
afterwards is what people did with it, so a rule that agrees with them saves them the work, and one that differs is worth a look.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from hub import identity
from hub.conversations import canned, rules, tags
from hub.conversations.rules.gathering import Arriving, addresses, gather, recipients
from hub.conversations.view import PRIORITIES
from hub.store import Read
from hub.wire import hex_id, id_hex, millis
from hub.wire.routing import Rule, Trial, Tried, TriedRule

SLICE = 20
"""Conversations that are looked at in one read, so that nobody else's reads wait for long."""
SHOWN = 100
"""Conversations that are told one by one: those that some rule matched, the differing ones first."""
EXCERPT = 160

SQL_LAST = """
SELECT c.id, c.anchor, c.queue, q.name, c.channel, c.site, c.visitor, c.opened_at, c.priority, c.outcome
FROM conversation c JOIN queue q ON q.id = c.queue
WHERE (c.opened_at, c.id) < (:at, :id) ORDER BY c.opened_at DESC, c.id DESC LIMIT :most"""
SQL_FIRST = """
SELECT m.text, m.data, l.connection, t.claims FROM message m JOIN leg l ON l.id = m.leg
LEFT JOIN touchpoint t ON t.id = :anchor
WHERE m.conversation = :conversation AND m.author = 'visitor' ORDER BY m.seq LIMIT 1"""
SQL_QUEUE_NAMES = "SELECT id, name FROM queue"


class Past(msgspec.Struct, frozen=True):
    """A conversation, and what became of it."""

    id: bytes
    anchor: bytes
    queue: bytes
    queue_name: str
    channel: str
    site: str
    visitor: bytes | None
    opened_at: int
    priority: int
    outcome: str | None


class Course:
    """A trial under way: slice after slice, each in a read of its own."""

    def __init__(self, written: Sequence[Rule], last: int) -> None:
        # Those that are switched off, too: to be tried is what they are switched off for.
        self._rules = rules.compiled(written)
        self._needs = rules.needs(self._rules)
        self._left = last
        self._before = (2**62, b"\xff" * 16)
        self._counts = {one.rule.id: [0, 0] for one in self._rules}
        self._tried: list[Tried] = []
        self._looked, self._since = 0, 0

    def step(self, read: Read) -> bool:
        """Look at some more; whether there may be any left."""
        at, last = self._before
        most = min(SLICE, self._left)
        found = [Past(*row) for row in read.all(SQL_LAST, {"at": at, "id": last, "most": most})]
        names = dict(read.all(SQL_QUEUE_NAMES))
        for one in found:
            self._look(read, one, names)
        self._left -= len(found)
        if found:
            self._before = (found[-1].opened_at, found[-1].id)
            self._since = found[-1].opened_at
        return len(found) == most and self._left > 0

    def result(self) -> Trial:
        """What was seen so far."""
        shown = sorted(self._tried, key=lambda one: (not one.differs, -one.at))[:SHOWN]
        counted = [
            TriedRule(rule=rule, matched=matched, differing=differing)
            for rule, (matched, differing) in self._counts.items()
        ]
        since = millis(self._since) if self._looked else None
        return Trial(looked_at=self._looked, since=since, rules=counted, tried=shown)

    def _look(self, read: Read, past: Past, names: dict[bytes, str]) -> None:
        said = _said(read, past)
        if said is None:  # nobody but us has said anything in it
            return
        self._looked += 1
        decision = rules.decide(gather(read, said, self._needs), self._rules)
        if not decision.matched:
            return
        tried = _tried(read, past, said, decision, names)
        self._tried.append(tried)
        for step in decision.matched:
            count = self._counts[step.rule.id]
            count[0] += 1
            count[1] += tried.differs


def _said(read: Read, past: Past) -> Arriving | None:
    row = read.one(SQL_FIRST, {"conversation": past.id, "anchor": past.anchor})
    if row is None:
        return None
    text, packed, connection, claims = row
    data = msgspec.json.decode(packed, type=dict[str, Any])
    told = data.get("mail")
    mail: dict[str, Any] = told if isinstance(told, dict) else {}
    claimed = [(str(one.get("kind")), str(one.get("value"))) for one in msgspec.json.decode(claims or "[]")]
    return Arriving(
        connection=connection.removeprefix("site:"),
        channel=past.channel,
        site=past.site,
        anchor=past.anchor,
        at=past.opened_at,
        visitor=past.visitor,
        subject=str(mail.get("subject") or ""),
        text=text,
        to=recipients(None, data),
        sender=addresses(claimed, data),
        automatic=bool(mail.get("automatic")),
        conversation=past.id,
    )


def _tried(
    read: Read, past: Past, said: Arriving, decision: rules.Decision, names: dict[bytes, str]
) -> Tried:
    then = decision.then
    queue = names.get(hex_id(then.queue), "") if then.queue else ""
    reply = canned.one(read, hex_id(then.answer)) if then.answer else None
    own = tags.of(read, past.id)
    new = [tag for tag in then.tags if tag not in own]
    was = PRIORITIES[past.priority]
    moved = bool(queue) and queue != past.queue_name
    ended = then.close is not None and then.close != past.outcome
    return Tried(
        conversation=id_hex(past.id),
        name=identity.header(read, past.anchor).name,
        at=millis(past.opened_at),
        words=(said.subject or said.text)[:EXCERPT],
        rules=[step.rule.id for step in decision.matched],
        queue=queue,
        queue_was=past.queue_name,
        priority=then.priority or "normal",
        priority_was=was,
        tags=new,
        answer=f"/{reply.shortcut}" if reply else "",
        close=then.close,
        close_was=past.outcome,  # type: ignore[arg-type]
        differs=moved or bool(new) or ended or (then.priority or "normal") != was,
    )
