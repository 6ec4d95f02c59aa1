"""Lists of conversations, newest first and as long as one likes: the inbox of closed ones and of all, with its filters.

Each status is walked by its own index and the three are merged, so that a page reads as many rows as it shows, whatever lies behind it;
only a filter that fits hardly any makes it look further. One statement fetches a page.
"""

import msgspec

from hub.conversations import view
from hub.store import Read
from hub.wire import id_hex
from hub.wire.console import ConversationPage

PAGE = 50
LAST_AT = 12
"""Where `view.ROW` has the time of the last word."""
_FITS = """(c.last_at, c.id) < (:at, :id)
AND (:team IS NULL OR EXISTS (SELECT 1 FROM queue_member q WHERE q.queue = c.queue AND q.operator = :team))
AND (:queue IS NULL OR c.queue = :queue) AND (:site IS NULL OR c.site = :site)
AND (:channel IS NULL OR c.channel = :channel) AND (:outcome IS NULL OR c.outcome = :outcome)
AND (:rated IS NULL OR (c.score IS NOT NULL) = :rated) AND (:unanswered IS NULL OR c.waiting_since <= :unanswered)
AND (:operator IS NULL OR c.operator = :operator)
AND (:tag IS NULL OR EXISTS (SELECT 1 FROM conversation_tag g WHERE g.conversation = c.id AND g.tag = :tag))
AND (:mentioned IS NULL OR EXISTS (SELECT 1 FROM mention x WHERE x.operator = :mentioned AND x.conversation = c.id))"""
_EACH = f"""SELECT * FROM (SELECT c.id, c.last_at FROM conversation c WHERE c.status = '{{0}}' AND :{{0}} AND {_FITS}
ORDER BY c.last_at DESC, c.id DESC LIMIT :limit)"""
_STATES = ("waiting", "open", "closed")
_SHOWN = f"{view.ROW} WHERE c.id IN (SELECT id FROM ({{}})) ORDER BY c.last_at DESC, c.id DESC"
SQL_LISTED = _SHOWN.format(f"""
{" UNION ALL ".join(_EACH.format(status) for status in _STATES)}
ORDER BY 2 DESC, 1 DESC LIMIT :limit""")
# What few conversations have is walked from its own index: they are fetched and sorted instead of all being looked at.
_FEW = f"""SELECT DISTINCT c.id, c.last_at FROM {{0}} CROSS JOIN conversation c ON c.id = f.conversation
WHERE {{1}} AND ({" OR ".join(f"(c.status = '{status}' AND :{status})" for status in _STATES)}) AND {_FITS}
ORDER BY 2 DESC, 1 DESC LIMIT :limit"""
SQL_MENTIONING = _SHOWN.format(_FEW.format("mention f", "f.operator = :mentioned"))
SQL_TAGGED = _SHOWN.format(_FEW.format("conversation_tag f", "f.tag = :tag"))


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversations; None: any. `unanswered`: the customer has waited for a word since before (UTC microseconds)."""

    waiting: bool = False
    open: bool = False
    closed: bool = False
    queue: bytes | None = None
    site: str | None = None
    channel: str | None = None
    outcome: str | None = None
    operator: bytes | None = None
    rated: bool | None = None
    unanswered: int | None = None
    tag: str | None = None
    mentioned: bytes | None = None
    """In a note that calls this operator."""


def listed(
    read: Read,
    team: bytes | None,
    wanted: Wanted,
    before: tuple[int, bytes] | None = None,
    limit: int = PAGE,
) -> ConversationPage:
    """Those in the queues of the operator `team` (None: of all), newest first, from a cursor on."""
    at, last = before or (2**62, b"\xff" * 16)
    asked = {"team": team, "at": at, "id": last, "limit": limit, **msgspec.structs.asdict(wanted)}
    found = read.all(SQL_MENTIONING if wanted.mentioned else SQL_TAGGED if wanted.tag else SQL_LISTED, asked)
    more = f"{found[-1][LAST_AT]}-{id_hex(found[-1][0])}" if len(found) == limit else None
    return ConversationPage(items=view.rows(found), next=more)
