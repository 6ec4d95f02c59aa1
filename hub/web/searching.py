"""`GET /api/search`: hits as consoles show them. Pieces of text, never markup, so that a hit cannot carry any."""

import re

from hub import identity, search
from hub.access import Actor
from hub.conversations import tags, view
from hub.search import Bookmark
from hub.store import Read
from hub.wire import Refusal, id_hex, level_word
from hub.wire.console import ConversationRow, CustomerHit, SearchPage, TalkHit

_BOOKMARK = re.compile(r"(\d{1,19})(?:-(-?\d{1,15})-(\d{1,19}))?", re.ASCII)
MOST_NUMBER = 2**62


def page(read: Read, actor: Actor, text: str, before: Bookmark | None) -> SearchPage:
    """One page of what the actor may see."""
    found = search.find(read, text, operator=None if actor.kind == "admin" else actor.id, after=before)
    rows: dict[bytes, ConversationRow | None] = {}
    talks = []
    for hit in found.heard:
        if hit.conversation not in rows:
            rows[hit.conversation] = view.row(read, hit.conversation)
        row, message = rows[hit.conversation], view.message(read, hit.conversation, hit.seq)
        if row is None or message is None:
            continue
        talks.append(
            TalkHit(
                conversation=row,
                seq=hit.seq,
                author=message.author,
                name=message.name,
                note=message.kind == "note",
                at=message.at,
                text=hit.text,
            )
        )
    return SearchPage(
        talks=talks,
        tagged=_tagged(read, actor, text) if before is None else [],
        customers=[it for it in (_customer(read, hit) for hit in found.known) if it is not None],
        next=str(found.after) if found.after else None,
    )


def _tagged(read: Read, actor: Actor, text: str) -> list[ConversationRow]:
    """Conversations whose tag begins with, or has a word that begins with, what was typed."""
    words = " ".join(text.strip().lstrip("#").lower().split())
    if not words:
        return []
    team = None if actor.kind == "admin" else actor.id
    fitting = [it.tag for it in tags.in_use(read, team) if f" {it.tag}".find(f" {words}") >= 0]
    rows = (view.row(read, one) for one in tags.newest(read, fitting, team)) if fitting else ()
    return [row for row in rows if row is not None]


def bookmark(text: str | None) -> Bookmark | None:
    """Where to go on, as `next` of the page before said. Raises `Refusal` bad_request."""
    if text is None:
        return None
    found = _BOOKMARK.fullmatch(text)
    if found is None or int(found[1]) > MOST_NUMBER or int(found[3] or 0) > MOST_NUMBER:
        raise Refusal("bad_request", f"before: expected `next` of the page before, got {text[:60]!r}")
    return Bookmark(int(found[1]), int(found[2]) if found[2] else None, int(found[3] or 0))


def _customer(read: Read, hit: search.Known) -> CustomerHit | None:
    try:
        who = identity.header(read, hit.customer)
    except identity.UnknownAnchor:
        return None  # gone since, and due
    return CustomerHit(
        id=id_hex(who.customer),
        name=who.name,
        level=level_word(who.level),
        text=hit.text,
        conversations=view.of_customer(read, who.customer, 1),
    )
