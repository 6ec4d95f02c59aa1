"""What can go wrong with the store, as a tree. Classes differ where the cure differs.

StoreError
├── StoreRefused          the file was not opened; nothing was changed
│   ├── StoreLocked       another hub holds it
│   ├── StoreTooNew       a newer hub has migrated it
│   ├── StoreUnwritable   file or folder cannot be written
│   └── StoreCorrupt      damaged, or not a database (also raised by a write that meets damage)
├── StoreUnavailable      a write was not confirmed: disk full, I/O error, locked too long; the same write may be
│                         sent again, and later ones succeed by themselves once the cause is gone
├── StoreTooSlow          a query was ended at its deadline
├── StoreClosed           asked after `close()`
├── HubNotRunning         no hub answers on the command socket
└── CommandFailed         the hub answered a command with an error; `code` names it
"""


class StoreError(Exception):
    """Base of everything the store raises by itself; its text is meant to be shown to the person who runs the hub."""


class StoreRefused(StoreError):
    """The database cannot be opened as it is."""


class StoreLocked(StoreRefused):
    """Another hub holds the database. `pid` is its process, 0 when unknown."""

    def __init__(self, message: str, pid: int = 0) -> None:
        super().__init__(message)
        self.pid = pid


class StoreTooNew(StoreRefused):
    """The database was migrated by a newer version."""


class StoreUnwritable(StoreRefused):
    """The file or its folder cannot be written."""


class StoreCorrupt(StoreRefused):
    """The file is damaged or not a database."""


class StoreUnavailable(StoreError):
    """The write was not confirmed to be on disk. Sending it again is harmless where it carries a client id."""


class StoreTooSlow(StoreError):
    """A query took too long. Nothing is wrong with the database."""


class StoreClosed(StoreError):
    """The store has been closed."""


class HubNotRunning(StoreError):
    """Nobody answers on the command socket."""


class CommandFailed(StoreError):
    """The running hub refused a command or failed at it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
