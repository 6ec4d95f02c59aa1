"""The victim of test_upgrade: brings a database up to date with the revisions in a folder. `upgrade_child.py DATABASE VERSIONS`."""

import sys
from pathlib import Path

from hub import migrations
from hub.store import LockFile
from hub.store.preparing import prepare

database, versions = map(Path, sys.argv[1:])
migrations.VERSIONS = versions
with LockFile.take(database):
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    prepare(database)
sys.stdout.write("done\n")
