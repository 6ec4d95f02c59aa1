"""ChannelSuite: what every channel must do, as tests that a plugin inherits.

    class TestAcme(ChannelSuite):
        channel = Acme
        settings = {"api_key": hub.Secret("test")}

The tests are plain functions without fixtures, so they need pytest and nothing else. With a `peer`, who plays the other side, the channel
is also put into a whole hub and spoken with (`conversing.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
import pytest
from pydantic import ValidationError

import hub
from hub.registry.checking import check_channel
from hub.testing.conversing import Conversing
from hub.testing.fakes import FakeContext

TURNS = 50
"""Turns of the event loop a channel runs before it is cancelled; fakes never make it wait."""


class ChannelSuite(Conversing):
    """Subclass it in a test file of the plugin, and override `answer` when the channel asks the other side."""

    channel: ClassVar[type[hub.Channel]]
    settings: ClassVar[Mapping[str, Any]] = {}
    message: ClassVar[hub.OutgoingMessage] = hub.OutgoingMessage(
        id="0" * 32, conversation="1" * 32, address="ann@example.org", text="Hello", at=datetime.now(UTC)
    )

    def answer(self, context: FakeContext) -> None:
        """Queue what the other side answers: `context.http.answer(…)`."""

    def context(self) -> FakeContext:
        """A fresh context with this suite's settings and answers."""
        context = FakeContext(self.channel.settings(**self.settings))
        self.answer(context)
        return context

    def test_the_registry_accepts_it(self) -> None:
        assert check_channel(self.channel) is self.channel

    def test_it_is_made_without_arguments(self) -> None:
        self.channel()

    def test_an_unknown_setting_is_refused(self) -> None:
        with pytest.raises(ValidationError):
            self.channel.settings.model_validate({**self.settings, "surely_no_setting": 1})

    def test_every_setting_is_described(self) -> None:
        fields = self.channel.settings.model_fields
        bare = [name for name, field in fields.items() if not field.description]
        assert not bare, f"describe these settings with Field(description=…): {bare}"

    def test_secrets_are_not_shown(self) -> None:
        secrets = [value.reveal() for value in self.settings.values() if isinstance(value, hub.Secret)]
        shown = repr(self.context().settings) + self.context().settings.model_dump_json()
        assert not any(secret in shown for secret in secrets)

    def test_run_ends_when_it_is_cancelled(self) -> None:
        """Within a second; a NotReady or AuthFailed before that is fine, any other exception is not."""
        asyncio.run(self._cancelled_run())

    async def _cancelled_run(self) -> None:
        context = self.context()
        async with asyncio.timeout(1), asyncio.TaskGroup() as group:
            run = group.create_task(self._instructed_run(context))
            for _ in range(TURNS):
                await asyncio.sleep(0)
            run.cancel()
        for touchpoint in context.reported:
            assert touchpoint.channel == self.channel.kind, "Touchpoint.channel is the channel's own kind"
            assert 1 <= len(touchpoint.key) <= 500, "Touchpoint.key has 1 to 500 characters"

    async def _instructed_run(self, context: FakeContext) -> None:
        try:
            await self.channel().run(context)
        except hub.HubError:
            return

    def test_deliver_answers_with_a_receipt_or_an_instruction(self) -> None:
        if self.channel.deliver is hub.Channel.deliver:
            pytest.skip("this channel does not deliver")
        asyncio.run(self._delivered())

    async def _delivered(self) -> None:
        try:
            receipt: object = await self.channel().deliver(self.message, self.context())
        except hub.HubError as instruction:
            assert instruction.why, "an instruction says why"
            return
        assert isinstance(receipt, hub.Receipt), f"deliver returns a hub.Receipt, got {receipt!r}"

    def test_a_message_longer_than_its_limit_is_rejected_not_cut(self) -> None:
        limit = self.channel.capabilities.max_length
        if limit is None or self.channel.deliver is hub.Channel.deliver:
            pytest.skip("this channel has no limit")
        long = msgspec.structs.replace(self.message, text="x" * (limit + 1))
        with pytest.raises(hub.Rejected):
            asyncio.run(self.channel().deliver(long, self.context()))
