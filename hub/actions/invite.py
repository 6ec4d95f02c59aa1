"""Inviting a visitor to talk, and what became of it."""

from typing import Literal

import msgspec

from hub.conversations import faces, routing, thread, view
from hub.store import Read, Tx
from hub.visits import invitations, tokens, track
from hub.visits.invitations import Invitation
from hub.wire import Refusal, id_hex
from hub.wire.visitor import Fate, Invited, Person


class Met(msgspec.Struct, frozen=True):
    """For the board: what became of the last invitation to this visitor."""

    visitor: bytes
    fate: str


def invite(tx: Tx, operator: bytes, visitor: bytes, text: str) -> None:
    """Offer a visitor to talk; the caller has made sure that they are here. The same offer twice is one.

    Refusals: not_found (no longer here), no_change (blocked, talking already, invited, or declined).
    """
    visit = track.current(tx, visitor)
    if visit is None:
        raise Refusal("not_found", "this visitor has left; there is nobody to invite")
    if tokens.blocked(tx, visitor):
        raise Refusal("no_change", "this visitor is blocked; unblock them first")
    if thread.open_of(tx, visitor) is not None:
        raise Refusal("no_change", "this visitor is talking already; answer there")
    offer = invitations.offer(tx, visitor=visitor, visit=visit.id, operator=operator, text=text)
    tx.publish(f"visitor:{id_hex(visitor)}", invited(tx, offer))
    tx.publish("board", Met(visitor, "offered"))


def answer(tx: Tx, visitor: bytes, invitation: bytes, fate: invitations.Fate) -> None:
    """What the visitor did with it; said twice is said once."""
    if invitations.meet(tx, invitation, visitor, fate):
        tell(tx, visitor, invitation, fate)


def expire(tx: Tx) -> None:
    """End invitations that nobody answered in time."""
    for visitor, invitation in invitations.expire(tx):
        tell(tx, visitor, invitation, "expired")


def tell(
    tx: Tx, visitor: bytes, invitation: bytes, fate: Literal["shown", "accepted", "declined", "expired"]
) -> None:
    """What became of an invitation, to consoles and to all tabs of its visitor."""
    tx.publish("board", Met(visitor, fate))
    if fate != "shown":
        tx.publish(f"visitor:{id_hex(visitor)}", Fate(invitation=id_hex(invitation), fate=fate))


def invited(read: Read, offer: Invitation) -> Invited:
    """An invitation as its visitor sees it."""
    who = routing.candidate(read, offer.operator)
    return Invited(
        invitation=id_hex(offer.id),
        text=offer.text,
        operator=Person(
            name=who.name, initials=view.initials(who.name), picture=faces.address(read, offer.operator)
        ),
    )
