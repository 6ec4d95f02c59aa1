"""What a visitor does in a conversation: open one, say something, read, end it.

Every function may be called again with the same client id, after a lost answer or a crash, and answers as it did the first time.
"""

import datetime as dt

from hub.actions import announce, attach, cases, invite
from hub.actions.arrive import claims_of
from hub.actions.receive import SOCKET, receive
from hub.contract import AttributeClaim, Claim, IncomingMessage, Level, Touchpoint
from hub.conversations import cursors, routing, thread
from hub.conversations.thread import Conversation, Stored, Utterance
from hub.store import Read, Tx
from hub.visits import invitations, tokens
from hub.wire import Refusal, hex_id
from hub.wire.visitor import Open, Say


def open_chat(tx: Tx, site: str, visitor: bytes, asked: Open) -> Stored:
    """Begin a conversation with its first message, or join the one that is open already.

    What the visitor typed about themselves is asserted: it shows to operators as such and proves nothing.
    Refusals: blocked.
    """
    before = thread.sent_by(tx, visitor, asked.client_id)
    if before is not None:
        return before
    if asked.invitation is not None:
        _begin_invited(tx, site, visitor, hex_id(asked.invitation))
    received = receive(tx, SOCKET + site, _chat(tx, site, visitor, asked))
    stored = received.message or thread.sent_by(tx, visitor, asked.client_id)
    assert stored is not None, "a chat touchpoint carries a message"
    attach.settle(tx, asked.attachments, stored.conversation, visitor=visitor)
    if asked.answer_by != "here":
        thread.answer_by(tx, stored.conversation, asked.answer_by)
        announce.conversation(tx, stored.conversation)
    return stored


def open_untracked(tx: Tx, site: str, visitor: bytes, asked: Open) -> tuple[str, Stored]:
    """A page that is not tracked opens the chat: that much of its browser is known from now on, by the token returned."""
    tokens.know(tx, site, visitor)
    stored = open_chat(tx, site, visitor, asked)
    return tokens.issue(tx, site, visitor, "observed"), stored


def would_begin(read: Read, visitor: bytes, client_id: str) -> bool:
    """Whether `open_chat` would begin a conversation: not when one is open, nor when this message is stored already."""
    return thread.open_of(read, visitor) is None and thread.sent_by(read, visitor, client_id) is None


def say(tx: Tx, visitor: bytes, asked: Say) -> Stored:
    """One more message. Written into a closed conversation, it opens that one again (or joins the open one).

    Refusals: not_found (also for somebody else's), blocked, bad_request (nothing said).
    """
    before = thread.sent_by(tx, visitor, asked.client_id)
    if before is not None:
        return before
    talk, leg = thread.with_leg(tx, hex_id(asked.conversation))
    _demand_own(talk, visitor)
    if tokens.blocked(tx, visitor):
        raise Refusal("blocked", "this site does not take messages from this browser")
    closed = talk.status == "closed"
    if closed:
        talk = thread.open_of(tx, visitor) or _reopened(tx, talk)
        leg = thread.leg_of(tx, talk.id)
    data = attach.to_message(tx, asked.text, asked.attachments, talk.id, visitor=visitor)
    utterance = Utterance(author="visitor", text=asked.text, client_id=asked.client_id, data=data)
    stored = thread.append(tx, talk.id, leg.id, utterance, known_new=True)
    announce.message(tx, utterance, stored, leg, visitor)
    announce.conversation(tx, talk.id, on_record=closed)
    return stored


def rate(tx: Tx, visitor: bytes, conversation: bytes, score: int, remark: str) -> None:
    """How it was, 1 to 5; the last word counts. Refusals: not_found."""
    talk = _own(tx, visitor, conversation)
    thread.rate(tx, talk.id, score, remark)
    if talk.score == score:
        announce.conversation(tx, talk.id, on_record=True)
        return
    said = Utterance(author="system", kind="system", text=f"rated:{score}")
    announce.message(tx, said, thread.append(tx, talk.id, None, said))
    announce.conversation(tx, talk.id, on_record=True)


def follow_push(tx: Tx, visitor: bytes, conversation: bytes, leg_seq: int, fate: str) -> None:
    """What the visitor did with a page an operator pushed; said once. Refusals: not_found."""
    talk = _own(tx, visitor, conversation)
    seq = thread.pushed_page(tx, talk.id, thread.leg_of(tx, talk.id).id, leg_seq, fate)
    if seq is not None:
        announce.restated(tx, talk.id, seq)


