"""One customer for the console: the reconciled record, the chain of evidence, and the timeline over all channels.

Composed from identity (who), visits (what they looked at) and conversations (what was said); none of these stages knows the others'
views. What is inside a conversation is not shown here, because a customer's page is open to operators outside its team.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from hub import identity
from hub.actions.edit import KIND as ENTRY
from hub.actions.edit import OPERATOR
from hub.conversations import view
from hub.store import Read
from hub.visits import track
from hub.wire import id_hex, level_word, millis
from hub.wire.common import Cursors
from hub.wire.console import (
    ConversationRow,
    Customer,
    DecisionRow,
    Joined,
    Provenance,
    RecordConsent,
    RecordField,
    RecordIdentifier,
    TimelineItem,
    TimelinePage,
)

PAGE = 50
LOOKED_AT = 2_000
"""Touchpoints that one page of a filtered timeline looks at."""
AT_ONCE = 200
MOST_WORDS = 8


class Wanted(msgspec.Struct, frozen=True):
    """What a timeline is narrowed to: kinds of touchpoints, one channel, words (folded) that all occur; empty is all."""

    kinds: frozenset[str] = frozenset()
    channel: str = ""
    words: tuple[str, ...] = ()


def wanted(asked: Mapping[str, str]) -> Wanted | None:
    """What `?kind=visit,order&channel=web&q=vase` asks for; None when it asks for everything."""
    kinds = frozenset(word for word in asked.get("kind", "")[:400].split(",") if word)
    words = tuple(asked.get("q", "")[:200].casefold().split()[:MOST_WORDS])
    found = Wanted(kinds, asked.get("channel", "")[:64], words)
    return None if found == Wanted() else found


SQL_BEGAN = f"SELECT anchor, id FROM conversation WHERE anchor IN ({', '.join('?' * PAGE)})"
SQL_NODES = "SELECT count(*) FROM (SELECT 1 FROM evidence WHERE customer = :customer LIMIT 2)"
JOINING: Final = ("links", "unverified", "contested")
SQL_KIND = "SELECT kind FROM touchpoint WHERE id = :touch"
SQL_OPERATOR = "SELECT name FROM operator WHERE id = :id"


def customer(read: Read, who: bytes) -> Customer:
    """The record of today's customer `who`."""
    record = identity.record(read, who)
    # That an operator's entry is about this customer is a decision, too, and no news: the entry itself is shown.
    entries = {ruled.decision for ruled in record.decisions if is_entry(read, ruled.a)}
    return Customer(
        id=id_hex(record.customer),
        name=record.name,
        level=level_word(record.level),
        fields=[_field(read, attribute, record.decisions) for attribute in record.attributes],
        identifiers=[_identifier(read, held) for held in record.identifiers],
        consents=[_consent(read, one) for one in record.consents],
        decisions=[decision(read, ruled) for ruled in record.decisions if ruled.decision not in entries],
        why=[
            _joined(read, reason, record.decisions) for reason in record.why if reason.decision not in entries
        ]
        or _alike(read, record),
        touchpoints=record.touches,
        conversations=[_without_words(row) for row in view.of_customer(read, record.customer)],
        pending=identity.is_being_worked_out(read, record.customer),
    )


def together(read: Read, a: bytes, b: bytes) -> list[RecordField]:
    """What the record of both would say, were they one customer."""
    return [_field(read, attribute) for attribute in identity.together(read, a, b)]


def timeline(read: Read, who: bytes, before: bytes | None, wanted: Wanted | None = None) -> TimelinePage:
    """A page of touchpoints, newest first; of those that are `wanted`, when that is said.

    Looking for few among many reads at most `LOOKED_AT` at once and says where it stopped: a page may be empty and still have a next.
    """
    if wanted is None:
        found = identity.touches(read, who, before, PAGE)
        more = id_hex(found[-1].id) if len(found) == PAGE else None
        began = _began(read, found)
        return TimelinePage(items=[_item(read, one, began) for one in found], next=more)
    items: list[TimelineItem] = []
    for one in _walked(read, who, before):
        before = one.id
        if (wanted.kinds and one.kind not in wanted.kinds) or wanted.channel not in ("", one.channel):
            continue
        item = _item(read, one, _began(read, [one]))
        if _says(read, item, one, wanted.words):
            items.append(item)
        if len(items) == PAGE:
            return TimelinePage(items=items, next=id_hex(one.id))
    onward = before is not None and identity.touches(read, who, before, 1)
    return TimelinePage(items=items, next=id_hex(before) if before and onward else None)


