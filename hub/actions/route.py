"""Route: by the owner's rules, where a conversation that begins is to wait, and what else becomes of it.

In the transaction of its first message: `of` decides before it begins, `carry_out` does the rest when the message is stored. Where no rule
is switched on that costs one look-up; where some are, what they ask for. A rule that cannot be carried out any longer (its queue was
archived, its reply deleted) harms nobody: the conversation waits where it would without it, and says so.
"""

from typing import Literal

import msgspec

from hub import outbox
from hub.actions import announce
from hub.actions.automatic import may_answer
from hub.contract import Touchpoint
from hub.conversations import canned, routing, rules, tags, thread
from hub.conversations.rules import editions, gathering
from hub.conversations.rules.gathering import Arriving
from hub.conversations.thread import Conversation, Leg, Utterance
from hub.conversations.view import PRIORITIES
from hub.store import Read, Tx
from hub.wire import Refusal, hex_id
from hub.wire.routing import Then

OURS = "site:"
"""Connections of our own sockets: what is said on them is read by cursor, and does not leave by the outbox."""
NORMAL = PRIORITIES.index("normal")

Answered = Literal["", "sent", "automatic", "lately", "gone"]


class Routed(msgspec.Struct, frozen=True):
    """Where a conversation begins. `decision` None: no rules are in force."""

    queue: bytes
    priority: int = NORMAL
    edition: int = 0
    decision: rules.Decision | None = None


def of(
    read: Read, connection: str, touchpoint: Touchpoint, anchor: bytes, visitor: bytes | None = None
) -> Routed:
    """What the rules in force say of the message that a touchpoint carries."""
    usual = routing.queue_for(read, touchpoint.site)
    newest = editions.newest(read)
    in_force = rules.read(newest.text)
    if not in_force or touchpoint.message is None or touchpoint.message.ours:
        return Routed(usual)
    said = arriving(read, connection, touchpoint, anchor, visitor)
    decision = rules.decide(gathering.gather(read, said, rules.needs(in_force)), in_force)
    then = decision.then
    queue = hex_id(then.queue) if then.queue else usual
    return Routed(
        queue=usual if routing.is_archived(read, queue) else queue,
        priority=PRIORITIES.index(then.priority) if then.priority else NORMAL,
        edition=newest.n,
        decision=decision,
    )


def arriving(
    read: Read, connection: str, touchpoint: Touchpoint, anchor: bytes, visitor: bytes | None
) -> Arriving:
    """What the rules may ask of a touchpoint's message."""
    said = touchpoint.message
    assert said is not None, "only messages begin conversations"
    return Arriving(
        connection=connection.removeprefix(OURS),
        channel=touchpoint.channel,
        site=touchpoint.site or "",
        anchor=anchor,
        at=read.now,
        visitor=visitor,
        subject=said.subject,
        text=said.text,
        to=gathering.recipients(said, said.data),
        sender=gathering.addresses([(one.kind, one.value) for one in touchpoint.claims], said.data),
        automatic=bool(said.automatic),
    )


def carry_out(tx: Tx, routed: Routed, talk: Conversation, leg: Leg, touchpoint: Touchpoint) -> None:
    """Tags, the answer, the end, and why: after the first message of a conversation is stored and announced."""
    if routed.decision is None:
        return
    then, matched = routed.decision.then, routed.decision.matched
    answered: Answered = ""
    if matched:
        _line(tx, talk, ", ".join(step.rule.name for step in matched))
        answered = _answer(tx, then, talk, leg, touchpoint)
        _tag(tx, talk, then.tags)
        if (
            then.close and thread.get(tx, talk.id).status != "closed"
        ):  # what machines write is closed as it comes
            routing.close(tx, talk, then.close)
            announce.closed(tx, talk.id, then.close)
    editions.decided(tx, talk.id, routed.edition, routed.decision, talk.queue, answered=answered)
    if matched:
        announce.conversation(tx, talk.id, on_record=bool(then.close))


def _answer(tx: Tx, then: Then, talk: Conversation, leg: Leg, touchpoint: Touchpoint) -> Answered:
    if then.answer is None:
        return ""
    reply = canned.one(tx, hex_id(then.answer))
    text = canned.by_itself(reply.text) if reply is not None and reply.owner is None else None
    if text is None:
        return "gone"
    said = touchpoint.message
    assert said is not None, "only messages begin conversations"
    if said.automatic:
        return "automatic"
    # Counted by where it goes, not by who the message says it is from.
    if not may_answer(tx, leg.connection, leg.thread, automatic=said.automatic):
        return "lately"
    leaves = not leg.connection.startswith(OURS)
    spoken = Utterance(author="bot", text=text, leaves=leaves, automatic=True)
    stored = thread.append(tx, talk.id, leg.id, spoken, shown_on=leg.shown_on)
    if leaves:
        outbox.enqueue(tx, connection=leg.connection, leg=leg.id, message=stored.id)
    announce.message(tx, spoken, stored, leg, talk.visitor)
    return "sent"


def _tag(tx: Tx, talk: Conversation, wanted: list[str]) -> None:
    try:
        tags.change(tx, talk.id, wanted, ())
    except Refusal:  # more than a conversation may have: those of its operators stand before those of a rule
        return


def _line(tx: Tx, talk: Conversation, names: str) -> None:
    """For operators: which rules had a hand in it. They may ask for the whole reason."""
    said = Utterance(author="system", kind="system", text=f"routed:{names}"[:500])
    announce.message(tx, said, thread.append(tx, talk.id, None, said))
