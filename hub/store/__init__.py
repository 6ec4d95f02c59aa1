"""The store: one SQLite file, one writer thread, a few readers, plain SQL. Import from here, not from its modules.

    store = await Store.open(path, clock=clock, publish=bus.publish)
    received = await store.write(receive, touchpoint)        # receive(tx, touchpoint), durable when this returns
    inbox = await store.read(inbox_of, operator)             # inbox_of(read, operator), one snapshot

`errors` draws the tree of what can go wrong, `writer` says how groups are committed, `preparing` how a file is opened.
"""

from hub.store.command_socket import CommandSocket, ask
from hub.store.doctor import Fact, facts
from hub.store.engine import Store, beside
from hub.store.errors import (
    CommandFailed,
    HubNotRunning,
    StoreClosed,
    StoreCorrupt,
    StoreError,
    StoreLocked,
    StoreRefused,
    StoreTooNew,
    StoreTooSlow,
    StoreUnavailable,
    StoreUnwritable,
)
from hub.store.journal import Journal, others
from hub.store.lockfile import LockFile
from hub.store.scratch import scratch_tx
from hub.store.tx import Params, Read, Tx
from hub.store.writer import Counters

__all__ = [
    "CommandFailed",
    "CommandSocket",
    "Counters",
    "Fact",
    "HubNotRunning",
    "Journal",
    "LockFile",
    "Params",
    "Read",
    "Store",
    "StoreClosed",
    "StoreCorrupt",
    "StoreError",
    "StoreLocked",
    "StoreRefused",
    "StoreTooNew",
    "StoreTooSlow",
    "StoreUnavailable",
    "StoreUnwritable",
    "Tx",
    "ask",
    "beside",
    "facts",
    "others",
    "scratch_tx",
]
