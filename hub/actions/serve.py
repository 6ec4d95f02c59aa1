"""What an operator does with a conversation: answer, note, take, transfer, close, reopen, block.

Who may is decided before, by `access`; what is possible is decided here, in the transaction, by conditional updates. Answering a
conversation that waits takes it, so the first word and the claim cannot come apart.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

import msgspec

from hub.actions import announce, attach, cases, outgoing
from hub.config.origins import origin_of
from hub.conversations import canned, cursors, mentions, routing, tags, thread
from hub.conversations.thread import Conversation, Leg, Stored, Utterance
from hub.store import Tx
from hub.visits import tokens
from hub.wire import Refusal, hex_id, id_hex

P = ParamSpec("P")
Said = Callable[Concatenate[Tx, bytes, bytes, str, P], Stored]


def _once(say: Said[P]) -> Said[P]:
    """What an operator has said under this client id is answered as it was the first time.

    Refusals: bad_request, when the id is that of somebody else's message.
    """

    @wraps(say)
    def saying(
        tx: Tx, operator: bytes, conversation: bytes, client_id: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> Stored:
        before = thread.sent(tx, conversation, client_id, "operator", operator)
        return before or say(tx, operator, conversation, client_id, *args, **kwargs)

    return saying


@_once
def reply(
    tx: Tx,
    operator: bytes,
    conversation: bytes,
    client_id: str,
    text: str,
    attachments: Sequence[str] = (),
    *,
    way: str = "",
    here: outgoing.Here = outgoing.always,
) -> Stored:
    """Answer the customer: by the `way` the operator chose, else the best one; `here` says whether a visitor has a page open.

    Refusals: not_found, not_yours, closed, at_limit, no_change (not that way), bad_request (nothing said, or a variable of a canned
    reply was left open).
    """
    canned.demand_filled(text)
    talk, leg = _mine(tx, conversation, operator)
    who = routing.candidate(tx, operator)
    data = attach.to_message(tx, text, list(attachments), talk.id, operator=operator)
    said = Utterance(author="operator", text=text, client_id=client_id, data=data)
    return _say(tx, talk, outgoing.route(tx, talk, leg, way, here), who, said)


@_once
def push(
    tx: Tx,
    operator: bytes,
    conversation: bytes,
    client_id: str,
    url: str,
    title: str,
    *,
    origins: Mapping[str, Sequence[str]],
) -> Stored:
    """Offer the customer a page of the site's own; they decide. `origins` are those of each site, as the owner listed them.

    Refusals: not_found, forbidden (somebody else's page), not_yours, closed, at_limit.
    """
    demand_page(origins, thread.get(tx, conversation).site, url)
    talk, leg = _mine(tx, conversation, operator)
    who = routing.candidate(tx, operator)
    offered = {"push": {"url": url, "title": title}}
    said = Utterance(author="operator", kind="push", text=url, client_id=client_id, data=offered)
    return _say(tx, talk, outgoing.Route(leg), who, said)


def demand_page(origins: Mapping[str, Sequence[str]], site: str, url: str) -> None:
    """An address that may be pushed to a visitor: http(s), on one of the site's own origins. Refusals: forbidden."""
    origin = origin_of(url)
    if origin is None or origin not in origins.get(site, ()):
        raise Refusal("forbidden", f"only pages of the site's own origins can be pushed, not {url[:100]!r}")


def _say(
    tx: Tx, talk: Conversation, route: outgoing.Route, who: routing.Candidate, said: Utterance
) -> Stored:
    said = msgspec.structs.replace(said, name=who.name, operator=who.id)
    stored = outgoing.send(tx, talk, route, said)
    cursors.answered(tx, talk.id, who.id, stored.seq)
    announce.conversation(tx, talk.id)
    cases.answered(tx, talk.id)
    if not route.leg.is_page:  # what an answered mail weighed is in hand no longer
        announce.team(tx, who.id)
    _saw(tx, talk.id, operator=who.id, read=stored.seq)
    return stored


@_once
def note(
    tx: Tx,
    operator: bytes,
    conversation: bytes,
    client_id: str,
    text: str,
    attachments: Sequence[str] = (),
    mentioned: Sequence[bytes] = (),
) -> Stored:
    """Say something to colleagues only, and call those whom it mentions.

    Refusals: not_found, bad_request (nothing said), forbidden (somebody mentioned may not see the conversation).
    """
    talk = thread.get(tx, conversation)
    whom = mentions.demand(tx, talk.queue, (one for one in mentioned if one != operator))
    data = attach.to_message(tx, text, list(attachments), conversation, operator=operator)
    if whom:
        data = {**data, "mentions": [id_hex(one) for one in whom]}
    who = routing.candidate(tx, operator)
    said = Utterance(
        author="operator",
        kind="note",
        text=text,
        name=who.name,
        operator=operator,
        client_id=client_id,
        data=data,
    )
    stored = thread.append(tx, conversation, None, said, known_new=True)
    announce.message(tx, said, stored)
    announce.conversation(tx, conversation)
    mentions.add(tx, conversation, stored.seq, whom)
    announce.mentioned(tx, conversation, whom)
    return stored


def take(tx: Tx, operator: bytes, conversation: bytes) -> None:
    """Claim a waiting conversation; of many who ask, one gets it. Refusals: not_found, taken, closed, at_limit."""
    talk = thread.get(tx, conversation)
    who = routing.claim(tx, talk, operator)
    if talk.operator != operator:
        _line(tx, talk, "taken", who.name)
        _moved(tx, talk)


def transfer_to(
    tx: Tx, operator: bytes, conversation: bytes, to: bytes, remark: str, command: str | None = None
) -> None:
    """Hand it to a colleague; the same `command` twice hands it over once.

    Refusals: not_found, not_yours, forbidden, closed, at_limit.
    """
    if command is not None and thread.sent(tx, conversation, command, "system"):
        return
    talk = _held(tx, conversation, operator)
    who = routing.give(tx, talk, to)
    _remark(tx, talk, operator, remark)
    _line(
        tx,
        talk,
        f"transferred:{who.name}",
        routing.candidate(tx, operator).name,
        command,
        _before(talk, operator),
    )
    _moved(tx, talk)


def transfer_to_queue(
    tx: Tx, operator: bytes, conversation: bytes, queue: bytes, remark: str, command: str | None = None
) -> None:
    """Let it wait in a queue again; the same `command` twice is one. Refusals: not_found, not_yours, closed."""
    if command is not None and thread.sent(tx, conversation, command, "system"):
        return
    talk = _held(tx, conversation, operator)
    name = routing.give_back(tx, talk, queue)
    _moved(tx, talk)  # before the note: the team that loses it must be gone when it is said
    _remark(tx, talk, operator, remark)
    _line(
        tx,
        talk,
        f"transferred:{name}",
        routing.candidate(tx, operator).name,
        command,
        _before(talk, operator),
    )
    announce.conversation(tx, talk.id)


def take_back(tx: Tx, operator: bytes, conversation: bytes, command: str) -> None:
    """Undo this operator's transfer `command`: it is theirs again, in the queue it was in.

    They may have given it to a team they do not serve; that they gave it is what allows them to have it back.
    Refusals: not_found, no_change (not theirs to undo, answered or finished since), at_limit.
    """
    talk = thread.get(tx, conversation)
    done = thread.sent(tx, conversation, command, "system")
    before = thread.data_of(tx, conversation, done.seq).get("transfer") if done else None
    if done is None or before is None or before["by"] != id_hex(operator):
        raise Refusal("no_change", "there is nothing of yours to take back here")
    if talk.operator == operator and talk.status == "open":
        return
    if talk.status == "closed" or thread.answered_since(tx, conversation, done.seq, operator):
        raise Refusal("no_change", "somebody has gone on with this conversation; leave them a note")
    if id_hex(talk.queue) != before["queue"]:
        routing.give_back(tx, talk, hex_id(before["queue"]))
    routing.give_any(tx, talk, operator)
    _line(tx, talk, "taken", routing.candidate(tx, operator).name)
    _moved(tx, talk)


def close(
    tx: Tx, operator: bytes, conversation: bytes, outcome: str, wanted: Sequence[str] | None = None
) -> None:
    """Finish it with an outcome, and let `wanted` be its tags. Refusals: not_found, not_yours, bad_request (tags).

    Closing a closed one does nothing.
    """
    talk = _held(tx, conversation, operator)
    if talk.status == "closed":
        return
    if wanted is not None:
        tags.become(tx, talk.id, wanted)
    routing.close(tx, talk, outcome)
    announce.closed(tx, talk.id, outcome)
    _line(tx, talk, f"closed:{outcome}", routing.candidate(tx, operator).name)
    _moved(tx, talk)


def reopen(tx: Tx, operator: bytes, conversation: bytes) -> None:
    """Open a closed one again, for this operator. Refusals: not_found, no_change, at_limit; asking twice is asking once."""
    talk = thread.get(tx, conversation)
    if talk.status != "closed" and talk.operator == operator:
        return
    if talk.visitor is not None and (other := thread.open_of(tx, talk.visitor)) and other.id != talk.id:
        raise Refusal("no_change", "this visitor has another open conversation; answer there")
    routing.reopen(tx, talk, operator)
    announce.opened(tx, talk.id, again=True)
    _line(tx, talk, "reopened", routing.candidate(tx, operator).name)
    _moved(tx, talk)


def block(tx: Tx, operator: bytes, conversation: bytes, *, on: bool) -> None:
    """Refuse further conversations from this visitor's browser, or allow them. Refusals: not_found, no_change."""
    talk = thread.get(tx, conversation)
    if talk.visitor is None:
        raise Refusal(
            "no_change", "only visitors of a site can be blocked; this conversation came by another channel"
        )
    if tokens.blocked(tx, talk.visitor) == on:
        return
    tokens.block(tx, talk.visitor, operator, on=on)
    _line(tx, talk, "blocked" if on else "unblocked", routing.candidate(tx, operator).name)
    for of_browser in thread.of_visitor(tx, talk.visitor):
        announce.conversation(tx, of_browser, on_record=True)


def move_cursor(tx: Tx, operator: bytes, conversation: bytes, delivered: int, read: int) -> None:
    """The operator's tab has received, and the operator has seen, so many messages. Refusals: not_found."""
    talk = thread.get(tx, conversation)
    leg = thread.leg_of(tx, talk.id)
    if cursors.operator(tx, talk.id, leg.id, operator, delivered, read):
        announce.conversation(tx, talk.id)
        _saw(tx, talk.id, operator=operator, read=read)


def _mine(tx: Tx, conversation: bytes, operator: bytes) -> tuple[Conversation, Leg]:
    """The conversation in this operator's hands, and its leg; a waiting one is taken."""
    talk, leg = thread.with_leg(tx, conversation)
    if talk.status == "closed":
        raise Refusal("closed", "this conversation is closed; reopen it to answer")
    if talk.operator is None:
        take(tx, operator, conversation)
        return thread.with_leg(tx, conversation)
    if talk.operator != operator:
        holder = routing.name_of(tx, talk.operator)
        raise Refusal("not_yours", f"{holder} serves this conversation; leave a note, or ask for a transfer")
    return talk, leg


def _held(tx: Tx, conversation: bytes, operator: bytes) -> Conversation:
    """A conversation this operator may hand on: their own, one that waits, or any for an admin."""
    talk = thread.get(tx, conversation)
    who = routing.candidate(tx, operator)
    if talk.operator not in (None, operator) and who.role != "admin":
        raise Refusal(
            "not_yours", "a colleague serves this conversation; leave a note, or ask for a transfer"
        )
    return talk


def _remark(tx: Tx, talk: Conversation, operator: bytes, remark: str) -> None:
    if remark.strip():
        note(tx, operator, talk.id, f"remark-{tx.new_id().hex()}", remark.strip())


def _saw(tx: Tx, conversation: bytes, *, operator: bytes, read: int) -> None:
    if mentions.seen(tx, conversation, operator, read):
        announce.mentioned(tx, conversation, [operator])


def _before(talk: Conversation, by: bytes) -> dict[str, object]:
    """What the line of a transfer remembers for whoever takes it back."""
    return {"transfer": {"by": id_hex(by), "queue": id_hex(talk.queue)}}


def _line(
    tx: Tx,
    talk: Conversation,
    what: str,
    who: str,
    command: str | None = None,
    data: dict[str, object] | None = None,
) -> None:
    said = Utterance(author="system", kind="system", text=what, name=who, client_id=command, data=data or {})
    announce.message(tx, said, thread.append(tx, talk.id, None, said))


def _moved(tx: Tx, before: Conversation) -> None:
    """A conversation may have changed hands: those of its case go where it goes, and everybody hears of it."""
    announce.moved(tx, before)
    cases.follow(tx, before)
