"""The conformance suite is worth something: each test of it fails for a channel that breaks its rule."""

import asyncio
from datetime import UTC, datetime

import pytest

import hub
from hub.testing import ChannelSuite, FakeContext


def suite_for(channel: type[hub.Channel], **settings) -> ChannelSuite:
    return type("Suite", (ChannelSuite,), {"channel": channel, "settings": settings})()


class Good(hub.Channel):
    kind = "good"
    capabilities = hub.Capabilities(max_length=10)

    async def run(self, context: hub.Context) -> None:
        while True:
            await context.report(
                hub.Touchpoint(channel="good", key="1", kind="chat", occurred_at=context.clock.now())
            )
            await context.clock.sleep(1)

    async def deliver(self, message: hub.OutgoingMessage, context: hub.Context) -> hub.Receipt:
        if len(message.text) > 10:
            raise hub.Rejected("too long")
        return hub.Receipt()


TESTS = [name for name in vars(ChannelSuite) if name.startswith("test_")]


@pytest.mark.parametrize("name", TESTS)
def test_a_good_channel_passes(name):
    getattr(suite_for(Good), name)()


class Deaf(Good):
    async def run(self, context):
        while True:
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                await asyncio.sleep(3)


class Foreign(Good):
    async def run(self, context):
        await context.report(hub.Touchpoint(channel="x", key="1", kind="c", occurred_at=datetime.now(UTC)))


class Buggy(Good):
    async def run(self, context):
        raise KeyError("x")


class Careless(Good):
    async def deliver(self, message, context):
        return None


class Cutting(Good):
    async def deliver(self, message, context):
        return hub.Receipt()


class Bare(hub.Settings):
    port: int = 1


class Undescribed(Good):
    settings = Bare


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        (Deaf, "test_run_ends_when_it_is_cancelled"),
        (Foreign, "test_run_ends_when_it_is_cancelled"),
        (Buggy, "test_run_ends_when_it_is_cancelled"),
        (Careless, "test_deliver_answers_with_a_receipt_or_an_instruction"),
        (Cutting, "test_a_message_longer_than_its_limit_is_rejected_not_cut"),
        (Undescribed, "test_every_setting_is_described"),
    ],
)
def test_a_channel_that_breaks_a_rule_fails(channel, name):
    with pytest.raises((AssertionError, BaseExceptionGroup, TimeoutError, pytest.fail.Exception)):
        getattr(suite_for(channel), name)()


async def test_the_fake_context_keeps_a_touchpoint_once_and_its_puts_always():
    context = FakeContext()
    point = hub.Touchpoint(channel="good", key="1", kind="chat", occurred_at=context.clock.now())
    await context.report(point, puts=[hub.Put(kind="k", key="a", body={"n": 1})])
    await context.report(point, puts=[hub.Put(kind="k", key="a", body={"n": 2})])
    assert context.reported == [point]
    assert (await context.documents.get("k", "a")).body == {"n": 2}


async def test_the_fake_http_answers_in_order_and_remembers_what_was_asked():
    context = FakeContext()
    context.http.answer(201, json={"id": 7})
    context.http.fail(hub.NotReady("no route"))
    response = await context.http.request("POST", "https://acme.example/", json={"a": 1})
    assert (response.status, response.json()) == (201, {"id": 7})
    with pytest.raises(hub.NotReady, match="no route"):
        await context.http.request("GET", "https://acme.example/")
    with pytest.raises(hub.NotReady, match="no answer queued"):
        await context.http.request("GET", "https://acme.example/")
    first = context.http.requests[0]
    assert (first.method, first.content) == ("POST", b'{"a":1}')


async def test_the_fake_clock_moves_by_sleeping():
    context = FakeContext()
    before = context.clock.now()
    await context.clock.sleep(60)
    assert (context.clock.now() - before).total_seconds() == 60
