"""What the doctor is told."""

import sqlite3
from types import SimpleNamespace

import pytest

from hub.store import facts
from hub.store.preparing import prepare

NOW = 1_800_000_000_000_000


def by_name(database, now=NOW):
    return {fact.name: fact for fact in facts(database, clock=lambda: now)}


def test_a_healthy_database_is_told_with_size_and_journal_mode(tmp_path):
    prepare(tmp_path / "hub.db")
    sqlite3.connect(tmp_path / "hub.db").execute("PRAGMA journal_mode=WAL").connection.close()
    found = by_name(tmp_path / "hub.db")
    assert found["journal mode"].value == "wal"
    assert found["database"].ok
    assert "MiB, whole" in found["database"].value


def test_every_fact_that_is_not_well_comes_with_advice(tmp_path):
    (tmp_path / "hub.db").write_bytes(b"Dear diary, " * 1000)
    for fact in facts(tmp_path / "hub.db", clock=lambda: 0):
        assert fact.ok == (not fact.advice), fact


def test_a_missing_database_or_folder_is_no_crash(tmp_path):
    assert by_name(tmp_path / "hub.db")["database"].ok
    assert not by_name(tmp_path / "nowhere" / "hub.db")["disk free"].ok


def test_a_clock_from_the_past_is_noticed(tmp_path):
    assert by_name(tmp_path / "hub.db")["clock"].ok
    assert "set the clock" in by_name(tmp_path / "hub.db", now=0)["clock"].advice


@pytest.mark.parametrize(("version", "sound"), [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True)])
def test_a_library_that_may_corrupt_is_warned_of(tmp_path, monkeypatch, version, sound):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert by_name(tmp_path / "hub.db")["SQLite"].ok is sound


def test_a_nearly_full_disk_is_noticed(tmp_path, monkeypatch):
    usage = SimpleNamespace(total=1 << 40, free=100)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert "make room" in by_name(tmp_path / "hub.db")["disk free"].advice
