"""A conversation on a channel that is no socket of ours: what an operator writes leaves, and the console sees how it fared."""

import datetime as dt

from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint


def rung(world, text, n=1):
    at = dt.datetime.fromtimestamp(world.clock() / 1_000_000, dt.UTC)
    return Touchpoint(
        channel="bell", kind="chat", key=f"ring-{n}", occurred_at=at, thread="kim", site="shop",
        claims=(Claim(kind="email", value="kim@shop-mail.org", level=Level.OBSERVED),), message=IncomingMessage(text=text),
    )  # fmt: skip


async def test_an_answer_leaves_by_its_channel_and_shows_that_it_did(world, tab_of):
    ann = await tab_of("ann")
    queue = await ann.follow(f"queue:{world.queues['main']}")
    received = await world.hub.store.write(receive, "bell", rung(world, "ding"))
    assert received.fresh
    await ann.until(lambda: queue.of("row"))
    row = queue.one("row")
    assert (row["channel"], row.get("visitor")) == ("bell", None)
    talk = await ann.follow(f"conversation:{row['id']}")
    assert (await ann.do("reply", row["id"], text="dong"))["t"] == "done"
    await ann.until(lambda: any(m.get("delivery") == "sent" for m in talk.of("message")))
    await ann.do("reply", row["id"], text="a note stays", kind="note")
    assert await world.sql("SELECT count(*) FROM outbox") == [(1,)]
    refused = await ann.do("block", row["id"])
    assert refused["code"] == "no_change"


async def test_a_report_that_comes_twice_is_one(world):
    first = await world.hub.store.write(receive, "bell", rung(world, "ding"))
    again = await world.hub.store.write(receive, "bell", rung(world, "ding"))
    assert (first.fresh, again.fresh) == (True, False)
    assert (first.touch, first.customer) == (again.touch, again.customer)
    assert await world.sql("SELECT count(*) FROM message") == [(1,)]


async def test_the_next_word_of_the_same_counterpart_joins_and_after_closing_begins_anew(world, tab_of):
    ann = await tab_of("ann")
    first = (await world.hub.store.write(receive, "bell", rung(world, "ding"))).message
    second = (await world.hub.store.write(receive, "bell", rung(world, "ding again", 2))).message
    assert first.conversation == second.conversation
    await ann.do("close", first.conversation.hex(), outcome="resolved")
    third = (await world.hub.store.write(receive, "bell", rung(world, "later", 3))).message
    assert third.conversation != first.conversation
    await ann.do("reopen", first.conversation.hex())
    await ann.do("close", third.conversation.hex(), outcome="resolved")
    fourth = (await world.hub.store.write(receive, "bell", rung(world, "and again", 4))).message
    assert fourth.conversation == first.conversation
