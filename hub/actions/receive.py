"""Receive: one touchpoint's walk through the hub, from a channel's report to everybody who must know.

    accept (seen before? stop) → resolve the customer → thread the message, if it carries one → announce → commit

Everything a channel reports comes this way, the first message of a web chat like a mail or a stranger's bell. The caller
acknowledges only when `store.write` has returned, which is after the commit.
"""

from collections.abc import Sequence

import msgspec

from hub import documents, identity, intake
from hub.actions import announce, reported, route
from hub.contract import Group, Put, Touchpoint, kind_of
from hub.conversations import routing, thread
from hub.conversations.thread import SOCKET, Conversation, Leg, Stored, Utterance
from hub.media import NOTHING, Came
from hub.store import Tx
from hub.visits import tokens
from hub.wire import Refusal

__all__ = ["SOCKET", "Received", "receive", "set_aside"]


class Received(msgspec.Struct, frozen=True):
    """What became of a touchpoint. `fresh` is False when it had arrived before; then nothing was done.

    `ignored` names the claims that identify nobody, one sentence each; the touchpoint keeps them as they were reported.
    """

    touch: bytes
    customer: bytes
    fresh: bool
    message: Stored | None = None
    ignored: tuple[str, ...] = ()
    used: bool = False
    """What came besides the words is part of a message now; else it is the caller's to delete."""


def receive(
    tx: Tx,
    connection: str,
    touchpoint: Touchpoint,
    puts: Sequence[Put] = (),
    *,
    subjects: bool = False,
    came: Came = NOTHING,
) -> Received:
    """Accept one touchpoint of a connection, with the documents that belong to it. `subjects`: its messages are letters, so that one
    that follows none begins a conversation. `came`: what the message carries besides its words, on disk already.

    Raises ValueError for a touchpoint that cannot be accepted, naming the field; `Refusal` blocked for a visitor whose
    browser an operator has blocked.
    """
    region, held = routing.reading_of(tx, touchpoint.site)
    accepted = intake.accept(tx, connection, touchpoint, region=region, held=held)
    documents.put(tx, connection, puts)
    if not accepted.fresh:
        return Received(accepted.touch_id, identity.resolve(tx, accepted.touch_id), fresh=False)
    resolved = identity.resolve_touch(tx, accepted)
    announce.records(tx, resolved.events, named=_says_who(accepted))
    if connection.startswith(SOCKET):
        stored = _message(tx, connection, touchpoint, accepted.touch_id)
    else:
        intake.asides.arrived(tx, connection, touchpoint.key)
        stored = reported.message(tx, touchpoint, accepted, resolved.customer, letters=subjects, came=came)
    announce.touch(tx, resolved.customer, accepted.touch_id)
    return Received(
        accepted.touch_id,
        resolved.customer,
        fresh=True,
        message=stored,
        ignored=accepted.ignored,
        used=stored is not None and stored.fresh,
    )


def set_aside(tx: Tx, connection: str, key: str, raw: bytes, why: str, puts: Sequence[Put] = ()) -> None:
    """Keep what a connection could not read, with the documents that belong to it. Raises ValueError for a key that is none."""
    intake.asides.put(tx, connection, key, raw, why)
    documents.put(tx, connection, puts)


def _says_who(accepted: intake.Accepted) -> bool:
    """Whether it brings anything that a customer is shown by; a bare visit of a browser does not."""
    return bool(accepted.attributes) or any(
        kind_of(c.kind).group is not Group.BROWSER for c in accepted.claims
    )


def _message(tx: Tx, connection: str, touchpoint: Touchpoint, anchor: bytes) -> Stored | None:
    said = touchpoint.message
    if said is None:
        return None
    talk, leg, routed = _thread(tx, connection, touchpoint, anchor)
    utterance = Utterance(
        author="visitor", text=said.text, kind=said.kind, client_id=said.client_id, data=said.data
    )
    stored = thread.append(tx, talk.id, leg.id, utterance, shown_on=leg.shown_on)
    if stored.fresh:
        announce.message(tx, utterance, stored, leg, talk.visitor)
        announce.conversation(tx, talk.id)
        if not connection.startswith(SOCKET):  # a mail in somebody's hands weighs again
            announce.team(tx, talk.operator)
    if routed is not None:
        route.carry_out(tx, routed, talk, leg, touchpoint)
    return stored


def _thread(
    tx: Tx, connection: str, touchpoint: Touchpoint, anchor: bytes
) -> tuple[Conversation, Leg, route.Routed | None]:
    """The open conversation of this browser, or a new one that waits where the rules, or else its site, would have it."""
    counterpart = touchpoint.thread or touchpoint.key
    visitor = bytes.fromhex(counterpart)
    if tokens.blocked(tx, visitor):
        raise Refusal("blocked", "this site does not take messages from this browser")
    leg = thread.leg_of_thread(tx, connection, counterpart)
    if leg is not None and (talk := thread.get(tx, leg.conversation)).status != "closed":
        return talk, leg, None
    routed = route.of(tx, connection, touchpoint, anchor, visitor)
    begun = thread.begin(
        tx,
        anchor=anchor,
        queue=routed.queue,
        priority=routed.priority,
        site=touchpoint.site or "",
        channel=touchpoint.channel,
        connection=connection,
        thread=counterpart,
        visitor=visitor,
    )
    announce.opened(tx, begun[0].id)
    return *begun, routed
