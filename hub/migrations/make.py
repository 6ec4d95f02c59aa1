"""Write the revision that takes the schema from the last migration to the tables as they are now.

    python -m hub.migrations.make                 before the first release: write 0001_initial anew
    python -m hub.migrations.make "add a column"  afterwards: write the next revision

A developer's command. Look at what it wrote: Alembic does not see a renamed column (it drops one and adds one) nor
changes of CHECK constraints and partial indexes; the test that compares schemas does.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from hub import migrations
from hub.migrations.running import configured, upgrade

RELEASED = False
"""True from the first release on: then existing databases hold 0001_initial, and rewriting it would strand them."""

INITIAL = "0001_initial"


def main(arguments: list[str]) -> Path:
    """Write the revision and return its file."""
    message = " ".join(arguments)
    if message:
        return write(message, next_name(message), migrations.VERSIONS)
    if RELEASED:
        sys.exit(
            f'{INITIAL} has been released; name the change: python -m hub.migrations.make "add a column"'
        )
    return rewrite_initial()


def rewrite_initial() -> Path:
    """Write the first revision anew, beside the old one, and replace that only when it is complete."""
    with TemporaryDirectory() as folder:
        made = write("The first schema", INITIAL, Path(folder))
        for file in migrations.VERSIONS.glob("[0-9]*.py"):
            if file.stem != INITIAL:
                file.unlink()
        return Path(shutil.move(made, migrations.VERSIONS / made.name))


def next_name(message: str) -> str:
    """`0007_add_a_column`: the next number and the message's words."""
    words = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40]
    return f"{len(migrations.revisions()) + 1:04}_{words}"


def write(message: str, name: str, versions: Path) -> Path:
    """Compare an empty database, migrated by the revisions in `versions`, with the tables; write the difference there."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    if any(versions.glob("[0-9]*.py")):
        upgrade(connection)
    with configured(connection) as config:
        config.set_main_option("version_locations", str(versions).replace("%", "%%"))
        config.set_main_option("file_template", "%%(rev)s")
        command.revision(config, message, autogenerate=True, rev_id=name)
    file = versions / f"{name}.py"
    for tidy in (
        ["check", "--quiet", "--fix-only", "--select=I,F401"],
        ["format", "--quiet", "--line-length=110"],
    ):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--isolated", str(file)], check=True)
    return file


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1:])}\n")
