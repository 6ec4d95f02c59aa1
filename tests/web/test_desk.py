"""What the desk leans on: hits inside a conversation, reading on from the middle, figures of queues, taking a transfer back."""

import pytest

from tests.web.people import new_id


@pytest.fixture
def wire():
    return "socket"


async def talks(page_of, *texts):
    page = await page_of()
    await page.begin(texts[0] if texts else "Hello")
    await page.until(lambda: page.talk)
    for text in texts[1:]:
        await page.say(text)
    return page


async def read(world, tab, path):
    answer = await world.ask("GET", path, cookie=tab.cookie)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_hits_of_one_conversation_are_counted_newest_first(page_of, tab_of, world):
    page = await talks(page_of, "a blue vase", "two vases", "nothing", "VASE?")
    other = await talks(page_of, "another vase")
    ann = await tab_of("ann")
    await ann.do("reply", page.conversation, text="vase note", kind="note")
    found = await read(world, ann, f"/api/conversations/{page.conversation}/find?q=vase")
    assert found == {"hits": [5, 4, 2, 1]}
    assert (await read(world, ann, f"/api/conversations/{other.conversation}/find?q=vase")) == {"hits": [1]}
    assert (await read(world, ann, f"/api/conversations/{page.conversation}/find?q=%20")) == {"hits": []}


async def test_one_reads_on_from_the_middle(page_of, tab_of, world):
    page = await talks(page_of, *(f"m{n}" for n in range(1, 61)))
    ann = await tab_of("ann")
    path = f"/api/conversations/{page.conversation}/messages"
    found = await read(world, ann, f"{path}?after=5")
    assert ([it["seq"] for it in found["items"]], found["more"]) == (list(range(6, 56)), True)
    found = await read(world, ann, f"{path}?after=55")
    assert ([it["seq"] for it in found["items"]], found["more"]) == (list(range(56, 61)), False)


async def test_queues_tell_how_many_wait_and_who_is_there(page_of, tab_of, world):
    await talks(page_of)
    await talks(page_of)
    ann = await tab_of("ann")
    found = {it["name"]: it for it in (await read(world, ann, "/api/queues"))["items"]}
    assert (found["main"]["waiting"], found["main"]["here"]) == (2, 1)
    assert found["main"]["oldest"] > 0
    assert found["books"] == {"id": world.queues["books"], "name": "books", "waiting": 0}


async def test_a_transfer_to_another_team_is_taken_back_by_whoever_made_it(page_of, tab_of, world):
    page, ann, bob = await talks(page_of), await tab_of("ann"), await tab_of("bob")
    mine = await ann.follow(f"queue:{world.queues['main']}")
    await ann.do("take", page.conversation)
    command = new_id()
    await ann.do("transfer", page.conversation, queue=world.queues["books"], note="for you", id=command)
    await ann.until(lambda: not mine.of("row"))
    assert (await bob.do("untransfer", page.conversation, command=command))["code"] == "no_change"
    assert (await ann.do("untransfer", page.conversation, command=command))["t"] == "done"
    await ann.until(lambda: mine.of("row"))
    assert mine.one("row")["operator"] == world.operators["ann"].hex()
    assert (await ann.do("untransfer", page.conversation, command=command))["t"] == "done"


async def test_what_somebody_has_gone_on_with_stays_theirs(page_of, tab_of, world):
    page, ann, boss = await talks(page_of), await tab_of("ann"), await tab_of("boss")
    await ann.do("take", page.conversation)
    command = new_id()
    await ann.do("transfer", page.conversation, operator=world.operators["boss"].hex(), id=command)
    await boss.do("reply", page.conversation, text="I am here now")
    refused = await ann.do("untransfer", page.conversation, command=command)
    assert (refused["t"], refused["code"]) == ("refused", "no_change")


async def test_a_frame_that_can_never_be_right_is_refused_by_its_name(page_of, tab_of):
    page, ann = await talks(page_of), await tab_of("ann")
    refused = await ann.do("reply", page.conversation, text="x" * 8_001)
    assert (refused["t"], refused["code"]) == ("refused", "bad_frame")


async def test_pages_of_a_site_are_told_once_the_latest_first_without_what_is_their_visitors(
    page_of, tab_of, world
):
    one, two = await page_of(), await page_of()
    for page, path in ((one, "vase?token=secret#x"), (two, "bowl"), (one, "vase?again")):
        await page.line.send({"t": "page", "page": {"url": f"https://shop.test/{path}", "title": path[:4]}})
        await page.settled()
    ann = await tab_of("ann")
    found = (await read(world, ann, "/api/sites/shop/pages"))["items"]
    assert {it["url"]: it["title"] for it in found} == {
        "https://shop.test/vase": "vase",
        "https://shop.test/bowl": "bowl",
        "https://shop.test/": "A shop",
    }
    assert (await read(world, ann, "/api/sites/book/pages"))["items"] == []
