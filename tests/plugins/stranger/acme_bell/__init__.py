"""A bell on the counter.

The channel `acme_bell` reads touchpoints from a spool folder and appends what it delivers to a file there. The page
feature `bell` puts a bell into the visitor's page: `bell.ring` comes from the browser, `bell.rang` goes back with how
often this visitor has rung, counted in documents. The panel `slips` shows operators what the counter knows of a customer.
"""

import json
from collections.abc import Callable
from pathlib import Path

import hub

hub_contract = "1.0"


class BellSettings(hub.Settings):
    """`[channels.acme_bell]`"""

    folder: str
    greeting: str = "Ding!"


class AcmeBell(hub.Channel):
    """One file in the folder is one contact: `{"id", "from", "text"}`."""

    kind = "acme_bell"
    settings = BellSettings
    capabilities = hub.Capabilities(max_length=160)

    async def run(self, context: hub.Context) -> None:
        folder = Path(context.settings.folder)
        while True:
            if not folder.is_dir():
                raise hub.NotReady(f"the spool folder {folder} is not there")
            for path in sorted(folder.glob("*.json")):
                await self._report(path, context)
            await context.clock.sleep(0.05)

    async def _report(self, path: Path, context: hub.Context) -> None:
        entry = json.loads(path.read_text())
        seen = hub.Put(kind="seen", key=entry["id"], body={"file": path.name})
        await context.report(
            hub.Touchpoint(
                channel=self.kind,
                key=entry["id"],
                kind="chat",
                occurred_at=context.clock.now(),
                claims=(hub.Claim(kind="email", value=entry["from"], level=hub.Level.OBSERVED),),
                message=hub.IncomingMessage(text=entry["text"], client_id=entry["id"]),
                thread=entry["from"],
            ),
            puts=[seen],
        )
        path.unlink()

    async def deliver(self, message: hub.OutgoingMessage, context: hub.Context) -> hub.Receipt:
        if len(message.text) > 160:
            raise hub.Rejected("a slip of paper holds 160 characters")
        with (Path(context.settings.folder) / "delivered.txt").open("a") as slips:
            slips.write(f"{message.address}: {message.text}\n")
        return hub.Receipt(external_id=message.id)


class Bell(hub.PageFeature):
    """The bell in the page."""

    name = "bell"
    channel = "acme_bell"
    script = "bell.js"
    frames = ("bell.ring", "bell.rang")

    async def offer(self, visit: hub.Visit, context: hub.Context) -> hub.Offer | None:
        return hub.Offer(label="Ring the bell", data={"greeting": context.settings.greeting})

    async def on_frame(self, frame: hub.Frame, visitor: hub.Visitor, context: hub.Context) -> None:
        if frame.name != "bell.ring":
            return
        before = await context.documents.get("rings", visitor.id)
        times = 1 if before is None else before.body["times"] + 1
        await context.documents.put(hub.Put(kind="rings", key=visitor.id, body={"times": times}))
        await context.to_visitor(visitor, hub.Frame(name="bell.rang", data={"times": times}))


class Slips(hub.Panel):
    """What the counter remembers of a customer: the slips of paper that were handed out."""

    name = "slips"
    title = "At the counter"
    channel = "acme_bell"

    async def show(self, subject: hub.Subject, context: hub.Context) -> hub.PanelContent | None:
        addresses = [it.value for it in subject.identifiers if it.kind == "email"]
        if not addresses:
            return None
        folder = Path(context.settings.folder)
        written = folder / "delivered.txt"
        lines = written.read_text().splitlines() if written.exists() else []
        mine = [line for line in lines if line.partition(":")[0] in addresses]
        kept = await context.documents.get("drawer", addresses[0])
        rows = (
            hub.PanelRow(label="Address", value=addresses[0]),
            hub.PanelRow(label="Slips", value=str(len(mine))),
            hub.PanelRow(label="Drawer", value="kept" if kept else "empty"),
        )
        links = (
            hub.PanelRow(label="Counter book", value="", url=f"https://acme.example/book?q={addresses[0]}"),
        )
        keep = hub.PanelAction(name="keep", label="Keep a slip", confirm="Keep a slip for this customer?")
        return hub.PanelContent(
            rows=rows, links=links, actions=(keep,), note=f"<b>{subject.name}</b> & slips"
        )

    async def act(self, action: str, subject: hub.Subject, context: hub.Context) -> str:
        (address, *_) = [it.value for it in subject.identifiers if it.kind == "email"]
        if await context.documents.get("drawer", address):
            raise hub.Rejected("the drawer holds one slip a customer")
        await context.documents.put(hub.Put(kind="drawer", key=address, body={"by": subject.customer}))
        return "A slip is in the drawer."


@hub.hookimpl
def hub_register_channels(register: Callable[[type[hub.Channel]], None]) -> None:
    register(AcmeBell)


@hub.hookimpl
def hub_register_page_features(register: Callable[[type[hub.PageFeature]], None]) -> None:
    register(Bell)


@hub.hookimpl
def hub_register_panels(register: Callable[[type[hub.Panel]], None]) -> None:
    register(Slips)
