"""Being tracked, or not: what is stored before a yes, after a no, and of whoever talks all the same."""

import pytest

from hub.web.limits import SOCKETS, Addresses
from tests.web.database import bytes_on_disk, contents
from tests.web.people import Page, new_id

SITES = """
[sites.asks]
name = "Asks first"
origins = ["http://asks.test"]
consent = "required"

[sites.waits]
name = "Waits for a banner"
origins = ["http://waits.test"]
consent = "wait"

[sites.deaf]
name = "Deaf to GPC"
origins = ["http://deaf.test"]
honour_gpc = false
"""
VISIT_TABLES = ("visit", "page_view", "visit_event", "cart")


@pytest.fixture
async def world(open_world):
    return await open_world(more=SITES)


@pytest.fixture
def wire():
    """What may be stored is decided behind the socket, the same for both ways to it."""
    return "socket"


async def everything_a_page_says(page: Page) -> None:
    """Another page, attention, an event, an order and a cart."""
    await page.line.send({"t": "page", "page": {"url": "https://asks.test/vase", "title": "CANARY vase"}})
    await page.line.send({"t": "beat", "active": 42.0, "scroll": 80})
    await page.ask(
        {"t": "track", "client_id": new_id(), "name": "product", "properties": {"sku": "CANARY"}}, "noted"
    )
    await page.ask(
        {"t": "track", "client_id": new_id(), "name": "order", "properties": {"id": "CANARY-1"}}, "noted"
    )
    lines = [{"name": "CANARY vase", "price": 34.0}]
    await page.ask(
        {"t": "cart", "client_id": new_id(), "items": lines, "value": 34.0, "currency": "EUR"}, "noted"
    )
    await page.settled()


def on_board(world) -> int:
    return len(world.hub.hall.board)


async def visits_stored(world) -> dict[str, int]:
    return {table: len(rows) for table, rows in (await contents(world)).items() if table in VISIT_TABLES}


async def say_to_tracking(page: Page, granted: bool) -> None:
    await page.line.send({"t": "consent", "granted": granted})
    welcome = await page.hear("welcome")
    assert welcome.get("tracking", "on") == ("on" if granted else "off")
    if granted:
        await page.look()


async def test_nothing_changes_in_the_database_before_a_yes(world, page_of):
    before = await contents(world)
    page = await page_of("asks")
    assert (page.welcome["tracking"], page.token) == ("ask", None)
    await everything_a_page_says(page)
    await page.line.cut()
    await world.hub.hall.write_dwell()
    assert await contents(world) == before
    assert on_board(world) == 0


async def test_a_page_before_a_yes_is_asked_what_it_may_be_asked_and_shows_the_site(page_of):
    page = await page_of("asks")
    assert page.welcome["site"]["name"] == "Asks first"
    assert page.welcome["ask"] == ["name", "email"]


async def test_after_a_yes_the_page_is_a_visitor_like_any(world, page_of):
    page = await page_of("asks")
    await say_to_tracking(page, granted=True)
    assert page.token and page.welcome["visit"]
    assert on_board(world) == 1
    await everything_a_page_says(page)
    assert await visits_stored(world) == {"visit": 1, "page_view": 2, "visit_event": 1, "cart": 1}


async def test_a_yes_that_was_said_before_counts_from_the_hello_on(world, page_of):
    page = await page_of("asks", consent="granted")
    assert page.welcome.get("tracking", "on") == "on"
    assert on_board(world) == 1


async def test_what_a_page_says_before_the_yes_is_not_even_remembered(world, page_of):
    page = await page_of("asks")
    await page.line.send({"t": "page", "page": {"url": "https://asks.test/before", "title": "Before"}})
    page.url = "https://asks.test/after"
    await say_to_tracking(page, granted=True)
    assert await world.sql("SELECT url FROM page_view") == [("https://asks.test/after",)]


async def test_a_site_whose_own_banner_asks_is_told_to_wait_for_it(world, page_of):
    page = await page_of("waits")
    assert (page.welcome["tracking"], page.token, on_board(world)) == ("wait", None, 0)
    await say_to_tracking(page, granted=True)
    assert on_board(world) == 1


