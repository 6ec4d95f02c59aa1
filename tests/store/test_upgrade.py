"""An upgrade that is killed at any instant leaves the old database or the new one, and the next start completes it; the copy made before
it is one command away.
"""

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from hub import migrations
from hub.store import StoreTooNew, backup
from hub.store.preparing import prepare

CHILD = Path(__file__).with_name("upgrade_child.py")
ROOT = CHILD.parents[2]
ROWS = 30_000
NEXT = '''
"""A change that touches every row, and must do so once."""
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002_next", "{initial}", None, None

def upgrade():
    op.execute("ALTER TABLE topic ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'")
    op.execute("UPDATE topic SET kept_from = kept_from + 1")
    op.execute("CREATE TABLE shadow AS SELECT * FROM topic")
    op.execute("CREATE INDEX shadow_by_n ON shadow (kept_from, name)")
    op.execute("DELETE FROM shadow WHERE kept_from % 2")

def downgrade():
    raise NotImplementedError
'''


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The folder of revisions of the next version."""
    folder = tmp_path_factory.mktemp("versions")
    shutil.copytree(migrations.VERSIONS, folder, dirs_exist_ok=True)
    (folder / "0002_next.py").write_text(NEXT.replace("{initial}", migrations.revisions()[-1]))
    return folder


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A database with data."""
    path = tmp_path_factory.mktemp("old") / "hub.db"
    prepare(path)
    with closing(sqlite3.connect(path)) as file:
        rows = ((f"conversation:{n:032x}", n) for n in range(ROWS))
        file.executemany("INSERT INTO topic (name, kept_from) VALUES (?, ?)", rows)
        file.commit()
    return path


def upgrade(database, versions, seconds=None):
    """Run it, killed after so many seconds; how long it took."""
    child = subprocess.Popen([sys.executable, CHILD, database, versions], stdout=subprocess.PIPE, cwd=ROOT)
    with child:
        assert child.stdout.readline() == b"begins\n"
        began = time.monotonic()
        if seconds is not None:
            time.sleep(seconds)
            child.kill()
        said = child.stdout.read()
    assert seconds is not None or said == b"done\n"
    return time.monotonic() - began


def state(path):
    """(revision, sum of what it changes, whole)"""
    with closing(sqlite3.connect(path)) as file:
        (revision,) = file.execute("SELECT version_num FROM alembic_version").fetchone()
        (total,) = file.execute("SELECT sum(kept_from) FROM topic").fetchone()
        return revision, total, file.execute("PRAGMA integrity_check").fetchone()[0]


BEFORE = ROWS * (ROWS - 1) // 2


def killed(old, versions, folder, kills):
    """Kill the upgrade at so many instants between its beginning and its end."""
    initial = migrations.revisions()[-1]
    whole = folder / "whole" / "hub.db"
    whole.parent.mkdir()
    shutil.copy(old, whole)
    lasts = upgrade(whole, versions)
    for n in range(kills):
        database = folder / f"data-{n}" / "hub.db"
        database.parent.mkdir()
        shutil.copy(old, database)
        upgrade(database, versions, lasts * (n + 0.5) / kills)
        # Looked at in a copy: whoever looks tidies up.
        shutil.copytree(database.parent, folder / f"look-{n}")
        seen = state(folder / f"look-{n}" / "hub.db")
        assert seen in ((initial, BEFORE, "ok"), ("0002_next", BEFORE + ROWS, "ok"))
        copy = database.with_name("hub.db.before-0002_next")
        if copy.exists():
            assert state(copy) == (initial, BEFORE, "ok")
        else:
            assert seen[0] == initial, "the copy comes first"
        upgrade(database, versions)
        assert state(database) == ("0002_next", BEFORE + ROWS, "ok")
        assert not list(database.parent.glob("*.new"))
        shutil.rmtree(folder / f"look-{n}")
    return folder / f"data-{kills - 1}" / "hub.db"


def test_a_killed_upgrade_is_completed_by_the_next_start_and_one_command_goes_back(old, versions, tmp_path):
    database = killed(old, versions, tmp_path, 2)
    with pytest.raises(StoreTooNew, match=r"0002_next.*Start the newer version again, or restore"):
        prepare(database)
    backup.restore(database.with_name("hub.db.before-0002_next"), database.parent, stamp="now")
    prepare(database)
    assert state(database) == (migrations.revisions()[-1], BEFORE, "ok")


@pytest.mark.heavy
def test_an_upgrade_killed_at_twenty_instants(old, versions, tmp_path):
    killed(old, versions, tmp_path, 20)
