"""Lines break: nothing is lost and nothing is doubled, wherever the cut was, and whoever cannot be caught up is told to begin again."""

import asyncio

import pytest

from hub import feed
from tests.web.people import Page, new_id
from tests.web.test_talking import begun


@pytest.mark.parametrize("cut_at", range(6))
async def test_a_page_that_was_cut_anywhere_misses_nothing_and_has_nothing_twice(page_of, tab_of, cut_at):
    page, ann = await begun(page_of, tab_of)
    for n in range(6):
        if n == cut_at:
            await page.line.cut()
        await ann.do("reply", page.conversation, text=f"answer {n}")
        await ann.do("reply", page.conversation, text="a note between", kind="note")
    await page.come()
    await page.until(lambda: len(page.messages) == 7)
    assert page.texts == ["Do you ship to Malta?", *(f"answer {n}" for n in range(6))]
    assert page.doubled == []
    assert not page.welcome.get("resync")
    await page.say("thank you")
    await page.until(lambda: len(page.messages) == 8)


async def test_a_page_that_is_cut_while_it_sends_sends_again_and_is_stored_once(page_of, tab_of):
    page, _ = await begun(page_of, tab_of)
    ids = [new_id() for _ in range(8)]
    for n, client_id in enumerate(ids):
        frame = {"t": "say", "client_id": client_id, "conversation": page.conversation, "text": f"line {n}"}
        if page.wire == "socket":
            await page.line.send(frame)
        else:
            asyncio.get_running_loop().create_task(page.line.post(frame))  # its answer is lost
            await page.world.until(lambda client_id=client_id: page.world.hub.store)
        if n % 3 == 1:
            await page.line.cut()
            await page.come()
    for n, client_id in enumerate(ids):
        assert (await page.say(f"line {n}", client_id))["t"] == "sent"
    await page.settled()
    stored = await page.world.sql(
        "SELECT client_id, count(*) FROM message WHERE client_id IS NOT NULL GROUP BY 1"
    )
    assert {row[0] for row in stored} >= set(ids)
    assert {row[1] for row in stored} == {1}
    assert page.doubled == []
    assert sorted(page.texts[1:]) == [f"line {n}" for n in range(8)]


async def test_a_page_that_holds_more_than_there_is_begins_again(page_of, tab_of):
    page, _ = await begun(page_of, tab_of)
    await page.come(have=99)
    assert page.welcome["resync"]
    assert page.texts == ["Do you ship to Malta?"]


