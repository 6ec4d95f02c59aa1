"""Search: what is due to be indexed, the numbers of documents, and the full-text indexes, which are made by hand.

No message is stored twice: its index is contentless, and its document's number says where it is, `search_talk.n << 24 | seq`. To take
a document out of a contentless index the words must be told once more; a message's are in its row, a customer's may be gone from
identity by then, so the line a customer was indexed with is kept.

Triggers put into `search_due` what the index lacks, in the transaction that wrote it. Code that writes cannot forget it, and the hot
path pays one small insert. A message that is erased leaves the index at once, not later.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlmodel import Field, SQLModel

from hub.ids import SAYS, SEQ_BITS, WORDS


class SearchDue(SQLModel, table=True):
    """The index lacks this: message `seq` of the conversation `key`, or with `seq` 0 the customer `key`."""

    __tablename__ = "search_due"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: bytes = Field(primary_key=True)
    seq: int = Field(primary_key=True)


class SearchTalk(SQLModel, table=True):
    """The number of a conversation in its messages' documents; later conversations have greater ones."""

    __tablename__ = "search_talk"

    n: int | None = Field(default=None, primary_key=True)
    conversation: bytes = Field(unique=True)


class SearchPerson(SQLModel, table=True):
    """A customer's document, and the very words it was indexed with."""

    __tablename__ = "search_person"

    n: int | None = Field(default=None, primary_key=True)
    customer: bytes = Field(unique=True)
    text: str


_INDEXED = f"{{0}}.kind <> 'system' AND {SAYS}"
_TAKE_OUT = f"""INSERT INTO fts_message (fts_message, rowid, text)
  SELECT 'delete', t.n << {SEQ_BITS} | old.seq, {WORDS.format("old")} FROM search_talk t WHERE t.conversation = old.conversation
  AND NOT EXISTS (SELECT 1 FROM search_due d WHERE d.key = old.conversation AND d.seq = old.seq)"""
_MARK = """INSERT INTO search_due (key, seq) SELECT e.customer, 0 FROM evidence e
  WHERE e.key = {0}.evidence AND e.customer IS NOT NULL ON CONFLICT DO NOTHING"""
_OF_A_PERSON = "{0}.kind NOT IN ('device', 'session')"
_TELLS = f"""(EXISTS (SELECT 1 FROM attribute a WHERE a.evidence = {{0}}.key)
  OR EXISTS (SELECT 1 FROM claim c WHERE c.evidence = {{0}}.key AND {_OF_A_PERSON.format("c")}))"""

BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "fts_message": """CREATE VIRTUAL TABLE fts_message
USING fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2')""",
        "fts_person": """CREATE VIRTUAL TABLE fts_person
USING fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2')""",
        "search_said": f"""CREATE TRIGGER search_said AFTER INSERT ON message WHEN {_INDEXED.format("new")} BEGIN
  INSERT INTO search_due (key, seq) VALUES (new.conversation, new.seq) ON CONFLICT DO NOTHING;
END""",
        "search_erased": f"""CREATE TRIGGER search_erased AFTER DELETE ON message WHEN {_INDEXED.format("old")} BEGIN
  {_TAKE_OUT};
  DELETE FROM search_due WHERE key = old.conversation AND seq = old.seq;
END""",
        "search_reworded": f"""CREATE TRIGGER search_reworded AFTER UPDATE OF text, kind ON message
WHEN old.text <> new.text OR old.kind <> new.kind BEGIN
  {_TAKE_OUT} AND {_INDEXED.format("old")};
  DELETE FROM search_due WHERE key = old.conversation AND seq = old.seq;
  INSERT INTO search_due (key, seq) SELECT new.conversation, new.seq WHERE {_INDEXED.format("new")};
END""",
        "search_told": f"""CREATE TRIGGER search_told AFTER INSERT ON attribute BEGIN
  {_MARK.format("new")};
END""",
        "search_untold": f"""CREATE TRIGGER search_untold AFTER DELETE ON attribute BEGIN
  {_MARK.format("old")};
END""",
        "search_claimed": f"""CREATE TRIGGER search_claimed AFTER INSERT ON claim WHEN {_OF_A_PERSON.format("new")} BEGIN
  {_MARK.format("new")};
END""",
        "search_unclaimed": f"""CREATE TRIGGER search_unclaimed AFTER DELETE ON claim WHEN {_OF_A_PERSON.format("old")} BEGIN
  {_MARK.format("old")};
END""",
        "search_came": f"""CREATE TRIGGER search_came AFTER INSERT ON evidence
WHEN new.customer IS NOT NULL AND {_TELLS.format("new")} BEGIN
  INSERT INTO search_due (key, seq) VALUES (new.customer, 0) ON CONFLICT DO NOTHING;
END""",
        "search_moved": f"""CREATE TRIGGER search_moved AFTER UPDATE OF customer ON evidence
WHEN old.customer IS NOT new.customer AND {_TELLS.format("new")} BEGIN
  INSERT INTO search_due (key, seq) SELECT old.customer, 0 WHERE old.customer IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO search_due (key, seq) SELECT new.customer, 0 WHERE new.customer IS NOT NULL ON CONFLICT DO NOTHING;
END""",
        "search_went": """CREATE TRIGGER search_went AFTER DELETE ON evidence WHEN old.customer IS NOT NULL BEGIN
  INSERT INTO search_due (key, seq) VALUES (old.customer, 0) ON CONFLICT DO NOTHING;
END""",
    }
)
"""Name → the statement that makes it, in order. `hub.migrations` writes them into revisions and leaves their inner tables alone."""
