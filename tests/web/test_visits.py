"""What is kept of a visit, as its pages tell it: pages, attention, where it came from, events, orders and the cart."""

import msgspec
import pytest

from hub.visits import track as visits
from hub.web import limits
from tests.web.people import Page, new_id


@pytest.fixture
def wire():
    return "socket"


async def look(page, path: str, title: str = "") -> None:
    await page.line.send({"t": "page", "page": {"url": f"https://shop.test{path}", "title": title}})


async def beat(page, active: float, scroll: int = 0) -> None:
    await page.line.send({"t": "beat", "active": active, "scroll": scroll})
    await page.hear("beat")


async def track(page, name: str, client_id: str | None = None, **properties):
    return await page.ask(
        {"t": "track", "client_id": client_id or new_id(), "name": name, "properties": properties}, "noted"
    )


async def cart(page, *items, **more):
    return await page.ask({"t": "cart", "client_id": new_id(), "items": list(items), **more}, "noted")


async def path_of(page, tab) -> dict:
    answer = await page.world.ask("GET", f"/api/visits/{page.welcome['visit']}", cookie=tab.cookie)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_pages_keep_their_attention_and_how_far_they_were_seen(page_of, tab_of, world):
    page, ann = await page_of(), await tab_of("ann")
    await beat(page, 12.5, 40)
    await beat(page, 14.0, 30)
    await look(page, "/vase", "Vase")
    await beat(page, 3.0, 100)
    await page.line.hang_up()
    await world.until(lambda: world.hub.hall.board.present()[0].leaving_at)
    await world.hub.store.write_background(lambda tx: None)  # behind the last words of the page
    seen = [
        (it["url"], it["title"], it["active"], it["scroll"]) for it in (await path_of(page, ann))["pages"]
    ]
    assert seen == [("https://shop.test/", "A shop", 14.0, 40), ("https://shop.test/vase", "Vase", 3.0, 100)]


async def test_attention_of_open_pages_is_written_as_well(page_of, world):
    page = await page_of()
    await beat(page, 9.0)
    await world.hub.hall.write_dwell()
    assert await world.sql("SELECT active_ms FROM page_view") == [(9_000,)]
    await beat(page, 4.0)
    await world.hub.hall.write_dwell()
    assert await world.sql("SELECT active_ms FROM page_view") == [(9_000,)], "it only grows"


async def test_two_tabs_and_their_pages_are_one_visit(page_of, tab_of):
    one = await page_of()
    two = await page_of(token=one.token, page={"url": "https://shop.test/other"})
    ann = await tab_of("ann")
    assert one.welcome["visit"] == two.welcome["visit"]
    await beat(one, 5.0)
    await beat(two, 7.0)
    await one.world.hub.hall.write_dwell()
    assert [it["active"] for it in (await path_of(one, ann))["pages"]] == [5.0, 7.0]
    floor = await ann.follow("visitors")
    assert (floor.one("visitor")["pages"], floor.one("visitor")["url"]) == (2, "https://shop.test/other")


async def test_the_list_shows_the_tab_that_is_looked_at(page_of, tab_of):
    one = await page_of()
    two = await page_of(token=one.token, page={"url": "https://shop.test/other"})
    ann = await tab_of("ann")
    floor = await ann.follow("visitors")
    await beat(one, 5.0)
    await ann.until(lambda: floor.one("visitor")["url"] == "https://shop.test/")
    await two.line.hang_up()
    await ann.settled()
    assert floor.one("visitor")["url"] == "https://shop.test/"


async def test_a_reload_goes_on_with_the_page_and_thirty_idle_minutes_end_the_visit(page_of, world):
    page = await page_of()
    first = page.welcome["visit"]
    await page.come()
    assert page.welcome["visit"] == first
    assert await world.sql("SELECT pages FROM visit") == [(1,)]
    world.clock.move(minutes=31)
    await page.come()
    assert page.welcome["visit"] != first
    assert await world.sql("SELECT number FROM visit ORDER BY number") == [(1,), (2,)]


