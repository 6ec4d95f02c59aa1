"""The owner's endpoints: each event exactly once by its id, in order, whatever the receiver does and whoever else has trouble."""

import asyncio

import pytest

from hub import outbox
from hub.actions import decide
from hub.outbox import webhooks
from tests.outbox.receiver import SECRET, Receiver, receiving

DAY = 86_400_000_000

TOML = """
[webhooks.crm]
url = "http://127.0.0.1:{port}/crm"
secret = "file:hook.key"
events = ["message.created", "note.created", "conversation.opened", "conversation.closed"]
[webhooks.other]
url = "http://127.0.0.1:{port}/other"
secret = "file:hook.key"
events = ["message.created", "customer.changed", "customer.merged", "customer.split"]
[webhooks.resting]
url = "https://rests.example/"
secret = "file:hook.key"
enabled = false
"""


@pytest.fixture
async def receiver():
    async with receiving(Receiver()) as found:
        yield found


@pytest.fixture
async def world(open_world, receiver, tmp_path):
    (tmp_path / "hook.key").write_text(SECRET)
    made = await open_world(more=TOML.format(port=receiver.port), networks=["127.0.0.0/8"])
    receiver.now = lambda: made.clock() / 1e6
    return made


@pytest.fixture
def wire():
    return "socket"


async def later(world, seconds):
    """So much later: what is due by then is looked for."""
    world.clock.move(seconds)
    for name in ("crm", "other"):
        world.hub.bus.publish(outbox.TOPIC, webhooks.PREFIX + name)


def told(receiver, path):
    """(type, what was said) in the order in which it was taken."""
    return [(post.body["type"], post.body["data"].get("text")) for post in receiver.taken(path)]


async def state(world, connection="webhook:crm"):
    sql = "SELECT state, attempts, why FROM outbox WHERE connection = ? ORDER BY id"
    return await world.sql(sql, connection)


async def test_a_conversation_is_told_from_its_beginning_to_its_end(world, receiver, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Do you ship to Malta?")
    await ann.do("reply", page.conversation, text="We do.")
    await ann.do("reply", page.conversation, text="only we know", kind="note")
    await ann.do("close", page.conversation, outcome="resolved")
    await page.say("Thanks!")
    await world.until(lambda: len(receiver.taken("/crm")) == 7)
    assert told(receiver, "/crm") == [
        ("conversation.opened", None),
        ("message.created", "Do you ship to Malta?"),
        ("message.created", "We do."),
        ("note.created", "only we know"),
        ("conversation.closed", None),
        ("conversation.opened", None),
        ("message.created", "Thanks!"),
    ]
    first, said, *_, closed, again, _ = [post.body["data"] for post in receiver.taken("/crm")]
    assert (first["id"], first["reopened"], again["reopened"]) == (page.conversation, False, True)
    assert (said["conversation"], said["author"], said["site"]) == (page.conversation, "visitor", "shop")
    assert (closed["outcome"], closed["operator"]) == ("resolved", "Ann")
    assert receiver.doubled("/crm") == []
    assert [text for kind, text in told(receiver, "/other") if kind == "message.created"] == [
        "Do you ship to Malta?",
        "We do.",
        "Thanks!",
    ]
    await until_rows(world, lambda rows: {row[0] for row in rows} == {"sent"})
    assert "rests" not in str(await world.sql("SELECT connection FROM outbox"))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("500", "it answered 500"),
        ("302", "a redirect is not followed"),
        ("garbage", "cannot be reached"),
        ("vanish", "cannot be reached"),
    ],
)
async def test_what_was_not_taken_is_told_again_with_the_same_id(world, receiver, page_of, what, why):
    receiver.script["/crm"] = ["ok", what]
    page = await page_of()
    await page.begin("one")
    await world.until(lambda: len(receiver.tries("/crm")) == 2)
    await page.say("two")
    await until_rows(world, lambda rows: why in rows[1][2])
    assert [post.body["data"].get("text") for post in receiver.tries("/crm")] == [None, "one"]
    await world.until(lambda: [text for kind, text in told(receiver, "/other") if text] == ["one", "two"])
    await later(world, 6)
    await world.until(lambda: len(receiver.taken("/crm")) == 3)
    _, failed, again, _ = receiver.tries("/crm")
    assert failed.id == again.id
    assert failed.body == again.body
    assert [text for _, text in told(receiver, "/crm")] == [None, "one", "two"]
    assert not [post for post in receiver.posts if post.path == "/elsewhere"]


@pytest.mark.parametrize("what", ["cut", "slow", "huge"])
async def test_a_status_of_200_is_an_answer_whatever_becomes_of_the_body(world, receiver, page_of, what):
    receiver.script["/crm"] = [what]
    page = await page_of()
    await page.begin("one")
    await world.until(lambda: len(receiver.taken("/crm")) == 2)
    await until_rows(world, lambda rows: [row[0] for row in rows] == ["sent", "sent"])
    assert len(receiver.tries("/crm")) == 2


