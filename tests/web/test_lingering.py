"""Who lingers: marked by the site's rules at the set seconds of attention, and no longer when it is over. The clock is moved, nobody sleeps."""

import pytest

SITES = """
[sites.slow]
name = "Slow"
origins = ["http://slow.test"]
lingering = [{ seconds = 30, pages = "/checkout*" }, { seconds = 90 }]

[sites.never]
name = "Never"
origins = ["http://never.test"]
lingering = []
"""


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def world(open_world):
    return await open_world(more=SITES)


async def on(page_of, path="/", site="slow", **more):
    return await page_of(site, page={"url": f"http://{site}.test{path}", "title": path}, **more)


async def after(world, seconds: float) -> bool:
    """Whether the one visitor is marked when so many seconds have gone by."""
    world.clock.move(seconds)
    await world.hub.hall.sweep()
    return marked(world)


def marked(world) -> bool:
    (row,) = world.hub.hall.board.rows()
    return row.lingering is not None


async def beat(page, active: float) -> None:
    await page.line.send({"t": "beat", "active": active})
    await page.hear("beat")


async def test_a_visitor_is_marked_at_the_set_seconds_and_not_before(world, page_of):
    page = await on(page_of)
    assert await after(world, 40) is False
    await beat(page, 40)
    assert await after(world, 40) is False
    await beat(page, 80)
    assert await after(world, 11) is True


async def test_a_page_may_have_seconds_of_its_own(world, page_of):
    await on(page_of, "/checkout/address")
    assert await after(world, 28) is False
    assert await after(world, 3) is True


async def test_only_attention_counts(world, page_of):
    page = await on(page_of, "/checkout")
    await beat(page, 20)
    world.clock.move(15)
    await beat(page, 20)  # looked elsewhere since
    assert await after(world, 40) is False
    await beat(page, 31)
    assert await after(world, 0) is True


async def test_consoles_are_told_since_when(world, page_of, tab_of):
    page, ann = await on(page_of, "/checkout"), await tab_of("ann")
    floor = await ann.follow("visitors")
    assert "lingering" not in floor.one("visitor")
    assert await after(world, 31)
    await ann.until(lambda: "lingering" in floor.one("visitor"))
    assert abs(floor.one("visitor")["lingering"] - world.clock() // 1000) < 5_000
    await page.line.send({"t": "page", "page": {"url": "http://slow.test/"}})
    await ann.until(lambda: "lingering" not in floor.one("visitor"))


async def test_the_mark_goes_with_the_page(world, page_of):
    page = await on(page_of, "/checkout")
    assert await after(world, 31)
    await page.line.send({"t": "page", "page": {"url": "http://slow.test/checkout/pay"}})
    await beat(page, 0.1)
    assert marked(world) is False
    assert await after(world, 29) is False
    assert await after(world, 2) is True


async def test_who_talks_does_not_linger(world, page_of):
    page = await on(page_of, "/checkout")
    assert await after(world, 31)
    await page.begin("Which card do you take?")
    assert marked(world) is False
    assert await after(world, 60) is False


async def test_coming_back_on_the_same_page_is_the_same_lingering(world, page_of):
    page = await on(page_of, "/checkout")
    assert await after(world, 31)
    (before,) = world.hub.hall.board.rows()
    await page.line.cut()
    await world.until(lambda: world.hub.hall.board.present()[0].leaving_at)
    page.url = "http://slow.test/checkout"
    await page.come(active=31.0)
    await world.hub.hall.sweep()
    (row,) = world.hub.hall.board.rows()
    assert row.lingering == before.lingering


async def test_without_rules_nobody_lingers_and_without_settings_a_minute_counts(world, page_of):
    await on(page_of, site="never")
    assert await after(world, 4_000) is False


async def test_the_rule_without_settings_is_a_minute(world, page_of):
    await page_of("shop")
    assert await after(world, 58) is False
    assert await after(world, 3) is True