async def test_where_a_visit_came_from_is_told(page_of, tab_of):
    where = {
        "url": "https://shop.test/?utm_source=news&utm_medium=mail&utm_campaign=spring",
        "title": "Spring",
        "referrer": "https://mail.test/inbox",
    }
    page, ann = (
        await page_of(page=where, device="phone", language="pt-BR", zone="America/Sao_Paulo"),
        await tab_of("ann"),
    )
    await look(page, "/vase?utm_campaign=another")
    row = (await ann.follow("visitors")).one("visitor")
    assert {name: row[name] for name in ("source", "campaign", "device", "language", "referrer")} == {
        "source": "news", "campaign": "spring", "device": "phone", "language": "pt-BR", "referrer": "https://mail.test/inbox",
    }  # fmt: skip
    kept = await page.world.sql(
        "SELECT source, medium, campaign, device, language, zone, referrer FROM visit"
    )
    assert kept == [
        ("news", "mail", "spring", "phone", "pt-BR", "America/Sao_Paulo", "https://mail.test/inbox")
    ]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///C:/shop.html", ""),
        ("http://[::1", ""),
        ("https://shop.test:99999/", ""),
        ("https://shop.test/\u202egnp.exe", ""),
        ("https://shop.test\uff03@evil.test/", ""),
        ("https://me:secret@shop.test/account", "https://shop.test/account"),
        ("https://shop.test/a?b=c#d", "https://shop.test/a?b=c#d"),
    ],
)
async def test_only_addresses_of_the_web_are_kept(page_of, tab_of, world, said, kept):
    page, ann = await page_of(page={"url": said, "referrer": said}), await tab_of("ann")
    await look(page, "/between")
    await page.line.send({"t": "page", "page": {"url": said}})
    await beat(page, 1.0)
    await world.hub.hall.sweep()  # rules over visits read addresses too
    row = (await ann.follow("visitors")).one("visitor")
    assert (row["url"], row.get("referrer", "")) == (kept, kept)
    assert await world.sql("SELECT url FROM page_view ORDER BY n") == [
        (kept,),
        ("https://shop.test/between",),
        (kept,),
    ]
    assert await world.sql("SELECT referrer FROM visit") == [(kept,)]