async def test_an_endpoint_that_hangs_delays_nobody_else(world, receiver, page_of):
    receiver.script["/crm"] = ["hang"] * 8
    pages = [await page_of() for _ in range(6)]
    for page in pages:
        await page.begin("hello")
    await world.until(
        lambda: len([1 for kind, _ in told(receiver, "/other") if kind == "message.created"]) == 6
    )
    assert receiver.taken("/crm") == []


async def test_the_receivers_own_pause_silences_the_whole_endpoint(world, receiver, page_of):
    receiver.script["/crm"] = ["429:30"]
    page, other = await page_of(), await page_of()
    await page.begin("one")
    await until_rows(world, lambda rows: rows and "429" in rows[0][2])
    await other.begin("from another customer")
    await until_rows(world, lambda rows: len(rows) == 4)
    (due_at,) = (await world.sql("SELECT due_at - ? FROM outbox WHERE why LIKE '%429'", world.clock()))[0]
    assert 28e6 < due_at < 31e6
    assert len(receiver.tries("/crm")) == 1
    way = world.hub.runners.webhooks["webhook:crm"]
    assert 0 < way.rests <= 30
    way._monotonic = world.clock.steady
    await later(world, 31)
    await world.until(lambda: len(receiver.taken("/crm")) == 4)


@pytest.mark.parametrize("how", ["of the connection", "of what lies aside"])
async def test_an_endpoint_that_is_gone_is_told_nothing_until_an_admin_says_otherwise(
    world, receiver, page_of, how
):
    receiver.script["/crm"] = ["ok", "410"]
    page = await page_of()
    await page.begin("one")
    way = world.hub.runners.webhooks["webhook:crm"]
    await world.until(lambda: way.rests is not None)
    assert way.health.now.state == "failed"
    assert "410" in way.health.now.why
    await page.say("while it was gone")
    await world.until(lambda: len([1 for _, text in told(receiver, "/other") if text]) == 2)
    assert len(await state(world)) == 2, "nothing is written for it"
    while [one for one, *_ in await state(world)] != ["sent", "quarantined"]:
        await page.settled()
    boss = await world.sign_in("boss")
    if how == "of the connection":
        answer = await world.ask("POST", "/api/connections/webhook:crm/again", cookie=boss, body={})
    else:
        asked = {"connection": "webhook:crm", "verdict": "again"}
        answer = await world.ask("POST", "/api/undelivered", cookie=boss, body=asked)
    assert answer.status_code == 200
    await world.until(lambda: len(receiver.taken("/crm")) == 2)
    await page.say("it is back")
    await world.until(lambda: len(receiver.taken("/crm")) == 3)
    assert [text for _, text in told(receiver, "/crm")] == [None, "one", "it is back"]


async def test_an_inner_address_is_reached_only_when_its_network_is_allowed(open_world, receiver, tmp_path):
    (tmp_path / "hook.key").write_text(SECRET)
    world = await open_world(more=TOML.format(port=receiver.port))
    await world.hub.store.write(
        lambda tx: webhooks.emit(
            tx, "message.created", lambda: {"text": "x"}, customer=b"c" * 16, beside=None
        )
    )
    way = world.hub.runners.webhooks["webhook:crm"]
    await world.until(lambda: way.health.now.state == "failed")
    assert "outbound_networks" in way.health.now.why
    assert receiver.posts == []
    # The health is told before the row is written: the try that met the guard does not count.
    async with asyncio.timeout(10):
        while (await state(world))[0][:2] != ("waiting", 0):
            await asyncio.sleep(0.01)


async def test_ten_tries_over_75_hours_with_one_id_then_it_is_shown_and_can_be_told_again(
    world, receiver, page_of
):
    receiver.script["/crm"] = ["500"] * 10
    await world.hub.store.write(
        lambda tx: webhooks.emit(
            tx, "message.created", lambda: {"text": "x"}, customer=b"c" * 16, beside=None
        )
    )
    began = world.clock()
    for n in range(1, 10):
        sql = "SELECT due_at FROM outbox WHERE connection = 'webhook:crm' AND lease IS NULL AND attempts = ?"
        async with asyncio.timeout(10):
            while not (rows := await world.sql(sql, n)):
                await asyncio.sleep(0.01)
        ((due_at,),) = rows
        await later(world, (due_at - world.clock()) / 1e6 + 0.001)
        await world.until(lambda n=n: len(receiver.tries("/crm")) == n + 1)
    await until_rows(world, lambda rows: rows[0][0] == "quarantined")
    assert 75 * 3600 < (world.clock() - began) / 1e6 < 77 * 3600
    assert len({post.id for post in receiver.posts if post.path == "/crm"}) == 1
    assert len({post.at for post in receiver.tries("/crm")}) > 8, "each attempt is signed with its own time"
    assert (await state(world))[0][2] == "given up after 10 attempts: it answered 500"
    (aside,) = await world.hub.store.read(outbox.aside)
    assert '"text": "x"' in aside.raw
    await world.hub.store.write(outbox.try_again, aside.id)
    await world.until(lambda: len(receiver.taken("/crm")) == 1)


