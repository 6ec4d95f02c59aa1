"""What every answer over HTTP has in common: one shape of error, the headers, no secrets, and text that stays text."""

import logging

import pytest

from hub.cli.logs import QUIET
from hub.web import origins
from tests.web.people import Page, Tab
from tests.web.test_talking import begun

SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)> \u202e {{7*7}}'


async def errors(world, ann):
    """One answer of each kind of refusal: (expected status, code, answer)."""
    cookie = ann if isinstance(ann, str) else ann.cookie
    ask = world.ask
    return [
        (404, "not_found", await ask("GET", "/nowhere")),
        (404, "not_found", await ask("GET", "/api/me/", cookie=cookie)),
        (404, "not_found", await ask("GET", "/assets/../app.py")),
        (404, "not_found", await ask("GET", "/assets/manifest.json")),
        (404, "not_found", await ask("GET", "/assets/widget.js")),
        (404, "not_found", await ask("GET", f"/api/conversations/{'0' * 32}/messages", cookie=cookie)),
        (404, "not_found", await ask("GET", f"/api/visits/{'0' * 32}", cookie=cookie)),
        (404, "not_found", await ask("GET", f"/api/customers/{'0' * 32}/timeline", cookie=cookie)),
        (405, "wrong_method", await ask("DELETE", "/api/me", cookie=cookie)),
        (405, "wrong_method", await ask("POST", "/", body={})),
        (400, "bad_request", await ask("GET", "/api/conversations/xyz/messages", cookie=cookie)),
        (
            400,
            "bad_request",
            await ask("GET", f"/api/conversations/{'0' * 32}/messages?before=-1", cookie=cookie),
        ),
        (
            400,
            "bad_request",
            await ask("GET", f"/api/conversations/{'0' * 32}/messages?before={'9' * 30}", cookie=cookie),
        ),
        (400, "bad_request", await ask("GET", "/api/conversations?status=lost", cookie=cookie)),
        (400, "bad_request", await ask("GET", "/api/conversations?before=x-y", cookie=cookie)),
        (400, "bad_request", await ask("POST", "/api/sign-in", body=b"{")),
        (401, "not_signed_in", await ask("GET", "/api/me")),
        (401, "wrong_password", await ask("POST", "/api/sign-in", body={"login": "x", "password": "y"})),
        (403, "foreign_origin", await ask("POST", "/api/sign-in", body={}, origin="http://evil.test")),
        (413, "too_large", await ask("POST", "/api/sign-in", body=b" " * 70_000)),
        (415, "wrong_content_type", await ask("POST", "/api/sign-in", body=b"x", content_type="text/plain")),
    ]


