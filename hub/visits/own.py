"""What is stored about one browser, for the one who sits before it: to see, and to delete.

Deleting takes visits, pages, events, the cart, invitations and every token, so the browser is unknown from then on. The touchpoints
keep their id and origin, blank, so that a repeated delivery does not bring them back. What was said in a conversation, the files sent
in it and what was ordered is the business's correspondence and stays; erasing a person altogether is the owner's to do.
"""

import msgspec

from hub.store import Read, Tx

SQL_FIGURES = """
SELECT (SELECT min(opened_at) FROM visit WHERE visitor = :visitor), (SELECT count(*) FROM visit WHERE visitor = :visitor),
(SELECT count(*) FROM visit v JOIN page_view p ON p.visit = v.id WHERE v.visitor = :visitor),
(SELECT count(*) FROM visit v JOIN visit_event e ON e.visit = v.id WHERE v.visitor = :visitor),
(SELECT count(*) FROM conversation WHERE visitor = :visitor),
(SELECT count(*) FROM conversation c JOIN message m ON m.conversation = c.id
 WHERE c.visitor = :visitor AND (m.leg = c.leg AND m.leg_seq IS NOT NULL OR m.also = c.leg)),
EXISTS (SELECT 1 FROM cart WHERE visitor = :visitor AND count > 0)"""
SQL_VISITS = "SELECT id FROM visit WHERE visitor = :visitor"
SQL_DROP = (
    "DELETE FROM page_view WHERE visit IN (SELECT id FROM visit WHERE visitor = :visitor)",
    "DELETE FROM visit_event WHERE visit IN (SELECT id FROM visit WHERE visitor = :visitor)",
    "DELETE FROM cart WHERE visitor = :visitor",
    "DELETE FROM invitation WHERE visitor = :visitor",
    "DELETE FROM visitor_token WHERE visitor = :visitor",
    "DELETE FROM visit WHERE visitor = :visitor",
)
SQL_BLANK = "UPDATE touchpoint SET payload = '{}', key = '', thread = NULL WHERE id = :id"


class Figures(msgspec.Struct, frozen=True):
    """How much is stored; `since` in microseconds, None before the first visit."""

    since: int | None
    visits: int
    pages: int
    events: int
    conversations: int
    messages: int
    cart: bool


def figures(read: Read, visitor: bytes) -> Figures:
    """What is stored about this browser, counted."""
    row = read.one(SQL_FIGURES, {"visitor": visitor})
    assert row is not None
    since, visits, pages, events, conversations, messages, cart = row
    return Figures(since, visits, pages, events, conversations, messages, bool(cart))


def forget(tx: Tx, visitor: bytes) -> list[bytes]:
    """Delete it. Returns the visits there were: their touchpoints are blank now."""
    visits = [row[0] for row in tx.all(SQL_VISITS, {"visitor": visitor})]
    for visit in visits:
        tx.run(SQL_BLANK, {"id": visit})
    for statement in SQL_DROP:
        tx.run(statement, {"visitor": visitor})
    return visits