def _walked(read: Read, who: bytes, before: bytes | None) -> Iterator[identity.Touch]:
    for _ in range(LOOKED_AT // AT_ONCE):
        found = identity.touches(read, who, before, AT_ONCE)
        yield from found
        if len(found) < AT_ONCE:
            return
        before = found[-1].id


def _says(read: Read, item: TimelineItem, found: identity.Touch, words: tuple[str, ...]) -> bool:
    """Whether every word occurs in what this touchpoint tells: a visit's pages as well, never what was said in a conversation."""
    if not words:
        return True
    texts = [item.title, item.source, item.kind, item.channel, *_texts(item.detail)]
    texts += [str(claim["value"]) for claim in found.claims if claim["kind"] not in ("device", "session")]
    texts += [str(said["value"]) for said in found.attributes]
    if found.kind == "visit":
        texts += [text for url, title, *_ in track.pages(read, found.id) for text in (url, title)]
    own = "\n".join(texts).casefold()
    return all(word in own for word in words)


def _texts(value: Any) -> Iterator[str]:
    """Every text and figure in a touchpoint's payload."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if parts is None:
        yield str(value)
    else:
        for part in parts:
            yield from _texts(part)


def touch(read: Read, touch_id: bytes) -> TimelineItem | None:
    """One touchpoint of a timeline."""
    # The page that starts right behind this id begins with it.
    found = identity.touches(read, identity.resolve(read, touch_id), touch_id + b"\0", 1)
    return _item(read, found[0], _began(read, found)) if found and found[0].id == touch_id else None


def _began(read: Read, found: Sequence[identity.Touch]) -> dict[bytes, bytes]:
    """Which of at most a page of touchpoints began a conversation, and which one."""
    ids = [one.id for one in found]
    return dict(read.all(SQL_BEGAN, ids + [None] * (PAGE - len(ids))))


def _item(read: Read, found: identity.Touch, began: Mapping[bytes, bytes]) -> TimelineItem:
    title, detail = _told(read, found, began)
    return TimelineItem(
        id=id_hex(found.id),
        kind=found.kind,
        channel=found.channel,
        at=millis(found.occurred_at),
        title=title,
        source=found.site or found.connection,
        detail=detail,
    )


def _told(read: Read, found: identity.Touch, began: Mapping[bytes, bytes]) -> tuple[str, dict[str, Any]]:
    if found.kind == "visit" and (visit := track.summary(read, found.id)):
        title = str(found.payload.get("title") or found.payload.get("url") or "")
        detail = {"visit": id_hex(visit.id), "number": visit.number, "referrer": visit.referrer}
        if visit.closed:
            # While it goes on the figures change with every page, and the board has them; its end is an event.
            detail |= {"pages": visit.pages, "seconds": visit.active_ms // 1000}
        return title, detail
    if found.kind == "identify":
        said = [claim["value"] for claim in found.claims if claim["kind"] not in ("device", "session")]
        return ", ".join(said), {}
    if found.kind == ENTRY:
        return "", {**found.payload, "taken_back": not found.claims and not found.attributes}
    detail = dict(found.payload)
    if conversation := began.get(found.id):
        detail["conversation"] = id_hex(conversation)
    return str(found.payload.get("title") or ""), detail


def _field(
    read: Read, attribute: identity.Attribute, decisions: Sequence[identity.Ruled] = ()
) -> RecordField:
    pin = next(
        (one for one in decisions if attribute.pin is not None and one.decision == attribute.pin), None
    )
    return RecordField(
        attribute=attribute.attribute,
        chosen=_provenance(read, attribute.chosen, attribute.rule),
        others=[_provenance(read, value) for value in (*attribute.also, *attribute.runners_up)],
        pin=id_hex(attribute.pin) if attribute.pin is not None else None,
        pinned_by=author_of(read, pin.author) if pin else "",
    )


def _provenance(read: Read, value: identity.Value, rule: str = "") -> Provenance:
    operator = operator_of(read, value.connection)
    return Provenance(
        value=value.value,
        level=level_word(value.level),
        source=f"operator {operator}" if operator else value.connection,
        at=millis(value.at),
        rule=rule,
        operator=operator,
        touch=id_hex(value.touch) if operator else None,
        said_in=id_hex(value.touch),
    )


def _consent(read: Read, one: identity.Consent) -> RecordConsent:
    return RecordConsent(
        purpose=one.purpose,
        granted=one.granted,
        said=_provenance(read, one.said),
        kind=one.address.kind if one.address else "",
        value=one.address.value if one.address else "",
        earlier=[_provenance(read, value) for value in one.earlier],
    )


def _identifier(read: Read, held: identity.HeldIdentifier) -> RecordIdentifier:
    operator = operator_of(read, held.connection)
    return RecordIdentifier(
        kind=held.kind,
        value=held.value,
        level=level_word(held.level),
        status=held.status,
        at=millis(held.at),
        source=f"operator {operator}" if operator else held.connection,
        operator=operator,
        touch=id_hex(held.touch) if operator else None,
        said_in=id_hex(held.touch),
    )


def operator_of(read: Read, connection: str) -> str:
    """The name of the operator who is this source; empty for any other."""
    return author_of(read, connection.removeprefix(OPERATOR)) if connection.startswith(OPERATOR) else ""


def is_entry(read: Read, side: bytes | Any) -> bool:
    """Whether an operator said what is in this touchpoint."""
    row = read.one(SQL_KIND, {"touch": side}) if isinstance(side, bytes) else None
    return row is not None and row[0] == ENTRY


def decision(read: Read, ruled: identity.Ruled) -> DecisionRow:
    """One decision, with what its sides are called today and who took it back."""
    undone = identity.undone(read, ruled.decision) if ruled.revoked else None
    sides = [side for side in (ruled.a, ruled.b) if side is not None]
    return DecisionRow(
        id=id_hex(ruled.decision),
        op=ruled.op,
        author=author_of(read, ruled.author),
        at=millis(ruled.at),
        note=ruled.note,
        revoked=ruled.revoked,
        a=_side(ruled.a),
        b=_side(ruled.b) if ruled.b is not None else _pinned(ruled),
        names=[_called(read, side) for side in sides],
        customer=_customer_at(read, ruled.a),
        revoked_by=author_of(read, undone.author) if undone else "",
        revoked_at=millis(undone.at) if undone else 0,
        revoked_note=undone.note if undone else "",
    )


def _called(read: Read, side: bytes | Any) -> str:
    if not isinstance(side, bytes):
        return str(side.value)
    try:
        return identity.header(read, side).name
    except identity.UnknownAnchor:
        return ""


def _customer_at(read: Read, side: bytes | Any) -> str | None:
    try:
        return id_hex(identity.resolve(read, side)) if isinstance(side, bytes) else None
    except identity.UnknownAnchor:
        return None


def _alike(read: Read, record: identity.Record) -> list[Joined]:
    """Touchpoints that say the very same had nothing to join them but what they all say; the best of it."""
    nodes = read.one(SQL_NODES, {"customer": record.customer})
    best = next((held for held in record.identifiers if held.status in JOINING), None)
    if record.touches < 2 or nodes != (1,) or best is None:
        return []
    return [Joined(kind=best.kind, value="" if best.kind in ("device", "session") else best.value)]


def _joined(read: Read, reason: identity.Reason, decisions: tuple[identity.Ruled, ...]) -> Joined:
    if reason.identifier is not None:
        browser = reason.identifier.kind in ("device", "session")
        return Joined(kind=reason.identifier.kind, value="" if browser else reason.identifier.value)
    made = next((ruled for ruled in decisions if ruled.decision == reason.decision), None)
    return Joined(author=author_of(read, made.author) if made else "?")


def _pinned(ruled: identity.Ruled) -> str:
    return f"{ruled.attribute}: {ruled.value}" if ruled.attribute else ""


def _side(side: bytes | Any) -> str:
    return id_hex(side) if isinstance(side, bytes) else f"{side.kind}:{side.value}"


def author_of(read: Read, author: str) -> str:
    """Who decided, by name where it was an operator."""
    try:
        row = read.one(SQL_OPERATOR, {"id": bytes.fromhex(author)})
    except ValueError:
        row = None
    return str(row[0]) if row else author


def _without_words(row: ConversationRow) -> ConversationRow:
    """What a record shows of a conversation: neither what was said, nor what changes with every word."""
    return msgspec.structs.replace(
        row, last_text="", last_author="visitor", last_at=0, seq=0, unread=0, waiting_since=None,
        customer_cursors=Cursors(), remark="",
    )  # fmt: skip
