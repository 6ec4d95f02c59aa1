"""A whole hub with a mailbox: its database, runners and clock, without its web."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.actions import canned as canned_actions
from hub.actions import people, rules, serve
from hub.app import Hub
from hub.config import parse
from hub.conversations import canned
from hub.registry import Registry
from hub.wire.routing import Condition, Rule, Then

PLUGIN = '"""The bundled plugin."""\nfrom hub_email import Email, EmailSettings, hub_contract, hub_register_channels\n'

SQL_SAID = """
SELECT message.text, message.author FROM message JOIN conversation ON conversation.id = message.conversation
WHERE message.kind = 'text' ORDER BY message.at, message.seq"""
SQL_TALKS = "SELECT id, status FROM conversation ORDER BY opened_at"
SQL_LEAVING = "SELECT state, why, attempts, doubts FROM outbox ORDER BY id"
SQL_ASIDE = "SELECT count(*) FROM aside"


class MailHub:
    """A hub that is running. `move` lets time pass."""

    def __init__(self, folder: Path, toml: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "email_here.py").write_text(PLUGIN)
        registry = Registry(paths=[])
        registry.load([folder / "email_here.py"])
        self._ahead = 0
        self.config = parse(toml, registry.settings_types, folder=folder)
        self.hub = Hub(self.config, registry, clock=self.now)
        self.operator = b""

    def now(self) -> int:
        return time.time_ns() // 1000 + self._ahead

    def move(self, seconds: float) -> None:
        """So much later, and what is due by then is looked at."""
        self._ahead += int(seconds * 1e6)
        self.hub.runners.wake("mail")

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = await self.hub.store.read(lambda read: read.all(sql))
        return found

    async def texts(self) -> list[str]:
        """What was said, in order."""
        return [row[0].strip() for row in await self.rows(SQL_SAID)]

    async def until(self, fact: Any, seconds: float = 15.0) -> Any:
        """Wait until `await fact()` is true, and return it."""
        async with asyncio.timeout(seconds):
            while not (found := await fact()):
                await asyncio.sleep(0.02)
        return found

    async def answer(self, text: str) -> None:
        """An operator answers the latest conversation."""
        talk = (await self.rows(SQL_TALKS))[-1][0]
        await self.hub.store.write(serve.reply, self.operator, talk, f"c-{text}"[:40], text)

    async def answers_everything(self, text: str) -> None:
        """A rule that answers whatever begins a conversation, by itself."""
        reply, rule = os.urandom(16), os.urandom(16)
        draft = canned.Draft(shortcut="thanks", title="Thanks", text=text, queue=None)
        await self.hub.store.write(canned_actions.save, self.operator, None, reply, draft)
        kept = Rule(
            id=rule.hex(),
            name="Answer",
            when=[Condition(fact="channel", op="is", value=["email"])],
            then=Then(answer=reply.hex()),
            enabled=True,
        )
        await self.hub.store.write(rules.keep, self.operator, [kept], 0)

    def health(self) -> str:
        return next(it.state for it in self.hub.runners.health if it.name == "mail")


@asynccontextmanager
async def mail_hub(folder: Path, mailbox: Any, more: str = "", **changed: Any) -> AsyncIterator[MailHub]:
    """A hub that reads this mailbox, with one operator; `changed` are settings, `more` is further hub.toml."""
    (folder / "mail.key").parent.mkdir(parents=True, exist_ok=True)
    settings = mailbox.settings(**changed)
    (folder / "mail.key").write_text(settings.password.reveal())
    lines = [
        f"{name} = {_toml(getattr(settings, name))}"
        for name in settings.model_fields_set
        if name not in ("password", "smtp_password")
    ]
    toml = "\n".join(
        [
            '[hub]\ndata = "data"',
            '[sites.main]\nname = "Shop"',
            more,
            '[channels.mail]\nkind = "email"',
            *lines,
            'password = "file:mail.key"',
        ]
    )
    made = MailHub(folder, toml)
    await made.hub.start()
    try:
        made.operator = await made.hub.store.write(
            people.add,
            login="bob",
            name="Bob",
            password_hash="",
            role="operator",
            queues=["main"],
            capacity=50,
        )
        yield made
    finally:
        await made.hub.stop()


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return (
        repr(value)
        if isinstance(value, int | float)
        else str([*value])
        if isinstance(value, list)
        else f'"{value}"'
    )
