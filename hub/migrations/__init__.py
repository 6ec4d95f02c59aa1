"""Schema changes, in order: the files in `versions/`, made from `hub.tables` and run by Alembic.

Revisions form one line and are named by their files, `0001_initial`, `0002_…`; so the head is known without importing
Alembic, and a hub whose database is current starts without paying for it. An upgrade is one transaction: killed
half-way it leaves the old schema, whole.
"""

import sqlite3
from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"


def revisions() -> list[str]:
    """All known revisions, oldest first."""
    return sorted(file.stem for file in VERSIONS.glob("[0-9]*.py"))


def current(connection: sqlite3.Connection) -> str | None:
    """The database's revision; None when it has never been migrated."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else None
