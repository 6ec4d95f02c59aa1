"""Deliveries: in order per leg, tried again, given up, put aside; one message never twice by our doing."""

import asyncio

from hub.runners import Pace

CHANNEL = """
import asyncio
from pathlib import Path
calls = []
class Acme(hub.Channel):
    kind = "acme"
    async def deliver(self, message, context):
        calls.append((message.text, message.attempt))
        {body}
        return hub.Receipt(external_id="ext-" + message.text)
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
"""


def channel(body: str = "pass") -> str:
    return CHANNEL.replace("{body}", body)


def calls(made) -> list:
    return made.registry.channels["acme"].deliver.__globals__["calls"]


async def settled(made, message: bytes, *states: str) -> tuple[str, str, int]:
    found = {}

    async def look() -> bool:
        found["row"] = await made.outcome(message)
        return found["row"][0] in states

    async with asyncio.timeout(10):
        while not await look():
            await asyncio.sleep(0.01)
    return found["row"]


async def test_a_message_is_delivered_and_its_receipt_kept(bench):
    made = await bench(channel(), "[channels.acme]")
    message = await made.deliver("acme", "hello")
    assert (await settled(made, message, "sent"))[0] == "sent"
    row = await made.store.read(lambda read: read.one("SELECT external_id, attempts FROM outbox"))
    assert row == ("ext-hello", 1)
    assert made.state("acme") == "healthy"


async def test_messages_of_one_leg_leave_in_order_and_those_of_another_do_not_wait(bench):
    body = "if message.text == 'a1': await asyncio.sleep(0.2)"
    made = await bench(channel(body), "[channels.acme]")
    last = [await made.deliver("acme", text, leg) for text, leg in (("a1", b"a" * 16), ("a2", b"a" * 16))][-1]
    await made.deliver("acme", "b1", b"b" * 16)
    await settled(made, last, "sent")
    order = [text for text, _ in calls(made)]
    assert order.index("a1") < order.index("a2")
    assert order.index("b1") < order.index("a2")


async def test_not_ready_is_tried_again_later_with_the_same_id(bench):
    made = await bench(channel("raise hub.NotReady('busy')"), "[channels.acme]")
    message = await made.deliver("acme", "hello")
    await made.until(lambda: made.state("acme") == "waiting")
    state, why, attempts = await settled(made, message, "waiting")
    assert (state, why, attempts) == ("waiting", "busy", 1)
    due_at = await made.store.read(lambda read: read.one("SELECT due_at - created_at FROM outbox"))
    assert due_at[0] >= 1_000_000


async def test_rejected_is_final_and_lets_the_next_one_go(bench):
    body = "if message.text == 'bad': raise hub.Rejected('no such number')"
    made = await bench(channel(body), "[channels.acme]")
    bad, good = await made.deliver("acme", "bad"), await made.deliver("acme", "good")
    await settled(made, good, "sent")
    assert await made.outcome(bad) == ("failed", "no such number", 1)


async def test_auth_failed_holds_everything_until_an_operator_has_reconnected(bench):
    body = "if len(calls) == 1: raise hub.AuthFailed('key withdrawn')"
    made = await bench(channel(body), "[channels.acme]")
    message = await made.deliver("acme", "hello")
    await made.until(lambda: made.state("acme") == "reconnect")
    assert (await made.outcome(message))[0] == "waiting"
    made.runners.reconnect("acme")
    assert (await settled(made, message, "sent"))[2] == 1


async def test_a_bug_is_shown_and_the_message_kept(bench):
    made = await bench(channel("raise KeyError('oops')"), "[channels.acme]")
    message = await made.deliver("acme", "hello")
    await made.until(lambda: made.state("acme") == "failed")
    assert "deliver: KeyError: 'oops'" in made.health("acme").why
    assert (await settled(made, message, "waiting"))[1] == "deliver: KeyError: 'oops'"


async def test_garbage_instead_of_a_receipt_is_a_bug(bench):
    made = await bench(channel("return 'sent'"), "[channels.acme]")
    await made.deliver("acme", "hello")
    await made.until(lambda: made.state("acme") == "failed")
    assert "expected a hub.Receipt, got 'sent'" in made.health("acme").why


