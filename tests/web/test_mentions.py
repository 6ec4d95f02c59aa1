"""Notes that call a colleague: told to them alone, found again, gone when seen, and never about what they may not see."""

import pytest


@pytest.fixture
def wire():
    return "socket"


async def talks(page_of):
    page = await page_of()
    await page.begin("Hello")
    await page.until(lambda: page.talk)
    return page


def of(world, login):
    return world.operators[login].hex()


async def listed(world, tab):
    answer = await world.ask("GET", "/api/conversations?status=all&mentioned=1", cookie=tab.cookie)
    return [row["id"] for row in answer.json()["items"]]


async def test_whoever_is_mentioned_is_told_until_they_have_read_it(page_of, tab_of, world):
    page, ann, boss = await talks(page_of), await tab_of("ann"), await tab_of("boss")
    topic = await boss.follow(f"mentions:{of(world, 'boss')}")
    said = await ann.do(
        "reply", page.conversation, text="@Boss may I?", kind="note", mentions=[of(world, "boss")] * 2
    )
    await boss.until(lambda: topic.of("mention"))
    told = topic.one("mention")
    assert (told["id"], told["seq"], told["by"], told["count"]) == (page.conversation, said["seq"], "Ann", 1)
    again = await tab_of("boss")
    assert (await again.follow(f"mentions:{of(world, 'boss')}")).one("mention") == told
    shown = await boss.follow(f"conversation:{page.conversation}")
    assert [it["mentions"] for it in shown.of("message") if "mentions" in it] == [[of(world, "boss")]]
    await boss.line.send(
        {"t": "cursor", "conversation": page.conversation, "delivered": said["seq"], "read": said["seq"]}
    )
    await boss.until(lambda: not topic.of("mention"))
    assert await listed(world, boss) == [page.conversation]
    assert await listed(world, ann) == []
    await page.settled()
    assert "may I" not in page.everything()


async def test_nobody_is_called_who_may_not_see_it(page_of, tab_of, world):
    page, ann = await talks(page_of), await tab_of("ann")
    refused = await ann.do("reply", page.conversation, text="@Bob?", kind="note", mentions=[of(world, "bob")])
    assert (refused["code"], refused["fields"]) == ("forbidden", {"operator": "Bob"})
    refused = await ann.do("reply", page.conversation, text="@Boss?", mentions=[of(world, "boss")])
    assert refused["code"] == "bad_request"
    done = await ann.do("reply", page.conversation, text="me", kind="note", mentions=[of(world, "ann")])
    assert done["t"] == "done"
    assert await listed(world, ann) == []


async def test_a_conversation_that_went_to_another_team_calls_nobody_there_any_more(page_of, tab_of, world):
    page, ann, boss = await talks(page_of), await tab_of("ann"), await tab_of("boss")
    topic = await ann.follow(f"mentions:{of(world, 'ann')}")
    await boss.do("reply", page.conversation, text="@Ann", kind="note", mentions=[of(world, "ann")])
    await ann.until(lambda: topic.of("mention"))
    await boss.do("transfer", page.conversation, queue=world.queues["books"])
    await ann.until(lambda: not topic.of("mention"))
    assert await listed(world, ann) == []
    await boss.do("transfer", page.conversation, queue=world.queues["main"])
    await ann.until(lambda: topic.of("mention"))


async def test_colleagues_are_told_with_the_queues_they_serve(tab_of, world):
    ann = await tab_of("ann")
    rows = {row["name"]: row.get("queues", []) for row in ann.welcome["operators"]}
    assert rows["Ann"] == [world.queues["main"]]
    assert rows["Boss"] == []
