"""The half of `ChannelSuite` that speaks with the other side: what went in is there once, what goes out arrives once.

Each test has a whole hub and the suite's `peer`. A test of what a channel does not do (it declares no receipts, its peer cannot make that
trouble) is skipped with a word that says so.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

import hub
from hub.testing.bench import Bench
from hub.testing.peer import Heard, Peer, Said, Trouble

SCRIPTS = (
    "Grüße aus Zürich, ça va? Łódź, İstanbul",
    "مرحبا، هل الطلب جاهز؟ 123",
    "שלום, מה המצב? (abc)",
    "注文はまだですか。ありがとう",
    "emoji 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 and a flag 🇨🇭",
    "e\u0301 combining, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢, \u200fRTL mark",
    "two\nlines\n\nand one more, with  two spaces and a tab\tthere",
    "<b>no markup</b> &amp; 'quotes' \"too\" \\ % {x} ${y}",
)
"""What people write; it arrives as it was written."""
HOSTILE = ("nul \x00 in it", "bell \x07 and escape \x1b[31m", "x" * 1_000_000, "\ufeffmark", "\u202eturned")
"""What no text should hold: it may arrive changed, or be refused, but costs nobody else."""
FILES = {
    "Rechnung für März.txt": "Grüße\r\nein Punkt:\r\n.\r\n".encode() * 1_000,
    "values.bin": bytes(range(256)) * 40,
}
"""What goes along: words with lines that mean something to some protocols, and bytes of every value a line may not hold."""
RETRIES = (1.0, 400.0, 2_500.0, 9_000.0)
"""Seconds that are let pass until a retry is due, whatever the dice say."""


class Conversing:
    """Tests with a peer: set `peer` to a class that is made without arguments."""

    channel: ClassVar[type[hub.Channel]]
    peer: ClassVar[type[Peer] | None] = None

    def test_what_comes_twice_is_there_once(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs(peer.keys, "what is said on the other side carries no key")
            await peer.say(_said(1, "first"))
            await peer.say(_said(1, "first"))
            await peer.say(_said(2, "second"))
            await _arrive(bench, ["first", "second"])
            await bench.settled()
            await _arrive(bench, ["first", "second"])

        self._converse(test)

    def test_what_comes_out_of_order_is_all_there(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            for number in (3, 1, 2):
                await peer.say(_said(number, f"number {number}"))
            await _arrive(bench, ["number 1", "number 2", "number 3"], in_order=False)

        self._converse(test)

    def test_what_comes_late_keeps_its_time(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs(peer.dates, "what is said on the other side carries no time")
            said = _said(1, "yesterday", ago=timedelta(days=1))
            await peer.say(said)
            await _arrive(bench, ["yesterday"])
            (row,) = await bench.rows("SELECT occurred_at FROM touchpoint")
            off = abs(row[0] / 1e6 - said.at.timestamp())
            assert off < 2, f"Touchpoint.occurred_at: expected when it was said, got {off:.0f} s off"

        self._converse(test)

    def test_every_script_arrives_as_it_was_written(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            for number, text in enumerate(SCRIPTS):
                await peer.say(_said(number, text))
            await _arrive(bench, list(SCRIPTS), in_order=False)

        self._converse(test)

    def test_what_no_text_should_hold_costs_nobody_else(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            for number, text in enumerate(HOSTILE):
                await peer.say(_said(number, text, sender=f"stranger{number}@customers.test"))
            await peer.say(_said(99, "a good one"))

            async def there() -> bool:
                return "a good one" in [text.strip() for text in await bench.texts()]

            await bench.until(there, "the good message behind bad ones should have arrived")

        self._converse(test)

    def test_a_restart_in_the_middle_loses_and_doubles_nothing(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            texts = [f"number {number}" for number in range(12)]
            for number, text in enumerate(texts):
                await peer.say(_said(number, text))
                if number in (4, 8):
                    await bench.restart()
            await _arrive(bench, texts, in_order=False)
            await bench.settled()
            await _arrive(bench, texts, in_order=False)

        self._converse(test)

    def test_answers_arrive_as_they_were_written_and_in_order(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            await _begun(bench, peer)
            for text in SCRIPTS:
                await bench.answer(text)
            found = await _heard(bench, peer, len(SCRIPTS))
            for one, text in zip(found, SCRIPTS, strict=True):
                assert _plain(one.text) == _plain(text), f"expected {text!r}, heard {one.text!r}"

        self._converse(test)

    @pytest.mark.parametrize("trouble", ["away", "busy", "credentials"])
    def test_after_each_trouble_an_answer_arrives_once(self, trouble: Trouble) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs(trouble in peer.troubles, f"the peer cannot make this trouble: {trouble}")
            await _begun(bench, peer)
            await peer.make(trouble)
            await bench.answer("Here is your answer")
            await bench.until(lambda: _tried(bench), "a delivery should have been tried")
            await peer.make(None)
            await _well_again(bench, peer, 1)
            await bench.settled()
            ids = {one.id for one in await peer.heard()}
            assert len(ids) == len(await peer.heard()) == 1, (
                "an answer arrives once, whatever happened before"
            )

        self._converse(test)

    def test_what_is_refused_has_failed_with_a_reason_and_the_next_one_goes(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs("refuses" in peer.troubles, "the peer cannot refuse")
            await _begun(bench, peer)
            await peer.make("refuses")
            await bench.answer("never")

            async def failed() -> bool:
                return await bench.states() == ["failed"]

            await bench.until(
                failed, "what the other side refuses for good should have failed (raise Rejected)"
            )
            ((_, why, *_),) = await bench.rows("SELECT state, why FROM outbox WHERE kind = 'message'")
            assert len(why) > 5, f"Rejected.why: expected a sentence for operators, got {why!r}"
            await peer.make(None)
            await bench.answer("the next one")
            assert (await _heard(bench, peer, 1))[-1].text.strip().startswith("the next one")

        self._converse(test)

    def test_an_answer_of_which_nobody_knows_is_repeated_at_most_once_under_its_id(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs("lost" in peer.troubles, "the peer cannot lose its answer")
            await _lose_an_answer(bench, peer, "did it arrive?")
            found = await peer.heard()
            assert 1 <= len(found) <= 2, f"heard {len(found)} times; a doubtful one is repeated at most once"
            assert len({one.id for one in found}) == 1, "a repeat goes out under the same id"

        self._converse(test)

    def test_receipts_only_go_forward(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            can = self.channel.capabilities
            _needs(can.delivered or can.read, "the channel declares no receipts")
            await _begun(bench, peer)
            await bench.answer("read me")
            (one,) = await _heard(bench, peer, 1)
            told = [state for state, does in (("read", can.read), ("delivered", can.delivered)) if does]
            for state in told:
                await peer.tell(one, "read" if state == "read" else "delivered")

            async def come() -> bool:
                return await bench.states() == [told[0]]

            await bench.until(come, f"the answer should have come to be {told[0]}")
            await bench.settled()
            assert await bench.states() == [told[0]], "a receipt never goes backwards"

        self._converse(test)

    def test_the_longest_message_it_declares_arrives_whole(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            limit = self.channel.capabilities.max_length
            _needs(limit is not None, "the channel declares no limit")
            await _begun(bench, peer)
            text = "x" * min(limit or 0, 8_000)
            await bench.answer(text)
            assert (await _heard(bench, peer, 1))[0].text.strip() == text

        self._converse(test)

    def test_what_it_drops_of_repeats_reaches_nobody_twice(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs(
                self.channel.capabilities.drops_repeats,
                "the channel does not declare that repeats are dropped",
            )
            _needs("lost" in peer.troubles, "the peer cannot lose its answer")
            await _lose_an_answer(bench, peer, "once only")
            found = len(await peer.heard())
            assert found == 1, (
                f"Capabilities.drops_repeats: the other side has seen the id, and yet it was heard {found} times"
            )

        self._converse(test)

    def test_the_files_it_declares_to_carry_arrive_whole(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            can = self.channel.capabilities.files
            _needs(can > 0, "the channel declares that it carries no files")
            files = {name: body for name, body in FILES.items() if len(body) <= can}
            await _begun(bench, peer)
            await bench.answer("see there", files)
            (one,) = await _heard(bench, peer, 1)
            assert _plain(one.text) == "see there", f"expected the words beside the files, heard {one.text!r}"
            missing = sorted(name for name, body in files.items() if one.files.get(name) != body)
            assert not missing, (
                f"Capabilities.files is {can:,}: {missing} did not arrive whole, but {sorted(one.files)} did"
            )

        self._converse(test)

    def test_no_secret_is_said_anywhere(self) -> None:
        async def test(bench: Bench, peer: Peer) -> None:
            _needs(bool(peer.secrets), "the peer has no secrets")
            await _begun(bench, peer)
            said = ""
            for trouble in (None, *peer.troubles):
                await peer.make(trouble)
                await bench.answer(f"an answer in trouble: {trouble}")
                await bench.settled(0.4)
                said += await bench.said_anywhere()
                await bench.again()
                bench.later(RETRIES[1])
            await bench.restart()
            said += await bench.said_anywhere()
            for secret in peer.secrets:
                for form in (secret, b64encode(secret.encode()).decode().rstrip("=")):
                    assert form not in said, "a secret stands in the log, in a reason or in the health"

        self._converse(test)

    def _converse(self, test: Callable[[Bench, Peer], Awaitable[None]]) -> None:
        if self.peer is None:
            pytest.skip("give this suite a `peer` (hub.testing.Peer) that plays the other side")
        peer = self.peer()

        async def run() -> None:
            async with Bench(self.channel, peer) as bench:
                await test(bench, peer)

        asyncio.run(run())


def _needs(given: bool, why: str) -> None:
    if not given:
        pytest.skip(why)


def _said(
    number: int, text: str, *, ago: timedelta = timedelta(), sender: str = "ann@customers.test"
) -> Said:
    at = datetime.now(UTC).replace(microsecond=0) - ago
    return Said(key=f"key-{number}", text=text, at=at, sender=sender)


def _plain(text: str) -> str:
    """A text as both sides agree on it: line ends and spaces at the ends of lines are the transport's."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


