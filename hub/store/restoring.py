"""How a backup takes the place of the data folder's contents, so that a kill at any instant leaves the old or, after the next start, the
new, and never half of each.

    restoring-STAMP.partial   being copied; worth nothing yet
    restoring-STAMP           a whole copy: from here on there is only forward. The old goes to before-restore-STAMP
    restored-STAMP            all of the old is aside; the new moves to its place, name by name, and the folder goes

Whoever next holds the lock, a hub that starts or another restore, finishes what was begun.
"""

import shutil
from pathlib import Path

from hub.store.files import DATABASE, JOURNALS, KEYS, MEDIA, sync, sync_tree

PARTIAL = ".partial"
COPIED, CLEARED, ASIDE = "restoring-", "restored-", "before-restore-"
ONLY_DATABASE = "only-the-database"
"""A file in the copy: attachments and keys stay, because it was made of a database alone."""


def copy(backup: Path, data: Path, stamp: str) -> None:
    """Copy a backup, a folder or a database alone, beside what is there. Raises OSError with nothing left."""
    made = data / f"{COPIED}{stamp}{PARTIAL}"
    shutil.rmtree(made, ignore_errors=True)
    try:
        if backup.is_dir():
            shutil.copytree(backup, made)
        else:
            made.mkdir(mode=0o700)
            shutil.copy2(backup, made / DATABASE)
            (made / ONLY_DATABASE).touch()
        sync_tree(made)
        made.rename(data / f"{COPIED}{stamp}")
        sync(data)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise


def begun(data: Path) -> Path | None:
    """A restore that has been begun here and is not finished."""
    found = [it for start in (CLEARED, COPIED) for it in data.glob(f"{start}*") if it.suffix != PARTIAL]
    return found[0] if found else None


def finish(data: Path) -> Path | None:
    """Finish what was begun. The caller holds the lock. Returns where the old is, None when nothing was begun or nothing was there."""
    for left in data.glob(f"{COPIED}*{PARTIAL}"):
        shutil.rmtree(left, ignore_errors=True)
    aside = None
    while (found := begun(data)) is not None:
        stamp = found.name.partition("-")[2]
        aside = data / f"{ASIDE}{stamp}"
        if found.name.startswith(COPIED):
            _clear(data, found, aside)
            found = found.rename(data / f"{CLEARED}{stamp}")
            sync(data)
        (found / ONLY_DATABASE).unlink(missing_ok=True)
        # The database comes last: until then there is none, and nobody can take the folder for whole.
        for entry in sorted(found.iterdir(), key=lambda it: it.name == DATABASE):
            entry.rename(data / entry.name)
        sync(data)
        found.rmdir()
        sync(data)
    return aside if aside is not None and aside.exists() else None


def _clear(data: Path, copied: Path, aside: Path) -> None:
    """The database with its journal: neither is anything without the other."""
    names = (*JOURNALS, DATABASE, *(() if (copied / ONLY_DATABASE).exists() else (MEDIA, *KEYS)))
    there = [data / name for name in names if (data / name).exists()]
    if there:
        aside.mkdir(mode=0o700, exist_ok=True)
        for path in there:
            path.rename(aside / path.name)
        sync(aside)
