"""How the tracking API takes requests: bodies as they come, keys, origins, limits, and what it answers."""

import gzip
import json
from typing import Any

import pytest

from tests.web.tracked import SERVER, SHOP, WRITE, page, track

# --- bodies as they come


@pytest.mark.parametrize("label", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_is_read_by_what_it_is(tracked, label):
    hub = await tracked()
    text = json.dumps({"batch": [track("m1", userId="u1")]}).encode()
    for content in (text, gzip.compress(text, mtime=0)):
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
     b"\x1f\x8bnonsense", gzip.compress(b"{}" * 10, mtime=0)[:-4], b"\xff\xfe{}"],
)  # fmt: skip
async def test_a_body_that_is_none_is_refused_whole(tracked, content):
    hub = await tracked()
    answer = await hub.post("/v1/batch", None, content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "content",
    [
        b" " * (1024 * 1024 + 1),
        gzip.compress(b" " * (5 * 1024 * 1024), mtime=0),
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


async def test_a_preflight_lets_any_header_of_a_library_come(tracked):
    hub = await tracked()
    asked = "authorization,content-type,x-retry-count"
    for path in ("/v1/p", "/v1/batch", "/sourceConfig/"):
        answer = await hub.client.options(
            path, headers={"origin": SHOP, "access-control-request-headers": asked}
        )
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert answer.headers["access-control-allow-headers"] == asked
        assert "access-control-allow-credentials" not in answer.headers
    odd = await hub.client.options(
        "/v1/p", headers={"origin": SHOP, "access-control-request-headers": "a\tb"}
    )
    assert "Authorization, Content-Type, AnonymousId" in odd.headers["access-control-allow-headers"]
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


async def test_a_stranger_cannot_make_the_hub_mend_megabytes(tracked):
    """Six kilobytes of gzip hold four megabytes with a NaN in front; read value by value they would take seconds."""
    hub = await tracked()
    odd = b'{"x":[{"a":NaN}' + b',{"a":1}' * 450_000 + b'],"batch":[]}'
    answer = await hub.post("/v1/batch", None, content=gzip.compress(odd, mtime=0), key=None)
    assert answer.status_code == 413
    assert "strict JSON" in answer.json()["error"]["message"]


async def test_strangers_bodies_are_taken_slowly(tracked):
    hub = await tracked()
    answers = [await hub.post("/v1/batch", None, content=b"{", key=None) for _ in range(80)]
    assert {answer.status_code for answer in answers} == {400, 429}


async def test_a_hub_without_trackers_reads_no_body(open_world):
    world = await open_world()
    answer = await world.ask("POST", "/v1/batch", body=b"{")
    assert answer.status_code == 401