async def test_customers_that_become_one_and_two_again_are_told_in_that_order(world, receiver, page_of):
    one, two = await page_of(), await page_of()
    await one.begin("I am Kim", name="Kim Doe", email="kim@shop-mail.org")
    await two.begin("I am Kim at work", name="K. D.", email="office@garden-works.org")
    first, second = await world.sql("SELECT anchor FROM conversation ORDER BY opened_at")
    made = await world.hub.store.write(decide.decide, "boss", "same", first[0], second[0], "one person")
    await world.until(lambda: "customer.merged" in [kind for kind, _ in told(receiver, "/other")])
    await world.hub.store.write(decide.revoke, "boss", made.decision)
    await world.until(lambda: "customer.split" in [kind for kind, _ in told(receiver, "/other")])
    of_records = [post.body for post in receiver.taken("/other") if post.body["type"].startswith("customer.")]
    assert of_records[-1]["type"] == "customer.split"
    merged = next(body["data"] for body in of_records if body["type"] == "customer.merged")
    assert merged["other"] is not None
    assert {"kind": "email", "value": "kim@shop-mail.org", "level": "asserted"} in merged["identifiers"]


async def test_nothing_is_composed_where_nobody_wants_to_know(world):
    def unasked():
        raise AssertionError("composed for nobody")

    await world.hub.store.write(
        lambda tx: webhooks.emit(tx, "nothing.ever", unasked, customer=b"c" * 16, beside=None)
    )


async def test_what_is_sent_is_always_less_than_20_kilobytes(world):
    body = webhooks.body_of("message.created", 0, {"id": "x", "text": "é" * 40_000})
    assert 9_000 < len(body.encode()) < 20_000
    assert '"truncated":true' in body


async def test_an_event_and_its_rows_are_there_with_what_caused_them_or_not_at_all(world):
    def broken(tx):
        webhooks.emit(tx, "message.created", lambda: {"text": "x"}, customer=b"c" * 16, beside=None)
        raise ValueError("rolled back")

    with pytest.raises(ValueError, match="rolled back"):
        await world.hub.store.write(broken)
    assert await world.sql("SELECT count(*) FROM webhook_event") == [(0,)]
    assert await world.sql("SELECT count(*) FROM outbox") == [(0,)]


async def test_what_was_delivered_a_week_ago_is_forgotten_and_what_waits_is_not(world, receiver, page_of):
    receiver.script["/other"] = ["500"] * 20
    page = await page_of()
    await page.begin("one")
    await until_rows(world, lambda rows: [row[0] for row in rows] == ["sent", "sent"])
    world.clock.move(hours=24 * 8)
    while await world.hub.store.write(outbox.forget):
        pass
    assert await state(world) == []
    assert [row[0] for row in await state(world, "webhook:other")] == ["waiting"]
    assert await world.sql("SELECT event FROM webhook_event") == [("message.created",)]


async def until_rows(world, fact):
    async with asyncio.timeout(10):
        while not fact(await state(world)):
            await asyncio.sleep(0.01)


async def test_what_waits_for_an_endpoint_that_is_gone_is_put_aside_and_told_in_order_when_it_is_back(
    world, receiver, page_of
):
    receiver.script["/crm"] = ["500", "410"]
    page = await page_of()
    await page.begin("one")
    await page.say("two")
    way = world.hub.runners.webhooks["webhook:crm"]
    await world.until(lambda: len(receiver.tries("/crm")) == 1)
    await later(world, 6)
    await world.until(lambda: way.held)
    while {one for one, *_ in await state(world)} != {"quarantined"}:
        await page.settled()
    facts = await world.ask("GET", "/api/undelivered", cookie=await world.sign_in("boss"))
    assert facts.json()["count"] == 3
    await way.again()
    await world.until(lambda: len(receiver.taken("/crm")) == 3)
    assert [text for _, text in told(receiver, "/crm")] == [None, "one", "two"]


async def test_nothing_waits_for_ever(world):
    for n, (state_, days) in enumerate(
        (("waiting", 15), ("waiting", 13), ("quarantined", 31), ("quarantined", 29))
    ):
        await world.hub.store.write(
            lambda tx, n=n, state_=state_, days=days: tx.run(
                "INSERT INTO outbox (kind, connection, lane, item, state, attempts, bugs, doubts, created_at, due_at, finished_at, why)"
                " VALUES ('webhook', 'webhook:nobody', ?, ?, ?, 0, 0, 0, ?, ?, ?, 'because')",
                (
                    bytes([n]) * 16,
                    bytes([n]) * 16,
                    state_,
                    tx.now - days * DAY,
                    2**62,
                    tx.now - days * DAY if state_ == "quarantined" else None,
                ),
            )
        )
    while await world.hub.store.write(outbox.forget):
        pass
    assert await state(world, "webhook:nobody") == [
        ("quarantined", 0, "it has waited for two weeks: because"),
        ("waiting", 0, "because"),
        ("failed", 0, "because"),
        ("quarantined", 0, "because"),
    ]
