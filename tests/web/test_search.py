"""Search as a console asks for it: words just said, notes, customers, and never another team's."""

import pytest


@pytest.fixture
def wire():
    return "socket"


async def found(world, cookie: str, **query) -> dict:
    answer = await world.ask(
        "GET", "/api/search?" + "&".join(f"{k}={v}" for k, v in query.items()), cookie=cookie
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_message_is_found_by_its_team_with_its_hits_marked(page_of, tab_of, world):
    page, ann, bob = await page_of(), await tab_of("ann"), await tab_of("bob")
    await page.begin("Is the celadon vase in stock?")
    await page.until(lambda: page.talk)
    answer = await found(world, ann.cookie, q="celad")
    (hit,) = answer["talks"]
    assert hit["conversation"]["id"] == page.conversation
    assert (hit["seq"], hit["author"]) == (1, "visitor")
    assert hit["text"] == [["Is the ", False], ["celadon", True], [" vase in stock?", False]]
    assert (await found(world, bob.cookie, q="celad"))["talks"] == []


async def test_a_note_is_found_by_operators(page_of, tab_of, world):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Hello")
    await page.until(lambda: page.talk)
    assert (await ann.do("reply", page.conversation, text="careful: raku", kind="note"))["t"] == "done"
    (hit,) = (await found(world, ann.cookie, q="raku"))["talks"]
    assert hit["note"]


async def test_a_customer_is_found_by_the_name_they_gave(page_of, tab_of, world):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Hello", name="Zoë Quint", email="zoe@mail.example")
    await page.until(lambda: page.talk)
    for text in ("zoe", "quint", "zoe@mail.ex"):
        (who,) = (await found(world, ann.cookie, q=text))["customers"]
        assert who["conversations"][0]["id"] == page.conversation, text


@pytest.mark.parametrize("before", ["x", "1-2", "-1", "9" * 19, "1-2-" + "9" * 19, "1" * 40])
async def test_a_bookmark_nobody_gave_is_refused(tab_of, world, before):
    ann = await tab_of("ann")
    answer = await world.ask("GET", f"/api/search?q=a&before={before}", cookie=ann.cookie)
    assert answer.status_code == 400


async def test_nothing_typed_is_nothing_found(tab_of, world):
    ann = await tab_of("ann")
    assert await found(world, ann.cookie, q="%20%22") == {"talks": []}


async def test_lists_know_status_and_filters_and_show_each_once(page_of, tab_of, world):
    boss = await tab_of("boss")
    talks = []
    for n in range(5):
        page = await page_of()
        await page.begin(f"question {n}")
        talks.append(page.conversation)
        if n < 3:
            assert (await boss.do("close", page.conversation, outcome="spam" if n else "resolved"))[
                "t"
            ] == "done"

    async def listed(query: str, who: str = boss.cookie) -> list[str]:
        answer = await world.ask("GET", f"/api/conversations?{query}", cookie=who)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["items"]]

    assert await listed("status=all") == talks[::-1]
    assert await listed("status=closed&outcome=spam") == [talks[2], talks[1]]
    assert await listed("status=waiting") == [talks[4], talks[3]]
    assert await listed("status=all&rated=1") == await listed("status=all&site=other") == []
    assert await listed(f"status=all&unanswered={world.clock() // 1000 + 1}") == [talks[4], talks[3]]
    assert await listed("status=all", (await tab_of("bob")).cookie) == []
    answer = await world.ask("GET", "/api/conversations?status=lost", cookie=boss.cookie)
    assert answer.status_code == 400
