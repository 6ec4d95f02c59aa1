"""What pages are offered as the team's hands fill and empty: calls go first, then chat, and nobody who talks loses anything."""

import pytest

TEAM = ("ann", "cleo", "dan")


@pytest.fixture
async def world(open_world):
    world = await open_world(more="\n[channels.voice]\n")
    for login in TEAM[1:]:
        await world.hire(login, queues=["main"])
    return world


class Watcher:
    """A visitor who only looks at what there is."""

    def __init__(self, page) -> None:
        self.page = page
        self.site: dict = page.welcome["site"]
        self.features: list[str] = []

    def shows(self) -> str:
        for frame in self.page.line.heard:
            if frame["t"] == "features":
                self.site, self.features = frame["site"], [one["name"] for one in frame["features"]]
        chat = self.site.get("attended") and not self.site.get("full") and self.site.get("open", True)
        return " ".join(
            ["voice"] * ("voice" in self.features)
            + ["chat"] * bool(chat)
            + ["bell"] * ("bell" in self.features)
        )

    async def sees(self, what: str) -> None:
        await self.page.until(lambda: self.shows() == what, 5.0)


async def ask(page_of, number: int) -> list:
    pages = [await page_of() for _ in range(number)]
    for page in pages:
        await page.begin("help")
        await page.until(lambda page=page: page.talk)
    return pages


async def test_as_load_rises_calls_go_first_and_then_chat_and_as_it_falls_they_come_back(
    world, page_of, tab_of
):
    watcher = Watcher(await page_of())
    await watcher.sees("bell")
    tabs = [await tab_of(login) for login in TEAM]
    await watcher.sees("voice chat bell")
    pages = await ask(page_of, 3)
    held = {tab: [page] for tab, page in zip(tabs, pages, strict=True)}
    for tab in tabs:
        await tab.do("take", held[tab][0].conversation)
    await watcher.sees("chat bell")
    for tab, page in zip(tabs * 3, await ask(page_of, 9), strict=True):
        assert (await tab.do("take", page.conversation))["t"] == "done"
        held[tab].append(page)
    await watcher.sees("bell")
    assert watcher.site["full"] is True
    for page in held[tabs[0]][:2]:
        await tabs[0].do("close", page.conversation, outcome="resolved")
    await watcher.sees("chat bell")
    for tab in tabs[:2]:
        for page in held[tab]:
            await tab.do("close", page.conversation, outcome="resolved")
    await watcher.sees("voice chat bell")


async def test_nobody_there_leaves_what_waits_for_nobody(world, page_of, tab_of):
    ann = await tab_of("ann")
    watcher = Watcher(await page_of())
    await watcher.sees("voice chat bell")
    await ann.do("presence", state="away")
    await watcher.sees("bell")
    assert (watcher.site.get("attended", False), watcher.site.get("full", False)) == (False, False)
    assert watcher.site["answers"] == ["here", "email"]
    await ann.do("presence", state="available")
    await watcher.sees("voice chat bell")


async def test_who_waits_fills_the_seats_and_keeps_a_place_in_the_line(world, page_of, tab_of):
    watcher = Watcher(await page_of())
    ann = await tab_of("ann")
    await watcher.sees("voice chat bell")
    pages = await ask(page_of, 5)
    await watcher.sees("bell")
    assert [page.talk["position"] for page in pages] == [1, 2, 3, 4, 5]
    await ann.do("take", pages[0].conversation)
    await pages[4].until(lambda: pages[4].talk["position"] == 4)
    assert pages[4].talk["status"] == "waiting"
    assert watcher.shows() == "bell"


async def test_what_was_written_meanwhile_is_taken_all_the_same(world, page_of, tab_of):
    await tab_of("ann")
    await ask(page_of, 4)
    late = Watcher(await page_of())
    await late.sees("bell")
    assert (await late.page.begin("I had begun already"))["t"] == "sent"


async def test_a_message_to_be_answered_by_mail_takes_no_seat_from_a_chat(world, page_of, tab_of):
    await tab_of("ann")
    watcher = Watcher(await page_of())
    await watcher.sees("voice chat bell")
    for n in range(4):
        page = await page_of()
        await page.begin("no hurry", answer_by="email", email=f"v{n}@example.com")
    pages = await ask(page_of, 1)
    await watcher.sees("chat bell")
    assert pages[0].talk["status"] == "waiting"
    assert world.hub.hall.offers.now["shop"].free == 3


async def test_the_team_of_another_site_lends_nothing(world, page_of, tab_of):
    await tab_of("ann")
    book, shop = Watcher(await page_of("book")), Watcher(await page_of())
    await shop.sees("voice chat bell")
    assert book.shows() == "bell"


async def test_the_console_says_what_is_offered_and_why(world, page_of, tab_of):
    ann = await tab_of("ann")
    topic = await ann.follow("offers")

    def shop() -> dict:
        return next(row for row in topic.of("offer") if row["id"] == "shop")

    await ann.until(lambda: shop()["why"] == "room")
    assert {"name": "Shop", "chat": True, "voice": True, "seats": 4, "free": 4}.items() <= shop().items()
    assert next(row for row in topic.of("offer") if row["id"] == "book")["why"] == "nobody"
    await ask(page_of, 5)
    await ann.until(lambda: shop()["why"] == "full")
    assert not shop().get("chat")
    assert (shop()["voice"], shop()["free"], shop()["waiting"]) == (False, -1, 5)
