"""kill -9 while the same people arrive on several channels at once: everything is told again, and who is who is what the rule says."""

import asyncio
import base64
import json
import random
import sqlite3

import httpx2
import pytest

from hub.cli.verbs import ask_hub
from tests.faults.child import SHOP, WRITE
from tests.faults.rig import HubProcess, World, living, until

SERVER = "sk-fault-server-0001"
PEOPLE = 6


class Sender:
    """A library that reports batches in its own order, tells each until it is heard, and now and then tells an old one again."""

    def __init__(self, name, key, hub, seed):
        self.name, self.key, self.hub = name, key, hub
        self.chance, self.sent, self.heard = random.Random(seed), [], 0

    async def report(self, batches):
        async with httpx2.AsyncClient() as client:
            for n in range(batches):
                self.sent.append(
                    [self._event(f"{self.name}-{n}-{m}") for m in range(self.chance.randint(1, 4))]
                )
                await self._told(client, self.sent[-1])
                self.heard += 1
                if self.chance.random() < 0.3:
                    await self._told(client, self.chance.choice(self.sent)[::-1])

    async def again(self):
        """Everything from the beginning, in another order."""
        async with httpx2.AsyncClient() as client:
            for batch in self.chance.sample(self.sent, len(self.sent)):
                await self._told(client, batch)

    def _event(self, message):
        who, chance = self.chance.randrange(PEOPLE), self.chance
        device = chance.choice([f"laptop{who}", f"phone{who}", "kiosk"])
        event = {"type": "track", "event": "Looked", "messageId": message, "anonymousId": device}
        if self.key == SERVER and chance.random() < 0.6:
            event["userId"] = f"user{who}"
        elif chance.random() < 0.3:
            event |= {
                "type": "identify",
                "traits": {"email": f"p{who}@loft.example", "name": f"{'ABCDEF'[who]}nna Berg"},
            }
        return event

    async def _told(self, client, batch):
        token = base64.b64encode(f"{self.key}:".encode()).decode()
        headers = {"authorization": f"Basic {token}", **({} if self.key == SERVER else {"origin": SHOP})}
        while True:
            try:
                answer = await client.post(
                    f"http://127.0.0.1:{self.hub.port}/v1/batch",
                    content=json.dumps({"batch": batch}),
                    headers=headers,
                    timeout=10,
                )
                if answer.status_code == 200:
                    return
                assert answer.status_code in (429, 503), answer.text
            except httpx2.TransportError:
                pass
            await asyncio.sleep(self.chance.uniform(0.02, 0.1))


@pytest.mark.heavy
async def test_killed_and_told_again_everybody_is_who_the_rule_says(tmp_path):
    hub = HubProcess(tmp_path, env={"FAULT_TRACKING": SERVER})
    await hub.start()
    senders = [Sender(f"{key[:2]}{n}", key, hub, n) for n, key in enumerate((WRITE, WRITE, SERVER, SERVER))]
    world = World(hub, visitors=2, seed=7)
    async with living(world), asyncio.TaskGroup() as group:
        for sender in senders:
            group.create_task(sender.report(60))
        for n in range(6):  # each time in the middle of it
            await until(lambda n=n: sum(it.heard for it in senders) > 30 * (n + 1), "the senders to be heard")
            await hub.kill()
            await hub.start()
    await asyncio.gather(*(sender.again() for sender in senders))
    told = await asyncio.to_thread(ask_hub, tmp_path, "identity_verify")
    assert told["differences"] == 0
    assert await asyncio.to_thread(ask_hub, tmp_path, "identity_rebuild") == 0, "anew, nobody moves"
    assert await hub.stop() == 0
    _look(hub, senders)


def _look(hub, senders):
    """By the rows themselves: all that was heard is there once, an account is one customer, and two accounts are two."""
    expected = {event["messageId"] for sender in senders for batch in sender.sent for event in batch}
    with sqlite3.connect(f"file:{hub.database}?mode=ro", uri=True) as file:
        keys = [key for (key,) in file.execute("SELECT key FROM touchpoint WHERE channel = 'tracking'")]
        accounts = file.execute(
            "SELECT c.value, e.customer FROM claim c JOIN evidence e ON e.key = c.evidence WHERE c.kind = 'user_id' AND c.level = 'verified'"
        ).fetchall()
        letters = file.execute(
            "SELECT count(*), count(DISTINCT key) FROM touchpoint WHERE channel = 'pigeon'"
        ).fetchone()
    assert len(keys) == len(set(keys)) and len(expected) == len(keys)
    assert letters[0] == letters[1] > 0
    who = dict(accounts)
    assert len(who) == len(set(accounts)) == len(set(who.values())) == PEOPLE
