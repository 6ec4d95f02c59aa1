"""What becomes of events that existing libraries post: each stored once, in the right place, at the right level."""

import json
from typing import Any

from tests.web.tracked import SERVER, SHOP, page, track


async def test_a_page_view_becomes_a_visit(tracked):
    hub = await tracked()
    await hub.batch(page("m1"), page("m2", f"{SHOP}/vases/blue"))
    assert await hub.one("SELECT site, pages, referrer FROM visit") == ("shop", 2, "https://search.example/")
    assert await hub.rows("SELECT url, title FROM page_view ORDER BY n") == [
        (f"{SHOP}/vases", "Vases"),
        (f"{SHOP}/vases/blue", "Vases"),
    ]


# --- once only


async def test_a_batch_that_is_sent_again_changes_nothing(tracked):
    hub = await tracked()
    batch = [
        page("m1"),
        track("m2", "Looked closely", anonymousId="a-1"),
        track("m3", "Order Completed", userId="u1", properties={"order_id": "77", "total": 12.5}),
        {"type": "identify", "messageId": "m4", "userId": "u1", "traits": {"email": "ann@shop-mail.org"}},
        track("m5", "Invoice Paid", userId="u1"),
    ]
    counts = "SELECT (SELECT count(*) FROM touchpoint), (SELECT count(*) FROM page_view), (SELECT count(*) FROM visit_event)"
    await hub.batch(*batch)
    before = await hub.one(counts)
    hub.later(3 * 3600)  # in another visit's time, and with times of its own
    await hub.batch(*batch)
    assert await hub.one(counts) == before == (4, 1, 1)


async def test_an_event_that_fell_into_no_visit_stays_where_it_is(tracked):
    hub = await tracked()
    said = track("m1", anonymousId="a-1", timestamp="2026-11-18T12:00:00Z")
    await hub.batch(said)
    await hub.batch(page("m2", timestamp="2026-11-18T12:01:00Z"), said)
    assert await hub.one("SELECT count(*) FROM visit_event") == 0
    assert await hub.rows("SELECT kind FROM touchpoint ORDER BY received_at, kind") == [
        ("event",),
        ("visit",),
    ]


async def test_the_same_order_from_page_and_server_is_one(tracked):
    hub = await tracked()
    order = {
        "order_id": "77",
        "revenue": "12.50",
        "currency": "gbp",
        "products": [{"name": "Vase", "price": 12.5}],
    }
    await hub.batch(page("m0"), track("m1", "Order Completed", anonymousId="a-1", properties=order))
    await hub.batch(track("m2", "Order Completed", userId="u1", properties=order), key=SERVER)
    payload = json.loads(await hub.one("SELECT payload FROM touchpoint WHERE kind = 'order'"))
    assert payload == {
        "id": "77",
        "value": 12.5,
        "currency": "GBP",
        "items": [{"name": "Vase", "sku": "", "price": 12.5, "quantity": 1.0}],
    }


# --- what a key proves


async def test_a_write_key_only_asserts(tracked):
    hub = await tracked()
    traits = {"email": "ann@shop-mail.org", "phone": "020 7946 0018", "name": "Ann Lee"}
    await hub.batch(
        {"type": "identify", "messageId": "m1", "userId": "u1", "anonymousId": "a-1", "traits": traits}
    )
    assert await hub.claims() == {
        ("user_id", "u1", "asserted"),
        ("email", "ann@shop-mail.org", "asserted"),
        ("phone", "+442079460018", "asserted"),
        ("device", "tracking:a-1", "observed"),
    }
    assert await hub.one("SELECT attribute, value, level FROM attribute") == ("name", "Ann Lee", "asserted")


async def test_a_server_key_verifies_who_and_observes_the_rest(tracked):
    hub = await tracked()
    traits = {
        "email": "ann@shop-mail.org",
        "firstName": "Ann",
        "lastName": "Lee",
        "company": {"name": "Lee Ltd"},
    }
    await hub.batch({"type": "identify", "messageId": "m1", "userId": "u1", "traits": traits}, key=SERVER)
    assert await hub.claims() == {("user_id", "u1", "verified"), ("email", "ann@shop-mail.org", "observed")}
    assert set(await hub.rows("SELECT attribute, value, level FROM attribute")) == {
        ("name", "Ann Lee", "observed"),
        ("company", "Lee Ltd", "observed"),
    }


async def test_an_alias_by_write_key_ties_nobody_to_anybody(tracked):
    hub = await tracked()
    browser = "6f1f44ce-46ac-45c4-8d26-2f5b3a1bd6c1"
    await hub.batch(
        {"type": "identify", "messageId": "m1", "userId": "u1", "anonymousId": browser},
        {"type": "identify", "messageId": "m2", "userId": "u2", "anonymousId": "a-2"},
        key=SERVER,
    )
    await hub.batch(
        {"type": "alias", "messageId": "m3", "previousId": browser, "userId": "u2", "anonymousId": "a-2"},
        {"type": "alias", "messageId": "m4", "previousId": "u1", "userId": "u2"},
    )
    people = await hub.rows(
        "SELECT value, count(DISTINCT e.customer) FROM claim c JOIN evidence e ON e.key = c.evidence "
        "WHERE kind = 'user_id' AND level = 'verified' GROUP BY value"
    )
    assert people == [("u1", 1), ("u2", 1)]
    verified = "SELECT e.customer FROM claim c JOIN evidence e ON e.key = c.evidence WHERE level = 'verified' AND value = ?"
    assert await hub.rows(verified, "u1") != await hub.rows(verified, "u2")
    assert ("device", f"tracking:{browser}", "asserted") in await hub.claims()
    assert ("user_id", "u1", "asserted") in await hub.claims()


