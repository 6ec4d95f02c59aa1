"""The tracking API over HTTP: what existing libraries post is stored once, at the right levels, and answered as they need it."""

import asyncio
import base64
import gzip
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.app import Hub
from hub.config import parse
from hub.registry import Registry
from hub.web.pages import Pages

SHOP = "https://shop.example"
NOW = 1_795_000_000_000_000
WRITE, SERVER = "wk_public_0001", "sk-a-secret-of-the-server"
TOML = """
[hub]
data = "{data}"
public_url = "http://hub.test"
[sites.shop]
name = "Shop"
origins = ["{shop}"]
region = "GB"
{site}
[channels.tracking]
site = "shop"
write_key = "{write}"
server_key = "env:SERVER"
{more}
"""


class Tracked:
    """A hub with a tracking connection, and the ways in."""

    def __init__(self, hub: Hub, clock: list[int]) -> None:
        self.hub, self._clock = hub, clock
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(hub), base_url="http://hub.test")

    def later(self, seconds: float) -> None:
        self._clock[0] += int(seconds * 1e6)

    @property
    def now(self) -> int:
        return self._clock[0]

    async def post(
        self, path: str, body: Any, *, key: str | None = WRITE, content: bytes | None = None, **headers: str
    ) -> httpx2.Response:
        if key is not None:
            headers["authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(
            path, content=json.dumps(body).encode() if content is None else content, headers=named
        )

    async def batch(self, *events: dict[str, Any], key: str = WRITE, **more: Any) -> httpx2.Response:
        answer = await self.post("/v1/batch", {"batch": list(events), **more}, key=key)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        return answer

    async def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        return await self.hub.store.read(lambda read: read.all(sql, params))

    async def one(self, sql: str, *params: Any) -> Any:
        (row,) = await self.rows(sql, *params)
        return row[0] if len(row) == 1 else row

    async def claims(self) -> set[tuple[str, str, str]]:
        return set(await self.rows("SELECT kind, value, level FROM claim WHERE kind <> 'session'"))

    async def settled(self) -> None:
        """What runs beside the answers, such as writing down what was refused, has been done."""
        while self.hub.hall._tasks:
            await asyncio.sleep(0)

    def health(self) -> tuple[str, str]:
        (health,) = [it for it in self.hub.runners.health if it.name == "tracking"]
        return health.state, health.why


@pytest.fixture
async def tracked(tmp_path: Path, static: Path) -> AsyncIterator[Callable[..., Any]]:
    """`await tracked(site=…, more=…)` → a running hub; the arguments are lines for hub.toml."""
    running: list[Tracked] = []

    async def start(site: str = "", more: str = "", data: Path = tmp_path / "data") -> Tracked:
        registry = Registry()
        registry.load()
        text = TOML.format(data=data, shop=SHOP, site=site, more=more, write=WRITE)
        config = parse(text, registry.settings_types, environ={"SERVER": SERVER}, strict=True)
        clock = [NOW if not running else running[-1].now]
        hub = Hub(config, registry, clock=lambda: clock[0], pages=Pages(static))
        await hub.start()
        running.append(Tracked(hub, clock))
        return running[-1]

    yield start
    for it in running:
        await it.client.aclose()
        await it.hub.stop()


def track(message: str, name: str = "Looked", **more: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": message, "event": name, **more}


def page(message: str, url: str = f"{SHOP}/vases", **more: Any) -> dict[str, Any]:
    context = {"page": {"url": url, "title": "Vases", "referrer": "https://search.example/"}}
    return {"type": "page", "messageId": message, "anonymousId": "a-1", "context": context, **more}


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
        "items": [{"name": "Vase", "price": 12.5}],
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
        '[{"name":"Vase","sku":"vase","price":10.0,"quantity":2.0},{"name":"Jug","sku":"jug","price":10.0}]',
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


# --- bodies as they come


@pytest.mark.parametrize("label", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_is_read_by_what_it_is(tracked, label):
    hub = await tracked()
    text = json.dumps({"batch": [track("m1", userId="u1")]}).encode()
    for content in (text, gzip.compress(text)):
        answer = await hub.post("/v1/batch", None, content=content, content_type=label)
        assert answer.status_code == 200
    assert await hub.one("SELECT count(*) FROM touchpoint") == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/t", "event"), ("/v1/track", "event"), ("/v1/i", "identify"), ("/v1/identify", "identify"), ("/v1/p", "visit"),
     ("/v1/page", "visit"), ("/v1/s", "visit"), ("/v1/screen", "visit"), ("/v1/g", "group"), ("/v1/a", "alias")],
)  # fmt: skip
async def test_a_single_event_is_what_its_address_says(tracked, path, kind):
    hub = await tracked()
    event = page("m1", type="nonsense", event="Looked", userId="u1", previousId="p1", groupId="g1")
    if kind == "event":
        del event["anonymousId"]
    assert (await hub.post(path, event)).json() == {"success": True}
    assert await hub.one("SELECT kind FROM touchpoint") == kind


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"])
async def test_a_batch_has_four_addresses_and_its_key_three_places(tracked, path):
    hub = await tracked()
    batch = {"batch": [track("m1", userId="u1")]}
    for answer in (
        await hub.post(path, batch),
        await hub.post(path, {**batch, "writeKey": WRITE}, key=None),
        await hub.post(f"{path}?writeKey={WRITE}", batch, key=None),
    ):
        assert answer.status_code == 200
    assert await hub.one("SELECT count(*) FROM touchpoint") == 1


