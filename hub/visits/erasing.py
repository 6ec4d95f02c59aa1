"""Delete what a visitor did: for the erasure of a person. A browser that others use as well keeps theirs, and nobody is signed in on it.

The visitor's own deletion (`own.py`) takes a browser; this takes a person's visits, on whatever browser they were.
"""

from hub.store import Read, Tx

SQL_VISIT = "SELECT visitor FROM visit WHERE id = :visit"
SQL_DROP_EVENTS = """
DELETE FROM visit_event WHERE origin IN (SELECT origin FROM visit_event WHERE visit = :visit LIMIT :most)"""
SQL_DROP_PAGES = """
DELETE FROM page_view WHERE visit = :visit AND n IN (SELECT n FROM page_view WHERE visit = :visit LIMIT :most)"""
SQL_DROP_VISIT = (
    "DELETE FROM cart WHERE visit = :visit",
    "DELETE FROM invitation WHERE visit = :visit",
    "DELETE FROM visit WHERE id = :visit",
)
SQL_SIGN_OUT = (
    "DELETE FROM visitor_token WHERE visitor = :visitor",
    "UPDATE visitor SET person = NULL WHERE id = :visitor",
)
SQL_IS_USED = """
SELECT EXISTS (SELECT 1 FROM visit WHERE visitor = :visitor) OR EXISTS (SELECT 1 FROM conversation WHERE visitor = :visitor)"""
SQL_DROP_VISITOR = (
    "DELETE FROM cart WHERE visitor = :visitor",
    "DELETE FROM invitation WHERE visitor = :visitor",
    "DELETE FROM visitor WHERE id = :visitor",
)
SQL_UNWATCH = "DELETE FROM watched WHERE anchor = :touch"


def visitor_of(read: Read, visit: bytes) -> bytes | None:
    """Whose visit this touchpoint is; None if it is none."""
    row = read.one(SQL_VISIT, {"visit": visit})
    return row[0] if row else None


def erase_pages(tx: Tx, visit: bytes, most: int) -> int:
    """Delete up to `most` events and as many pages of a visit; how many there were."""
    row = {"visit": visit, "most": most}
    return tx.run(SQL_DROP_EVENTS, row) + tx.run(SQL_DROP_PAGES, row)


def erase_visit(tx: Tx, visit: bytes) -> None:
    """Delete a visit that has no pages any longer, with its cart and invitations; whoever watched for it watches no more."""
    for statement in SQL_DROP_VISIT:
        tx.run(statement, {"visit": visit})
    tx.run(SQL_UNWATCH, {"touch": visit})


def erase_visitor(tx: Tx, visitor: bytes) -> bool:
    """The browser is a stranger from now on; without anybody's visits and words left it is forgotten, and this is True."""
    for statement in SQL_SIGN_OUT:
        tx.run(statement, {"visitor": visitor})
    used = tx.one(SQL_IS_USED, {"visitor": visitor})
    if used is None or used[0]:
        return False
    for statement in SQL_DROP_VISITOR:
        tx.run(statement, {"visitor": visitor})
    return True
