"""What topics consist of: each stage's view, put together by topic and kind of item.

`snapshot` and `compose` are the two halves of the feed's law and must speak of the same items: whatever a snapshot lists, a change
of that kind composes alike, and what a snapshot would leave out composes to `gone`.
"""

from collections.abc import Callable
from typing import Any

from hub import feed, identity
from hub.actions import links, teams
from hub.conversations import canned, faces, load, mentions, view
from hub.store import Read
from hub.visits import watching
from hub.web.customers import customer, timeline, touch
from hub.wire import id_hex, millis
from hub.wire.console import Gone, Item, Moved, OperatorRow, Snapshot

DURABLE = (
    "queue", "conversation", "customer", "team", "canned", "watching", "mentions", "operators", "queues",
)  # fmt: skip
LIVE = ("visitors", "live", "eyes", "health", "suggestions", "offers")
NAMES = dict.fromkeys((*DURABLE, *LIVE), (False,)) | {
    "queue": (True,),
    "conversation": (True,),
    "customer": (True,),
    "live": (True,),
    "eyes": (True,),
    "canned": (False, True),
    "watching": (True,),
    "mentions": (True,),
}
"""All topics, and whether an id follows the name."""

SQL_TEAM = f"""
SELECT o.id, o.name, o.role, {load.CAPACITY}, {load.LOAD}, p.state, p.chosen, p.since, p.until,
(SELECT group_concat(lower(hex(m.queue))) FROM queue_member m WHERE m.operator = o.id)
FROM operator o LEFT JOIN presence p ON p.operator = o.id
WHERE o.active AND (:only IS NULL OR o.id = :only) ORDER BY o.name, o.id"""


def snapshot(read: Read, topic: str) -> Snapshot:
    """All items of a durable topic, or its newest page."""
    name, _, key = topic.partition(":")
    n = feed.head(read, topic)
    target = bytes.fromhex(key)
    items: list[Item] = []
    more = False
    if name == "queue":
        items = [*view.active(read, target)]
    elif name == "conversation":
        page = view.page(read, target)
        row = view.row(read, target)
        items, more = [*([row] if row else []), *page.items], page.more
    elif name == "customer":
        today = identity.resolve(read, target)
        listed = timeline(read, today, None)
        if today != target:
            items.append(Moved(id=key, to=id_hex(today), kind="merged"))
        items += [customer(read, today), *listed.items]
        more = listed.next is not None
    elif name == "operators":
        items = [*teams.everybody(read), *links.of_all(read)]
    elif name == "queues":
        items = [*teams.of_all(read)]
    elif name == "canned":
        items = [*canned.of(read, target or None)]
    elif name == "watching":
        items = [*watching.of(read, target)]
    elif name == "mentions":
        items = [*mentions.unseen(read, target)]
    else:
        items = [*team(read)]
    return Snapshot(topic=topic, n=n, items=items, more=more)


def compose(read: Read, topic: str, kind: str, key: bytes) -> Item:
    """The present state of one item of a durable topic."""
    name, _, hexed = topic.partition(":")
    gone = Gone(id=key.hex())
    if kind == "row":
        row = view.row(read, key)
        listed = row is not None and (
            name == "conversation" or (row.status != "closed" and row.queue == hexed)
        )
        return row if row is not None and listed else gone
    if kind == "customer":
        return customer(read, identity.resolve(read, key))
    composed = _OTHERS.get(kind)
    return (composed(read, bytes.fromhex(hexed), key) if composed else None) or gone


def team(read: Read, only: bytes | None = None) -> list[OperatorRow]:
    """Colleagues (or one of them), whether they are there and how much they have in hand."""
    found = read.all(SQL_TEAM, {"only": only})
    return [_colleague(row, read.now, faces.address(read, row[0])) for row in found]


def _colleague(row: tuple[Any, ...], now: int, picture: str) -> OperatorRow:
    who, name, role, limit, held, state, chosen, since, until, queues = row
    here = until is not None and until > now
    gone_at = 0 if until is None else abs(until)
    return OperatorRow(
        id=id_hex(who),
        name=name,
        role=role,
        limit=limit,
        load=load.in_chats(held),
        presence=state if here else "offline",
        since=millis(since if here else gone_at),
        automatic=here and state != chosen,
        queues=queues.split(",") if queues else [],
        picture=picture,
    )


def _moved(read: Read, here: bytes, other: bytes) -> Item:
    """A record was merged into another, or another was split from it: followers of `here` look at today's."""
    today = identity.resolve(read, here)
    if today != here:
        return Moved(id=id_hex(here), to=id_hex(today), kind="merged")
    return Moved(id=id_hex(here), to=id_hex(identity.resolve(read, other)), kind="split")


_OTHERS: dict[str, Callable[[Read, bytes, bytes], Item | None]] = {
    "message": lambda read, here, key: view.message(read, here, int.from_bytes(key)),
    "touch": lambda read, _, key: touch(read, key),
    "operator": lambda read, _, key: next(iter(team(read, key)), None),
    "canned": lambda read, _, key: canned.one(read, key),
    "mention": mentions.one,
    "watch": watching.one,
    "member": lambda read, _, key: next(iter(teams.everybody(read, key)), None),
    "link": lambda read, _, key: next(iter(links.of_all(read, key)), None),
    "queue": lambda read, _, key: teams.one(read, key),
    "moved": _moved,
}
"""What the present state of an item is composed by, from the topic's id and the item's."""


__all__ = ["DURABLE", "LIVE", "NAMES", "compose", "snapshot", "team"]
