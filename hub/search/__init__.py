"""Full-text search over what was said and who the customers are.

    indexing   what is due goes into the index, off the hot path, in the transaction that ends its being due
    pacing     when that runs, and who hears when it is late
    asking     what somebody typed → a query that can never be wrong
    marking    which pieces of a text are hits, told from the text itself
    finding    hits, best first, of what the operator may see
    within     hits inside one conversation

The index is derived: `hub.tables.search` says what marks a row as due, and `indexing.rebuild` makes it anew.
"""

from hub.search.finding import Bookmark, Found, Heard, Known, find
from hub.search.indexing import catch_up, press, rebuild
from hub.search.pacing import Indexer, freshen
from hub.search.within import within

__all__ = [
    "Bookmark",
    "Found",
    "Heard",
    "Indexer",
    "Known",
    "catch_up",
    "find",
    "freshen",
    "press",
    "rebuild",
    "within",
]
