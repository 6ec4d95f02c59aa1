"""What is due goes into the index: a few rows at a time on the background lane, after everything interactive.

A row stops being due in the transaction that indexes it, so whatever dies in between, the next run begins where the last commit ended.
"""

from hub.ids import SAYS, SEQ_BITS, WORDS
from hub.store import Read, Tx

AT_ONCE = 100
"""Rows per action: 2 ms; one in a hundred longer, when the index merges its segments."""
PRESSED = 64
"""Pages of the index merged in one action."""
LONGEST = 4_000
"""Characters of a customer's line; nobody finds a person by the words behind."""

SQL_DUE = "SELECT key, seq FROM search_due LIMIT :most"
SQL_PENDING = "SELECT 1 FROM search_due LIMIT 1"
SQL_DONE = "DELETE FROM search_due WHERE key = :key AND seq = :seq"
SQL_SAID = f"SELECT {WORDS.format('message')} FROM message WHERE conversation = :key AND seq = :seq"
SQL_NUMBER = "SELECT n FROM search_talk WHERE conversation = :key"
SQL_TAKE_NUMBER = "INSERT INTO search_talk (conversation) VALUES (:key) RETURNING n"
SQL_INDEX_MESSAGE = "INSERT INTO fts_message (rowid, text) VALUES (:docid, :text)"
# What a customer is found by; one row each, in a fixed order.
SQL_LINE = """
SELECT a.value FROM evidence e INDEXED BY evidence_telling CROSS JOIN attribute a ON a.evidence = e.key WHERE e.customer = :key AND e.tells
UNION
SELECT c.value FROM evidence e INDEXED BY evidence_telling CROSS JOIN claim c ON c.evidence = e.key
WHERE e.customer = :key AND e.tells AND c.kind NOT IN ('device', 'session') ORDER BY 1"""
SQL_PERSON = "SELECT n, text FROM search_person WHERE customer = :key"
SQL_ADD_PERSON = "INSERT INTO search_person (customer, text) VALUES (:key, :text) RETURNING n"
SQL_REWORD_PERSON = "UPDATE search_person SET text = :text WHERE n = :n"
SQL_DROP_PERSON = "DELETE FROM search_person WHERE n = :n"
SQL_INDEX_PERSON = "INSERT INTO fts_person (rowid, text) VALUES (:n, :text)"
SQL_TAKE_OUT_PERSON = "INSERT INTO fts_person (fts_person, rowid, text) VALUES ('delete', :n, :text)"
SQL_PRESS = (
    "INSERT INTO fts_person (fts_person, rank) VALUES ('merge', :pages)",
    "INSERT INTO fts_message (fts_message, rank) VALUES ('merge', :pages)",
)
SQL_CHANGES = "SELECT total_changes()"
SQL_EMPTY = (
    "INSERT INTO fts_message (fts_message) VALUES ('delete-all')",
    "INSERT INTO fts_person (fts_person) VALUES ('delete-all')",
    "DELETE FROM search_due",
    "DELETE FROM search_talk",
    "DELETE FROM search_person",
)
SQL_ALL_DUE = (
    f"INSERT INTO search_due (key, seq) SELECT conversation, seq FROM message WHERE kind <> 'system' AND {SAYS.format('message')}",
    "INSERT INTO search_due (key, seq) SELECT DISTINCT customer, 0 FROM evidence WHERE customer IS NOT NULL",
    # In the order in which they began, which is the order of their numbers.
    "INSERT INTO search_talk (conversation) SELECT id FROM conversation WHERE seq > 0 ORDER BY opened_at, id",
)


def catch_up(tx: Tx, most: int = AT_ONCE) -> bool:
    """Index up to `most` of what is due; whether more may be."""
    due = tx.all(SQL_DUE, {"most": most})
    for key, seq in due:
        if seq:
            _message(tx, key, seq)
        else:
            _customer(tx, key)
    tx.many(SQL_DONE, [{"key": key, "seq": seq} for key, seq in due])
    return len(due) == most


def pending(read: Read) -> bool:
    """Whether anything is due."""
    return read.one(SQL_PENDING) is not None


def rebuild(tx: Tx) -> None:
    """Forget the index, and let everything be due. For a doctor's hand: one long action."""
    for sql in (*SQL_EMPTY, *SQL_ALL_DUE):
        tx.run(sql)


def line_of(read: Read, customer: bytes) -> str:
    """The words a customer is found by: names, addresses, numbers and attributes, each once."""
    return "\n".join(row[0] for row in read.all(SQL_LINE, {"key": customer}))[:LONGEST]


def _message(tx: Tx, key: bytes, seq: int) -> None:
    said = tx.one(SQL_SAID, {"key": key, "seq": seq})
    if said is None:
        return
    number = tx.one(SQL_NUMBER, {"key": key}) or tx.one(SQL_TAKE_NUMBER, {"key": key})
    assert number is not None
    tx.run(SQL_INDEX_MESSAGE, {"docid": number[0] << SEQ_BITS | seq, "text": said[0]})


def _customer(tx: Tx, key: bytes) -> None:
    text, before = line_of(tx, key), tx.one(SQL_PERSON, {"key": key})
    if before is None:
        if text:
            added = tx.one(SQL_ADD_PERSON, {"key": key, "text": text})
            assert added is not None
            tx.run(SQL_INDEX_PERSON, {"n": added[0], "text": text})
        return
    n, old = before
    if old == text:
        return
    tx.run(SQL_TAKE_OUT_PERSON, {"n": n, "text": old})
    if text:
        tx.run(SQL_REWORD_PERSON, {"n": n, "text": text})
        tx.run(SQL_INDEX_PERSON, {"n": n, "text": text})
    else:
        tx.run(SQL_DROP_PERSON, {"n": n})


def press(tx: Tx, *, start: bool = False) -> bool:
    """Merge a little of the index's segments, so that words of deleted documents leave the file; whether more may be to do.

    Taking a document out only adds a note that it is gone; its words go when segments meet. `start` puts all segments to merge.
    """
    moved = 0
    for statement in SQL_PRESS:
        before = _changes(tx)
        tx.run(statement, {"pages": -PRESSED if start else PRESSED})
        moved += _changes(tx) - before > 1  # the statement itself counts as one
    return moved > 0


def _changes(tx: Read) -> int:
    row = tx.one(SQL_CHANGES)
    assert row is not None
    return int(row[0])
