"""What all tables share: words for columns with a meaning of their own, names for constraints, strict types.

    class Message(Table, table=True):
        __tablename__ = "message"
        __table_args__ = (Index("message_by_client", "conversation", "client_id", unique=True), WITHOUT_ROWID)
        id: Id = Field(primary_key=True)
        sent_at: Micros
        author: Id | None = None
        body: str

Annotate with `int`, `str`, `bytes`, `float`, `bool` (stored 0 or 1) and `| None`: nothing else. Structured values are
JSON text, encoded by the stage that owns them. A plain default (`= 0`, `= ""`) is the column's default in SQL too.
Every table is STRICT, so a wrong type is an error at the first insert and not a surprise in a report a year later
(SQLite by itself stores text in an integer column without a word).
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

Id = bytes
"""16 bytes: random, or a touch id (`hub.ids`). 32 hexadecimal characters on the wire."""

Micros = int
"""A moment: UTC microseconds since 1970."""

WITHOUT_ROWID = {"sqlite_with_rowid": False}
"""Last item of `__table_args__` of a table whose rows are small and always reached by their primary key."""

# A migration can only alter or drop a constraint that has a name, so every constraint gets one.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of a table; SQLModel itself serves as well."""


def schema_of(modules: Collection[str]) -> sa.MetaData:
    """Copies of the tables these modules define, all STRICT. SQLModel's own metadata is shared by the whole process,
    so a plugin with models of its own would otherwise add to our schema."""
    schema = sa.MetaData(naming_convention=NAMES)
    ours = {
        mapper.local_table for mapper in SQLModel._sa_registry.mappers if mapper.class_.__module__ in modules
    }
    for source in SQLModel.metadata.sorted_tables:
        if source not in ours:
            continue
        table = source.to_metadata(schema)
        table.dialect_options["sqlite"]["strict"] = True
        for column in table.columns:
            column.type = _stored(column.type, f"{table.name}.{column.name}")
            column.server_default = column.server_default or _default(column)
    return schema


def _default(column: sa.Column[Any]) -> sa.DefaultClause | None:
    """A plain default as SQL, since stages insert with SQL and a new NOT NULL column needs a value for old rows."""
    value = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    if isinstance(value, bool | int | float):
        return sa.DefaultClause(sa.text(str(value + 0)))
    if isinstance(value, str):
        return sa.DefaultClause(value)  # a string is quoted by SQLAlchemy, SQL text would not be
    return None


def _stored(kind: TypeEngine[Any], place: str) -> TypeEngine[Any]:
    """One of the four types SQLite knows."""
    if isinstance(kind, sa.TypeDecorator):
        kind = kind.impl_instance  # SQLModel wraps its strings
    if isinstance(kind, sa.Boolean | sa.Integer):
        return sa.INTEGER()
    if isinstance(kind, sa.Float):
        return sa.REAL()
    if isinstance(kind, sa.LargeBinary | sa.BLOB):
        return sa.BLOB()
    if isinstance(kind, sa.String) and not isinstance(kind, sa.Enum):
        return sa.TEXT()
    raise TypeError(
        f"column {place}: expected int, str, bytes, float or bool, got {kind!r}; "
        "store JSON or enumerations as text and times as integer microseconds"
    )