async def test_a_no_takes_the_visitor_off_the_board_and_ends_the_storing(world, page_of):
    page = await page_of("asks", consent="granted")
    await page.line.send({"t": "beat", "active": 20.0})
    await page.settled()
    await say_to_tracking(page, granted=False)
    assert on_board(world) == 0
    before = await contents(world)
    await everything_a_page_says(page)
    await page.line.cut()
    await world.hub.hall.write_dwell()
    assert await contents(world) == before


async def test_a_no_counts_for_every_tab_of_the_browser(world, page_of):
    one = await page_of("asks", consent="granted")
    two = await page_of("asks", one.token, consent="granted")
    await say_to_tracking(one, granted=False)
    await two.hear("welcome", tracking="off")
    before = await contents(world)
    await everything_a_page_says(two)
    assert await contents(world) == before
    assert on_board(world) == 0


async def test_a_no_is_heard_however_much_was_said_before(open_world):
    world = await open_world(limited=True, more=SITES)
    page = Page(world, "socket", "asks")
    world.parties.append(page)
    await page.come(consent="granted")
    while not world.hub.hall.limits.wait("hellos", "127.0.0.1", SOCKETS):
        pass  # everybody else behind the same address
    for _ in range(80):
        await page.line.send({"t": "beat", "active": 3.0})
    assert (await page.hear("refused"))["code"] == "rate_limited"
    await page.line.send({"t": "consent", "granted": False})
    await page.hear("welcome", tracking="off")
    assert on_board(world) == 0
    await page.line.send({"t": "consent", "granted": True})  # back and forth is not for free
    await page.hear("refused")
    assert on_board(world) == 0


async def test_a_browser_that_was_tracked_once_is_nobody_after_a_no(world, page_of):
    page = await page_of("asks", consent="granted")
    before = await contents(world)
    again = await page_of("asks", page.token, consent="denied")
    assert "visit" not in again.welcome and "talk" not in again.welcome
    assert await contents(world) == before


async def test_after_a_yes_that_follows_a_no_the_page_gets_a_token_of_its_own(page_of):
    page = await page_of("asks", consent="granted")
    first = page.token
    await say_to_tracking(page, granted=False)
    page.token = None
    await say_to_tracking(page, granted=True)
    assert page.token not in (None, first)


async def test_a_no_said_on_a_site_that_never_asked_counts_as_well(world, page_of):
    page = await page_of("shop", consent="denied")
    assert (page.welcome["tracking"], on_board(world)) == ("off", 0)
    assert sum((await visits_stored(world)).values()) == 0


@pytest.mark.parametrize(
    ("site", "said", "tracking"),
    [
        ("shop", {"gpc": True}, "off"),
        ("shop", {"gpc": True, "consent": "granted"}, "on"),  # their own word comes first
        ("asks", {"gpc": True}, "off"),  # and need not be asked again
        ("deaf", {"gpc": True}, "on"),
        ("deaf", {"gpc": True, "consent": "denied"}, "off"),
    ],
)
async def test_a_browsers_wish_not_to_be_tracked_counts_by_the_sites_setting(
    world, page_of, site, said, tracking
):
    page = await page_of(site, **said)
    assert page.welcome.get("tracking", "on") == tracking
    assert on_board(world) == (1 if tracking == "on" else 0)


async def test_who_may_not_be_tracked_can_talk_and_comes_back_to_the_talk(world, page_of, tab_of):
    page = await page_of("asks", consent="denied")
    sent = await page.begin("Do you deliver on Mondays?")
    assert page.token
    ann = await tab_of("ann")
    await ann.do("reply", sent["conversation"], text="We do.")
    await page.until(lambda: len(page.messages) == 2)
    await page.come(consent="denied")
    assert page.welcome["tracking"] == "off"
    await page.say("Splendid.")
    await page.until(lambda: len(page.messages) == 3)
    assert page.texts == ["Do you deliver on Mondays?", "We do.", "Splendid."]
    later = await page_of("asks", page.token, consent="denied")
    assert [said["text"] for said in later.welcome["messages"]] == page.texts
    assert sum((await visits_stored(world)).values()) == 0
    assert on_board(world) == 0