async def test_a_page_that_missed_very_much_gets_the_newest_and_is_told(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    await page.line.cut()
    for n in range(201):
        await ann.do("reply", page.conversation, text=f"{n}")
    page.messages = {}
    await page.come(have=1)
    assert page.welcome["resync"]
    assert (len(page.welcome["messages"]), page.welcome["messages"][-1]["text"]) == (200, "200")


@pytest.mark.parametrize("cut_at", range(5))
async def test_a_tab_that_was_cut_anywhere_ends_with_what_a_new_one_sees(page_of, tab_of, cut_at):
    page, ann = await begun(page_of, tab_of)
    names = [f"queue:{ann.world.queues['main']}", f"conversation:{page.conversation}", "team"]
    await ann.follow("team")
    other = await tab_of("boss")
    for n in range(5):
        if n == cut_at:
            await ann.line.cut()
        await page.say(f"question {n}")
        await other.do("reply", page.conversation, text=f"answer {n}")
    await other.do("close", page.conversation, outcome="resolved")
    await ann.come()
    for name in names:
        await ann.follow(name, resume=True)
    await other.settled()
    for name in names:
        await other.follow(name)
        await ann.settled()
        assert ann.topics[name].gaps == []
        assert ann.topics[name].items == other.topics[name].items
        assert ann.topics[name].n == other.topics[name].n


async def test_a_tab_that_comes_too_late_gets_a_snapshot(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    topic = ann.topics[f"conversation:{page.conversation}"]
    held = topic.n
    await ann.line.cut()
    await page.say("a day passes")
    page.world.clock.move(hours=25)
    assert await page.world.hub.store.write_background(feed.prune)
    ann.cookie = await page.world.sign_in("ann")  # the session idled out as well
    await ann.come()
    topic.n = held
    await ann.follow(f"conversation:{page.conversation}", resume=True)
    await ann.until(lambda: len(topic.of("message")) == 2)
    assert topic.gaps == []
    assert topic.n > held


async def test_a_tab_with_a_number_from_the_future_gets_a_snapshot(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    topic = ann.topics[f"conversation:{page.conversation}"]
    topic.n = 10_000
    await ann.follow(f"conversation:{page.conversation}", resume=True)
    await ann.until(lambda: topic.n < 10_000)
    assert len(topic.of("message")) == 1


async def test_many_changes_of_one_item_come_as_one_without_a_gap(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    topic = ann.topics[f"queue:{ann.world.queues['main']}"]
    await ann.line.cut()
    for n in range(4):
        await page.say(f"{n}")
    await ann.come()
    before = topic.n
    await ann.follow(f"queue:{ann.world.queues['main']}", resume=True)
    await ann.until(lambda: topic.one("row")["last_text"] == "3")
    events = [
        frame for frame in ann.line.heard if frame["t"] == "event" and frame["topic"].startswith("queue")
    ]
    assert [(event["after"], event["n"] > before) for event in events] == [(before, True)]
    await page.say("live again")
    await ann.until(lambda: topic.one("row")["last_text"] == "live again")
    assert topic.gaps == []


async def test_live_topics_of_another_process_begin_anew(page_of, tab_of):
    await page_of()
    ann = await tab_of("ann")
    visitors = await ann.follow("visitors")
    assert len(visitors.of("visitor")) == 1
    await ann.come()
    await ann.follow("visitors", resume=True)
    assert not [frame for frame in ann.line.heard if frame["t"] == "snapshot"], "up to date: nothing to say"
    visitors.epoch = "of-another-process"
    await ann.follow("visitors", resume=True)
    await ann.until(lambda: visitors.epoch == ann.welcome["epoch"])


async def test_a_live_room_that_emptied_does_not_pass_for_the_one_a_tab_knew(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    name = f"live:{page.conversation}"
    live = await ann.follow(name)
    for on in (True, False):
        await page.line.send({"t": "typing", "conversation": page.conversation, "on": on})
    await ann.until(lambda: live.n == 2)
    await ann.line.cut()
    await page.world.silence(page)
    await page.world.until(lambda: name not in page.world.hub.hall.live._rooms)
    for on in (True, False, True):
        await page.line.send({"t": "typing", "conversation": page.conversation, "on": on})
    await page.settled()
    live.n = 2
    await ann.come()
    await ann.follow(name, resume=True)
    await ann.until(lambda: live.of("typing"))


# --- the board


async def test_a_page_that_comes_back_before_its_old_line_ended_stays_on_the_board(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    visitors = await ann.follow("visitors")
    old = page.line
    page.line = None
    await page.come()
    await old.cut()
    await world.silence(page, ann)
    await world.until(lambda: sum(map(len, world.hub.hall._pages.values())) == 1)
    world.clock.move(10)
    await world.hub.hall.sweep()
    await ann.settled()
    assert visitors.one("visitor")["url"] == "https://shop.test/"


async def test_a_visitor_leaves_the_board_a_little_after_the_last_page(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    visitors = await ann.follow("visitors")
    await page.line.cut()
    await world.silence(ann)
    await world.until(lambda: not world.hub.hall._pages)
    await world.hub.hall.sweep()
    assert visitors.of("visitor")
    world.clock.move(9)
    await world.hub.hall.sweep()
    await ann.until(lambda: not visitors.of("visitor"))


async def test_pages_of_one_visit_are_numbered_over_all_tabs(world, page_of, tab_of):
    one = await page_of()
    two = await page_of(token=one.token)
    ann = await tab_of("ann")
    visitors = await ann.follow("visitors")
    await one.line.send({"t": "page", "page": {"url": "https://shop.test/a", "title": "A"}})
    await two.line.send({"t": "page", "page": {"url": "https://shop.test/b", "title": "B"}})
    await ann.until(lambda: visitors.one("visitor")["url"] == "https://shop.test/b")
    one.url = "https://shop.test/a"
    await one.come()  # a reconnect of the same page is no new view
    assert visitors.one("visitor")["pages"] == 4
    pages = await world.sql("SELECT n, url FROM page_view ORDER BY n")
    assert [n for n, _ in pages] == [1, 2, 3, 4]
    path = (await world.ask("GET", f"/api/visits/{one.welcome['visit']}", cookie=ann.cookie)).json()
    assert [page["url"] for page in path["pages"]] == [url for _, url in pages]


async def test_attention_is_written_once_and_only_grows(world, page_of):
    page = await page_of()
    await page.line.send({"t": "beat", "active": 12.5})
    await page.settled()
    await world.hub.hall.write_dwell()
    assert world.hub.hall.board.unwritten(world.clock()) == []
    await page.line.send({"t": "beat", "active": 20.0})
    await page.line.send({"t": "page", "page": {"url": "https://shop.test/next"}})
    await page.line.send({"t": "beat", "active": 3.0})
    await page.settled()
    await world.hub.hall.write_dwell()
    assert await world.sql("SELECT n, active_ms FROM page_view ORDER BY n") == [(1, 20_000), (2, 3_000)]


async def test_a_visit_is_over_after_thirty_idle_minutes_even_under_an_open_page(world, page_of):
    page = await page_of()
    first = page.welcome["visit"]
    world.clock.move(minutes=31)
    await page.line.send({"t": "page", "page": {"url": "https://shop.test/after-lunch"}})
    await page.until(lambda: page.welcome["visit"] != first)
    visits = await world.sql("SELECT id, number, pages FROM visit ORDER BY number")
    assert [(number, pages) for _, number, pages in visits] == [(1, 1), (2, 1)]
    row = next(world.hub.hall.board.rows())
    assert (row.visit, row.visits, row.url) == (page.welcome["visit"], 2, "https://shop.test/after-lunch")


async def test_the_same_visit_goes_on_within_thirty_minutes(world, page_of):
    page = await page_of()
    await page.line.cut()
    world.clock.move(minutes=29)
    again = Page(world, page.wire, token=page.token)
    world.parties.append(again)
    await again.come()
    assert again.welcome["visit"] == page.welcome["visit"]
