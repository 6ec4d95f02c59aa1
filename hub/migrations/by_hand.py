"""What Alembic cannot see: virtual tables and triggers, as the `BY_HAND` of tables state them.

Autogeneration would take an index's inner tables for strangers and drop them, and it never writes a trigger. So the first are left out
of the comparison, and the statements that differ from those in the database are appended to the revision as they stand.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from alembic.operations import ops
from sqlalchemy import Connection

from hub.tables import keeping, search, suggestions

BY_HAND: Mapping[str, str] = {**keeping.BY_HAND, **search.BY_HAND, **suggestions.BY_HAND}


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Alembic's hook: whether this name in the database takes part in the comparison."""
    return not (kind == "table" and name is not None and name.startswith("fts_"))


def append(context: Any, _revision: Any, directives: list[Any]) -> None:
    """Alembic's hook: add what is made by hand and is not, or not so, in the database."""
    for script in directives:
        found = made(context.connection)
        changed = {name: sql for name, sql in BY_HAND.items() if found.get(name) != sql}
        gone = [name for name in found if name not in BY_HAND]
        script.upgrade_ops.ops[:0] = _drops([name for name in [*changed, *gone] if name in found], found)
        script.upgrade_ops.ops.extend(ops.ExecuteSQLOp(sql) for sql in changed.values())
        script.downgrade_ops.ops[:0] = _drops(changed, BY_HAND)


def made(connection: Connection) -> dict[str, str]:
    """Virtual tables and triggers in a database, by name."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL TABLE%'"
    )
    return {row[0]: row[1] for row in rows}


def _drops(names: Iterable[str], made_by: Mapping[str, str]) -> list[Any]:
    words = {name: "TRIGGER" if "TRIGGER" in made_by[name].partition("\n")[0] else "TABLE" for name in names}
    return [
        ops.ExecuteSQLOp(f"DROP {kind} {name}")
        for name, kind in sorted(words.items(), key=lambda it: it[1] == "TABLE")
    ]