async def test_an_alias_by_server_key_brings_the_browser_along(tracked):
    hub = await tracked()
    browser = "6f1f44ce-46ac-45c4-8d26-2f5b3a1bd6c1"
    await hub.batch(page("m1", anonymousId=browser))
    await hub.batch({"type": "alias", "messageId": "m2", "previousId": browser, "userId": "u1"}, key=SERVER)
    assert await hub.one("SELECT count(DISTINCT customer) FROM evidence") == 1


async def test_a_browser_of_the_hub_cannot_be_claimed(tracked):
    hub = await tracked()
    await hub.batch(page("m1", anonymousId="ab" * 16))
    assert ("device", "tracking:" + "ab" * 16, "observed") in await hub.claims()
    assert await hub.one("SELECT id FROM visitor") != bytes.fromhex("ab" * 16)


async def test_a_group_is_a_company(tracked):
    hub = await tracked()
    await hub.batch(
        {"type": "group", "messageId": "m1", "userId": "u1", "groupId": "g1", "traits": {"name": "Lee Ltd"}},
        key=SERVER,
    )
    assert await hub.one("SELECT attribute, value, level FROM attribute") == (
        "company",
        "Lee Ltd",
        "observed",
    )


# --- visits and carts


async def test_a_visit_ends_with_thirty_idle_minutes_of_the_events_own_time(tracked):
    hub = await tracked()
    times = ("10:00", "10:29", "11:10", "10:50")  # the last one late, and between two visits
    await hub.batch(*(page(f"m{n}", timestamp=f"2026-11-18T{at}:00Z") for n, at in enumerate(times)))
    assert await hub.rows("SELECT number, pages FROM visit ORDER BY opened_at") == [(1, 2), (2, 2)]


async def test_events_of_a_browser_hang_on_its_visit(tracked):
    hub = await tracked()
    await hub.batch(
        page("m1"), track("m2", "Products Searched", anonymousId="a-1", properties={"query": "vase"})
    )
    found = await hub.one("SELECT e.name, e.properties FROM visit_event e JOIN visit v ON v.id = e.visit")
    assert found == ("Products Searched", '{"query":"vase"}')


async def test_the_cart_follows_what_the_shop_tells(tracked):
    hub = await tracked()

    def product(name: str, quantity: int = 1) -> dict[str, Any]:
        return {
            "product_id": name,
            "name": name.title(),
            "price": "10",
            "quantity": quantity,
            "currency": "EUR",
        }

    def said(message: str, event: str, /, **properties: Any) -> dict[str, Any]:
        return track(message, event, anonymousId="a-1", properties=properties)

    cart = "SELECT count, value, currency, items FROM cart"
    await hub.batch(
        page("m0"),
        said("m1", "Product Added", **product("vase", 2)),
        said("m2", "Product Added", **product("jug")),
    )
    assert await hub.one(cart) == (
        3,
        30.0,
        "EUR",
        '[{"name":"Vase","price":10.0,"quantity":2.0,"sku":"vase"},{"name":"Jug","price":10.0,"quantity":1.0,"sku":"jug"}]',
    )
    await hub.batch(said("m3", "Product Removed", **product("vase")))
    assert (await hub.one(cart))[:2] == (2, 20.0)
    await hub.batch(said("m4", "Cart Viewed", value=55, products=[product("bowl", 5)]))
    assert (await hub.one(cart))[:3] == (5, 55.0, "EUR")
    await hub.batch(said("m5", "Order Completed", order_id="1", total=55))
    assert await hub.one(cart) == (0, 0.0, "EUR", "[]")


async def test_a_server_that_names_no_browser_reports_events_and_pages_of_a_person(tracked):
    hub = await tracked()
    await hub.batch(
        track("m1", "Invoice Paid", userId="u1", properties={"amount": 5}),
        {
            "type": "page",
            "messageId": "m2",
            "userId": "u1",
            "name": "Account",
            "properties": {"url": f"{SHOP}/me"},
        },
        key=SERVER,
    )
    assert await hub.one("SELECT count(*) FROM visit") == 0
    payloads = [
        json.loads(row[0]) for row in await hub.rows("SELECT payload FROM touchpoint WHERE kind = 'event'")
    ]
    assert {"name": "Invoice Paid", "properties": {"amount": 5}} in payloads
    assert {"name": "page viewed", "title": "Account", "url": f"{SHOP}/me"} in payloads


async def test_a_wrong_clock_is_put_right_and_the_future_is_now(tracked):
    hub = await tracked()
    too_late = "2026-11-18T17:06:40Z"  # by a clock that is six hours and ten minutes ahead
    await hub.batch(
        track("m1", userId="u1", timestamp=too_late), track("m2", userId="u2", timestamp=too_late),
        sentAt="2026-11-18T17:16:40Z",
    )  # fmt: skip
    await hub.batch(track("m3", userId="u3", timestamp=too_late))
    ago = [
        (hub.now - row[0]) / 1e6
        for row in await hub.rows("SELECT occurred_at FROM touchpoint ORDER BY occurred_at")
    ]
    assert ago == [600.0, 600.0, 0.0]