BAD = [
    None, 7, "text", [], {}, {"type": "track"}, {"type": "dance", "messageId": "x", "userId": "u"},
    {"type": "track", "messageId": "x", "userId": "u"}, {"type": "track", "event": "e", "messageId": "x"},
    {"type": "track", "event": "e", "userId": "u"}, {"type": "track", "event": "e", "messageId": [], "userId": {}},
    {"type": "alias", "messageId": "x", "userId": "u"}, {"type": "track", "event": "e", "messageId": "x", "userId": "u\0"},
    {"type": "track", "event": "e", "messageId": "x", "userId": "u" * 256},
    {"type": "track", "event": "e", "messageId": "x", "userId": "u", "properties": {"long": "x" * 40_000}},
]  # fmt: skip


async def test_one_bad_event_never_fails_a_batch(tracked):
    hub = await tracked()
    await hub.batch(track("first", userId="u1"), *BAD, track("last", userId="u1"))
    assert await hub.one("SELECT count(*) FROM touchpoint") == 2
    await hub.settled()
    listed = await hub.rows("SELECT body FROM document WHERE kind = 'refused event'")
    assert len(listed) == len(BAD)
    state, why = hub.health()
    assert state == "healthy"
    assert why.startswith(f"{len(BAD)} events refused since 18 Nov 11:06: ")


