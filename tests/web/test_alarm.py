"""Nobody answers: the alarm goes further, round by round, until a person has seen it, and the visitor is told the truth."""

import pytest

from hub.actions import alarm

ROUND = 46
"""A little more than the 45 seconds of a site that says nothing else."""


@pytest.fixture
def wire():
    return "socket"


async def waits(page_of, text="Hello?"):
    page = await page_of()
    await page.begin(text)
    await page.until(lambda: page.talk)
    return page


async def rounds(world, seconds):
    """Time passes, and what is due is looked for."""
    world.clock.move(seconds)
    await world.hub.hall.renew_leases()
    await world.hub.store.write(alarm.go_further)


async def row_of(world, tab, page):
    queue = await tab.follow(f"queue:{world.queues['main']}")
    return next(item for item in queue.of("row") if item["id"] == page.conversation)


async def lines(world, page):
    """The system's lines, in order; those with a number of the visitor's are seen by them."""
    return await world.sql(
        "SELECT text, leg_seq IS NOT NULL FROM message WHERE conversation = ? AND kind = 'system' ORDER BY seq",
        bytes.fromhex(page.conversation),
    )


def told(page):
    return [said for said in page.messages.values() if said.get("kind") == "system"]


async def test_an_alarm_that_nobody_sees_reaches_everybody_and_then_the_visitor_is_told(
    world, page_of, tab_of
):
    page, ann = await waits(page_of), await tab_of("ann")
    await rounds(world, 30)
    assert "alarm" not in await row_of(world, ann, page)
    await rounds(world, ROUND - 30)
    row = await row_of(world, ann, page)
    assert row["alarm"] == 1 and not row.get("told") and not told(page)
    await rounds(world, ROUND)
    await page.until(lambda: told(page))
    row = await row_of(world, ann, page)
    assert (row["alarm"], row["told"]) == (2, True)
    assert [said["text"] for said in told(page)] == ["unanswered"]


async def test_each_round_comes_once_however_often_one_looks(world, page_of, tab_of):
    page, ann = await waits(page_of), await tab_of("ann")
    for _ in range(3):
        await rounds(world, ROUND)
        for _ in range(3):
            await world.hub.store.write(alarm.go_further)
    assert (await row_of(world, ann, page))["alarm"] == 2
    assert await lines(world, page) == [("unanswered", 1)]
    assert not page.doubled


async def test_the_job_finds_what_is_due_by_itself(world, page_of):
    await waits(page_of)
    heard = []
    world.hub.bus.subscribe(f"queue:{world.queues['main']}", heard.append)
    world.clock.move(ROUND)
    await world.until(lambda: any(change.item and change.item.alarm == 1 for change in heard))


async def test_who_acknowledges_ends_the_alarm_and_is_remembered(world, page_of, tab_of):
    page, ann, boss = await waits(page_of), await tab_of("ann"), await tab_of("boss")
    assert (await ann.do("seen", page.conversation))["t"] == "done"
    assert (await boss.do("seen", page.conversation))["t"] == "done"
    row = await row_of(world, boss, page)
    assert row["seen_by"] == "Ann" and row["seen_at"]
    for _ in range(4):
        await rounds(world, 40)
    assert "alarm" not in await row_of(world, boss, page) and not told(page)
    assert await lines(world, page) == [("seen", 0)]


async def test_an_acknowledgement_is_worth_as_much_as_whoever_gave_it(world, page_of, tab_of):
    page, ann, boss = await waits(page_of), await tab_of("ann"), await tab_of("boss")
    await ann.do("seen", page.conversation)
    await ann.line.cut()
    await rounds(world, 1)
    assert (await row_of(world, boss, page))["seen_by"] == "Ann"
    await rounds(world, 40)
    await rounds(world, 40)
    assert "seen_at" not in await row_of(world, boss, page)
    await rounds(world, ROUND)
    assert (await row_of(world, boss, page))["alarm"] == 1


async def test_who_says_that_they_are_away_has_not_seen_it_any_longer(world, page_of, tab_of):
    page, ann = await waits(page_of), await tab_of("ann")
    await ann.do("seen", page.conversation)
    await ann.do("presence", state="away")
    await rounds(world, 1)
    assert "seen_at" not in await row_of(world, ann, page)


async def test_taking_ends_it_and_giving_back_begins_it_anew(world, page_of, tab_of):
    page, ann = await waits(page_of), await tab_of("ann")
    await rounds(world, ROUND)
    await ann.do("take", page.conversation)
    await rounds(world, 40)
    await rounds(world, 40)
    row = await row_of(world, ann, page)
    assert row["status"] == "open" and "alarm" not in row and not told(page)
    await ann.do("transfer", page.conversation, queue=world.queues["main"])
    await rounds(world, 30)
    assert "alarm" not in await row_of(world, ann, page)
    await rounds(world, 16)
    assert (await row_of(world, ann, page))["alarm"] == 1


async def test_who_chose_an_answer_by_mail_is_not_told_twice(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Anybody?", answer_by="email", email="eva@mail.example")
    for _ in range(3):
        await rounds(world, ROUND)
    row = await row_of(world, ann, page)
    assert row["alarm"] == 2 and not row.get("told") and not told(page)


async def test_who_was_told_leaves_an_address_once(world, page_of, tab_of):
    page, ann = await waits(page_of), await tab_of("ann")
    frame = {"t": "reach", "client_id": "reach-00001", "conversation": page.conversation}
    for _ in range(2):
        assert (await page.ask({**frame, "email": "eva@mail.example"}, "noted"))["t"] == "noted"
    assert (await row_of(world, ann, page))["answer_by"] == "email"
    assert await lines(world, page) == [("reach:eva@mail.example", 0)]


async def test_nobody_leaves_an_address_in_somebody_elses_conversation(page_of):
    one, other = await waits(page_of), await page_of()
    frame = {"t": "reach", "client_id": "reach-00002", "conversation": one.conversation}
    assert (await other.ask({**frame, "email": "eva@mail.example"}, "noted"))["code"] == "not_found"


async def test_a_site_sets_its_own_pace_and_a_restart_forgets_nothing(open_world, tmp_path):
    world = await open_world()
    assert await world.sql("SELECT alarm_seconds FROM site_route WHERE site = 'shop'") == [(45,)]
    await world.stop()
    text = '[sites.slow]\nname = "Slow"\norigins = ["http://slow.test"]\nalarm_seconds = 300\n'
    again = await open_world(more=text)
    assert await again.sql("SELECT alarm_seconds FROM site_route WHERE site = 'slow'") == [(300,)]


async def test_what_was_due_while_no_hub_ran_comes_after_it_starts_again(open_world):
    from tests.web.people import Page

    world = await open_world()
    page = Page(world, "socket", "shop")
    world.parties.append(page)
    await page.come()
    await page.begin("Hello?")
    ahead = world.clock.ahead
    await world.stop()
    later = await open_world()
    later.clock.move(ahead + 3600)
    await later.hub.store.write(alarm.go_further)
    assert await later.sql("SELECT alarm, told_at FROM conversation") == [(1, None)]
    later.clock.move(ROUND)
    await later.hub.store.write(alarm.go_further)
    ((rung, told_at),) = await later.sql("SELECT alarm, told_at FROM conversation")
    assert rung == 2 and told_at
