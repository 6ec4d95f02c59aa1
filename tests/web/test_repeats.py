"""`Idempotency-Key`: a request that is sent twice is carried out once, whatever happens in between."""

import asyncio

import pytest

from hub.actions import repeats
from hub.store import StoreUnavailable, beside
from hub.web.repeats import PARTS
from tests.web.running import open_world, static, world

__all__ = ["open_world", "static", "world"]

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
OF_TRACKING = {"POST /v1/{call}", "POST /beacon/v1/batch"}


@pytest.fixture
async def boss(world):
    """`await boss(path, body, key)`: a request of the admin."""
    cookie = await world.sign_in("boss")

    async def ask(path, body, key="", method="POST", **headers):
        return await world.ask(
            method, path, cookie=headers.pop("cookie", cookie), body=body, idempotency_key=key, **headers
        )

    return ask


async def test_every_unsafe_route_says_what_it_does_with_a_key(world):
    routes = world.hub._front._site.routes()
    unsafe = {f"{method} {route.path}" for route in routes for method in route.methods & UNSAFE}
    assert unsafe | OF_TRACKING == set(PARTS)


BODIES = {
    "/api/me/choices": {"language": "de", "zone": "Europe/Berlin"},
    "/api/webpush/quiet": {"until": 1},
    "/api/settings/sites/shop": {"values": {"greeting": "Welcome!"}, "seen": 0},
    "/api/settings/sites/shop/preview": {"values": {}},
    "/api/operators/invite": {"role": "operator"},
    "/api/password": {"old": "boss", "new": "another long password"},
}


def _path(world, what):
    path = what.partition(" ")[2]
    for name, value in {
        "site": "shop", "operator": world.operators["bob"].hex(), "connection": "bell", "panel": "rings", "customer": "0" * 32,
    }.items():  # fmt: skip
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_every_route_that_takes_part_answers_a_repeat_as_it_did_the_first_time(world, boss):
    taking_part = [
        what for what, part in PARTS.items() if part != "leaves" and not what.startswith("POST /visitor")
    ]
    for n, what in enumerate(taking_part):
        method, path = what.split(" ")[0], _path(world, what)
        body = BODIES.get(path, b"" if "picture" in path or "files" in path else {})
        first, again = [await boss(path, body, f"key-{n}", method) for _ in range(2)]
        assert (again.status_code, again.content) == (first.status_code, first.content), what
        assert "idempotency-replayed" not in first.headers, what
        assert again.headers["idempotency-replayed"] == "true", what
        assert (await boss(path, b"another", f"key-{n}", method)).json()["error"]["code"] == "key_used", what
    assert await world.sql("SELECT count(*) FROM repeat WHERE state = 2") == [(len(taking_part),)]


async def test_a_repeat_does_nothing_and_an_answer_with_a_secret_is_sealed(world, boss):
    first, again = [await boss("/api/operators/invite", {"role": "operator"}, "once") for _ in range(2)]
    assert first.json() == again.json()
    assert await world.sql("SELECT count(*) FROM operator_link") == [(1,)]
    ((answer,),) = await world.sql("SELECT answer FROM repeat")
    assert all(value.encode() not in answer for value in first.json().values() if isinstance(value, str))
    await boss("/api/operators/invite", {"role": "operator"}, "twice")
    assert await world.sql("SELECT count(*) FROM operator_link") == [(2,)]


async def test_of_many_at_once_one_is_carried_out_and_all_hear_of_it(world, boss):
    answers = await asyncio.gather(
        *(boss("/api/operators/invite", {"role": "operator"}, "once") for _ in range(20))
    )
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert await world.sql("SELECT count(*) FROM operator_link") == [(1,)]


async def test_a_key_is_of_who_is_signed_in_and_goes_on_in_a_new_session(world, boss):
    own = {"language": "de", "zone": "Europe/Berlin"}
    await boss("/api/me/choices", own, "mine")
    ann, later = await world.sign_in("ann"), await world.sign_in("boss")
    other = await boss("/api/me/choices", {**own, "language": "fr"}, "mine", cookie=ann)
    assert other.json()["language"] == "fr"
    again = await boss("/api/me/choices", own, "mine", cookie=later)
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_key_at_another_address_is_another_request(boss):
    await boss("/api/sessions/end", {}, "one")
    assert (await boss("/api/webpush/end", {}, "one")).json()["error"]["code"] == "key_used"


async def test_a_bad_key_is_refused(boss):
    for key in ("x" * 256, "tab\tin it", "ünlike"):
        answer = await boss("/api/sessions/end", {}, key.encode())
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


async def test_the_longest_key_and_a_large_file_are_taken(boss):
    key, picture = "x" * 255, b"no picture at all" * 20_000
    first, again = [await boss("/api/me/picture", picture, key) for _ in range(2)]
    assert first.status_code == again.status_code == 415
    assert again.headers["idempotency-replayed"] == "true"
    assert (await boss("/api/me/picture", picture[:-1] + b"!", key)).status_code == 409


async def test_what_depends_on_the_moment_is_not_kept(world, boss, monkeypatch):
    body = {"role": "operator"}
    real = world.hub.store.write

    async def full(action, *args, **kwargs):
        if getattr(action, "__name__", "") == "invite":
            raise StoreUnavailable("the disk is full")
        return await real(action, *args, **kwargs)

    monkeypatch.setattr(world.hub.store, "write", full)
    assert (await boss("/api/operators/invite", body, "later")).status_code == 503
    monkeypatch.undo()
    assert (await boss("/api/operators/invite", body, "later")).status_code == 200


