"""A backup is taken while the hub writes, holds everything acknowledged before it began, and goes back without losing what was there."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from hub.store import Store, StoreCorrupt, StoreLocked, StoreRefused
from hub.store import backup as backups
from hub.store.preparing import snapshot


def note(tx, number):
    tx.run("INSERT INTO queue (id, name) VALUES (?, ?)", (number.to_bytes(16), f"queue {number}"))


def numbers(path):
    with sqlite3.connect(path) as file:
        return {int.from_bytes(row[0]) for row in file.execute("SELECT id FROM queue")}


@pytest.fixture
async def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


async def opened(data):
    return await Store.open(data / "hub.db", clock=lambda: 1, publish=lambda topic, event: None)


async def test_what_was_acknowledged_before_is_in_it_while_others_go_on_writing(data, tmp_path):
    store = await opened(data)
    acknowledged, ends = [], asyncio.Event()

    async def write():
        number = 0
        while not ends.is_set():
            number += 1
            await store.write(note, number)
            acknowledged.append(number)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        while len(acknowledged) < 50:
            await asyncio.sleep(0.001)
        before = set(acknowledged)
        taken = await asyncio.to_thread(backups.take, data, tmp_path / "copy")
        after = len(acknowledged)
        ends.set()
    await store.close()
    assert after > len(before), "nobody wrote meanwhile"
    held = numbers(taken.folder / "hub.db")
    assert before <= held
    assert held == set(range(1, len(held) + 1)), "one moment, not several"


async def test_going_back_keeps_what_was_there(data, tmp_path):
    store = await opened(data)
    await store.write(note, 1)
    (data / "media").mkdir()
    (data / "media" / "aa").write_bytes(b"a picture")
    backups.take(data, tmp_path / "copy")
    await store.write(note, 2)
    (data / "media" / "bb").write_bytes(b"another")
    with pytest.raises(StoreLocked):
        backups.restore(tmp_path / "copy", data, stamp="now")
    await store.close()
    aside = backups.restore(tmp_path / "copy", data, stamp="now")
    assert numbers(data / "hub.db") == {1}
    assert [path.name for path in (data / "media").iterdir()] == ["aa"]
    assert numbers(aside / "hub.db") == {1, 2}
    assert (aside / "media" / "bb").read_bytes() == b"another"
    store = await opened(data)
    await store.write(note, 3)
    await store.close()


async def test_a_damaged_backup_is_refused_and_changes_nothing(data, tmp_path):
    store = await opened(data)
    await store.write(note, 1)
    await store.close()
    copy = backups.take(data, tmp_path / "copy").folder / "hub.db"
    image = bytearray(copy.read_bytes())
    image[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    copy.write_bytes(image)
    with pytest.raises(StoreRefused):
        backups.restore(tmp_path / "copy", data, stamp="now")
    assert numbers(data / "hub.db") == {1}
    assert not list(data.glob("*restor*"))


async def test_what_is_no_backup_or_no_place_for_one_is_refused(data, tmp_path):
    with pytest.raises(StoreRefused, match="expected the hub's database"):
        backups.take(data, tmp_path / "copy")
    with pytest.raises(StoreRefused, match="expected a backup"):
        backups.restore(tmp_path, data, stamp="now")
    store = await opened(data)
    await store.close()
    (tmp_path / "there").mkdir()
    with pytest.raises(StoreRefused, match="nothing is yet"):
        backups.take(data, tmp_path / "there")
    assert not list(tmp_path.glob("*.partial"))


async def test_damage_is_found_while_the_hub_runs(data):
    store = await opened(data)
    await store.write(lambda tx: [note(tx, number) for number in range(2000)])
    assert await store.look_for_damage() is None
    await store.close()
    middle = (data / "hub.db").stat().st_size // 2 // 4096 * 4096
    store = await opened(data)
    with (data / "hub.db").open("r+b") as file:
        file.seek(middle)
        file.write(b"\xff" * 4096)
    why = await store.look_for_damage()
    assert why is not None
    assert "hub.db" in why
    with pytest.raises(StoreCorrupt, match="writing has stopped"):
        await store.write(note, 5000)
    await store.close()


def put(folder, name, content):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


async def test_a_database_alone_goes_back_alone(data):
    store = await opened(data)
    await store.write(note, 1)
    await store.close()
    copy = data / "hub.db.before-0002_next"
    with sqlite3.connect(data / "hub.db") as file:
        snapshot(file, copy)
    put(data, "media/aa/aa", b"a picture")
    put(data, "push.key", b"a key")
    store = await opened(data)
    await store.write(note, 2)
    await store.close()
    aside = backups.restore(copy, data, stamp="now")
    assert {it.name for it in data.iterdir()} == {
        "hub.db", "hub.db.lock", "media", "push.key", "before-restore-now", copy.name,
    }  # fmt: skip
    assert numbers(data / "hub.db") == {1}
    assert numbers(aside / "hub.db") == {1, 2}
    assert (data / "media/aa/aa").exists()
    assert (data / "push.key").exists()


class Killed(BaseException):
    """As if the power had gone."""


def killed_at(monkeypatch, count):
    """The rename number `count` is not made any more, nor any after it."""
    real, left = Path.rename, iter(range(count))

    def rename(self, target):
        if next(left, None) is None:
            raise Killed
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("step", range(9))
async def test_a_restore_killed_at_any_step_leaves_the_old_or_the_new(data, tmp_path, monkeypatch, step):
    store = await opened(data)
    await store.write(note, 1)
    put(data, "media/aa/aa", b"a picture")
    put(data, "push.key", b"old key")
    backups.take(data, tmp_path / "copy")
    await store.write(note, 2)
    put(data, "media/bb/bb", b"another")
    put(data, "push.key", b"new key")
    await store.close()
    with monkeypatch.context() as patched:
        killed_at(patched, step)
        try:
            backups.restore(tmp_path / "copy", data, stamp="now")
        except Killed:
            pass
        else:
            assert step >= 8, "there are fewer steps than thought"
    if (data / "restoring-now").exists() or (data / "restored-now").exists():
        with pytest.raises(StoreRefused, match="interrupted"):
            backups.take(data, tmp_path / "another")
    store = await opened(data)
    held = numbers(data / "hub.db")
    assert held in ({1, 2}, {1})
    assert (data / "push.key").read_bytes() == (b"old key" if held == {1} else b"new key")
    assert (data / "media/bb/bb").exists() == (held == {1, 2})
    assert (data / "media/aa/aa").exists()
    assert not [it.name for it in data.iterdir() if it.name.startswith(("restoring-", "restored-"))]
    if held == {1}:
        assert numbers(data / "before-restore-now" / "hub.db") == {1, 2}
    else:
        assert step == 0, "a whole copy is the point of no return"
    await store.close()


async def test_what_a_killed_backup_left_is_no_backup_and_goes_with_the_next(data, tmp_path):
    store = await opened(data)
    await store.write(note, 1)
    left = tmp_path / "copies" / "hub-1.partial"
    put(left, "hub.db", (data / "hub.db").read_bytes())
    with pytest.raises(StoreRefused, match="interrupted"):
        backups.restore(left, data, stamp="now")
    backups.take(data, tmp_path / "copies" / "hub-2")
    assert [it.name for it in (tmp_path / "copies").iterdir()] == ["hub-2"]
    await store.close()


async def test_a_folder_whose_database_is_gone_does_not_begin_anew(data):
    store = await opened(data)
    await store.close()
    put(data, "media/aa/aa", b"a picture")
    (data / "hub.db").unlink()
    with pytest.raises(StoreRefused, match="found none, though media says"):
        await opened(data)
    assert not (data / "hub.db").exists()
