"""A visitor sees what is stored about their browser, and has it deleted."""

import datetime as dt
import threading

import pytest

from hub import media
from hub.actions import tell
from hub.actions.receive import SOCKET, receive
from hub.contract import Touchpoint
from tests.web.database import contents, holding
from tests.web.people import new_id
from tests.web.test_files import kept

CANARIES = (
    "CANARY-title",
    "CANARY-url",
    "CANARY-referrer",
    "CANARY-event",
    "CANARY-cart",
    "CANARY-offer",
    "CANARY-campaign",
)


@pytest.fixture
def wire():
    return "socket"


async def mine(page):
    return await page.ask({"t": "mine", "client_id": new_id()}, "stored")


async def forget(page):
    await page.line.send({"t": "forget", "client_id": new_id()})
    await page.hear("noted")
    await page.hear("resync")


async def visitor_of(page) -> bytes:
    ((visitor,),) = await page.world.sql(
        "SELECT visitor FROM visit WHERE id = ?", bytes.fromhex(page.welcome["visit"])
    )
    return visitor


@pytest.fixture
async def canary(page_of, tab_of, world):
    """A visitor of whom everything is stored that can be, and who has talked."""
    url = "https://shop.test/CANARY-url?utm_campaign=CANARY-campaign"
    page = await page_of(
        page={"url": url, "title": "CANARY-title", "referrer": "https://CANARY-referrer.test/"}
    )
    await page.line.send(
        {"t": "page", "page": {"url": "https://shop.test/CANARY-url/2", "title": "CANARY-title two"}}
    )
    await page.line.send({"t": "beat", "active": 12.0})
    await page.ask(
        {"t": "track", "client_id": new_id(), "name": "product", "properties": {"sku": "CANARY-event"}},
        "noted",
    )
    await page.ask(
        {"t": "cart", "client_id": new_id(), "items": [{"name": "CANARY-cart", "price": 3.0}]}, "noted"
    )
    ann = await tab_of("ann")
    await ann.do("invite", visitor=(await visitor_of(page)).hex(), text="CANARY-offer")
    invited = await page.hear("invited")
    await page.line.send({"t": "answer", "invitation": invited["invitation"], "fate": "declined"})
    await page.begin("These words stay")
    await page.until(lambda: page.talk)
    await world.hub.hall.write_dwell()
    return page


async def test_the_figures_are_those_of_the_database(canary, page_of):
    await page_of()  # somebody else, who counts for nothing
    told = await mine(canary)
    assert {name: told.get(name) for name in ("visits", "pages", "events", "conversations", "messages", "cart")} == {
        "visits": 1, "pages": 2, "events": 1, "conversations": 1, "messages": 1, "cart": True,
    }  # fmt: skip
    ((opened,),) = await canary.world.sql(
        "SELECT opened_at FROM visit WHERE id = ?", bytes.fromhex(canary.welcome["visit"])
    )
    assert told["since"] == opened // 1000
    assert told.get("level", "observed") == "observed"


async def test_of_who_is_not_tracked_there_is_nothing_to_tell(page_of):
    page = await page_of(consent="denied")
    assert {name: value for name, value in (await mine(page)).items() if name not in ("t", "client_id")} == {}


async def test_after_forgetting_no_table_holds_what_was_seen(canary, world):
    for word in CANARIES:
        assert await holding(world, word), word
    visitor, token = await visitor_of(canary), canary.token
    await forget(canary)
    assert {word: found for word in CANARIES if (found := await holding(world, word))} == {}
    assert await world.sql("SELECT count(*) FROM visitor_token WHERE visitor = ?", visitor) == [(0,)]
    assert world.hub.hall.board.get(visitor) is None
    canary.token, canary.talk = token, None
    await canary.come()
    assert canary.token != token and canary.talk is None, "the browser is a stranger now"


