"""Channels at work: reporting, failing, waiting, being cancelled; nothing a plugin does reaches the others."""

import asyncio
import time

import pytest

GOOD = """
from datetime import UTC, datetime
class Settings(hub.Settings):
    name: str = "x"
class Good(hub.Channel):
    kind = "good"
    settings = Settings
    async def run(self, context):
        point = hub.Touchpoint(channel="good", key="1", kind="chat", occurred_at=datetime.now(UTC))
        await context.report(point, puts=[hub.Put(kind="cursor", key="at", body=7)])
        assert (await context.documents.get("cursor", "at")).body == 7
        await context.clock.sleep(3600)
@hub.hookimpl
def hub_register_channels(register):
    register(Good)
"""


def one(body: str, extra: str = "") -> str:
    """A plugin with one channel, `acme`, whose class body is given."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return f"""
import asyncio, time
{extra}
class Acme(hub.Channel):
    kind = "acme"
{lines}
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
"""


async def test_a_channel_reports_a_touchpoint_with_its_cursor_in_one_transaction(bench):
    made = await bench(GOOD, "[channels.good]")
    await made.until(lambda: made.state("good") == "healthy")
    assert [(name, point.key) for name, point in made.reported] == [("good", "1")]
    cursor = "SELECT connection, kind, key, body FROM document"
    while (row := await made.store.read(lambda read: read.one(cursor))) is None:
        await asyncio.sleep(0.01)  # it was taken; its commit is under way
    assert row == ("good", "cursor", "at", "7")


async def test_two_connections_of_one_kind_run_side_by_side(bench):
    made = await bench(GOOD, '[channels.a]\nkind = "good"\n[channels.b]\nkind = "good"')
    await made.until(lambda: len(made.reported) == 2)
    assert sorted(name for name, _ in made.reported) == ["a", "b"]


async def test_a_refused_touchpoint_is_told_to_the_plugin_and_takes_its_puts_back(bench):
    body = """
async def run(self, context):
    from datetime import UTC, datetime
    point = hub.Touchpoint(channel="acme", key="1", kind="refused", occurred_at=datetime.now(UTC))
    await context.report(point, puts=[hub.Put(kind="cursor", key="at", body=7)])
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "failed")
    assert "expected anything but refused" in made.health("acme").why
    assert await made.store.read(lambda read: read.all("SELECT * FROM document")) == []


async def test_a_touchpoint_of_a_foreign_channel_is_refused(bench):
    body = """
async def run(self, context):
    from datetime import UTC, datetime
    await context.report(hub.Touchpoint(channel="mail", key="1", kind="mail", occurred_at=datetime.now(UTC)))
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "failed")
    assert "expected this channel's kind 'acme'" in made.health("acme").why


async def test_not_ready_is_tried_again_until_it_works(bench):
    body = """
tries = 0
async def run(self, context):
    self.tries += 1
    if self.tries < 4:
        raise hub.NotReady("the line is busy")
    await asyncio.sleep(3600)
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "healthy")
    assert [health.state for health in made.healths] == ["waiting", "healthy"]
    assert made.healths[0].why == "the line is busy"


async def test_auth_failed_waits_for_an_operator(bench):
    body = """
tries = 0
async def run(self, context):
    type(self).tries += 1  # of the class: an operator's reconnecting makes a new object
    if self.tries == 1:
        raise hub.AuthFailed("the key was withdrawn")
    await asyncio.sleep(3600)
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "reconnect")
    assert made.runners.reconnect("acme")
    await made.until(lambda: made.state("acme") == "healthy")
    assert not made.runners.reconnect("nobody")


async def test_a_bug_is_shown_with_its_traceback_and_rests_after_five(bench):
    body = """
tries = 0
async def run(self, context):
    self.tries += 1
    raise KeyError(f"bug {self.tries}")
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.health("acme").failures == 6)
    health = made.health("acme")
    assert health.state == "failed"
    assert health.why == "KeyError: 'bug 6'"
    assert "in run" in health.traceback
    assert [it.failures for it in made.healths] == [1, 2, 3, 4, 5, 6]


async def test_exiting_the_interpreter_is_only_a_bug(bench):
    body = """
async def run(self, context):
    asyncio.get_running_loop().create_task(self.leave())
    await asyncio.sleep(0.01)
    raise SystemExit("bye")
async def leave(self):
    raise SystemExit("from a task of its own")
"""
    made = await bench({"acme": one(body), "good": GOOD}, "[channels.acme]\n[channels.good]")
    await made.until(lambda: made.state("acme") == "failed" and made.reported)
    assert made.health("acme").why == "SystemExit: bye"
    await made.until(lambda: made.state("good") == "healthy")


async def test_a_channel_that_cannot_be_made_is_unhealthy_alone(bench):
    body = """
def __init__(self):
    raise RuntimeError("no device")
"""
    made = await bench({"acme": one(body), "good": GOOD}, "[channels.acme]\n[channels.good]")
    await made.until(lambda: made.state("acme") == "failed" and made.state("good") == "healthy")
    assert made.health("acme").why == "RuntimeError: no device"


