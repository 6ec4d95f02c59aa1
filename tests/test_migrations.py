"""The migrations make exactly the tables that `hub.tables` declares, and an upgrade happens whole or not at all."""

import importlib.util
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub import migrations
from hub.migrations import make
from hub.migrations.by_hand import BY_HAND
from hub.migrations.running import upgrade
from hub.store.preparing import prepare, schema_image
from hub.tables import metadata
from hub.tables.base import Table, schema_of

REVISION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{name}", "{before}"
def upgrade():
    op.add_column("topic", sa.Column("colour", sa.TEXT(), server_default="red", nullable=False))
    op.execute("UPDATE topic SET colour = 'blue'")
    {then}
"""


def schema(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Each table's and index's definition as a sorted list of its parts, so that the order of columns does not matter."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    )
    return {name: sorted(part.strip(" \t\n,") for part in re.split(r",\s*\n", sql)) for name, sql in rows}


def test_the_migrations_and_the_tables_agree():
    with closing(sqlite3.connect(":memory:")) as migrated, closing(sqlite3.connect(":memory:")) as declared:
        migrated.deserialize(schema_image())
        engine = sa.create_engine("sqlite://", creator=lambda: declared, poolclass=sa.pool.StaticPool)
        metadata().create_all(engine)
        for sql in BY_HAND.values():
            declared.execute(sql)
        expected, found = schema(declared), schema(migrated)
    hint = "run `python -m hub.migrations.make` and commit what it wrote"
    assert found.keys() == expected.keys(), hint
    for name, parts in expected.items():
        assert found[name] == parts, f"{name}: {hint}"


def test_a_complete_schema_leaves_nothing_to_write(tmp_path):
    """The inner tables of the full-text indexes are no strangers, and what is made by hand is not made twice."""
    for name in migrations.revisions():
        (tmp_path / f"{name}.py").write_text((migrations.VERSIONS / f"{name}.py").read_text())
    made = make.write("Nothing", f"{len(migrations.revisions()) + 1:04}_nothing", tmp_path)
    body = made.read_text().partition("def upgrade")[2]
    assert "op." not in body


def test_what_is_made_by_hand_and_changes_is_made_anew(tmp_path, monkeypatch):
    for name in migrations.revisions():
        (tmp_path / f"{name}.py").write_text((migrations.VERSIONS / f"{name}.py").read_text())
    changed = {**BY_HAND, "search_went": BY_HAND["search_went"].replace("DELETE ON", "DELETE  ON")}
    monkeypatch.setattr("hub.migrations.by_hand.BY_HAND", changed)
    made = make.write("Nothing", f"{len(migrations.revisions()) + 1:04}_changed", tmp_path)
    body = made.read_text().partition("def upgrade")[2].partition("def downgrade")[0]
    assert body.count("op.") == 2
    assert body.index("DROP TRIGGER search_went") < body.index("CREATE TRIGGER search_went")


def test_every_table_is_strict():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(schema_image())
        loose = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict "
            "AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        ).fetchall()
    assert loose == []


def test_revisions_form_one_line_and_are_named_by_their_files():
    before = None
    for name in migrations.revisions():
        spec = importlib.util.spec_from_file_location(name, migrations.VERSIONS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert (module.revision, module.down_revision) == (name, before)
        before = name


def test_a_type_that_sqlite_cannot_keep_strictly_is_refused_with_its_place():
    from sqlmodel import JSON, Field

    class Odd(Table, table=True):
        id: int = Field(primary_key=True)
        extra: dict = Field(sa_type=JSON)

    try:
        with pytest.raises(TypeError, match=r"column odd\.extra: expected int, str, bytes"):
            schema_of([__name__])
    finally:
        Table.metadata.remove(Odd.__table__)


@pytest.fixture
def next_revision(tmp_path, monkeypatch):
    """Adds a second revision, beside the real ones, that colours topics; returns a call that says what follows in it."""
    folder = tmp_path / "versions"
    folder.mkdir()
    for name in migrations.revisions():
        (folder / f"{name}.py").write_text((migrations.VERSIONS / f"{name}.py").read_text())
    head = migrations.revisions()[-1]
    monkeypatch.setattr(migrations, "VERSIONS", folder)

    def write(then: str = "") -> str:
        name = f"{len(migrations.revisions()) + 1:04}_colour"
        (folder / f"{name}.py").write_text(REVISION.format(name=name, before=head, then=then))
        return name

    return write


def database_with_a_topic(path: Path) -> None:
    prepare(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO topic (name) VALUES ('inbox')")


def read(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_an_upgrade_keeps_the_rows_and_a_copy_of_what_was_before(tmp_path, next_revision):
    path = tmp_path / "hub.db"
    database_with_a_topic(path)
    name = next_revision()
    prepare(path)
    assert read(path, "SELECT name, colour FROM topic") == [("inbox", "blue")]
    assert read(path, "SELECT version_num FROM alembic_version") == [(name,)]
    copy = tmp_path / f"hub.db.before-{name}"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert read(copy, "SELECT name FROM topic") == [("inbox",)]
    assert "colour" not in str(read(copy, "SELECT sql FROM sqlite_master WHERE name = 'topic'"))


def test_an_upgrade_that_fails_half_way_leaves_the_old_schema(tmp_path, next_revision):
    path = tmp_path / "hub.db"
    database_with_a_topic(path)
    before = read(path, "SELECT sql FROM sqlite_master")
    next_revision('op.create_table("extra", sa.Column("n", sa.INTEGER())); raise LookupError("half-way")')
    with pytest.raises(LookupError, match="half-way"):
        prepare(path)
    assert read(path, "SELECT sql FROM sqlite_master") == before


def test_an_upgrade_killed_half_way_is_made_whole_by_the_next_start(tmp_path, next_revision):
    import multiprocessing
    import signal

    path = tmp_path / "hub.db"
    database_with_a_topic(path)
    before = read(path, "SELECT sql FROM sqlite_master")
    name = next_revision("import os, signal; os.kill(os.getpid(), signal.SIGKILL) if MARK.exists() else None")
    file, mark = migrations.VERSIONS / f"{name}.py", tmp_path / "mark"
    file.write_text(f"from pathlib import Path\nMARK = Path({str(mark)!r})\n" + file.read_text())
    mark.touch()
    victim = multiprocessing.get_context("fork").Process(target=prepare, args=(path,))
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    assert read(path, "SELECT sql FROM sqlite_master") == before
    mark.unlink()
    prepare(path)
    assert read(path, "SELECT name, colour FROM topic") == [("inbox", "blue")]


def test_an_upgrade_that_would_leave_broken_references_is_rolled_back(tmp_path, next_revision):
    path = tmp_path / "hub.db"
    database_with_a_topic(path)
    next_revision(
        'op.execute("CREATE TABLE child (topic TEXT REFERENCES topic (name))");'
        "op.execute(\"INSERT INTO child VALUES ('gone')\")"
    )
    with pytest.raises(RuntimeError, match="refer to nothing"):
        prepare(path)
    assert read(path, "SELECT version_num FROM alembic_version") == [(migrations.revisions()[0],)]


def test_the_next_revision_is_written_from_the_difference(tmp_path):
    """From an empty folder the whole schema is written, and from a complete one nothing."""
    first = make.write("The first schema", "0001_initial", tmp_path)
    assert "create_table" in first.read_text()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        upgrade(connection)
        assert migrations.current(connection) == migrations.revisions()[-1]


def test_a_revision_is_named_by_number_and_words():
    assert make.next_name("Add a Colour, please!").endswith("_add_a_colour_please")