async def test_a_bug_is_an_answer_too(world, boss, monkeypatch):
    async def broken(action, *args, **kwargs):
        if getattr(action, "__name__", "") == "invite":
            raise RuntimeError("a bug")
        return await real(action, *args, **kwargs)

    real = world.hub.store.write
    monkeypatch.setattr(world.hub.store, "write", broken)
    first = await boss("/api/operators/invite", {"role": "operator"}, "bug")
    monkeypatch.undo()
    again = await boss("/api/operators/invite", {"role": "operator"}, "bug")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.status_code == 500


# --- a hub that dies in between: what the row says is what the next hub knows


async def test_begun_and_nothing_stored_is_carried_out(world, boss):
    place = await _dies(world, boss, before="the effect")
    assert await world.sql("SELECT state FROM repeat WHERE key = ?", place.key) == [(repeats.BEGUN,)]
    assert (await boss("/api/operators/invite", {"role": "operator"}, "dies")).status_code == 200
    assert await world.sql("SELECT count(*) FROM operator_link") == [(1,)]


async def test_stored_and_not_answered_is_never_done_again(world, boss):
    place = await _dies(world, boss, before="the answer")
    assert await world.sql("SELECT state FROM repeat WHERE key = ?", place.key) == [(repeats.ACTED,)]
    again = await boss("/api/operators/invite", {"role": "operator"}, "dies")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "carried_out")
    assert await world.sql("SELECT count(*) FROM operator_link") == [(1,)]


async def _dies(world, boss, *, before):
    """The hub goes no further with this request, as one that is killed; the place of its key."""
    real, places = world.hub.store.write, []
    reached = asyncio.Event()

    async def write(action, *args, **kwargs):
        if action is repeats.claim:
            places.append(args[0])
        name = getattr(action, "__name__", "")
        if (before, name) in (("the effect", "invite"), ("the answer", "keep")):
            reached.set()
            await asyncio.Event().wait()
        return await real(action, *args, **kwargs)

    world.hub.store.write = write
    asked = asyncio.get_running_loop().create_task(
        boss("/api/operators/invite", {"role": "operator"}, "dies")
    )
    await reached.wait()
    asked.cancel()
    world.hub.store.write = real
    world.hub._front._site._repeats._under_way.clear()
    return places[0]


async def test_effect_and_mark_are_one_commit(world):
    place = repeats.Place(b"o" * 16, b"k" * 16)
    store = world.hub.store
    await store.write(repeats.claim, place, outside=False)

    def fails(tx):
        tx.run("UPDATE operator SET name = 'nobody'")
        raise ValueError("no")

    with beside(lambda tx: repeats.mark(tx, place)):
        with pytest.raises(ValueError, match="no"):
            await store.write(fails)
        assert await world.sql("SELECT state FROM repeat") == [(repeats.BEGUN,)]
        await store.write(lambda tx: tx.run("UPDATE operator SET name = name"))
    assert await world.sql("SELECT state FROM repeat") == [(repeats.ACTED,)]


async def test_what_acts_beyond_the_database_is_marked_before_it_begins(world, boss, monkeypatch):
    seen = []
    monkeypatch.setattr(
        world.hub.hall.features.__class__, "reconnect", lambda self, name: seen.append(name) or True
    )
    claimed, real = [], repeats.claim

    def claim(tx, place, *, outside):
        claimed.append(outside)
        return real(tx, place, outside=outside)

    monkeypatch.setattr(repeats, "claim", claim)
    for _ in range(2):
        assert (await boss("/api/connections/bell/again", {}, "again")).status_code == 200
    assert (seen, claimed) == (["bell"], [True, True])


async def test_keys_are_forgotten_after_a_day(world, boss):
    await boss("/api/sessions/end", {}, "old")
    world.clock.move(hours=24.1)
    cookie = await world.sign_in("boss")
    again = await boss("/api/sessions/end", {}, "old", cookie=cookie)
    assert "idempotency-replayed" not in again.headers
    world.clock.move(hours=24.1)
    await world.hub.store.write(repeats.sweep)
    assert await world.sql("SELECT count(*) FROM repeat") == [(0,)]


async def test_a_page_may_send_an_upload_again(world, page_maker):
    page = await page_maker()
    headers = {
        "authorization": f"Hub {page.token}",
        "x_file_name": "note.txt",
        "idempotency_key": "up",
        "origin": "http://shop.test",
    }
    first, again = [
        await world.ask(
            "POST",
            "/visitor/files?site=shop",
            body=b"some words",
            content_type="text/plain",
            sec_fetch_site="cross-site",
            **headers,
        )
        for _ in range(2)
    ]
    assert first.status_code == 200
    assert first.json() == again.json()
    assert again.headers["access-control-allow-origin"] == "http://shop.test"
    assert await world.sql("SELECT count(*) FROM attachment") == [(1,)]


@pytest.fixture
def page_maker(world):
    from tests.web.people import Page

    async def come():
        page = Page(world, "socket")
        world.parties.append(page)
        return await page.come(consent="granted")

    return come