async def _arrive(bench: Bench, texts: list[str], *, in_order: bool = True) -> None:
    wanted = [_plain(text) for text in texts]

    async def there() -> bool:
        found = [_plain(text) for text in await bench.texts()]
        return found == wanted if in_order else sorted(found) == sorted(wanted)

    await bench.until(there, f"expected exactly {[text[:30] for text in wanted]}")


async def _begun(bench: Bench, peer: Peer) -> None:
    await peer.say(_said(0, "Hello?"))
    await _arrive(bench, ["Hello?"])


async def _heard(bench: Bench, peer: Peer, count: int) -> list[Heard]:
    async def come() -> bool:
        return len(await peer.heard()) >= count

    await bench.until(come, f"{count} answers should have arrived")
    return list(await peer.heard())


async def _lose_an_answer(bench: Bench, peer: Peer, text: str) -> None:
    """The other side takes an answer and its word never comes back; then all is well, for as long as anybody would try again."""
    await _begun(bench, peer)
    await peer.make("lost")
    await bench.answer(text)
    await bench.until(lambda: _tried(bench), "a delivery should have been tried")
    await peer.make(None)
    for seconds in RETRIES:
        bench.later(seconds)
        await bench.settled(0.3)


async def _tried(bench: Bench) -> bool:
    rows = await bench.rows(
        "SELECT attempts, doubts FROM outbox WHERE kind = 'message' ORDER BY id DESC LIMIT 1"
    )
    return bool(rows) and (
        sum(rows[0]) > 0 or any(it.state == "reconnect" for it in bench.hub.runners.health)
    )


async def _well_again(bench: Bench, peer: Peer, count: int) -> None:
    """Whatever it takes from outside: an operator's word, and time."""
    await bench.again()
    for seconds in RETRIES:
        bench.later(seconds)
        await bench.settled(0.3)
        if len(await peer.heard()) >= count:
            return
    await _heard(bench, peer, count)
