"""A hub in a process of its own, for tests that kill it: `python -m tests.browser.hub_child DATA PORT`."""

import sys
from pathlib import Path

import uvicorn

from hub.actions import people
from hub.app import Hub
from tests.browser.hosts import PlainHasher, config_of, loaded_registry, password_of


class WithOperator(Hub):
    """Makes the operator `ana` at the first start."""

    async def start(self) -> None:
        await super().start()
        if await self.store.read(people.by_login, "ana") is None:
            await self.store.write(
                people.add, login="ana", name="Ana Ruiz", role="operator", queues=["main"],
                password_hash=PlainHasher().hash(password_of("ana")),
            )  # fmt: skip


def main() -> None:
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    registry = loaded_registry()
    config = config_of((data / "hub.toml").read_text(), registry)
    uvicorn.run(
        WithOperator(config, registry, hasher=PlainHasher()),
        host="127.0.0.1", port=port, ws="websockets-sansio", ws_per_message_deflate=False, log_level="warning",
    )  # fmt: skip


if __name__ == "__main__":
    main()
