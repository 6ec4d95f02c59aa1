"""kill -9 while a person is erased and while a backup is taken: nothing stays half done, and nobody else is touched."""

import asyncio
import contextlib
import itertools
import os
import signal
import sqlite3
import sys

import pytest

from hub.store import ask, backup
from hub.store.errors import StoreError
from tests.faults.checker import check, lost, rows_of, state
from tests.faults.rig import ROOT, HubProcess, World, living, until
from tests.faults.story import Story

pytestmark = pytest.mark.heavy

AFTER = (0.0, 0.002, 0.005, 0.01, 0.02, 0.05)
"""Seconds between the wish and the kill."""

SQL_ANCHOR = "SELECT lower(hex(anchor)) FROM conversation WHERE id = ?"


def rows(database, sql, *values):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as file:
        return file.execute(sql, values).fetchall()


async def test_an_erasure_that_was_killed_is_finished_by_the_next_hub_and_touches_nobody_else(tmp_path):
    hub = HubProcess(tmp_path)
    await hub.start()
    world = World(hub, visitors=len(AFTER) + 2, seed=51)
    async with living(world):
        await until(lambda: all(one.n > 12 for one in world.visitors), "everybody to have talked")
        await world.settle()
    assert check(world.story, hub.database) == []

    for visitor, seconds in zip(world.visitors, AFTER, strict=False):
        ((anchor,),) = rows(hub.database, SQL_ANCHOR, bytes.fromhex(visitor.conversation))
        async with asyncio.TaskGroup() as group:
            group.create_task(wished(tmp_path, anchor))
            await asyncio.sleep(seconds)
            await hub.kill()
        await hub.start()
        await until(lambda: not rows(hub.database, "SELECT 1 FROM erasing LIMIT 1"), "the rest to be erased")
        left = rows(hub.database, "SELECT count(*) FROM message WHERE text LIKE ?", f"{visitor.canary}%")[0][
            0
        ]
        if left:  # killed before the wish was written down: said again, it is done
            await erased(tmp_path, anchor)
        await until(lambda canary=visitor.canary: canary not in words(hub.database), "all words to be gone")
    for rest in ("SELECT 1 FROM erasure WHERE done_at IS NULL", "SELECT 1 FROM search_due"):
        await until(lambda rest=rest: not rows(hub.database, rest), "the last of it to be done")
    assert await hub.stop() == 0
    bytes_of = hub.database.read_bytes()
    gone = world.visitors[: len(AFTER)]
    assert [one.name for one in gone if one.canary.encode() in bytes_of] == []
    names = {one.name for one in world.visitors[len(AFTER) :]}
    others = Story(told=[it for it in world.story.told if it.sender in names], visitors=names)
    assert lost(others, rows_of(hub.database)) == []
    assert state(hub.database) == []


async def erased(folder, anchor):
    """The wish, about whose touchpoint this is."""
    told = await asyncio.to_thread(ask, folder, "customer_erase", timeout=30, customer=anchor)
    assert "refused" not in told, told


async def wished(folder, anchor):
    """The same, of a hub that does not live to answer."""
    with contextlib.suppress(OSError, StoreError):
        await erased(folder, anchor)


def words(database):
    return "\n".join(row[0] for row in rows(database, "SELECT text FROM message"))


async def test_a_backup_that_was_killed_is_none_and_the_next_one_is_whole(tmp_path):
    data, copies = tmp_path / "data", tmp_path / "copies"
    data.mkdir()
    hub = HubProcess(data)
    await hub.start()
    world = World(hub, visitors=6, seed=52)
    take = "import sys; from pathlib import Path; from hub.store import backup; backup.take(Path(sys.argv[1]), Path(sys.argv[2]))"
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}"}
    met = 0
    async with living(world):
        await until(lambda: world.acknowledged > 300, "some messages")
        for n, seconds in zip(itertools.count(), (0.0, 0.003, 0.01, 0.03), strict=False):
            taking = await asyncio.create_subprocess_exec(
                sys.executable, "-c", take, str(data), str(copies / f"hub-{n}"), env=environ
            )
            await until(lambda: copies.exists() and any(copies.iterdir()), "the backup to begin")
            await asyncio.sleep(seconds)
            if taking.returncode is None:
                taking.send_signal(signal.SIGKILL)
            met += await taking.wait() == -signal.SIGKILL
            for half in copies.iterdir():
                if half.suffix == backup.PARTIAL:
                    with pytest.raises(StoreError):
                        backup.verify(half)
        before = list(world.story.told)
        taken = await asyncio.to_thread(backup.take, data, copies / "whole")
        await world.settle()
    assert await hub.stop() == 0
    assert met, "no kill met a backup"
    assert check(world.story, hub.database) == []
    held = Story(told=before, visitors={it.sender for it in before if it.sender.startswith("visitor")})
    assert lost(held, rows_of(taken.folder / "hub.db")) == []
    assert state(taken.folder / "hub.db") == []
