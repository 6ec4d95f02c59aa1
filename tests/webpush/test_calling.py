"""A closed browser is called: who, when, with which words, and what becomes of it when the push service says no.

The push service is a real server on loopback that opens what it gets with the browser's own key.
"""

import json
import stat

import pytest

pytest.importorskip("cryptography")

from cryptography.exceptions import InvalidTag

from hub.actions import alarm
from tests.web.people import Page
from tests.web.running import World, open_world, static
from tests.webpush.browsers import Browser, PushService

__all__ = ["open_world", "static"]

ROUND = 46


class Scene:
    """A hub, a push service, and the cookies of who is signed in."""

    def __init__(self, world: World, pushes: PushService) -> None:
        self.world, self.pushes = world, pushes

    async def subscribes(
        self, login: str, path: str = "/x", browser: Browser | None = None, **more
    ) -> tuple[str, Browser]:
        """Signed in as `login`, in a browser that is called; its cookie."""
        browser = browser or Browser()
        cookie = await self.world.sign_in(login)
        body = browser.subscription(self.pushes.url + path, **more)
        answer = await self.world.ask("POST", "/api/webpush/keep", cookie=cookie, body=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["endpoint"] == self.pushes.url + path
        return cookie, browser

    async def somebody_waits(self, text: str = "CANARY, hello?", site: str = "shop") -> Page:
        page = Page(self.world, "socket", site, None)
        self.world.parties.append(page)
        await page.come()
        await page.begin(text)
        await page.until(lambda: page.talk)
        await self.sends()
        return page

    async def sends(self) -> int:
        """What is due is sent; how many pushes there were in all."""
        await self.world.hub._sender.send_due()
        return len(self.pushes.pushes)

    async def later(self, seconds: float) -> int:
        self.world.clock.move(seconds)
        await self.world.hub.hall.renew_leases()
        await self.world.hub.store.write(alarm.go_further)
        return await self.sends()


@pytest.fixture
async def scene(open_world):
    pushes = await PushService().start()
    world = await open_world(networks=["127.0.0.0/8"])
    yield Scene(world, pushes)
    await pushes.stop()


@pytest.fixture
def tab(scene):
    """`await tab(login)`: a console that is open."""
    from tests.web.people import Tab

    async def come(login: str) -> Tab:
        cookie = await scene.world.sign_in(login)
        one = Tab(scene.world, "socket", cookie)
        scene.world.parties.append(one)
        return await one.come()

    return come


async def test_a_closed_browser_is_called_at_once_where_nobody_is_there(scene):
    _, browser = await scene.subscribes("ann", "/push/ann")
    page = await scene.somebody_waits()
    push = await scene.pushes.got(1)
    assert push.path == "/push/ann"
    assert push.says(browser) == {
        "kind": "waits", "conversation": page.conversation, "site": "Shop", "round": 0, "language": "",
    }  # fmt: skip
    wanted = {"content-encoding": "aes128gcm", "urgency": "high", "ttl": "600", "topic": page.conversation}
    assert wanted.items() <= push.headers.items()
    claims = push.signed_for(scene.pushes.url)
    assert claims["exp"] - scene.world.clock() / 1e6 <= 24 * 3600
    assert claims["sub"].startswith("mailto:")


async def test_what_is_sent_opens_with_the_browsers_own_secret_alone(scene):
    _, browser = await scene.subscribes("ann")
    await scene.somebody_waits()
    push = await scene.pushes.got(1)
    browser.auth = bytes(16)
    with pytest.raises(InvalidTag):
        push.says(browser)


async def test_the_customers_words_are_in_it_only_where_the_operator_allows_it(scene):
    cookie, browser = await scene.subscribes("ann", words=True)
    await scene.somebody_waits()
    assert (await scene.pushes.got(1)).says(browser)["text"] == "CANARY, hello?"
    await scene.world.ask(
        "POST", "/api/webpush/keep", cookie=cookie, body=browser.subscription(scene.pushes.url + "/x")
    )
    await scene.somebody_waits()
    assert "CANARY" not in json.dumps((await scene.pushes.got(2)).says(browser))


async def test_a_round_is_called_once_and_the_next_one_again_under_the_same_topic(scene):
    _, browser = await scene.subscribes("ann")
    await scene.somebody_waits()
    assert [await scene.sends(), await scene.sends()] == [1, 1]
    assert await scene.later(ROUND) == 2
    first, second = scene.pushes.pushes
    assert first.headers["topic"] == second.headers["topic"]
    assert second.says(browser)["round"] == 1


async def test_who_is_there_comes_first_and_a_closed_browser_in_the_last_round(scene, tab):
    await tab("ann")
    await scene.world.hire("eve", queues=["main"])
    await scene.subscribes("eve")
    await scene.somebody_waits()
    assert await scene.later(ROUND) == 0
    assert await scene.later(ROUND) == 1


async def test_other_browsers_of_somebody_who_is_there_are_called_by_their_presence(scene, tab):
    here = await tab("ann")
    await scene.subscribes("ann")
    await scene.somebody_waits()
    assert len(scene.pushes.pushes) == 1
    await here.do("presence", state="busy")
    await scene.somebody_waits()
    assert len(scene.pushes.pushes) == 1


async def test_only_the_team_and_admins_are_called(scene):
    await scene.subscribes("bob", "/bob")
    await scene.subscribes("boss", "/boss")
    await scene.somebody_waits()
    assert [push.path for push in scene.pushes.pushes] == ["/boss"]


async def test_what_was_seen_or_taken_calls_nobody(scene, tab):
    page = await scene.somebody_waits()
    ann = await tab("ann")
    await ann.do("seen", conversation=page.conversation)
    await scene.subscribes("boss")
    assert await scene.sends() == 0


async def test_a_rest_is_kept_and_ends(scene):
    cookie, _ = await scene.subscribes("ann")
    until = int(scene.world.clock() / 1000) + 30_000
    await scene.world.ask("POST", "/api/webpush/quiet", cookie=cookie, body={"until": until})
    await scene.somebody_waits()
    assert not scene.pushes.pushes
    assert await scene.later(31) == 1


@pytest.mark.parametrize("path", ["sign-out", "end", "sessions"])
async def test_who_signed_out_or_switched_it_off_is_not_called(scene, path):
    cookie, _ = await scene.subscribes("ann")
    if path == "sessions":
        scene.world.clock.move(hours=13)
    else:
        address = "/api/sign-out" if path == "sign-out" else "/api/webpush/end"
        assert (await scene.world.ask("POST", address, cookie=cookie, body={})).status_code == 200
    await scene.somebody_waits()
    assert not scene.pushes.pushes
    await scene.world.hub._jobs._housekeeping()
    assert not await scene.world.sql("SELECT 1 FROM push_subscription")


async def test_a_browser_belongs_to_who_signed_in_there_last(scene):
    browser = Browser()
    await scene.subscribes("ann", browser=browser)
    await scene.subscribes("boss", browser=browser)
    await scene.somebody_waits()
    assert len(scene.pushes.pushes) == 1


@pytest.mark.parametrize("answer", ["404 Not Found", "410 Gone", "403 Forbidden"])
async def test_a_browser_that_has_gone_is_forgotten(scene, answer):
    await scene.subscribes("ann")
    scene.pushes.answers = [answer]
    await scene.somebody_waits()
    assert not await scene.world.sql("SELECT 1 FROM push_subscription")


async def test_a_push_service_in_trouble_is_asked_again_after_a_pause(scene):
    await scene.subscribes("ann")
    scene.pushes.answers = ["503 Busy", "429 Slow\r\nretry-after: 25"]
    await scene.somebody_waits()
    assert await scene.later(9) == 1
    assert await scene.later(2) == 2
    assert await scene.later(20) == 2
    assert await scene.later(6) == 3
    assert await scene.later(1) == 3
    assert await scene.world.sql("SELECT failures FROM push_subscription") == [(0,)]


async def test_inner_addresses_are_refused_where_the_owner_did_not_allow_them(open_world):
    world = await open_world()
    cookie = await world.sign_in("ann")
    for endpoint in ("http://127.0.0.1:1/x", "https://127.0.0.1/x", "https://[::1]/", "https://10.0.0.1/x"):
        answer = await world.ask(
            "POST", "/api/webpush/keep", cookie=cookie, body=Browser().subscription(endpoint)
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), endpoint
        assert "inner address" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "wrong",
    [{"endpoint": "http://push.example/x"}, {"endpoint": "ftp://127.0.0.1"}, {"endpoint": ""}, {"key": "AAAA"},
     {"key": "B" + "A" * 86}, {"auth": "AA"}, {"auth": "é"}, {"more": 1}],
)  # fmt: skip
async def test_what_is_no_subscription_is_refused(scene, wrong):
    cookie = await scene.world.sign_in("ann")
    body = Browser().subscription(scene.pushes.url) | wrong
    answer = await scene.world.ask("POST", "/api/webpush/keep", cookie=cookie, body=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


async def test_the_test_says_what_the_push_service_said(scene):
    cookie, browser = await scene.subscribes("ann")
    assert (await scene.world.ask("POST", "/api/webpush/test", cookie=cookie, body={})).json() == {
        "fate": "taken"
    }
    assert (await scene.pushes.got(1)).says(browser)["kind"] == "test"
    scene.pushes.answers = ["500 Broken", "410 Gone"]
    answer = await scene.world.ask("POST", "/api/webpush/test", cookie=cookie, body={})
    assert "answered 500" in answer.json()["error"]["message"]
    await scene.world.ask("POST", "/api/webpush/test", cookie=cookie, body={})
    assert (await scene.world.ask("GET", "/api/webpush", cookie=cookie)).json().get("endpoint", "") == ""


async def test_the_key_is_made_once_and_readable_by_its_owner_alone(scene):
    cookie = await scene.world.sign_in("ann")
    first = (await scene.world.ask("GET", "/api/webpush", cookie=cookie)).json()["key"]
    path = scene.world.data / "push.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    scene.world.hub._sender._vapid = None
    assert (await scene.world.ask("GET", "/api/webpush", cookie=cookie)).json()["key"] == first
    scene.world.hub._sender._vapid = None
    path.write_text("nonsense")
    said = (await scene.world.ask("GET", "/api/webpush", cookie=cookie)).json()
    assert "key" not in said and "push.key" in said["why"]


async def test_a_hub_without_the_extra_says_so_and_runs(scene, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "hub.webpush.vapid", None)
    cookie = await scene.world.sign_in("ann")
    assert (
        "touchpoint-hub[push]" in (await scene.world.ask("GET", "/api/webpush", cookie=cookie)).json()["why"]
    )
    await scene.somebody_waits()