@pytest.mark.parametrize("odd", [b"NaN", b"Infinity", b"-Infinity", b'"\\ud83d"', b'"\xff"', b"1e999"])
async def test_what_strict_json_forbids_costs_no_event(tracked, odd):
    hub = await tracked()
    body = b'{"batch": [%s, {"type": "track", "event": "odd", "messageId": "m1", "userId": "u1", "properties": {"x": %s}}]}'
    content = body % (json.dumps(track("m0", userId="u1")).encode(), odd)
    assert (await hub.post("/v1/batch", None, content=content)).status_code == 200
    assert await hub.one("SELECT count(*) FROM touchpoint") == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"x"', b'{"batch": 7}', b"{}", b"[" * 100_000, b'{"batch": ' + b"[" * 100_000, b"\x1f\x8b",
     b"\x1f\x8bnonsense", gzip.compress(b"{}" * 10)[:-4], b"\xff\xfe{}"],
)  # fmt: skip
async def test_a_body_that_is_none_is_refused_whole(tracked, content):
    hub = await tracked()
    answer = await hub.post("/v1/batch", None, content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "content",
    [
        b" " * (1024 * 1024 + 1),
        gzip.compress(b" " * (5 * 1024 * 1024)),
        b'{"batch": [' + b"1," * 2_500 + b"1]}",
    ],
    ids=["sent", "unpacked", "events"],
)
async def test_only_the_whole_body_can_be_too_large(tracked, content):
    hub = await tracked()
    answer = await hub.post("/v1/batch", None, content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


# --- who may


@pytest.mark.parametrize(
    "key", ["", " ", "null", "undefined", "wk_public_000", "WK_PUBLIC_0001", "x" * 100_000, None]
)
async def test_an_unknown_key_is_refused(tracked, key):
    hub = await tracked()
    answer = await hub.post("/v1/batch", {"batch": [], "writeKey": None}, key=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unknown_key")


@pytest.mark.parametrize("wrong", [None, 0, True, [], {}, [WRITE], {"": WRITE}])
async def test_a_key_of_another_type_is_no_key(tracked, wrong):
    hub = await tracked()
    assert (await hub.post("/v1/batch", {"batch": [], "writeKey": wrong}, key=None)).status_code == 401


async def test_wrong_keys_are_tried_slowly(tracked):
    hub = await tracked()
    answers = [(await hub.post("/v1/batch", {"batch": []}, key=f"guess-{n}")).status_code for n in range(62)]
    assert answers[:60] == [401] * 60
    assert answers[60:] == [429, 429]


async def test_a_page_of_the_site_may_send_and_another_may_not(tracked):
    hub = await tracked()
    taken = await hub.post("/v1/t", track("m1", userId="u1"), origin=SHOP)
    assert taken.headers["access-control-allow-origin"] == SHOP
    for origin in ("https://evil.example", "null", f"{SHOP}.evil.example", SHOP.upper(), f"{SHOP}:443"):
        answer = await hub.post("/v1/t", track("m2", userId="u1"), origin=origin)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert await hub.one("SELECT count(*) FROM touchpoint") == 1


async def test_a_preflight_says_which_headers_may_come(tracked):
    hub = await tracked()
    for path in ("/v1/p", "/v1/batch", "/sourceConfig/"):
        answer = await hub.client.options(
            path, headers={"origin": SHOP, "access-control-request-method": "POST"}
        )
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert answer.headers["access-control-allow-headers"] == "Authorization, Content-Type, AnonymousId"
    foreign = await hub.client.options("/v1/p", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in foreign.headers


async def test_a_server_key_in_a_page_is_refused_and_told(tracked):
    hub = await tracked()
    answer = await hub.post("/v1/t", track("m1", userId="u1"), key=SERVER, origin=SHOP)
    assert (answer.status_code, await hub.one("SELECT count(*) FROM touchpoint")) == (403, 0)
    await hub.settled()
    assert "replace it" in hub.health()[1]
    assert SERVER not in await hub.one("SELECT group_concat(body) FROM document")


async def test_a_browser_that_asks_not_to_be_tracked_is_not(tracked):
    hub = await tracked()
    answer = await hub.post("/v1/p", page("m1"), origin=SHOP, sec_gpc="1")
    assert (answer.status_code, await hub.one("SELECT count(*) FROM touchpoint")) == (200, 0)


async def test_where_consent_is_asked_for_an_event_must_carry_it(tracked):
    hub = await tracked(site='consent = "required"')

    def with_consent(message: str, context: dict[str, Any]) -> dict[str, Any]:
        event = page(message)
        event["context"].update(context)
        return event

    await hub.batch(
        page("m1"),
        with_consent("m2", {"consent": {"categoryPreferences": {"Analytics": False}}}),
        with_consent("m3", {"consent": {"categoryPreferences": {"Analytics": True}}}),
        with_consent("m4", {"consentManagement": {"allowedConsentIds": ["c1"]}}),
        track("m5", userId="u1"),
    )
    assert await hub.one("SELECT count(*) FROM page_view") == 2
    await hub.settled()
    assert hub.health()[1].startswith("1 event refused")
    assert await hub.one("SELECT count(*) FROM touchpoint WHERE kind = 'event'") == 1


async def test_of_an_address_only_the_network_is_kept(tracked):
    hub = await tracked()
    await hub.post("/v1/p", page("m1", context={"ip": "203.0.113.77"}), origin=SHOP)
    assert await hub.one("SELECT network FROM visit") == "127.0.0.0/24"
    everything = [await hub.rows(f"SELECT * FROM {table}") for table in ("visit", "touchpoint", "page_view")]
    assert "203.0.113" not in str(everything)


# --- limits and problems


async def test_a_flood_is_told_when_to_come_again(tracked):
    hub = await tracked(more="events_per_second = 1")
    await hub.batch(*(track(f"m{n}", userId="u1") for n in range(12)))
    answer = await hub.post("/v1/batch", {"batch": [track("late", userId="u1")]})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 4
    assert (await hub.post("/v1/batch", {"batch": []}, key=SERVER)).status_code == 200


async def test_problems_are_listed_for_operators_and_survive_a_restart(tracked, tmp_path):
    hub = await tracked()
    await hub.batch({"type": "dance", "messageId": "m1", "userId": "u1"})
    await hub.settled()
    assert (await hub.client.get("/api/tracking/problems")).status_code == 401
    why = hub.health()[1]
    await hub.hub.stop()
    await hub.hub.start()
    assert hub.health() == ("healthy", why)


async def test_no_more_problems_are_kept_than_can_be_read(tracked):
    hub = await tracked()
    for _ in range(3):
        await hub.batch(*([7] * 90))
        await hub.settled()
    assert await hub.one("SELECT count(*) FROM document WHERE kind = 'refused event'") == 100
    assert hub.health()[1].startswith("270 events refused")


async def test_a_connection_whose_site_is_unknown_says_so(tracked, tmp_path):
    hub = await tracked(
        more='[channels.other]\nkind = "tracking"\nsite = "nowhere"\nwrite_key = "wk_public_0002"'
    )
    (other,) = [it for it in hub.hub.runners.health if it.name == "other"]
    assert (other.state, other.why) == ("failed", "site: expected a key of [sites] (shop), got 'nowhere'")


# --- what libraries ask first


async def test_a_browser_library_is_told_to_send_here_and_nowhere_else(tracked):
    hub = await tracked()
    settings = (await hub.client.get(f"/v1/projects/{WRITE}/settings", headers={"origin": SHOP})).json()
    assert settings["integrations"] == {
        "Segment.io": {"apiKey": WRITE, "apiHost": "hub.test/v1", "protocol": "http", "unbundledIntegrations": [],
                       "addBundledMetadata": False}
    }  # fmt: skip
    source = (
        await hub.client.get(f"/sourceConfig/?p=npm&writeKey={WRITE}", headers={"origin": SHOP})
    ).json()["source"]
    assert (source["writeKey"], source["enabled"], source["destinations"]) == (WRITE, True, [])


async def test_a_secret_key_is_described_to_nobody(tracked):
    hub = await tracked()
    for address in (f"/v1/projects/{SERVER}/settings", f"/sourceConfig/?writeKey={SERVER}", "/sourceConfig/"):
        assert (await hub.client.get(address)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/nothing", 404), ("GET", "/v1/t", 405), ("PUT", "/v1/t", 405)]
)
async def test_other_addresses_and_methods_are_refused(tracked, method, path, status):
    hub = await tracked()
    assert (await hub.client.request(method, path)).status_code == status
