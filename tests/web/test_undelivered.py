"""The quarantine by the front door: a poisoned message is shown with its reason, counted, and tried again or given up by an admin."""

import pytest

from hub.actions.receive import receive
from tests.web import running
from tests.web.test_delivering import rung

POISONED = """
calls = []


class BellChannel(hub.Channel):
    kind = "bell"

    async def deliver(self, message, context):
        calls.append(message.id)
        if message.text == "poison" and len(calls) <= 5:
            raise KeyError("mobile")
        return hub.Receipt(external_id=message.id)


class Bell(hub.PageFeature):"""


@pytest.fixture
async def world(open_world, monkeypatch):
    head, _, rest = running.PLUGINS["bell"].partition("class BellChannel")
    source = head + POISONED + rest.partition("class Bell(hub.PageFeature):")[2]
    monkeypatch.setitem(running.PLUGINS, "bell", source)
    return await open_world()


@pytest.fixture
def wire():
    return "socket"


async def said(world, tab_of, *texts):
    """Ann's tab, following a conversation by bell in which she has said this."""
    ann = await tab_of("ann")
    got = await world.hub.store.write(receive, "bell", rung(world, "ding"))
    talk = got.message.conversation.hex()
    topic = await ann.follow(f"conversation:{talk}")
    for text in texts:
        assert (await ann.do("reply", talk, text=text))["t"] == "done"
    return ann, topic


def of(topic, text):
    return next(message for message in topic.of("message") if message["text"] == text)


async def poisoned(world, tab_of):
    """The same, when the poison is aside: five tries, and the pauses between them, later."""
    ann, topic = await said(world, tab_of, "poison", "good")
    for n in range(1, 5):
        sql = "SELECT due_at FROM outbox WHERE attempts = ? AND lease IS NULL AND state = 'waiting'"
        while not (rows := await world.sql(sql, n)):
            await ann.settled()
        world.clock.move((rows[0][0] - world.clock()) / 1e6 + 0.01)
        world.hub.bus.publish("outbox", "bell")
    await ann.until(lambda: of(topic, "poison").get("delivery") == "failed")
    return ann, topic


async def test_poison_goes_aside_with_its_reason_and_what_is_behind_it_goes_on(world, tab_of):
    ann, topic = await poisoned(world, tab_of)
    assert of(topic, "poison")["why"] == "deliver: KeyError: 'mobile'"
    await ann.until(lambda: of(topic, "good").get("delivery") == "sent")
    health = await ann.follow("health")
    row = next(row for row in health.of("health") if row["id"] == "undelivered")
    assert (row["state"], row["reason"]) == ("failed", "1 delivery waits for somebody to look: bell")
    boss = await world.sign_in("boss")
    page = (await world.ask("GET", "/api/undelivered", cookie=boss)).json()
    assert page["count"] == 1
    (item,) = page["items"]
    assert (item["connection"], item["kind"], item["attempts"]) == ("bell", "message", 5)
    assert item["why"] == "deliver: KeyError: 'mobile'"
    assert '"text": "poison"' in item["raw"]
    assert item["item"] == of(topic, "poison")["id"]
    facts = (await world.ask("GET", "/api/connections", cookie=boss)).json()["connections"]
    assert next(one for one in facts if one["name"] == "bell")["aside"] == 1


async def test_an_admin_has_it_tried_again_and_it_is_out_of_the_way(world, tab_of):
    ann, topic = await poisoned(world, tab_of)
    health = await ann.follow("health")
    boss = await world.sign_in("boss")
    asked = {"connection": "bell", "verdict": "again", "item": of(topic, "poison")["id"]}
    page = (await world.ask("POST", "/api/undelivered", cookie=boss, body=asked)).json()
    assert page["items"] == []
    await ann.until(
        lambda: of(topic, "poison").get("delivery") == "sent" and not of(topic, "poison").get("why")
    )
    await ann.until(lambda: not [row for row in health.of("health") if row["id"] == "undelivered"])
    again = await world.ask("POST", "/api/undelivered", cookie=boss, body=asked)
    assert again.status_code == 404


async def test_an_admin_gives_it_up_and_it_stays_failed(world, tab_of):
    ann, topic = await poisoned(world, tab_of)
    boss = await world.sign_in("boss")
    page = await world.ask(
        "POST", "/api/undelivered", cookie=boss, body={"connection": "bell", "verdict": "give_up"}
    )
    assert page.json()["items"] == []
    while await world.sql("SELECT state FROM outbox ORDER BY id") != [("failed",), ("sent",)]:
        await ann.settled()
    assert of(topic, "poison")["delivery"] == "failed"
