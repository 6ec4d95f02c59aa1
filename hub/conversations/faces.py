"""Pictures of operators, as visitors and colleagues see them.

They are a few kilobytes each and stand in the database, so that a backup has them and a change is one commit. The address is public and
its name random: whoever talks with an operator sees it, and a new picture has a new one, so that it may be cached for ever.
"""

from hub.store import Read, Tx
from hub.wire import id_hex

PREFIX = "/media/"

SQL_NAME = "SELECT name FROM operator_picture WHERE operator = :operator"
SQL_DATA = "SELECT data FROM operator_picture WHERE name = :name"
SQL_KEEP = """
INSERT INTO operator_picture (operator, name, data) VALUES (:operator, :name, :data)
ON CONFLICT (operator) DO UPDATE SET name = excluded.name, data = excluded.data"""
SQL_DROP = "DELETE FROM operator_picture WHERE operator = :operator"


def address(read: Read, operator: bytes) -> str:
    """Where this operator's picture is; empty when there is none."""
    row = read.one(SQL_NAME, {"operator": operator})
    return at(row[0] if row else None)


def at(name: bytes | None) -> str:
    """Where the picture of this name is; empty for none."""
    return f"{PREFIX}{id_hex(name)}" if name else ""


def data_of(read: Read, name: bytes) -> bytes | None:
    """The picture of this name, a WebP."""
    row = read.one(SQL_DATA, {"name": name})
    return row[0] if row else None


def keep(tx: Tx, operator: bytes, data: bytes | None) -> None:
    """Show this picture from now on; None for none."""
    if data is None:
        tx.run(SQL_DROP, {"operator": operator})
    else:
        tx.run(SQL_KEEP, {"operator": operator, "name": tx.new_id(), "data": data})
