"""Signing in: what is told, what it costs, what the cookie is like, when it ends, and who may make us do things."""

import asyncio
import time

import pytest

from hub.actions import people
from hub.web.sign_in import AT_ONCE, password_hasher

JUNK = [None, 0, 1.5, [], {}, True, "", " ", "\0", "a" * 60_000, ["ann"], {"$ne": ""}]


async def sign_in(world, login="ann", password="ann", **headers):
    return await world.ask("POST", "/api/sign-in", body={"login": login, "password": password}, **headers)


async def test_the_right_password_opens_a_session(world):
    answer = await sign_in(world)
    assert answer.status_code == 200
    me = answer.json()
    assert (me["name"], me["role"], [queue["name"] for queue in me["queues"]]) == (
        "Ann",
        "operator",
        ["main"],
    )
    cookie = answer.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == "__Host-hub"
    assert {part.strip() for part in rest.split(";")[1:]} == {
        "Path=/",
        "Max-Age=2592000",
        "Secure",
        "HttpOnly",
        "SameSite=Lax",
    }
    secret = rest.partition(";")[0]
    assert len(secret) >= 43
    again = await world.ask("GET", "/api/me", cookie=f"odd=[x]; other; __Host-hub={secret}; theme=dark")
    assert again.json() == me
    assert not [
        row
        for row in await world.sql("SELECT hash FROM operator_session")
        if secret.encode() in bytes(row[0])
    ]


async def test_a_wrong_login_and_a_wrong_password_answer_alike_and_cost_the_same(world):
    answers, costs = [], []
    for login, password in (
        ("nobody", "ann"),
        ("ann", "wrong"),
        ("nobody", "x" * 2_000),
        ("ann", "x" * 2_000),
        ("other", "y"),
    ):
        before = world.hasher.calls
        answers.append(await sign_in(world, login, password))
        costs.append(world.hasher.calls - before)
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert "set-cookie" not in answers[0].headers
    # The first of all makes the hash that unknown logins are compared with; a password too long to be one costs nobody anything.
    assert costs[1:] == [1, 0, 0, 1]


async def test_the_first_attempt_costs_the_same_for_a_known_login(open_world):
    costs = []
    for login in ("ann", "nobody"):
        world = await open_world()
        await sign_in(world, login, "wrong")
        costs.append(world.hasher.calls)
        await world.stop()
    assert costs == [2, 2]


async def test_credentials_of_any_other_kind_are_refused(world):
    for junk in JUNK:
        for body in (
            {"login": junk, "password": "ann"},
            {"login": "ann", "password": junk},
            {"login": junk, "password": junk},
        ):
            answer = await world.ask("POST", "/api/sign-in", body=body)
            assert answer.status_code in (400, 401, 413), (body, answer.status_code)
            assert "set-cookie" not in answer.headers
    for body in (b"", b"{", b"null", b"[]", b"[" * 50_000, b'{"login": "ann"}', b'{"login": "ann", "password": "ann", "role": "admin"}',
                 b'{"login": "\\ud800", "password": "ann"}', b"\xff\xfe"):  # fmt: skip
        answer = await world.ask("POST", "/api/sign-in", body=body)
        assert answer.status_code == 400, body
        assert answer.json()["error"]["code"] == "bad_request"


async def test_cookies_of_any_other_kind_open_nothing(world):
    for secret in ("", "x", "null", "%00", "a" * 8_000, "%F0%9F%99%82"):
        assert (await world.ask("GET", "/api/me", cookie=f"__Host-hub={secret}")).status_code == 401


async def test_a_deactivated_operator_is_told_no_more_than_a_stranger(world):
    await world.hub.store.write(people.activate, world.operators["ann"], on=False)
    assert (await sign_in(world)).json() == (await sign_in(world, "nobody")).json()


async def test_an_old_hash_is_renewed(world):
    await world.hub.store.write(people.rehash, world.operators["ann"], "plain:ann")
    world.hasher.check_needs_rehash = lambda known: True
    assert (await sign_in(world)).status_code == 200
    assert (await world.hub.store.read(people.by_login, "ann"))[1] == "plain:ann"
    assert world.hasher.calls >= 2