def move_cursor(tx: Tx, visitor: bytes, conversation: bytes, delivered: int, read: int) -> None:
    """The visitor's page has received, and the visitor has seen, so many messages. Refusals: not_found."""
    talk = _own(tx, visitor, conversation)
    if cursors.customer(tx, thread.leg_of(tx, talk.id).id, delivered, read):
        announce.conversation(tx, talk.id)


def end(tx: Tx, visitor: bytes, conversation: bytes) -> Conversation:
    """The visitor closes it; ending twice is ending once. Refusals: not_found."""
    talk = _own(tx, visitor, conversation)
    if talk.status != "closed":
        routing.close(tx, talk, None)
        announce.closed(tx, talk.id)
        said = Utterance(author="system", kind="system", text="left")
        announce.message(tx, said, thread.append(tx, talk.id, None, said))
        announce.conversation(tx, talk.id, on_record=True)
        announce.team(tx, talk.operator)
    return talk


def own(read: Read, visitor: bytes, conversation: bytes) -> None:
    """Whether this conversation is the visitor's, for frames that store nothing. Refusals: not_found."""
    _own(read, visitor, conversation)


def _own(read: Read, visitor: bytes, conversation: bytes) -> Conversation:
    talk = thread.get(read, conversation)
    _demand_own(talk, visitor)
    return talk


def _demand_own(talk: Conversation, visitor: bytes) -> None:
    if talk.visitor != visitor:
        # The same words as for one that does not exist: whether somebody else's exists is nobody's business.
        raise Refusal("not_found", f"no conversation {talk.id.hex()}")


def _reopened(tx: Tx, talk: Conversation) -> Conversation:
    routing.reopen(tx, talk, None)
    announce.opened(tx, talk.id, again=True)
    cases.follow(tx, talk)
    return talk


def _begin_invited(tx: Tx, site: str, visitor: bytes, invitation: bytes) -> None:
    """The conversation an invitation leads to: the operator's words first, and theirs to serve if it was accepted and they still can.

    Words written in one tab after a no in another answer what they saw; they wait for whoever is next.
    """
    if thread.open_of(tx, visitor) or tokens.blocked(tx, visitor):
        return
    offer = invitations.answered(tx, invitation, visitor)
    if offer is None:
        return
    if offer.fate == "accepted":
        invite.tell(tx, visitor, invitation, "accepted")
    talk, leg = thread.begin(
        tx,
        anchor=offer.visit,
        queue=routing.queue_with(tx, site, offer.operator),
        site=site,
        channel="text",
        connection=SOCKET + site,
        thread=visitor.hex(),
        visitor=visitor,
    )
    announce.opened(tx, talk.id)
    invitations.led_to(tx, invitation, talk.id)
    name = routing.name_of(tx, offer.operator)
    said = Utterance(author="operator", text=offer.text, name=name, operator=offer.operator)
    announce.message(tx, said, thread.append(tx, talk.id, leg.id, said), leg, visitor)
    if offer.fate != "accepted" or routing.away(tx, offer.operator):
        return  # nobody is routed to an empty chair, and it waits like any other
    try:
        routing.claim(tx, talk, offer.operator)
    except Refusal:
        # They are full, or gone, by now: whoever is next finds the offer in the transcript.
        return
    announce.team(tx, offer.operator)


def _chat(tx: Tx, site: str, visitor: bytes, asked: Open) -> Touchpoint:
    claims = claims_of(tx, visitor)
    for kind, value in (("email", asked.email), ("phone", asked.phone)):
        if value:
            claims += (Claim(kind=kind, value=value, level=Level.ASSERTED),)
    data = attach.checked(tx, asked.text, asked.attachments, visitor=visitor)
    named = (AttributeClaim(attribute="name", value=asked.name, level=Level.ASSERTED),) if asked.name else ()
    return Touchpoint(
        channel="text",
        kind="chat",
        key=f"chat:{visitor.hex()}:{asked.client_id}",
        occurred_at=dt.datetime.fromtimestamp(tx.now / 1_000_000, dt.UTC),
        thread=visitor.hex(),
        site=site,
        claims=claims,
        attributes=named,
        message=IncomingMessage(text=asked.text, client_id=asked.client_id, data=data),
    )
