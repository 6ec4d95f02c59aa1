"""Documents in the database: what each connection's plugin keeps, as JSON of its own.

In: puts, alone or in the transaction of the touchpoint they belong to. Out: documents as they were written; the plugin's
runner upgrades older versions, because the upgrade function is the plugin's code and no plugin runs in a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hub.contract import Document, Put
from hub.contract.documents import check
from hub.store import Read, Tx

SQL_PUT = """
INSERT INTO document (connection, kind, key, version, body, updated_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (connection, kind, key)
DO UPDATE SET version = excluded.version, body = excluded.body, updated_at = excluded.updated_at
"""
SQL_DELETE = "DELETE FROM document WHERE connection = ? AND kind = ? AND key = ?"
SQL_GET = "SELECT version, body FROM document WHERE connection = ? AND kind = ? AND key = ?"
SQL_EVERY = "SELECT connection, kind, key, body FROM document"
SQL_ALL = "SELECT key, version, body FROM document WHERE connection = ? AND kind = ? ORDER BY key"


def put(tx: Tx, connection: str, puts: Sequence[Put]) -> None:
    """Write all, in order. A body of None removes. Raises ValueError, before anything is written, for a put too large."""
    check(puts)
    for it in puts:
        if it.body is None:
            delete(tx, connection, it.kind, it.key)
        else:
            body = msgspec.json.encode(it.body).decode()
            tx.run(SQL_PUT, (connection, it.kind, it.key, it.version, body, tx.now))


def delete(tx: Tx, connection: str, kind: str, key: str) -> None:
    """Remove one; no error when it is not there."""
    tx.run(SQL_DELETE, (connection, kind, key))


def get(read: Read, connection: str, kind: str, key: str) -> Document | None:
    """The document as it was written, or None."""
    row = read.one(SQL_GET, (connection, kind, key))
    return None if row is None else _document(kind, key, *row)


def all_of(read: Read, connection: str, kind: str) -> list[Document]:
    """Every document of a kind, ordered by key, as they were written."""
    return [_document(kind, *row) for row in read.all(SQL_ALL, (connection, kind))]


def holding(read: Read, words: Sequence[str]) -> list[tuple[str, str, str]]:
    """(connection, kind, key) of the documents in which one of these words stands, in any case: for the erasure of a person."""
    wanted = [word.casefold() for word in words]
    return [
        (connection, kind, key)
        for connection, kind, key, body in (read.all(SQL_EVERY) if wanted else ())
        if any(word in text for text in (key.casefold(), body.casefold()) for word in wanted)
    ]


def _document(kind: str, key: str, version: int, body: str) -> Document:
    return Document(kind=kind, key=key, version=version, body=msgspec.json.decode(body))
