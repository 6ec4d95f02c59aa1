"""A stranger's distribution, installed by pip, has all that a bundled plugin has: a channel, a page feature, frames, a panel."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

import hub
from hub import documents, outbox
from hub.bus import Bus
from hub.config import parse
from hub.outbound import Outbound
from hub.runners import Ports, Runners
from hub.store import Store

SOURCE = Path(__file__).parent / "stranger"
VISITOR = hub.Visitor(id="v" * 32, site="main")


@pytest.fixture(scope="module")
def installed(install, tmp_path_factory) -> Path:
    copy = tmp_path_factory.mktemp("stranger") / "acme-bell"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return install(copy)


def test_it_is_found_with_its_source_and_version(installed, registry_of):
    plugin = registry_of(installed).plugins["acme_bell"]
    assert (plugin.source, plugin.version, plugin.health.state) == ("acme-bell 1.2.0", "1.2.0", "enabled")


def test_its_script_is_served_from_its_package_and_nothing_else_is(installed, registry_of):
    assets = registry_of(installed).assets
    assert list(assets) == ["bell/bell.js"]
    assert b"export default function start(page)" in assets["bell/bell.js"].content
    assert assets["bell/bell.js"].media_type.startswith("text/javascript")


async def test_its_channel_and_its_feature_work(installed, registry_of, tmp_path):
    registry, loop, bus = registry_of(installed), asyncio.get_running_loop(), Bus()
    spool = tmp_path / "spool"
    spool.mkdir()
    config = parse(f'[channels.acme_bell]\nfolder = "{spool}"', registry.settings_types, strict=True)
    reported: asyncio.Queue[hub.Touchpoint] = asyncio.Queue()
    frames: asyncio.Queue[tuple[str, hub.Frame]] = asyncio.Queue()
    outcomes: asyncio.Queue[outbox.Outcome] = asyncio.Queue()

    def receive(tx, connection, touchpoint, puts, **_):
        documents.put(tx, connection, puts)
        loop.call_soon_threadsafe(reported.put_nowait, touchpoint)

    ports = Ports(
        receive=receive,
        receipt=lambda *_: False,
        set_aside=lambda *_: None,
        files=lambda: None,
        compose=lambda read, due: hub.OutgoingMessage(
            id=due.item.hex(), conversation="c", address="ann", text="Coming!", at=point.occurred_at
        ),
        to_visitor=lambda visitor, frame: frames.put_nowait((visitor, frame)),
        known=lambda *_: (),
        on_health=lambda health: None,
        clock=lambda: 1_767_225_600_000_000,
    )
    bus.subscribe(outbox.OUTCOMES, outcomes.put_nowait)
    store = await Store.open(tmp_path / "hub.db", clock=ports.clock, publish=bus.publish)
    runners = Runners(registry, config, store, Outbound(), ports)
    bus.subscribe(outbox.TOPIC, runners.wake)
    await runners.start()
    try:
        async with asyncio.timeout(20):
            (spool / "1.json").write_text(
                json.dumps({"id": "1", "from": "ann@example.org", "text": "Hello?"})
            )
            point = await reported.get()
            assert (point.channel, point.message.text) == ("acme_bell", "Hello?")

            await store.write(
                lambda tx: outbox.enqueue(tx, connection="acme_bell", leg=b"l" * 16, message=b"m" * 16)
            )
            assert (await outcomes.get()).state == "sent"
            assert (spool / "delivered.txt").read_text() == "ann: Coming!\n"

            (offer,) = await runners.offers(hub.Visit(visitor=VISITOR))
            assert (offer.name, offer.data) == ("bell", {"greeting": "Ding!"})
            assert offer.script is not None
            assert offer.script.startswith("/p/bell/bell.js?v=")
            for times in (1, 2):
                runners.on_frame(hub.Frame(name="bell.ring"), VISITOR)
                assert await frames.get() == (VISITOR.id, hub.Frame(name="bell.rang", data={"times": times}))

            ann = hub.KnownIdentifier(kind="email", value="ann", level=hub.Level.OBSERVED, joins=True)
            subject = hub.Subject(customer="c" * 32, name="Ann", identifiers=(ann,))
            (panel,) = await runners.panels(subject)
            assert panel.content is not None
            assert [(row.label, row.value) for row in panel.content.rows][1] == ("Slips", "1")
            slips = runners.panel("slips")
            assert slips is not None
            assert await slips.act("keep", subject) == "A slip is in the drawer."
            with pytest.raises(hub.Rejected, match="one slip a customer"):
                await slips.act("keep", subject)
            assert await runners.panels(hub.Subject(customer="d" * 32)) == []
    finally:
        await runners.stop(2.0)
        await store.close()
