"""A real store in a folder of its own, with a clock that ticks one microsecond a look and a list for what it publishes."""

from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hub.store import Store, Tx

START = 1_800_000_000_000_000


def create_table(tx: Tx) -> None:
    tx.run("CREATE TABLE IF NOT EXISTS line (n INTEGER PRIMARY KEY, words TEXT NOT NULL DEFAULT '') STRICT")


@pytest.fixture
def events() -> list[tuple[str, object]]:
    return []


@pytest.fixture
async def opened(tmp_path: Path, events: list[tuple[str, object]]) -> AsyncIterator[Callable[..., Any]]:
    """Opens stores on `tmp_path`/hub.db and closes them afterwards."""
    stores: list[Store] = []

    async def opened(**settings: Any) -> Store:
        ticks = count(START)
        defaults = {
            "clock": lambda: next(ticks),
            "publish": lambda topic, event: events.append((topic, event)),
        }
        store = await Store.open(tmp_path / "hub.db", **(defaults | settings))
        stores.append(store)
        return store

    yield opened
    for store in stores:
        await store.close()


@pytest.fixture
async def store(opened: Callable[..., Any]) -> Store:
    store: Store = await opened()
    await store.write(create_table)
    return store
