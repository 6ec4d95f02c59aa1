"""Whatever a plugin does in any of its calls: its own connection is unwell with a reason, all others go on, and the core never waits."""

import asyncio
import threading
import time
from contextlib import suppress

import msgspec
import pytest

import hub
from hub.runners import FrameRefused
from hub.runners.pace import Breaker
from tests.runners.conftest import HURRIED
from tests.runners.test_running import GOOD

VISIT = hub.Visit(visitor=hub.Visitor(id="aa", site="shop"))
SUBJECT = hub.Subject(customer="aa")

EVERYTHING = """
import asyncio, os, sys, threading, time
class Acme(hub.Channel):
    kind = "acme"
    async def run(self, context):
        RUN
    async def deliver(self, message, context):
        DELIVER
class Bell(hub.PageFeature):
    name = "bell"
    channel = "acme"
    frames = ("bell.ring",)
    async def offer(self, visit, context):
        OFFER
    async def on_frame(self, frame, visitor, context):
        FRAME
class Card(hub.Panel):
    name = "card"
    title = "Card"
    channel = "acme"
    async def show(self, subject, context):
        SHOW
    async def act(self, action, subject, context):
        ACT
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
@hub.hookimpl
def hub_register_page_features(register):
    register(Bell)
@hub.hookimpl
def hub_register_panels(register):
    register(Card)
"""
PARTS = {
    "RUN": "await asyncio.sleep(3600)",
    "DELIVER": "return hub.Receipt()",
    "OFFER": "return hub.Offer()",
    "FRAME": "return None",
    "SHOW": "return hub.PanelContent()",
    "ACT": "return 'done'",
}
ODD_TEXT = """
class Odd(Exception):
    def __str__(self):
        time.sleep(0.2)
        raise SystemExit("from a text")
    __repr__ = __str__
"""


def acme(extra: str = "", **parts: str) -> str:
    """A plugin with all there is, well but for `parts`."""
    source = EVERYTHING
    for name, body in (PARTS | parts).items():
        source = source.replace(
            f"        {name}\n", "".join(f"        {line}\n" for line in body.split("\n"))
        )
    return extra + source


class Stalls:
    """How long the core's loop was away at a time, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self):
        self._probing = asyncio.get_running_loop().create_task(self._probe())
        return self

    async def __aexit__(self, *_):
        self._probing.cancel()

    async def _probe(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.monotonic() - before - 0.01)


TROUBLES = {
    "raises": "raise KeyError('bug')",
    "a text that raises": "raise Odd()",
    "exits": "raise SystemExit(3)",
    "interrupts": "raise KeyboardInterrupt()",
    "ends a generator": "raise GeneratorExit()",
    "cancels itself": "raise asyncio.CancelledError()",
    "cancels all": "[task.cancel() for task in asyncio.all_tasks()]\nawait asyncio.sleep(1)",
    "stops the loop": "asyncio.get_running_loop().stop()\nraise KeyError('stopped')",
    "never answers": "await asyncio.sleep(3600)",
    "sleeps the thread": "time.sleep(0.5)\nraise KeyError('slept')",
    "spins": "end = time.monotonic() + 0.5\nwhile time.monotonic() < end: pass\nraise KeyError('spun')",
    "returns a number": "return 7",
    "returns itself": "return self",
    "a garbage instruction": "raise hub.NotReady(7, retry_after='soon')",
    "recurses": "f = lambda: f()\nf()",
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_trouble_in_any_call_is_that_connections_alone(bench, trouble):
    body = TROUBLES[trouble]
    parts = dict.fromkeys(PARTS, body)
    if trouble.startswith("returns"):
        parts["RUN"] = parts["FRAME"] = "raise KeyError('nothing is expected back here')"
    made = await bench({"acme": acme(ODD_TEXT, **parts), "good": GOOD}, "[channels.acme]\n[channels.good]")
    runners = made.runners
    async with Stalls() as stalls:
        await made.deliver("acme", "hello")
        began = time.monotonic()
        for _ in range(3):
            assert await runners.offers(VISIT) == []
            with pytest.raises(hub.Rejected):
                await runners.panel("card").act("go", SUBJECT)
            with suppress(FrameRefused):  # it rests
                runners.on_frame(hub.Frame(name="bell.ring"), VISIT.visitor)
            assert [it.content for it in await runners.panels(SUBJECT)] == [None]
        took = time.monotonic() - began
        await made.until(lambda: made.state("acme") in ("failed", "waiting"))
        await made.until(lambda: made.state("good") == "healthy")
    assert took < 3 * 4 * 3 * HURRIED.offer, "no call outlasts its deadline by much"
    assert stalls.longest < 0.6, "four times the promise: this machine has other work"
    assert [name for name, _ in made.reported] == ["good"]


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("hub.Touchpoint(channel='acme', key=7, kind='chat', occurred_at=NOW)", "key"),
        ("hub.Touchpoint(channel='acme', key='1', kind='chat', occurred_at=NOW, claims=7)", "claims"),
        (
            "hub.Touchpoint(channel='acme', key='1', kind='chat', occurred_at=NOW, payload={'a': object()})",
            "object",
        ),
        ("hub.Touchpoint(channel='acme', key='1', kind='chat', occurred_at=NOW, payload=ROUND)", "nested"),
        ("'a touchpoint'", "expected a hub.Touchpoint, got 'a touchpoint'"),
    ],
)
async def test_a_touchpoint_that_is_none_stays_on_the_plugins_side(bench, call, field):
    extra = "import datetime\nNOW = datetime.datetime.now(datetime.UTC)\nROUND = {}\nROUND['a'] = ROUND\n"
    made = await bench(acme(extra, RUN=f"await context.report({call})"), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "failed")
    assert field in made.health("acme").why
    assert made.reported == []


@pytest.mark.parametrize(
    "receipt", ["hub.Receipt(state=7)", "hub.Receipt(external_id=object())", "hub.Receipt(state='eaten')"]
)
async def test_a_receipt_that_is_none_is_a_bug_and_no_delivery(bench, receipt):
    made = await bench(acme(DELIVER=f"return {receipt}"), "[channels.acme]")
    message = await made.deliver("acme", "hello")
    await made.until(lambda: made.state("acme") == "failed")
    assert "a hub.Receipt that is none" in made.health("acme").why
    assert (await made.outcome(message))[0] in ("waiting", "quarantined"), "it is not lost"


async def test_what_a_page_gets_cannot_be_changed_afterwards(bench):
    body = """data = {"n": 1}