async def test_a_session_ends_when_idle_and_when_old(world):
    cookie = await world.sign_in("ann")
    for _ in range(5):
        world.clock.move(hours=11)
        assert (await world.ask("GET", "/api/me", cookie=cookie)).status_code == 200
    world.clock.move(hours=12.1)
    assert (await world.ask("GET", "/api/me", cookie=cookie)).status_code == 401
    cookie = await world.sign_in("ann")
    for _ in range(65):
        world.clock.move(hours=11.5)
        status = (await world.ask("GET", "/api/me", cookie=cookie)).status_code
        if status != 200:
            break
    assert status == 401
    await world.hub._jobs._housekeeping()
    assert await world.sql("SELECT count(*) FROM operator_session") == [(0,)]


async def test_attempts_beyond_the_rate_wait(open_world):
    world = await open_world(limited=True)
    answers = [await sign_in(world, "ann", "wrong") for _ in range(12)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    wait = int(late[0].headers["retry-after"])
    assert 1 <= wait <= 20
    assert late[0].json()["error"]["code"] == "rate_limited"
    world.clock.move(wait + 1)
    assert (await sign_in(world)).status_code == 200


async def test_passwords_do_not_travel_over_plain_http(world):
    world.hub._front._site.sign_in._safe = False
    answer = await sign_in(world)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert "certificate" in answer.json()["error"]["message"]


async def test_at_most_two_passwords_are_hashed_at_once_and_nobody_waits_for_them(world):
    world.hasher.slow = 0.05
    lag = 0.0

    async def probe() -> None:
        nonlocal lag
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            lag = max(lag, time.perf_counter() - before - 0.005)

    probing = asyncio.get_running_loop().create_task(probe())
    answers = await asyncio.gather(*(sign_in(world, "ann", f"wrong {n}") for n in range(12)))
    probing.cancel()
    assert {answer.status_code for answer in answers} == {401}
    assert world.hasher.most <= AT_ONCE
    assert lag < 0.25


def test_the_real_hash_is_argon2id_at_the_cost_that_was_chosen():
    hasher = password_hasher()
    made = hasher.hash("secret")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify(made, "secret")


# --- who makes us do things


UNSAFE = ["/api/sign-in", "/api/sign-out", "/console/poll", "/console/files"]


@pytest.mark.parametrize("path", UNSAFE)
async def test_what_changes_something_takes_no_word_of_another_site(world, path):
    cookie = await world.sign_in("ann")
    own = {"cookie": cookie, "body": {}}
    foreign = [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://shop.test"},
        {"origin": world.url + "."},
        {"origin": world.url, "sec_fetch_site": "cross-site"},
        {"origin": world.url, "sec_fetch_site": "same-site"},
        {"origin": world.url, "sec_fetch_site": "none"},
    ]
    for headers in foreign:
        answer = await world.ask("POST", path, **own, **headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin"), headers
        # An owner who moved the hub to another port reads this at the door, and must learn what to do.
        assert "hub.public_url" in answer.json()["error"]["message"]
    if path != "/console/files":
        for kind in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json, text/plain",
            "",
        ):
            answer = await world.ask("POST", path, **own, content_type=kind)
            assert (answer.status_code, answer.json()["error"]["code"]) == (415, "wrong_content_type"), kind
    assert (await world.ask("GET", "/api/me", cookie=cookie)).status_code == 200, "and nothing was signed out"


async def test_a_get_changes_nothing(world):
    cookie = await world.sign_in("ann")
    site = world.hub._front._site
    state = "SELECT (SELECT count(*) FROM operator_session), (SELECT count(*) FROM topic), (SELECT count(*) FROM visitor)"
    before = await world.sql(state)
    for route in site.routes():
        path = (
            route.path.replace("{conversation}", "0" * 32)
            .replace("{customer}", "0" * 32)
            .replace("{visit}", "0" * 32)
        )
        answer = await world.ask("GET", path, cookie=cookie, origin="http://evil.test")
        assert answer.status_code < 500
        if not any("GET" in other.methods for other in site.routes() if other.path == route.path):
            assert answer.status_code in (404, 405)
    assert await world.sql(state) == before