async def test_events_hang_on_the_visit_once_each(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    for _ in range(3):
        assert (await track(page, "product", "event-0001", sku="V-1", price=34.0))["t"] == "noted"
    await track(page, "search", query="vaze", results=0)
    await page.come()
    await track(page, "product", "event-0001", sku="V-1", price=34.0)
    told = [(it["name"], it["properties"]) for it in (await path_of(page, ann))["events"]]
    assert told == [("product", {"sku": "V-1", "price": 34.0}), ("search", {"query": "vaze", "results": 0})]


async def test_two_visitors_may_choose_the_same_id(page_of, world):
    for page in (await page_of(), await page_of()):
        await track(page, "product", "event-0001")
    assert await world.sql("SELECT count(*) FROM visit_event") == [(2,)]


async def test_too_large_an_event_is_refused_and_the_line_holds(page_of, world):
    page = await page_of()
    refused = await track(page, "product", note="x" * 5_000)
    assert (refused["t"], refused["code"]) == ("refused", "bad_request")
    assert "4096 bytes" in refused["message"]
    await track(page, "product", note="x" * 4_000, large=12345678901234567890123, odd="\x00")
    assert await world.sql("SELECT count(*) FROM visit_event") == [(1,)]


@pytest.mark.parametrize("name", ["product", "order"])
async def test_what_is_nested_beyond_reason_is_refused_and_the_visit_can_be_looked_at(page_of, tab_of, name):
    page, ann = await page_of(), await tab_of("ann")
    deep = "[" * 900 + "]" * 900  # still read where a frame is, and no longer written where an answer is
    await page.line.send(
        f'{{"t": "track", "client_id": "deep-event", "name": "{name}", "properties": {{"id": "1", "a": {deep}}}}}'
    )
    assert (await page.hear("refused"))["code"] == "bad_request"
    await track(page, name, id="2", a=[[[1]]])
    assert len((await path_of(page, ann)).get("events", [])) == (name == "product")


async def test_a_page_in_a_loop_fills_no_disk(open_world):
    world = await open_world(limited=True)
    page = Page(world, "socket")
    world.parties.append(page)
    await page.come()
    answers = [await track(page, "product", n=n) for n in range(70)]
    codes = {answer.get("code") for answer in answers if answer["t"] == "refused"}
    assert codes == {"rate_limited"}
    assert all("retry_after" in answer for answer in answers if answer["t"] == "refused")
    assert page.line.closed is None


async def test_events_are_facts_of_the_visit(page_of, world):
    page = await page_of()
    for name, properties in (
        ("search", {"results": 0}), ("search", {"results": 3}), ("form_error", {"field": "email"}), ("checkout", {"step": 2}), ("checkout", {"step": 1}),
        ("checkout", {"step": "nonsense"}),
    ):  # fmt: skip
        await track(page, name, **properties)
    (here,) = world.hub.hall.board.present()
    assert (here.searches_without_result, here.form_errors, here.checkout_step) == (1, 1, 2)


async def test_an_order_is_a_touchpoint_of_its_own_and_one_however_often_it_is_told(page_of, world):
    page = await page_of()
    for _ in range(2):
        assert (await track(page, "order", id="A-1", value=68.0, currency="EUR"))["t"] == "noted"
    await page.come()
    await track(page, "order", id="A-1", value=68.0)
    await track(page, "order", id="A-2", value=5.0)
    orders = await world.sql("SELECT payload FROM touchpoint WHERE kind = 'order' ORDER BY id")
    assert [msgspec.json.decode(payload)["id"] for (payload,) in orders] == ["A-1", "A-2"]
    assert await world.sql("SELECT count(*) FROM visit_event") == [(0,)]


async def test_an_order_that_cannot_be_kept_is_refused(page_of):
    assert (await track(await page_of(), "order", id="A\x001"))["code"] == "bad_request"


async def test_the_cart_is_shown_as_it_is_now(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    floor = await ann.follow("visitors")
    await cart(
        page,
        {"name": "Vase", "price": 34.0, "quantity": 2, "sku": "V-1"},
        {"name": "Stem"},
        value=70.5,
        currency="EUR",
    )
    await ann.until(lambda: floor.one("visitor").get("cart_value") == 70.5)
    assert (floor.one("visitor")["cart_count"], floor.one("visitor")["currency"]) == (3, "EUR")
    path = await path_of(page, ann)
    assert ([line["name"] for line in path["cart"]], path["cart_value"], path["currency"]) == (
        ["Vase", "Stem"],
        70.5,
        "EUR",
    )
    await page.come()
    await ann.until(lambda: floor.one("visitor").get("cart_value") == 70.5)
    await cart(page)
    await ann.until(lambda: not floor.one("visitor").get("cart_value"))
    assert (await path_of(page, ann)).get("cart", []) == []


async def test_a_cart_without_a_value_is_worth_what_lies_in_it(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await cart(page, {"name": "Vase", "price": 34.0, "quantity": 2}, {"name": "Stem", "price": 1.5})
    assert (await ann.follow("visitors")).one("visitor")["cart_value"] == 69.5


async def test_a_cart_of_more_lines_than_anybody_buys_is_refused(page_of):
    page = await page_of()
    await page.line.send({"t": "cart", "client_id": new_id(), "items": [{"name": "Vase"}] * 201})
    assert (await page.hear("refused"))["code"] == "bad_frame"


async def test_a_visit_keeps_so_many_pages_and_the_last_is_always_where_it_is(world, page_of, monkeypatch):
    monkeypatch.setattr(visits, "MOST_PAGES", 5)
    page = await page_of()
    for n in range(12):
        await look(page, f"/{n}")
    await page.settled()
    rows = await world.sql("SELECT n, url FROM page_view ORDER BY n")
    assert [n for n, _ in rows] == [1, 2, 3, 4, 5]
    assert rows[-1] == (5, "https://shop.test/11")
    assert await world.sql("SELECT pages FROM visit") == [(5,)]


async def test_pages_beyond_the_rate_are_refused_and_not_stored(open_world, monkeypatch):
    monkeypatch.setattr(limits, "PAGES", limits.Rate(3, 0.5))
    world = await open_world(limited=True)
    page = Page(world, "socket")
    world.parties.append(page)
    await page.come()
    for n in range(6):
        await look(page, f"/{n}")
    refused = await page.hear("refused")
    assert (refused["code"], refused["retry_after"] > 0) == ("rate_limited", True)
    await page.settled()
    assert await world.sql("SELECT count(*) FROM page_view") == [(4,)]
