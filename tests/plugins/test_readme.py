"""The README's channel, built exactly as printed: from an empty folder to a touchpoint and a delivery."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

import hub
from hub import documents, outbox
from hub.bus import Bus
from hub.config import parse
from hub.outbound import Outbound
from hub.runners import Ports, Runners
from hub.store import Store

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(?:\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """An empty folder with the README's files, hub.toml among them."""
    folder = tmp_path_factory.mktemp("acme-slips")
    for name, text in BLOCK.findall((ROOT / "plugins" / "README.md").read_text()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture(scope="module")
def installed(folder, install) -> Path:
    return install(folder)


def test_its_tests_pass(folder, installed):
    code = "import sys, pytest; sys.path.insert(0, sys.argv[1]); sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-p', 'no:asyncio', '.']))"
    command = [sys.executable, "-W", "error", "-c", code, str(installed)]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder / "tests", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


async def test_it_reports_a_touchpoint_and_delivers_a_message(folder, installed, registry_of, tmp_path):
    registry, loop, bus = registry_of(installed), asyncio.get_running_loop(), Bus()
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    toml = (folder / "hub.toml").read_text().replace("/var/spool/slips", str(tmp_path))
    config = parse(toml, registry.settings_types, strict=True)
    reported: asyncio.Queue[hub.Touchpoint] = asyncio.Queue()
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
            id=due.item.hex(), conversation="c", address=point.thread, text="Yes!", at=point.occurred_at
        ),
        to_visitor=lambda visitor, frame: None,
        known=lambda *_: (),
        on_health=lambda health: None,
        clock=lambda: 1_767_225_600_000_000,
    )
    bus.subscribe(outbox.OUTCOMES, outcomes.put_nowait)
    store = await Store.open(tmp_path / "hub.db", clock=ports.clock, publish=bus.publish)
    runners = Runners(registry, config, store, Outbound(), ports)
    bus.subscribe(outbox.TOPIC, runners.wake)
    (tmp_path / "in" / "7.txt").write_text("ann@example.org\nDo you have red ones?")
    await runners.start()
    try:
        async with asyncio.timeout(20):
            point = await reported.get()
            assert point.message is not None
            assert (point.thread, point.message.text) == ("ann@example.org", "Do you have red ones?")
            await store.write(
                lambda tx: outbox.enqueue(tx, connection="slips", leg=b"l" * 16, message=b"m" * 16)
            )
            assert (await outcomes.get()).state == "sent"
        (slip,) = (tmp_path / "out").iterdir()
        assert slip.read_text() == "ann@example.org\nYes!\n"
    finally:
        await runners.stop(2.0)
        await store.close()
