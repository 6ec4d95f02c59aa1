"""Tags: words that operators put on conversations, to find them again and to count them.

A tag is kept as it is compared: composed, in lower case, without spaces around it and with single ones inside. So "VIP", " vip" and
"Vip" are one, whoever typed it, and no list of allowed tags is needed: what is in use is offered to whoever types.
"""

import json
import unicodedata
from collections.abc import Iterable

from hub.store import Read, Tx
from hub.wire import Refusal
from hub.wire.console import TagUse

MOST = 20
"""Tags of one conversation."""
LONGEST = 40
MOST_OFFERED = 500
COUNTED = 1_000
"""Nobody reads the difference above that, and counting on would read every conversation."""

SQL_OF = "SELECT tag FROM conversation_tag WHERE conversation = :conversation ORDER BY tag"
SQL_ADD = """
INSERT INTO conversation_tag (conversation, tag) VALUES (:conversation, :tag) ON CONFLICT DO NOTHING"""
SQL_DROP = "DELETE FROM conversation_tag WHERE conversation = :conversation AND tag = :tag"
# From one tag to the next by the index: as many steps as there are tags, however often each is used.
_EACH = """
WITH RECURSIVE each(tag) AS (SELECT min(tag) FROM conversation_tag UNION ALL
SELECT (SELECT min(g.tag) FROM conversation_tag g WHERE g.tag > each.tag) FROM each WHERE each.tag IS NOT NULL)"""
SQL_IN_USE = f"""{_EACH}
SELECT each.tag, (SELECT count(*) FROM (SELECT 1 FROM conversation_tag g JOIN conversation c ON c.id = g.conversation
  WHERE g.tag = each.tag AND (:operator IS NULL
  OR EXISTS (SELECT 1 FROM queue_member q WHERE q.queue = c.queue AND q.operator = :operator)) LIMIT {COUNTED}))
FROM each WHERE each.tag IS NOT NULL ORDER BY 2 DESC, 1 LIMIT {MOST_OFFERED}"""

SQL_NEWEST = """
SELECT DISTINCT c.id, c.last_at FROM conversation_tag g JOIN conversation c ON c.id = g.conversation
WHERE g.tag IN (SELECT value FROM json_each(:tags)) AND (:operator IS NULL
OR EXISTS (SELECT 1 FROM queue_member q WHERE q.queue = c.queue AND q.operator = :operator))
ORDER BY c.last_at DESC, c.id DESC LIMIT :most"""


def tidy(text: str) -> str:
    """A tag as it is kept. Refusals: bad_request, when nothing is left of it or too much."""
    tag = " ".join(unicodedata.normalize("NFC", text.strip().lstrip("#")).lower().split())
    if not tag or not tag.isprintable():
        raise Refusal("bad_request", "tag: expected a word or a few", fields={"tag": text[:LONGEST]})
    if len(tag) > LONGEST:
        raise Refusal(
            "bad_request",
            f"tag: expected at most {LONGEST} characters, got {len(tag)}",
            fields={"tag": tag[:LONGEST]},
        )
    return tag


def of(read: Read, conversation: bytes) -> list[str]:
    """Tags of a conversation, in order."""
    return [row[0] for row in read.all(SQL_OF, {"conversation": conversation})]


def change(tx: Tx, conversation: bytes, add: Iterable[str], drop: Iterable[str]) -> bool:
    """Put tags on a conversation and take others off; whether that changed anything. Refusals: bad_request (too many, too long)."""
    before = set(of(tx, conversation))
    after = before - {tidy(tag) for tag in drop} | {tidy(tag) for tag in add}
    return _become(tx, conversation, before, after)


def become(tx: Tx, conversation: bytes, wanted: Iterable[str]) -> bool:
    """Let these be its tags; whether that changed anything. Refusals: bad_request (too many, too long)."""
    return _become(tx, conversation, set(of(tx, conversation)), {tidy(tag) for tag in wanted})


def in_use(read: Read, operator: bytes | None) -> list[TagUse]:
    """Tags on conversations of the operator's queues (None: of all), the most used first."""
    found = read.all(SQL_IN_USE, {"operator": operator})
    return [TagUse(tag=tag, count=count) for tag, count in found if count]


def newest(read: Read, wanted: Iterable[str], operator: bytes | None, most: int = 10) -> list[bytes]:
    """The newest conversations with one of these tags that the operator may see (None: all)."""
    asked = {"tags": json.dumps(list(wanted)), "operator": operator, "most": most}
    return [row[0] for row in read.all(SQL_NEWEST, asked)]


def _become(tx: Tx, conversation: bytes, before: set[str], after: set[str]) -> bool:
    if len(after) > MOST:
        raise Refusal("bad_request", f"tags: a conversation has at most {MOST}; take one off first")
    tx.many(SQL_DROP, [{"conversation": conversation, "tag": tag} for tag in sorted(before - after)])
    tx.many(SQL_ADD, [{"conversation": conversation, "tag": tag} for tag in sorted(after - before)])
    return before != after