async def test_every_refusal_has_the_one_shape_and_the_common_headers(world):
    for status, code, answer in await errors(world, await world.sign_in("ann")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.request.url
        assert set(answer.json()) == {"error"}
        assert set(answer.json()["error"]) == {"code", "message", "fields"}
        assert answer.headers["cache-control"] == "no-store"
        _has_common_headers(answer)
        assert "location" not in answer.headers


def _has_common_headers(answer):
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in answer.headers


async def test_a_mistake_of_ours_tells_the_log_and_nobody_else(world, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("CANARY of the inside")

    monkeypatch.setattr(origins.Origins, "demand_own", broken)
    answer = await world.ask("POST", "/api/sign-in", body={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "unexpected")
    assert "CANARY" not in answer.text
    _has_common_headers(answer)
    assert "CANARY" in caplog.text
    caplog.clear()


async def test_what_is_personal_is_kept_by_no_cache(world, page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    visit = page.welcome["visit"]
    for path in (
        "/api/me", "/api/conversations", f"/api/conversations/{page.conversation}/messages", f"/api/customers/{visit}/timeline",
        f"/api/visits/{visit}", "/",
    ):  # fmt: skip
        answer = await world.ask("GET", path, cookie=ann.cookie)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        _has_common_headers(answer)


async def test_the_console_is_framed_by_nobody_and_runs_its_own_files_only(world):
    answer = await world.ask("GET", "/")
    csp = answer.headers["content-security-policy"]
    for rule in (
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert rule in csp
    assert "unsafe" not in csp
    assert answer.headers["x-frame-options"] == "DENY"
    assert "console.AAAA.js" in answer.text


async def test_the_loader_is_asked_for_again_and_files_are_kept(world):
    loader = await world.ask("GET", "/widget.js")
    assert loader.headers["cache-control"] == "no-cache"
    assert loader.headers["access-control-allow-origin"] == "*"
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    again = await world.ask("GET", "/widget.js", if_none_match=loader.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    asset = await world.ask("GET", "/assets/console.AAAA.js")
    assert "immutable" in asset.headers["cache-control"]
    assert (await world.ask("HEAD", "/widget.js")).status_code == 200


async def test_an_origin_is_told_to_itself_only(world, page_of, wire):
    if wire == "socket":
        pytest.skip("over HTTP")
    page = await page_of()
    answer = await page.line.post({"t": "beat"})
    assert answer.headers["access-control-allow-origin"] == "http://shop.test"
    assert answer.headers["vary"] == "origin"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_no_address_and_no_log_line_carries_a_secret(world, page_of, tab_of, caplog):
    caplog.set_level(logging.DEBUG)
    page, ann = await begun(page_of, tab_of)
    await world.ask("POST", "/api/sign-in", body={"login": "ann", "password": "CANARY-password"})
    await page.identify("CANARY.not.a.token")
    await page.come()
    # Libraries that would log frames are silenced by `hub serve`; the client logs what it sends itself.
    said = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("http", *QUIET))
    )
    assert page.token not in said
    assert "CANARY" not in said
    assert ann.cookie.partition("=")[2] not in said
    assert page.token not in ann.everything()


async def test_script_stays_text_wherever_it_goes_in(world, wire):
    page = Page(world, wire)
    page.url, page.title = "http://shop.test/<script>", SCRIPT
    world.parties.append(page)
    await page.come(language="en")
    await page.begin(SCRIPT, name=SCRIPT, email="a@shop-mail.org")
    ann = Tab(world, wire, await world.sign_in("ann"))
    world.parties.append(ann)
    await ann.come()
    row = (await ann.follow(f"queue:{world.queues['main']}")).one("row")
    assert (row["name"], row["last_text"]) == (SCRIPT, SCRIPT[:160])
    message = (await ann.follow(f"conversation:{row['id']}")).one("message")
    assert message["text"] == SCRIPT
    visitor = (await ann.follow("visitors")).one("visitor")
    assert (visitor["title"], visitor["url"]) == (SCRIPT, "http://shop.test/<script>")
    record = await ann.follow(f"customer:{row['customer']}")
    name = next(field for field in record.one("customer")["fields"] if field["attribute"] == "name")
    assert (name["chosen"]["value"], name["chosen"]["level"]) == (SCRIPT, "asserted")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JaVaScRiPt://x/%0aalert(1)", "data:text/html,<script>", "file:///etc/passwd",
                                     "//evil.test", "\x01javascript:x", "blob:http://x/1", "http:", ""])  # fmt: skip
async def test_only_addresses_of_the_web_are_kept(open_world, address):
    world = await open_world()
    page = Page(world, "socket")
    page.url = address
    world.parties.append(page)
    await page.come(page={"url": address, "referrer": address, "title": "t"})
    await page.line.send({"t": "page", "page": {"url": "https://shop.test/ok"}})
    await page.line.send({"t": "page", "page": {"url": address}})
    await page.settled()
    assert [url for (url,) in await world.sql("SELECT url FROM page_view ORDER BY n")] == [
        "",
        "https://shop.test/ok",
        "",
    ]
    assert await world.sql("SELECT referrer FROM visit") == [("",)]
    (row,) = world.hub.hall.board.rows()
    assert (row.url, row.referrer) == ("", "")
    payloads = await world.sql("SELECT payload FROM touchpoint")
    assert not address or all(address not in payload for (payload,) in payloads)


async def test_whoever_has_no_site_key_to_sign_with_says_so(world, wire):
    page = Page(world, wire, "bare")
    world.parties.append(page)
    await page.come()
    refused = await page.identify("x.y.z")
    assert (refused["code"], "identity_keys" in refused["message"]) == ("bad_token", True)
