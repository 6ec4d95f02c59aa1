"""What a data folder holds, and how it is made sure that files are on the disk."""

import os
from pathlib import Path

DATABASE = "hub.db"
MEDIA = "media"
KEYS = ("push.key", "media.key")
JOURNALS = (f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}.mark")


def sync(path: Path) -> None:
    """What stands in a file, or which names a folder has, is on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """`sync` for all that is in a folder."""
    for path in (*folder.rglob("*"), folder):
        sync(path)