await context.to_visitor(visitor, hub.Frame(name="bell.ring", data=data))
data["n"] = object()"""
    made = await bench(acme(FRAME=body), "[channels.acme]")
    made.runners.on_frame(hub.Frame(name="bell.ring"), VISIT.visitor)
    await made.until(lambda: made.frames)
    assert made.frames == [("aa", hub.Frame(name="bell.ring", data={"n": 1}))]


async def test_five_failures_in_a_row_stop_deliveries_and_one_try_starts_them_again(bench):
    body = """type(self).tries += 1
if self.tries < 8:
    raise KeyError("bug")
return hub.Receipt()"""
    source = acme(DELIVER=body).replace('kind = "acme"', 'kind = "acme"\n    tries = 0')
    pace = msgspec.structs.replace(HURRIED, rest=0.1)
    made = await bench(source, "[channels.acme]", pace=pace)
    messages = [await made.deliver("acme", f"m{n}", leg=bytes([n]) * 16) for n in range(12)]
    await made.until(lambda: made.health("acme").failures >= 1)
    running = made.runners._connections["acme"]
    await made.until(lambda: running.rests)
    await made.until(lambda: made.health("acme").state == "healthy", seconds=20)
    assert running.breaker("deliver").closed
    assert {(await made.outcome(it))[0] for it in messages} <= {"waiting", "sent", "quarantined"}


def test_a_breaker_lets_one_try_through_after_each_rest_and_rests_longer_each_time():
    pace = msgspec.structs.replace(HURRIED, rest=0.05, longest_rest=0.3)
    breaker = Breaker(pace)
    for _ in range(5):
        assert breaker.admits()
        breaker.failed()
    assert breaker.open
    assert not breaker.admits()
    rests = []
    for _ in range(5):
        rests.append(breaker.rest_left)
        time.sleep(breaker.rest_left)
        assert breaker.admits()
        assert not breaker.admits(), "one try at a time"
        breaker.failed()
    assert rests[0] <= 0.05
    assert 0.2 < rests[-1] <= 0.3
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


STUCK = """if not self.stuck:
    type(self).stuck = True
    time.sleep(3)