async def test_a_misconfigured_connection_says_so_and_the_others_run(bench):
    made = await bench(GOOD, "[channels.good]\n[channels.odd]\nkind = 'good'\nnmae = 'x'\n[channels.fax]")
    await made.until(lambda: made.state("good") == "healthy")
    assert (
        'channels.odd.nmae: expected a known setting, got “nmae”. Did you mean "name"?'
        in made.health("odd").why
    )
    assert made.state("fax") == "failed"
    assert "channels.fax.kind" in made.health("fax").why


async def test_a_switched_off_connection_rests(bench):
    made = await bench(GOOD, "[channels.good]\nenabled = false")
    assert made.state("good") == "found"
    assert made.reported == []


async def test_stopping_lets_a_channel_tidy_up(bench):
    body = """
async def run(self, context):
    from datetime import UTC, datetime
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0.05)
        await context.documents.put(hub.Put(kind="end", key="x", body="tidy"))
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "healthy")
    await made.runners.stop(5.0)
    assert await made.store.read(lambda read: read.one("SELECT body FROM document")) == ('"tidy"',)


async def test_a_plugin_that_ignores_cancelling_delays_the_stop_only_until_its_deadline(bench):
    body = """
async def run(self, context):
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if not context.documents:
                raise
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "healthy")
    started = time.monotonic()
    await made.runners.stop(1.0)
    assert time.monotonic() - started < 3


SPIN = "end = time.monotonic() + 1.2\n    while time.monotonic() < end: pass"


@pytest.mark.parametrize("block", ["time.sleep(1.2)", SPIN], ids=["sleeps", "spins"])
async def test_a_plugin_that_blocks_is_named_and_the_core_goes_on(bench, block):
    body = f"""
async def run(self, context):
    await asyncio.sleep(0.05)
    {block}
    await asyncio.sleep(3600)
"""
    made = await bench({"acme": one(body), "good": GOOD}, "[channels.acme]\n[channels.good]")
    lags = []

    async def probe() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            lags.append(time.monotonic() - before - 0.01)

    probing = asyncio.get_running_loop().create_task(probe())
    await made.until(lambda: made.state("acme") == "failed")
    assert made.health("acme").why.startswith("run has blocked its thread since ")
    assert "acme.py" in made.health("acme").why
    await made.until(lambda: made.state("acme") == "healthy")
    probing.cancel()
    assert sorted(lags)[int(len(lags) * 0.99)] < 0.6, "four times the promise: this machine has other work"


async def test_a_document_of_an_older_version_is_upgraded_as_it_is_read(bench):
    body = """
documents = (hub.DocumentKind(kind="cursor", version=2, upgrade=lambda body, version: {"at": body}),)
async def run(self, context):
    await context.documents.put(hub.Put(kind="cursor", key="a", body=5))
    read = [await context.documents.get("cursor", "a"), *(await context.documents.all("cursor"))]
    assert [(it.version, it.body) for it in read] == [(2, {"at": 5})] * 2, read
    await context.documents.put(hub.Put(kind="cursor", key="a", body={"at": 5}, version=3))
    await context.documents.get("cursor", "a")
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "failed")
    assert "written by a newer release" in made.health("acme").why


async def test_inner_addresses_are_out_of_reach(bench):
    body = """
async def run(self, context):
    await context.http.request("GET", "http://127.0.0.1:1/")
"""
    made = await bench(one(body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "failed")
    assert "inner address 127.0.0.1" in made.health("acme").why


async def test_a_secret_in_an_exception_is_not_shown(bench, monkeypatch):
    monkeypatch.setenv("ACME_KEY", "hunter2-hunter2")
    body = """
settings = AcmeSettings
async def run(self, context):
    raise ConnectionError(f"GET https://acme.example/?key={context.settings.keys['a'][0].reveal()} failed")
"""
    extra = "class AcmeSettings(hub.Settings):\n    keys: dict[str, list[hub.Secret]]"
    made = await bench(one(body, extra), '[channels.acme]\nkeys = { a = ["env:ACME_KEY"] }')
    await made.until(lambda: made.state("acme") == "failed")
    health = made.health("acme")
    assert health.why == "ConnectionError: GET https://acme.example/?key=*** failed"
    assert "hunter2" not in health.traceback


@pytest.mark.parametrize(
    ("kind", "state", "why"),
    [
        ("full", "waiting", "the hub cannot store anything now: the disk is full"),
        ("blocked", "failed", "ValueError: touchpoint '1' is refused: not from here"),
    ],
)
async def test_what_the_hub_cannot_take_is_told_in_the_contracts_words(bench, kind, state, why):
    made = await bench(GOOD.replace('kind="chat"', f'kind="{kind}"'), "[channels.good]")
    await made.until(lambda: made.state("good") == state)
    assert made.health("good").why == why