async def test_a_first_message_sent_again_after_its_answer_was_lost_is_one_conversation(world, page_of):
    page = await page_of("asks", consent="denied")
    first = await page.begin("Hello?", "client-0001")
    page.token = page.talk = None  # the answer never came: neither the token nor the talk is known
    await page.come(consent="denied")
    again = await page.begin("Hello?", "client-0001")
    assert (again["conversation"], again["seq"]) == (first["conversation"], first["seq"])
    assert await world.sql("SELECT count(*) FROM visitor") == [(1,)]
    page.talk = None
    await page.come(consent="denied")
    assert page.texts == ["Hello?"]


async def test_a_chat_that_is_refused_leaves_nothing_of_who_may_not_be_tracked(world, page_of):
    page = await page_of("asks", consent="denied")
    before = await contents(world)
    refused = await page.begin("   ")
    assert (refused["t"], refused["code"]) == ("refused", "bad_request")
    assert await contents(world) == before
    await page.begin("Now with words")
    assert await world.sql("SELECT count(*) FROM visitor") == [(1,)]


async def test_a_yes_in_the_middle_of_a_talk_keeps_the_talk(world, page_of):
    page = await page_of("asks")
    await page.begin("Before the yes")
    await say_to_tracking(page, granted=True)
    assert page.welcome["talk"]["id"] == page.conversation
    await page.say("After the yes")
    await page.until(lambda: len(page.messages) == 2)
    assert await world.sql("SELECT count(*) FROM visitor") == [(1,)]
    assert await visits_stored(world) == {"visit": 1, "page_view": 1, "visit_event": 0, "cart": 0}


async def test_a_no_in_the_middle_of_a_talk_keeps_the_talk(world, page_of, tab_of):
    page = await page_of("asks", consent="granted")
    await page.begin("Before the no")
    await say_to_tracking(page, granted=False)
    assert page.welcome["talk"]["id"] == page.conversation
    await (await tab_of("ann")).do("reply", page.conversation, text="Still here.")
    await page.until(lambda: len(page.messages) == 2)
    assert on_board(world) == 0


async def test_pages_that_are_nobody_do_not_hear_each_others_features(page_of):
    one, two = await page_of("asks"), await page_of("asks")
    await one.hear("features")
    await two.hear("features")
    await one.line.send({"t": "feature", "name": "bell.ring", "data": {"by": "one"}})
    await one.hear("feature", name="bell.rang")
    await two.settled()
    assert not [frame for frame in two.line.heard if frame["t"] == "feature"]


async def test_no_address_is_stored_beyond_its_network(world, page_of):
    world.hub.hall.addresses = Addresses(["127.0.0.0/8"])
    for address in ("203.0.113.77", "2001:db8:1234:5678:9abc:def0:1234:5678"):
        page = Page(world, "socket")
        world.parties.append(page)
        await page.dial(**{"x-forwarded-for": address})
        await page.greet()
        await page.begin("Where am I from?")
    networks = [network for (network,) in await world.sql("SELECT network FROM visit ORDER BY network")]
    assert networks == ["2001:db8:1234::/48", "203.0.113.0/24"]
    on_disk = await bytes_on_disk(world)
    for longer in (b"203.0.113.77", b"2001:db8:1234:5678", b"127.0.0.1"):
        assert longer not in on_disk


async def test_no_route_of_visitors_sets_a_cookie(world, page_of):
    page = await page_of("shop")
    await page.begin("Hello?")
    await page.until(lambda: page.talk)
    link = await page.ask(
        {"t": "transcript", "client_id": new_id(), "conversation": page.conversation}, "link"
    )
    headers = {
        "origin": "http://shop.test",
        "host": world.url.removeprefix("http://"),
        "authorization": f"Hub {page.token}",
    }
    asked = [
        ("GET", "/widget.js"), ("GET", "/assets/console.AAAA.js"), ("GET", link["url"]), ("GET", "/media/none"),
        ("OPTIONS", "/visitor/files"), ("GET", "/p/bell/none.js"),
    ]  # fmt: skip
    answers = [await world.http.request(method, path, headers=headers) for method, path in asked]
    answers.append(await world.http.post("/visitor/files?site=shop", content=b"hello", headers=headers))
    hello = {"socket": None, "after": 0, "frames": [page.hello()]}
    answers.append(await world.http.post("/visitor/poll", json=hello, headers=headers))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 204, 404, 200, 200]
    assert not [answer.url for answer in answers if "set-cookie" in answer.headers]
