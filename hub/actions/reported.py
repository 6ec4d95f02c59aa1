"""What a channel reports that somebody said: into which conversation it goes, and what that does to it.

    a person's message      waits for an answer; a closed conversation that it surely belongs to is opened again
    automatic               stands where it belongs; nobody waits, nothing is opened again, and a new one is filed as closed
    ours, said elsewhere    an answer: it ends the waiting, and never leaves again

A channel without subjects goes on in the open conversation with the same address; letters follow what they say they answer
(`conversations/naming.py`), else they begin a conversation.
"""

from typing import Any

import msgspec

from hub import intake
from hub.actions import announce, carried, cases, route
from hub.contract import IncomingMessage, Level, Touchpoint
from hub.conversations import legs, naming, routing, thread
from hub.conversations.naming import Place, Sender
from hub.conversations.thread import Conversation, Leg, Stored, Utterance
from hub.intake import Accepted
from hub.media import Came
from hub.store import Tx
from hub.wire import millis

OURS = frozenset(("attachments", "push", "mentions", "transfer", "mail"))
"""What the hub itself keeps of a message: a channel that says it is not heard, for a file's id is a key to the file."""


def message(
    tx: Tx, touchpoint: Touchpoint, accepted: Accepted, customer: bytes, *, letters: bool, came: Came
) -> Stored | None:
    """Put the message of an accepted touchpoint where it belongs, with what `came` besides its words.

    None: it carries none, or it is the copy of one that is here.
    """
    said = touchpoint.message
    connection = accepted.connection
    if said is None or (said.ours and naming.known(tx, connection, said.refs, said.client_id)):
        return None
    sender = _sender(touchpoint, accepted, customer, letters=letters and not said.ours)
    place = _place(tx, sender, said, letters=letters)
    talk, leg, routed = _conversation(tx, touchpoint, accepted, sender, place)
    new = routed is not None
    quiet = bool(said.automatic) and not said.ours
    if talk.status == "closed" and not new and not quiet and not said.ours:
        routing.reopen(tx, talk, None)
        announce.opened(tx, talk.id, again=True)
        cases.follow(tx, talk)
    if said.client_id and (before := thread.sent(tx, talk.id, said.client_id, _author(said))):
        return before
    brought = carried.bring(tx, connection, talk.id, came)
    utterance = Utterance(
        author=_author(said),
        name=said.author if said.ours else "",
        text=said.text,
        kind=said.kind,
        client_id=said.client_id,
        automatic=quiet,
        data=_data(touchpoint, accepted, place, brought, naming.subject_of(tx, place.talk)),
    )
    stored = thread.append(tx, talk.id, leg.id, utterance, known_new=True, shown_on=leg.shown_on)
    carried.keep(tx, talk.id, stored.id, came.html, said.quoted, brought)
    naming.note(tx, connection, talk.id, stored.id, said.refs, said.follows)
    announce.message(tx, utterance, stored, leg, talk.visitor)
    if said.ours:
        cases.answered(tx, talk.id)
    if (quiet and new) or said.ours:
        _nobody_waits(tx, talk.id)
    announce.conversation(tx, talk.id, on_record=talk.status == "closed")
    if routed is not None:
        route.carry_out(tx, routed, talk, leg, touchpoint)
    return stored


def _sender(touchpoint: Touchpoint, accepted: Accepted, customer: bytes, *, letters: bool) -> Sender:
    """Who it is from. A letter comes from wherever it says; what a messenger's server or our own folder of sent ones says is so."""
    address = touchpoint.thread or touchpoint.key
    claimed = [
        claim for claim in accepted.claims if intake.normalise.identifier(claim.kind, address) == claim.value
    ]
    return Sender(
        channel=touchpoint.channel,
        connection=accepted.connection,
        address=address,
        customer=customer,
        said=bool(claimed) or not letters,
        theirs=any(claim.status == "links" for claim in claimed),
        proven=any(claim.level is not Level.ASSERTED for claim in claimed or accepted.claims) or not letters,
    )


