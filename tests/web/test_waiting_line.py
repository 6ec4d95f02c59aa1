"""Those who wait are told their place and the wait, as they are, and again when it moves."""

import pytest


@pytest.fixture
def wire():
    return "socket"


async def waits(page, text="Hello?"):
    await page.begin(text)
    await page.until(lambda: page.talk)
    return page


def place(page):
    return (page.talk["status"], page.talk.get("position"))


async def test_everybody_is_told_their_place(page_of):
    line = [await waits(await page_of()) for _ in range(3)]
    assert [place(page) for page in line] == [("waiting", 1), ("waiting", 2), ("waiting", 3)]


async def test_who_moves_up_is_told_and_who_keeps_their_place_is_not(page_of, tab_of):
    line = [await waits(await page_of()) for _ in range(4)]
    ann = await tab_of("ann")
    for page in line:
        await page.settled()
    before = len(line[0].line.heard)
    await ann.do("take", line[1].conversation)
    await line[2].until(lambda: place(line[2]) == ("waiting", 2))
    await line[3].until(lambda: place(line[3]) == ("waiting", 3))
    await line[0].settled()
    news = [frame["talk"] for frame in line[0].line.heard[before:] if frame["t"] == "talk"]
    assert all(talk["position"] == 1 for talk in news) and len(news) <= 1


async def test_who_leaves_moves_the_others_up(page_of):
    one, two = [await waits(await page_of()) for _ in range(2)]
    await one.line.send({"t": "end", "client_id": "end-00001", "conversation": one.conversation})
    await two.until(lambda: place(two) == ("waiting", 1))


async def test_queues_are_lines_of_their_own(page_of, tab_of):
    shop = [await waits(await page_of("shop")) for _ in range(2)]
    book = [await waits(await page_of("book")) for _ in range(2)]
    assert [place(page)[1] for page in (*shop, *book)] == [1, 2, 1, 2]
    bob = await tab_of("bob")
    await bob.do("take", book[0].conversation)
    await book[1].until(lambda: place(book[1]) == ("waiting", 1))
    await shop[1].settled()
    assert place(shop[1]) == ("waiting", 2)


async def test_a_queue_that_came_later_is_watched_as_well(world, page_of, tab_of):
    await world.hire("eve", queues=["late"])
    ((late,),) = await world.sql("SELECT id FROM queue WHERE name = 'late'")
    await world.until(lambda: late in world.hub.hall._watched)
    ann = await tab_of("ann")
    line = [await waits(await page_of()) for _ in range(2)]
    for page in line:
        assert (await ann.do("transfer", page.conversation, queue=late.hex()))["t"] == "done"
        await page.until(lambda page=page: page.talk["status"] == "waiting")
    eve = await tab_of("eve")
    await line[1].until(lambda: place(line[1]) == ("waiting", 2))
    await eve.do("take", line[0].conversation)
    await line[1].until(lambda: place(line[1]) == ("waiting", 1))


async def test_no_wait_is_told_from_fewer_than_five_answers(world, page_of, tab_of):
    boss = await tab_of("boss")
    await world.hub.store.write(lambda tx: tx.run("UPDATE operator SET capacity = 100"))
    for answered in range(6):
        page = await waits(await page_of())
        told = page.talk.get("wait")
        assert (told is None) == (answered < 5), (answered, told)
        if told is not None:
            assert 58 <= told <= 62
        world.clock.move(60)
        await boss.do("reply", page.conversation, text="Sorry to keep you.")
