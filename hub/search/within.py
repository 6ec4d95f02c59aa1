"""Search inside one conversation: its documents are one range of the index, so it costs the same whatever else was ever said."""

from hub.ids import SEQ_BITS, SEQ_MASK
from hub.search import asking
from hub.store import Read

MOST = 2_000
"""Hits that are told; nobody walks further."""

SQL_NUMBER = "SELECT n FROM search_talk WHERE conversation = :conversation"
SQL_HITS = """
SELECT rowid FROM fts_message WHERE fts_message MATCH :query AND rowid BETWEEN :first AND :last
ORDER BY rowid DESC LIMIT :most"""


def within(read: Read, conversation: bytes, text: str, most: int = MOST) -> tuple[list[int], bool]:
    """Numbers of the messages in which `text` occurs, the newest first; and whether there are more than `most`."""
    terms = asking.read(text)
    row = read.one(SQL_NUMBER, {"conversation": conversation})
    if not terms or row is None:
        return [], False
    first = row[0] << SEQ_BITS
    asked = {"query": asking.expression(terms), "first": first, "last": first | SEQ_MASK, "most": most + 1}
    found = [document & SEQ_MASK for (document,) in read.all(SQL_HITS, asked)]
    return found[:most], len(found) > most
