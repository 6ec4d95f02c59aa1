"""The index catches up by itself, says when it cannot in time, and takes that back."""

import pytest

from hub.search import Indexer, freshen
from hub.store import StoreError


class Disk:
    """A store that has `left` batches due and may refuse to write."""

    def __init__(self) -> None:
        self.left, self.full = 0, False

    async def read(self, query):
        return self.left > 0

    async def write_background(self, action):
        if self.full:
            raise StoreError("disk full")
        self.left -= 1
        return self.left > 0


async def test_lag_is_told_after_a_minute_and_taken_back():
    disk, told, now = Disk(), [], [0.0]
    indexer = Indexer(disk, lambda: now[0], told.append)
    await indexer.index_due()
    disk.left, disk.full = 3, True
    for now[0] in (30.0, 59.0, 61.0, 90.0):
        with pytest.raises(StoreError):
            await indexer.index_due()
    assert told == [61.0, 90.0]
    disk.full = False
    await indexer.index_due()
    assert (disk.left, told[-1]) == (0, None)
    count = len(told)
    await indexer.index_due()
    assert len(told) == count


async def test_a_sick_disk_does_not_keep_anybody_from_searching():
    disk = Disk()
    disk.left, disk.full = 1, True
    await freshen(disk)
    disk.full = False
    await freshen(disk)
    assert disk.left == 0
