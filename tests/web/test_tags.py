"""Tags over real sockets: one spelling, found again by lists and search, offered to whoever types, and none of another team's."""

import pytest


@pytest.fixture
def wire():
    return "socket"


async def talks(page_of, text="Hello"):
    page = await page_of()
    await page.begin(text)
    await page.until(lambda: page.talk)
    return page.conversation


async def read(world, tab, path):
    answer = await world.ask("GET", path, cookie=tab.cookie)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_all_tabs_see_a_tag_in_its_one_spelling(page_of, tab_of):
    conversation, ann, boss = await talks(page_of), await tab_of("ann"), await tab_of("boss")
    queue = await boss.follow(f"queue:{boss.world.queues['main']}")
    await ann.do("tag", conversation, add=["  #VIP  ", "vip", "Größe  38", "ÉTÉ"])
    await boss.until(lambda: queue.one("row").get("tags") == ["größe 38", "vip", "été"])
    await ann.do("tag", conversation, drop=["Vip"], add=["refund"])
    await boss.until(lambda: queue.one("row").get("tags") == ["größe 38", "refund", "été"])


@pytest.mark.parametrize("tag", ["  # ", "x" * 41, "a\x00b"])
async def test_what_is_no_tag_is_refused_and_nothing_of_it_is_kept(page_of, tab_of, tag):
    conversation, ann = await talks(page_of), await tab_of("ann")
    refused = await ann.do("tag", conversation, add=["good", tag])
    assert (refused["t"], refused["code"]) == ("refused", "bad_request")
    topic = await ann.follow(f"conversation:{conversation}")
    assert "tags" not in topic.one("row")


async def test_a_conversation_has_at_most_twenty(page_of, tab_of):
    conversation, ann = await talks(page_of), await tab_of("ann")
    await ann.do("tag", conversation, add=[f"t{n}" for n in range(20)])
    assert (await ann.do("tag", conversation, add=["one more"]))["t"] == "refused"
    assert (await ann.do("tag", conversation, add=["one more"], drop=["t0"]))["t"] == "done"


async def test_it_ends_with_its_tags_or_not_at_all(page_of, tab_of):
    conversation, ann = await talks(page_of), await tab_of("ann")
    topic = await ann.follow(f"conversation:{conversation}")
    await ann.do("tag", conversation, add=["old"])
    assert (await ann.do("close", conversation, outcome="resolved", tags=["x" * 60]))["t"] == "refused"
    assert topic.one("row")["status"] != "closed"
    await ann.do("close", conversation, outcome="resolved", tags=["Refund", "size"])
    await ann.until(lambda: topic.one("row")["status"] == "closed")
    assert topic.one("row")["tags"] == ["refund", "size"]


async def test_lists_search_and_the_offer_know_them_and_leave_out_other_teams(page_of, tab_of, world):
    ann, bob, boss = await tab_of("ann"), await tab_of("bob"), await tab_of("boss")
    one, two, three = [await talks(page_of) for _ in range(3)]
    await ann.do("tag", one, add=["size exchange"])
    await ann.do("tag", two, add=["size exchange", "vip"])
    await boss.do("close", two, outcome="resolved")

    async def listed(tab, query):
        return [row["id"] for row in (await read(world, tab, f"/api/conversations?{query}"))["items"]]

    assert await listed(ann, "status=all&tag=Size%20Exchange") == [two, one]
    assert await listed(ann, "status=closed&tag=vip") == [two]
    assert await listed(ann, "status=waiting&tag=vip") == []
    assert await listed(bob, "status=all&tag=vip") == []
    in_use = await read(world, ann, "/api/tags")
    assert in_use["items"] == [{"tag": "size exchange", "count": 2}, {"tag": "vip", "count": 1}]
    assert (await read(world, bob, "/api/tags"))["items"] == []
    for words in ("exch", "%23size", "SIZE%20ex"):
        found = await read(world, ann, f"/api/search?q={words}")
        assert [row["id"] for row in found["tagged"]] == [two, one], words
    assert "tagged" not in await read(world, ann, "/api/search?q=change")
    assert "tagged" not in await read(world, bob, "/api/search?q=vip")
    assert three not in str(in_use)
