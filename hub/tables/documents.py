"""Documents: what each connection's plugin keeps between runs.

One row per (connection, kind, key). `body` is JSON text; `version` is the schema version the plugin wrote it with.
"""

from sqlmodel import Field

from hub.tables.base import WITHOUT_ROWID, Micros, Table


class DocumentRow(Table, table=True):
    __tablename__ = "document"
    __table_args__ = (WITHOUT_ROWID,)

    connection: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    version: int
    body: str
    updated_at: Micros