async def test_a_hanging_delivery_is_cut_and_the_others_go_on(bench):
    body = "if message.text == 'stuck': await asyncio.sleep(3600)"
    made = await bench(channel(body), "[channels.acme]")
    stuck = await made.deliver("acme", "stuck", b"s" * 16)
    free = await made.deliver("acme", "free", b"f" * 16)
    await settled(made, free, "sent")
    async with asyncio.timeout(10):
        while "no answer within" not in (await made.outcome(stuck))[1]:
            await asyncio.sleep(0.01)


async def test_a_message_that_was_erased_meanwhile_is_not_sent(bench):
    made = await bench(channel(), "[channels.acme]")
    message = await made.deliver("acme", "gone")
    assert (await settled(made, message, "failed"))[1] == "the message exists no longer"
    assert calls(made) == []


async def test_what_waited_while_the_hub_was_down_is_delivered_after_the_start(bench, tmp_path):
    patient = Pace(deliver=60.0)
    made = await bench(channel("await asyncio.sleep(3600)"), "[channels.acme]", pace=patient)
    message = await made.deliver("acme", "hello")
    await made.until(lambda: calls(made))
    await made.runners.stop(2.0)
    assert await made.outcome(message) == ("waiting", "the hub was stopping", 0)
    await made.store.close()
    again = await bench(channel(), "[channels.acme]")
    await settled(again, message, "sent")


WINDOWED = 'kind = "acme"\n    capabilities = hub.Capabilities(reply_window=3.0)'


async def test_a_message_fails_when_the_channel_takes_no_reply_any_more(bench):
    source = channel("raise hub.NotReady('busy')").replace('kind = "acme"', WINDOWED)
    made = await bench(source, "[channels.acme]")
    message = await made.deliver("acme", "hello")
    _state, why, attempts = await settled(made, message, "failed")
    assert why in (
        "it could not be sent in time: busy",
        "the time in which the channel takes a reply is over: busy",
    )
    assert attempts >= 2, "it was tried while there was time"


async def test_time_runs_out_while_an_operator_has_to_reconnect(bench):
    source = channel("raise hub.AuthFailed('key withdrawn')").replace('kind = "acme"', WINDOWED)
    made = await bench(source, "[channels.acme]")
    message = await made.deliver("acme", "hello")
    _state, why, _attempts = await settled(made, message, "failed")
    assert why == "the time in which the channel takes a reply is over: key withdrawn"
    assert len(calls(made)) == 1


async def test_one_doubtful_delivery_is_repeated_once_with_the_same_id_and_then_put_aside(bench):
    source = channel("await asyncio.sleep(3600)")
    made = await bench(source, "[channels.acme]")
    message = await made.deliver("acme", "hello")
    _state, why, _attempts = await settled(made, message, "quarantined")
    assert "nobody knows whether it arrived" in why
    assert [text for text, _ in calls(made)] == ["hello", "hello"]
    assert calls(made)[1][1] > 1, "the plugin is told that an earlier attempt may have got through"


async def test_a_channel_can_say_itself_that_nobody_knows_whether_it_arrived(bench):
    source = channel("raise hub.NotReady('the line ended before the answer', doubtful=True)")
    made = await bench(source, "[channels.acme]")
    message = await made.deliver("acme", "hello")
    _state, why, _attempts = await settled(made, message, "quarantined")
    assert why == "nobody knows whether it arrived: the line ended before the answer"
    assert [text for text, _ in calls(made)] == ["hello", "hello"]


async def test_a_channel_whose_deliveries_take_long_may_say_so(bench):
    source = channel("await asyncio.sleep(0.5)").replace(
        'kind = "acme"', 'kind = "acme"; capabilities = hub.Capabilities(seconds=5)'
    )
    made = await bench(source, "[channels.acme]")
    message = await made.deliver("acme", "hello")
    assert await settled(made, message, "sent") == ("sent", "", 1)


async def test_poison_lets_what_is_behind_it_in_its_own_leg_go_on_and_delays_no_other_connection(bench):
    poison = channel("raise KeyError('oops')")
    good = channel().replace("Acme", "Other").replace('"acme"', '"other"')
    made = await bench({"acme": poison, "other": good}, "[channels.acme]\n[channels.other]")
    await made.deliver("acme", "poison")
    message = await made.deliver("other", "good")
    assert (await settled(made, message, "sent"))[0] == "sent"