await context.report(POINT)
await asyncio.sleep(3600)"""
POINT = """
from datetime import UTC, datetime
POINT = hub.Touchpoint(channel="acme", key="1", kind="chat", occurred_at=datetime(2026, 1, 1, tzinfo=UTC))
"""


async def test_a_stuck_thread_is_named_and_left_behind_when_an_admin_says_so(bench):
    source = acme(POINT, RUN=STUCK).replace('kind = "acme"', 'kind = "acme"\n    stuck = False', 1)
    made = await bench({"acme": source, "good": GOOD}, "[channels.acme]\n[channels.good]")
    await made.until(lambda: made.state("acme") == "failed")
    health = made.health("acme")
    assert health.why.startswith("run has blocked its thread since ")
    assert health.why.endswith("restart advised: this connection")
    assert "acme.py, line" in health.why
    assert "time.sleep(3)" in health.traceback
    began = time.monotonic()
    assert await made.runners.offers(VISIT) == []
    assert time.monotonic() - began < HURRIED.offer, "a stuck thread is not asked"
    assert made.runners.figures["plugin_threads_stuck"] == 1
    assert made.runners.reconnect("acme")
    await made.until(lambda: made.state("acme") == "healthy" and len(made.reported) == 2)
    assert time.monotonic() - began < 2, "before the old thread came back"
    assert [offer.name for offer in await made.runners.offers(VISIT)] == ["bell"]
    await made.until(lambda: made.runners.figures["plugin_threads_stuck"] == 0)
    assert [name for name, _ in sorted(made.reported)] == ["acme", "good"], "the old thread is not heard"


async def test_too_many_stuck_threads_are_for_a_restart_of_the_hub(bench):
    made = await bench(acme(RUN="time.sleep(4)"), "[channels.acme]")
    for _ in range(3):
        await made.until(lambda: made.state("acme") == "failed")
        assert made.runners.reconnect("acme")
        await made.until(
            lambda: made.state("acme") != "failed" or "restart advised" in made.health("acme").why
        )
        await made.until(lambda: made.runners._connections["acme"].loop.blocked is not None)
    await made.until(lambda: made.health("acme").why.endswith("restart advised: the hub"))
    assert not made.runners.reconnect("acme")


async def test_a_closed_loop_is_noticed_and_replaced(bench):
    body = """loop = asyncio.get_running_loop()
if not self.stuck:
    type(self).stuck = True
    threading.Thread(target=lambda: (loop.call_soon_threadsafe(loop.stop), time.sleep(0.1), loop.close())).start()
    type(loop).is_closed = lambda self, real=type(loop).is_closed: real(self)
    loop.run_forever = lambda: loop.close()
await context.report(POINT)
await asyncio.sleep(3600)"""
    source = acme(POINT, RUN=body).replace('kind = "acme"', 'kind = "acme"\n    stuck = False', 1)
    made = await bench(source, "[channels.acme]")
    await made.until(lambda: any("closed its own event loop" in it.why for it in made.healths))
    await made.until(lambda: made.state("acme") == "healthy" and len(made.reported) == 2)


async def test_a_run_that_hangs_can_be_begun_anew(bench):
    body = "type(self).runs = getattr(self, 'runs', 0) + 1\nif self.runs > 1:\n    await context.report(POINT)\nawait asyncio.sleep(3600)"
    made = await bench(acme(POINT, RUN=body), "[channels.acme]")
    await made.until(lambda: made.state("acme") == "healthy")
    assert made.reported == []
    assert made.runners.reconnect("acme")
    await made.until(lambda: made.reported)


async def test_a_plugin_that_leaks_tasks_and_floods_the_core_gets_its_turn_only(bench):
    body = """self.kept = [asyncio.get_running_loop().create_task(asyncio.sleep(3600)) for _ in range(5000)]
puts = [hub.Put(kind="k", key=str(n), body=n) for n in range(3000)]
await asyncio.gather(*(context.documents.put(put) for put in puts))
await context.report(POINT)
await asyncio.sleep(3600)"""
    async with Stalls() as stalls:
        made = await bench({"acme": acme(POINT, RUN=body), "good": GOOD}, "[channels.acme]\n[channels.good]")
        await made.until(lambda: len(made.reported) == 2, seconds=60)
    assert made.runners.figures["plugin_tasks"] > 5000
    assert stalls.longest < 0.6


async def test_stopping_waits_for_nobody_who_blocks(bench):
    made = await bench({"acme": acme(RUN="time.sleep(4)"), "good": GOOD}, "[channels.acme]\n[channels.good]")
    await made.until(lambda: made.state("good") == "healthy")
    began = time.monotonic()
    await made.runners.stop(1.0)
    assert time.monotonic() - began < 4
    assert "plugin good" not in {thread.name for thread in threading.enumerate()}
