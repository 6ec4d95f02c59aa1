"""How far the log had been written, noted beside it: so that a log which was cut, damaged or deleted while no hub ran is noticed.

SQLite reads a log up to the first page that does not fit and takes that for its end, as it must after a lost power. Commits behind it,
which were confirmed, would be gone without a word. After each group the writer notes the number of pages in the log and the log's own
name (its salt), which SQLite keeps in the first bytes of its index (the -shm, "WAL-Index Header" in its file format). At the next start
the log of that name has to be as long, or the hub says that something is missing. The note is not synced: after a lost power
it may be older than the log, never newer.

Nothing here costs a system call. The index is mapped once and stays open as long as the database does: SQLite's locks on it belong to the
process, and closing any descriptor of it would drop them all.
"""

import mmap
import os
import struct
from contextlib import suppress
from pathlib import Path

LENGTH = 12
PAGES = slice(16, 20)
SALT = slice(32, 40)


class Mark:
    """The note of one database. For the writer's thread, from its first commit until its connection is closed."""

    def __init__(self, database: Path) -> None:
        self._path, self._index_path = mark_path(database), database.with_name(f"{database.name}-shm")
        self._index_file = self._note_file = -1
        self._index: mmap.mmap | None = None
        self._note: mmap.mmap | None = None
        self._sure = False

    def note(self) -> None:
        """After a commit: so long is the log now."""
        if not self._sure:
            self._attach()
        if self._index is not None and self._note is not None:
            salt = self._index[SALT]
            if self._note[4:LENGTH] != salt:
                self._note[0:4] = bytes(4)
                self._note[4:LENGTH] = salt
            self._note[0:4] = self._index[PAGES]

    def withdraw(self) -> None:
        """Before the log may go: nothing is promised until the next commit."""
        if self._note is not None:
            self._note[0:4] = bytes(4)

    def let_go(self) -> None:
        """Before the writer's connection is closed: the index may be another file afterwards."""
        self.withdraw()
        self._sure = False

    def close(self) -> None:
        """After the last connection was closed."""
        if self._note is not None and not any(self._note[0:4]):
            self._path.unlink(missing_ok=True)
        for descriptor in (self._index_file, self._note_file):
            if descriptor >= 0:
                os.close(descriptor)
        self._index_file = self._note_file = -1
        self._index = self._note = None
        self._sure = False

    def _attach(self) -> None:
        with suppress(OSError, ValueError):  # without it the hub is as good, and less suspicious
            if self._note is None:
                self._note_file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                os.pwrite(
                    self._note_file, bytes(LENGTH), 0
                )  # the place is there, whatever the disk is like later
                self._note = mmap.mmap(self._note_file, LENGTH)
            self._map_index()
            self._sure = True

    def _map_index(self) -> None:
        held = os.fstat(self._index_file) if self._index_file >= 0 else None
        if held is not None and held.st_ino == self._index_path.stat().st_ino:
            return
        if held is not None and held.st_nlink:
            self._index = (
                None  # somebody else's trick: its descriptor must not be closed, so no other is opened
            )
            return
        if held is not None:
            os.close(self._index_file)  # it has no name any more, so nobody's locks are on it
        self._index_file = os.open(self._index_path, os.O_RDONLY | os.O_CLOEXEC)
        self._index = mmap.mmap(self._index_file, 136, prot=mmap.PROT_READ)


def mark_path(database: Path) -> Path:
    """Where the note of a database is."""
    return database.with_name(f"{database.name}.mark")


def promised(database: Path) -> int:
    """How many pages the log that lies there must have at least; 0 when nothing is known of it. Before anybody opens the database."""
    try:
        note = mark_path(database).read_bytes()
    except FileNotFoundError:
        return 0
    if len(note) != LENGTH:
        return 0
    (pages,) = struct.unpack_from("=I", note)
    wal = database.with_name(f"{database.name}-wal")
    head = b""
    with suppress(FileNotFoundError), wal.open("rb") as file:
        head = file.read(32)
    begun_anew = len(head) == 32 and head[16:24] != note[4:LENGTH]
    return 0 if begun_anew else int(pages)
