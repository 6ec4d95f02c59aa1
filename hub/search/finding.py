"""Hits, best first, of what an operator may see: the teams' queues are part of the query.

Ranking every hit of a common word costs more the more was ever said. So hits are taken in blocks of the newest conversations' thousand,
each ranked by bm25 and age: a page costs the same whatever lies behind it, and going on through all blocks finds everything once.
Relevance halves with every 62 days; written as log(bm25) + age, the order does not move while the clock does.
"""

import math
from typing import Any

import msgspec

from hub.ids import SEQ_BITS, SEQ_MASK, WORDS
from hub.search import asking
from hub.search.asking import Term
from hub.search.marking import Piece, pieces
from hub.store import Read

PAGE = 20
BLOCK = 1_000
MOST_CUSTOMERS = 10
FADES = 90 * 86_400 * 1_000_000
"""Microseconds in which relevance falls to 1/e."""
_EVERYTHING = 2**62

# CROSS JOIN keeps the order: hits from the newest down until the block is full, then no further.
SQL_BLOCK = f"""
SELECT fts_message.rowid, bm25(fts_message), m.at, t.conversation
FROM fts_message CROSS JOIN search_talk t ON t.n = fts_message.rowid >> {SEQ_BITS}
CROSS JOIN conversation c ON c.id = t.conversation
CROSS JOIN message m ON m.conversation = t.conversation AND m.seq = fts_message.rowid & {SEQ_MASK}
WHERE fts_message MATCH :query AND fts_message.rowid < :below AND (:operator IS NULL
OR EXISTS (SELECT 1 FROM queue_member q WHERE q.queue = c.queue AND q.operator = :operator))
ORDER BY fts_message.rowid DESC LIMIT :most"""
SQL_PEOPLE = """
SELECT n, score FROM (
  SELECT fts_person.rowid AS n, bm25(fts_person) AS score FROM fts_person WHERE fts_person MATCH :query
  ORDER BY fts_person.rowid DESC LIMIT :block)
ORDER BY score, n DESC LIMIT :most"""
SQL_PERSON = "SELECT customer, text FROM search_person WHERE n = :n"
SQL_MESSAGE = (
    f"SELECT {WORDS.format('message')} FROM message WHERE conversation = :conversation AND seq = :seq"
)


class Bookmark(msgspec.Struct, frozen=True):
    """Where a page ended: in the block of documents below `below`, at this rank."""

    below: int
    rank: int | None = None
    document: int = 0

    def __str__(self) -> str:
        return f"{self.below}" if self.rank is None else f"{self.below}-{self.rank}-{self.document}"


class Heard(msgspec.Struct, frozen=True):
    """A message that was found."""

    conversation: bytes
    seq: int
    text: list[Piece]


class Known(msgspec.Struct, frozen=True):
    """A customer who was found."""

    customer: bytes
    text: list[Piece]


class Found(msgspec.Struct, frozen=True):
    """One page of hits. Customers come with the first page."""

    heard: list[Heard] = []
    known: list[Known] = []
    after: Bookmark | None = None


class _Hit(msgspec.Struct, frozen=True, order=True):
    rank: int
    document: int
    conversation: bytes


def find(
    read: Read, text: str, *, operator: bytes | None, after: Bookmark | None = None, limit: int = PAGE
) -> Found:
    """What `text` finds in the queues of `operator` (None: in all). Nothing typed, nothing found."""
    terms = asking.read(text)
    if not terms:
        return Found()
    query = asking.expression(terms)
    hits, onward = _talks(read, query, operator, after or Bookmark(_EVERYTHING), limit)
    known = _people(read, query, terms) if after is None else []
    return Found([_heard(read, hit, terms) for hit in hits], known, onward)


def _talks(
    read: Read, query: str, operator: bytes | None, after: Bookmark, limit: int
) -> tuple[list[_Hit], Bookmark | None]:
    asked = {"query": query, "below": after.below, "operator": operator, "most": BLOCK}
    rows = read.all(SQL_BLOCK, asked)
    ranked = sorted((_hit(row) for row in rows), reverse=True)
    left = [
        hit for hit in ranked if after.rank is None or (hit.rank, hit.document) < (after.rank, after.document)
    ]
    page = left[:limit]
    if len(left) > limit:
        # The block is named by its own newest document, so that what is said meanwhile does not move it.
        return page, Bookmark(min(after.below, rows[0][0] + 1), page[-1].rank, page[-1].document)
    return page, Bookmark(rows[-1][0]) if len(rows) == BLOCK else None


def _hit(row: tuple[Any, ...]) -> _Hit:
    document, score, at, conversation = row
    relevance = math.log(max(-score, 1e-9)) + at / FADES
    return _Hit(round(relevance * 1_000_000), document, conversation)


def _heard(read: Read, hit: _Hit, terms: tuple[Term, ...]) -> Heard:
    seq = hit.document & SEQ_MASK
    row = read.one(SQL_MESSAGE, {"conversation": hit.conversation, "seq": seq})
    assert row is not None, "an indexed message exists"
    return Heard(hit.conversation, seq, pieces(row[0], terms))


def _people(read: Read, query: str, terms: tuple[Term, ...]) -> list[Known]:
    found = read.all(SQL_PEOPLE, {"query": query, "block": BLOCK, "most": MOST_CUSTOMERS})
    rows = [read.one(SQL_PERSON, {"n": n}) for n, _ in found]
    return [Known(row[0], pieces(row[1].replace("\n", " · "), terms)) for row in rows if row is not None]
