"""The database of a running hub, seen from outside: every row of every table, for saying that nothing was stored, or nothing is left."""

from typing import Any

SQL_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"

Contents = dict[str, list[tuple[Any, ...]]]


async def contents(world) -> Contents:
    """Every table's rows, in one snapshot."""

    def all_rows(read) -> Contents:
        names = [name for (name,) in read.all(SQL_TABLES)]
        return {name: sorted(read.all(f"SELECT * FROM {name}"), key=repr) for name in names}

    return await world.hub.store.read(all_rows)


async def holding(world, text: str | bytes) -> list[str]:
    """The tables that hold these words or bytes anywhere."""
    wanted = text.encode() if isinstance(text, str) else text
    found = []
    for table, rows in (await contents(world)).items():
        cells = (cell.encode() if isinstance(cell, str) else cell for row in rows for cell in row)
        if any(isinstance(cell, bytes) and wanted in cell for cell in cells):
            found.append(table)
    return sorted(found)


async def bytes_on_disk(world) -> bytes:
    """The database and its log as they lie on the disk."""
    return b"".join(path.read_bytes() for path in sorted(world.data.glob("hub.db*")) if path.is_file())
