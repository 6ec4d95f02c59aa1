"""From a path to an open store, or a refusal that says where, what was expected, what came and what to do."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from hub import migrations
from hub.store import LockFile, Store, StoreCorrupt, StoreLocked, StoreTooNew, StoreUnwritable
from hub.store.preparing import prepare


def execute(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
    return rows


async def test_a_new_file_is_made_current_and_private(opened, tmp_path):
    store = await opened()
    assert (await store.read(lambda read: read.one("SELECT version_num FROM alembic_version"))) == (
        migrations.revisions()[-1],
    )
    assert (await store.write(lambda tx: tx.one("PRAGMA journal_mode"))) == ("wal",)
    assert (await store.write(lambda tx: tx.one("PRAGMA synchronous"))) == (2,)
    assert (tmp_path / "hub.db").stat().st_mode & 0o777 == 0o600


async def test_closing_leaves_one_file_and_its_lock(opened, tmp_path):
    store = await opened()
    await store.write(lambda tx: tx.run("CREATE TABLE line (n)"))
    await store.read(lambda read: read.one("SELECT count(*) FROM line"))
    await store.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hub.db", "hub.db.lock"]


async def test_rows_outlive_the_hub(opened):
    store = await opened()
    await store.write(lambda tx: tx.run("CREATE TABLE line (n)"))
    await store.close()
    assert await (await opened()).read(lambda read: read.one("SELECT count(*) FROM line")) == (0,)


async def test_a_second_hub_is_refused_and_told_who_holds_the_file(opened, store):
    with pytest.raises(StoreLocked, match=rf"process {os.getpid()} holds it; stop that hub first") as refused:
        await opened()
    assert refused.value.pid == os.getpid()
    await store.close()
    await opened()


def test_a_lock_ends_with_its_holder_however_it_dies(tmp_path):
    program = (
        "import sys, pathlib, hub.store; lock = hub.store.LockFile.take(pathlib.Path(sys.argv[1]));"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "hub.db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreLocked) as refused:
            LockFile.take(tmp_path / "hub.db")
        assert refused.value.pid == holder.pid
        holder.kill()
        holder.wait()
    LockFile.take(tmp_path / "hub.db").release()


def test_a_database_of_a_newer_hub_is_refused_and_untouched(tmp_path):
    path = tmp_path / "hub.db"
    prepare(path)
    execute(path, "UPDATE alembic_version SET version_num = '9999_from_the_future'")
    with pytest.raises(StoreTooNew, match=r"9999_from_the_future.*Start the newer version"):
        prepare(path)
    assert execute(path, "SELECT version_num FROM alembic_version") == [("9999_from_the_future",)]


def test_another_programs_database_is_refused_and_untouched(tmp_path):
    path = tmp_path / "hub.db"
    execute(path, "CREATE TABLE songs (title)")
    with pytest.raises(StoreCorrupt, match="tables of another program"):
        prepare(path)
    assert execute(path, "SELECT name FROM sqlite_master") == [("songs",)]


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "hub.db"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StoreCorrupt, match="not a database"):
        prepare(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_an_empty_file_becomes_a_database(tmp_path):
    path = tmp_path / "hub.db"
    path.touch()
    prepare(path)
    assert execute(path, "SELECT version_num FROM alembic_version") == [(migrations.revisions()[-1],)]


@pytest.mark.parametrize("place", range(20))
def test_a_damaged_page_is_found_or_harms_nothing(tmp_path, place):
    """One byte of a b-tree page's header in each of twenty places of the file."""
    path = tmp_path / "hub.db"
    prepare(path)
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    content[(1 + place * (pages - 1) // 20) * 4096] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt, match="restore the last good backup"):
        prepare(path)


def test_a_cut_file_is_refused(tmp_path):
    path = tmp_path / "hub.db"
    prepare(path)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreCorrupt):
        prepare(path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreUnwritable, match="nowhere"):
        LockFile.take(tmp_path / "nowhere" / "hub.db")
    with pytest.raises(StoreUnwritable, match="check that the folder exists"):
        prepare(tmp_path / "nowhere" / "hub.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_file_is_refused(tmp_path):
    path = tmp_path / "hub.db"
    prepare(path)
    path.chmod(0o400)
    with pytest.raises(StoreUnwritable, match="may write to it"):
        prepare(path)


async def test_a_refused_file_is_not_kept_locked(tmp_path):
    path = tmp_path / "hub.db"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StoreCorrupt):
        await Store.open(path, clock=lambda: 0, publish=print)
    LockFile.take(path).release()


@pytest.mark.parametrize("trace", ["hub.db-wal", "media", "hub.db.before-0001_initial"])
def test_an_emptied_file_is_not_taken_for_a_new_one(tmp_path, trace):
    path = tmp_path / "hub.db"
    path.touch()
    if trace == "media":
        (tmp_path / trace).mkdir()
    else:
        (tmp_path / trace).write_bytes(b"x")
    with pytest.raises(StoreCorrupt, match=f"found an empty file, though {trace} says"):
        prepare(path)
    assert path.stat().st_size == 0


async def test_a_lock_that_a_hub_has_held_tells_of_an_emptied_file(tmp_path):
    path = tmp_path / "hub.db"
    path.touch()
    for _ in range(2):  # the first start over a file that somebody has touched is a first start
        store = await Store.open(path, clock=lambda: 0, publish=print)
        await store.close()
    os.truncate(path, 0)
    for _ in range(2):
        with pytest.raises(StoreCorrupt, match=r"hub\.db\.lock says"):
            await Store.open(path, clock=lambda: 0, publish=print)
