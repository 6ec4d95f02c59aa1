"""Where a message belongs that names others: a mail that answers one of ours, or follows one of somebody's.

    answers   our own messages, proved by the channel (a signed id)     certain
    follows   what others called their messages: anybody can claim it   only among those whom its sender has talked in
    neither   a new conversation

A claim never carries a message to somebody else's words: its sender must be who the conversation is with, by the address of one of its
legs or as the same customer today. Who that is must be more than said, for From is as easily written as any name: the channel
proves it, or the message names one of ours, which only those know who got it. One that names the customer's own letters alone,
which others may have been sent as well, begins a conversation that says so. Mails come late and in any order, so what a message says
it follows is kept as well: the one it followed finds it when it arrives after it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hub import identity
from hub.conversations.thread import Conversation, get
from hub.store import Read, Tx

LONGEST_REF = 998
"""Characters: a line of a mail."""
MOST_REFS = 20
MOST_FOLLOWED = 50
LONGEST_SUBJECT = 300
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_AGAIN = re.compile(
    r"""^(?:\s*(?:re|aw|antw|antwort|sv|vs|ref|rif|odp|res|ynt|回复|答复|fwd?|wg|wtr|tr|rv|enc|i|转发)\s*(?:\[\d+\]|\(\d+\))?\s*[:：])+""",
    re.IGNORECASE,
)

SQL_ANSWERED = "SELECT conversation FROM message WHERE id = :id AND leaves"
# By what it is called first, then by what others say they follow as well.
SQL_CALLED = """
SELECT r.conversation, r.own, r.own AND m.author = 'operator' FROM message_ref r JOIN message m ON m.id = r.message
WHERE r.connection = :connection AND r.ref = :ref AND (r.own OR NOT :only)
UNION ALL SELECT m.conversation, 1, 1 FROM outbox x JOIN message m ON m.id = x.item AND m.leaves
WHERE x.connection = :connection AND x.external_id = :ref AND x.kind = 'message' ORDER BY 2 DESC LIMIT 20"""
SQL_LEG_WITH = (
    "SELECT 1 FROM leg WHERE conversation = :conversation AND channel = :channel AND thread = :address"
)
SQL_SUBJECT = "SELECT subject FROM conversation WHERE id = :id"
SQL_NOTE = """
INSERT INTO message_ref (connection, ref, message, conversation, own, place)
VALUES (:connection, :ref, :message, :conversation, :own, :place) ON CONFLICT DO NOTHING"""
SQL_REFS_OF_LEG = """
SELECT seq, r.ref FROM message m JOIN message_ref r ON r.message = m.id AND r.own AND r.place = 0 WHERE m.leg = :leg AND m.seq < :before
UNION ALL SELECT m.seq, x.external_id FROM outbox x JOIN message m ON m.id = x.item AND m.leaves
WHERE x.lane = :leg AND x.kind = 'message' AND x.external_id IS NOT NULL AND m.seq < :before ORDER BY 1 DESC LIMIT :most"""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who a message comes from, and where its answers go: the counterpart's address."""

    channel: str
    connection: str
    address: str
    customer: bytes
    """Today's, by what the message claims."""
    said: bool = True
    """The address is the one that it claims to come from, and no other that answers are to go to."""
    theirs: bool = True
    """The address leads to the customer."""
    proven: bool = True
    """It is known, and not merely said, that it comes from there."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """`talk` None: a new conversation. `why` is answers or follows. `strange`: it names words of somebody else's conversation.

    `unproven`: it would follow one, if it were known that it comes from whom it says.
    """

    talk: Conversation | None = None
    why: str = ""
    strange: bool = False
    unproven: bool = False


def place(
    read: Read, sender: Sender, refs: Sequence[str], follows: Sequence[str], answers: Sequence[str]
) -> Place:
    """The conversation of a message that is called `refs`, says it follows `follows`, and provably answers our `answers`."""
    strange = unproven = False
    for why, found in (
        ("answers", _answered(read, answers)),
        ("follows", _called(read, sender, refs, follows)),
    ):
        for conversation, own, ours in found:
            talk = get(read, conversation)
            if not took_part(read, talk, sender):
                strange |= own
            elif ours or sender.proven:
                return Place(talk=talk, why=why)
            else:
                unproven = True
    return Place(strange=strange, unproven=unproven and not strange)


def took_part(read: Read, talk: Conversation, sender: Sender) -> bool:
    """Whether the conversation is with this sender: by an address of its legs, or as the same customer.

    An address that answers are to go to, and no more, counts for the customer alone who has had his answers sent there before.
    """
    where = {"conversation": talk.id, "channel": sender.channel, "address": sender.address}
    here = read.one(SQL_LEG_WITH, where) is not None
    if here and sender.said:
        return True
    return (here or sender.theirs) and identity.resolve(read, talk.anchor) == sender.customer


def known(read: Read, connection: str, refs: Sequence[str], answers: str | None) -> bool:
    """Whether a message of this name is here already: the channel's own copy of what the hub, or somebody before, has reported."""
    if answers and _ID.fullmatch(answers) and read.one(SQL_ANSWERED, {"id": bytes.fromhex(answers)}):
        return True
    return any(
        read.one(SQL_CALLED, {"connection": connection, "ref": ref, "only": True}) for ref in _bearable(refs)
    )


def note(
    tx: Tx, connection: str, conversation: bytes, message: bytes, refs: Sequence[str], follows: Sequence[str]
) -> None:
    """Keep what a message is called, and what it says it follows."""
    row = {"connection": connection, "conversation": conversation, "message": message}
    for own, names in ((True, _bearable(refs)), (False, _bearable(follows, MOST_FOLLOWED))):
        for at, ref in enumerate(names):
            tx.run(SQL_NOTE, {**row, "ref": ref, "own": own, "place": at})


def followed(read: Read, leg: bytes, before: int, most: int = 20) -> tuple[str, ...]:
    """What the messages of a leg before `seq` `before` are called in its channel, the oldest first."""
    found = read.all(SQL_REFS_OF_LEG, {"leg": leg, "before": before, "most": most})
    return tuple(dict.fromkeys(row[1] for row in reversed(found)))  # several may have left as one


def subject(said: str) -> str:
    """A subject without what says that it was answered or forwarded, on one line."""
    words = " ".join("".join(c if c.isprintable() else " " for c in said[:2_000]).split())
    return (_AGAIN.sub("", words).strip() or words)[:LONGEST_SUBJECT]


def subject_of(read: Read, talk: Conversation | None) -> str:
    """The subject a conversation has already; none where it is new."""
    row = read.one(SQL_SUBJECT, {"id": talk.id}) if talk else None
    return row[0] if row else ""


def _answered(read: Read, answers: Iterable[str]) -> Iterator[tuple[bytes, bool, bool]]:
    for one in tuple(answers)[:MOST_FOLLOWED]:
        row = read.one(SQL_ANSWERED, {"id": bytes.fromhex(one)}) if _ID.fullmatch(one) else None
        if row is not None:
            yield row[0], True, True


def _called(
    read: Read, sender: Sender, refs: Sequence[str], follows: Sequence[str]
) -> Iterator[tuple[bytes, bool, bool]]:
    for ref in (*_bearable(follows, MOST_FOLLOWED), *_bearable(refs)):
        for conversation, own, ours in read.all(
            SQL_CALLED, {"connection": sender.connection, "ref": ref, "only": False}
        ):
            yield conversation, bool(own), bool(ours)


def _bearable(refs: Sequence[str], most: int = MOST_REFS) -> tuple[str, ...]:
    return tuple(ref for ref in refs[:most] if 0 < len(ref) <= LONGEST_REF)