def _place(tx: Tx, sender: Sender, said: IncomingMessage, *, letters: bool) -> Place:
    found = naming.place(tx, sender, said.refs, said.follows, said.answers)
    if found.talk is not None:
        return found if found.talk.status != "closed" else _open_instead(tx, sender, found)
    if letters:
        return found
    leg = thread.leg_of_thread(tx, sender.connection, sender.address)
    talk = thread.get(tx, leg.conversation) if leg else None
    return msgspec.structs.replace(found, talk=talk) if talk and talk.status != "closed" else found


def _open_instead(tx: Tx, sender: Sender, found: Place) -> Place:
    """A browser has one conversation that is open: with another one open, what answers the closed one goes there, or begins anew."""
    assert found.talk is not None
    other = thread.open_of(tx, found.talk.visitor) if found.talk.visitor else None
    if other is None:
        return found
    return msgspec.structs.replace(found, talk=other if naming.took_part(tx, other, sender) else None)


def _conversation(
    tx: Tx, touchpoint: Touchpoint, accepted: Accepted, sender: Sender, place: Place
) -> tuple[Conversation, Leg, route.Routed | None]:
    """The conversation, its leg with this sender, and for a new one where the rules would have it."""
    channel, connection, address = sender.channel, sender.connection, sender.address
    if place.talk is not None:
        return place.talk, legs.join(tx, place.talk.id, channel, connection, address), None
    said = touchpoint.message
    routed = route.of(tx, connection, touchpoint, accepted.touch_id)
    talk, leg = thread.begin(
        tx,
        anchor=accepted.touch_id,
        queue=routed.queue,
        priority=routed.priority,
        site=touchpoint.site or "",
        channel=channel,
        connection=connection,
        thread=address,
        visitor=None,
        subject=naming.subject(said.subject) if said else "",
    )
    announce.opened(tx, talk.id)
    return talk, leg, routed


def _nobody_waits(tx: Tx, conversation: bytes) -> None:
    """It was answered elsewhere, or needs no answer: nobody's turn, until the customer writes again."""
    talk = thread.get(tx, conversation)
    if talk.status == "waiting":
        routing.close(tx, talk, None)
        announce.closed(tx, talk.id)


def _author(said: IncomingMessage) -> thread.Author:
    return "operator" if said.ours else "visitor"


def _data(
    touchpoint: Touchpoint, accepted: Accepted, place: Place, brought: carried.Brought, before: str
) -> dict[str, Any]:
    """What the message keeps besides its text. `before`: the subject its conversation has already."""
    said = touchpoint.message
    assert said is not None
    data = {name: value for name, value in said.data.items() if name not in OURS}
    subject = naming.subject(said.subject) if said.subject else ""
    mail = {
        "subject": "" if subject == before else subject,
        "to": list(said.to[:20]),
        "quoted": bool(said.quoted),
        "automatic": said.automatic,
        "ours": said.ours,
        "proof": _proof(touchpoint, accepted),
        "strange": place.strange,
        "unproven": place.unproven,
        "html": brought.html,
        "pictures": brought.pictures,
        "left_out": brought.left_out,
    }
    if brought.attachments:
        data["attachments"] = brought.attachments
    told = {name: value for name, value in mail.items() if value}
    if not told and not said.refs:
        return data
    return {**data, "mail": {**told, "at": millis(accepted.occurred_at)}}


def _proof(touchpoint: Touchpoint, accepted: Accepted) -> str:
    """`verified` where the channel saw, rather than was told, that the address is the sender's."""
    address = touchpoint.thread or ""
    proven = any(
        claim.level is not Level.ASSERTED and intake.normalise.identifier(claim.kind, address) == claim.value
        for claim in accepted.claims
    )
    return "verified" if proven else ""