async def test_what_was_said_stays_with_the_business(canary, tab_of):
    conversation = canary.conversation
    await forget(canary)
    boss = await tab_of("boss")
    topic = await boss.follow(f"conversation:{conversation}")
    assert [message["text"] for message in topic.of("message")] == ["These words stay"]
    customer = topic.one("row")["customer"]
    answer = await canary.world.ask("GET", f"/api/customers/{customer}/timeline", cookie=boss.cookie)
    assert answer.status_code == 200 and "CANARY" not in answer.text


async def test_the_same_touchpoint_again_brings_nothing_back(canary, world):
    ((key, at),) = await world.sql("SELECT key, occurred_at FROM touchpoint WHERE kind = 'visit'")
    visit = Touchpoint(
        channel="web", kind="visit", key=key, site="shop", occurred_at=dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC),
        payload={"url": "https://shop.test/CANARY-url"},
    )  # fmt: skip
    await forget(canary)
    before = await contents(world)
    assert (await world.hub.store.write(receive, f"{SOCKET}shop", visit)).fresh is False
    assert await contents(world) == before


async def test_every_tab_of_the_browser_begins_anew(canary, page_of, world):
    visitor = await visitor_of(canary)
    second = await page_of(token=canary.token)
    await forget(canary)
    assert (await second.hear("resync"))["anew"] is True
    await second.line.send(
        {"t": "page", "page": {"url": "https://shop.test/CANARY-url", "title": "CANARY-title"}}
    )
    assert (await second.hear("refused"))["code"] == "bad_frame"
    assert await holding(world, "CANARY-title") == []
    assert await world.sql("SELECT count(*) FROM visit WHERE visitor = ?", visitor) == [(0,)]


async def test_an_event_that_arrives_behind_the_deletion_is_not_kept(canary, world):
    visitor, visit = await visitor_of(canary), bytes.fromhex(canary.welcome["visit"])
    await forget(canary)
    assert (
        await world.hub.store.write(
            tell.event, "shop", visitor, visit, new_id(), "late", {"a": "CANARY-event"}
        )
        is False
    )
    await world.hub.store.write(tell.cart, visitor, visit, [], 5.0, "EUR")
    assert await holding(world, "CANARY-event") == []
    assert await world.sql("SELECT count(*) FROM cart") == [(0,)]


async def test_files_that_were_never_sent_go_as_well(page_of, world):
    page = await page_of()
    headers = {
        "origin": "http://shop.test",
        "authorization": f"Hub {page.token}",
        "x-file-name": "CANARY-file.txt",
    }
    kept = await world.http.post("/visitor/files?site=shop", content=b"something private", headers=headers)
    assert kept.status_code == 200, kept.text
    assert len(list((world.data / "media").rglob("*"))) > 2
    await forget(page)
    assert await holding(world, "CANARY-file") == []
    assert [path for path in (world.data / "media").rglob("*") if path.is_file()] == []
    assert (await world.http.get(kept.json()["url"])).status_code == 404


async def test_logging_out_in_one_tab_ends_the_others_too(page_of):
    page = await page_of()
    await page.begin("Mine alone")
    await page.until(lambda: page.talk)
    second = await page_of(token=page.token)
    await page.line.send({"t": "reset"})
    await page.hear("resync")
    await second.hear("resync")
    assert (await second.say("Still me?"))["code"] == "bad_frame"


async def test_files_are_deleted_beside_the_loop(page_of, world, monkeypatch):
    page = await page_of()
    await kept(page)
    threads: list[threading.Thread] = []
    assert [path for path in (world.data / "media").rglob("*") if path.is_file()]
    delete = media.MediaStore.delete

    def seen(self, ids):
        threads.append(threading.current_thread())
        return delete(self, ids)

    monkeypatch.setattr(media.MediaStore, "delete", seen)
    await page.line.send({"t": "forget", "client_id": new_id()})
    await page.hear("resync")
    assert threads
    assert threading.main_thread() not in threads
    assert not [path for path in (world.data / "media").rglob("*") if path.is_file()]
