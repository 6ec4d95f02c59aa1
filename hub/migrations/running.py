"""Runs Alembic on a connection of ours, so that a whole upgrade really is one transaction.

Python's sqlite3 commits before DDL in some modes, SQLAlchemy begins late and Alembic takes both for granted. Here the
driver is in autocommit mode and exactly one explicit BEGIN IMMEDIATE stands before everything.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from hub import migrations


def upgrade(connection: sqlite3.Connection, revision: str = "head") -> None:
    """Bring an open database to `revision`, in one transaction.

    `connection` must have `isolation_level=None` and stand outside a transaction. Raises what SQLite or a revision
    raises, with everything rolled back.
    """
    with configured(connection) as config:
        command.upgrade(config, revision)


@contextmanager
def configured(connection: sqlite3.Connection) -> Iterator[Config]:
    """Alembic's settings over an open connection, made in code: no alembic.ini to find or to forget."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", _begin)
    with engine.connect() as opened:
        config = Config()
        config.set_main_option("script_location", _escaped(migrations.__path__[0]))
        config.set_main_option("version_locations", _escaped(str(migrations.VERSIONS)))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = opened
        yield config


def _begin(opened: Connection) -> None:
    opened.exec_driver_sql("BEGIN IMMEDIATE")


def _escaped(path: str) -> str:
    return path.replace("%", "%%")  # configparser's own sign
