"""A channel of carrier pigeons, for the checker: letters lie in a loft, and what goes out is written down with its id.

It is the receiver as well: `delivered.jsonl` has one line for every delivery that reached it, repeated ones included.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import hub

hub_contract = "1.0"


class PigeonSettings(hub.Settings):
    loft: str


class Pigeon(hub.Channel):
    """A file `*.json` in the loft is a letter: `{"id", "from", "text"}`."""

    kind = "pigeon"
    capabilities = hub.Capabilities(
        drops_repeats=True
    )  # whoever reads the book drops what stands there twice
    settings = PigeonSettings

    async def run(self, context: hub.Context) -> None:
        loft = Path(context.settings.loft)
        while True:
            for path in sorted(loft.glob("*.json")):
                letter = json.loads(path.read_text())
                await context.report(
                    hub.Touchpoint(
                        channel=self.kind,
                        key=letter["id"],
                        kind="chat",
                        occurred_at=context.clock.now(),
                        claims=(hub.Claim(kind="email", value=letter["from"], level=hub.Level.OBSERVED),),
                        message=hub.IncomingMessage(text=letter["text"], client_id=letter["id"]),
                        thread=letter["from"],
                    )
                )
                path.unlink()
            await context.clock.sleep(0.05)

    async def deliver(self, message: hub.OutgoingMessage, context: hub.Context) -> hub.Receipt:
        line = json.dumps({"id": message.id, "address": message.address, "text": message.text}) + "\n"
        book = os.open(
            Path(context.settings.loft) / "delivered.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT
        )
        try:
            os.write(book, line.encode())
        finally:
            os.close(book)
        return hub.Receipt(external_id=message.id)


@hub.hookimpl
def hub_register_channels(register: Callable[[type[hub.Channel]], None]) -> None:
    register(Pigeon)
