"""Whoever types somebody's address is shown with that record to operators, marked as unverified, and learns nothing of it."""

import jwt
import pytest

from tests.web.people import new_id
from tests.web.running import KEYS

SECRETS = ("Ann Berg", "anncanary", "our secret", "Dear Ann", "4930555123")


@pytest.fixture
def wire():
    return "socket"


def token(world, sub, **more):
    now = world.clock() // 1_000_000
    return jwt.encode(
        {"sub": sub, "aud": "shop", "exp": now + 600, **more}, KEYS["SHOP_KEY"], algorithm="HS256"
    )


@pytest.fixture
async def ann(page_of, tab_of, world):
    """A customer who has proven who she is, and has talked."""
    page = await page_of(page={"url": "https://shop.test/secret-page", "title": "our secret page"})
    said = token(world, "Ann", name="Ann Berg", email="anncanary@shop.org", phone="+4930555123")
    assert (await page.identify(said))["level"] == "verified"
    await page.begin("our secret")
    await page.until(lambda: page.talk)
    desk = await tab_of("ann")
    await desk.do("reply", page.conversation, text="Dear Ann, it stays one")
    await page.until(lambda: "Dear Ann, it stays one" in page.texts)
    return page


async def typed(page_of, **more):
    """A stranger who types Ann's address before a chat."""
    page = await page_of()
    await page.begin("Where is my order?", email="AnnCanary@shop.org", **more)
    await page.until(lambda: page.talk)
    return page


async def row_of(tab, page):
    rows = (await tab.follow(f"queue:{tab.world.queues['main']}")).of("row")
    return next(row for row in rows if row["id"] == page.conversation)


async def test_operators_see_the_record_and_that_nobody_proved_it(ann, page_of, tab_of):
    stranger, desk = await typed(page_of), await tab_of("ann")
    hers, theirs = await row_of(desk, ann), await row_of(desk, stranger)
    assert (theirs["customer"], theirs["name"]) == (hers["customer"], "Ann Berg")
    assert (hers["level"], theirs["level"]) == ("verified", "asserted")
    visitors = {row["visit"]: row["level"] for row in (await desk.follow("visitors")).of("visitor")}
    assert visitors[stranger.welcome["visit"]] == "asserted"
    assert visitors[ann.welcome["visit"]] == "verified"


async def test_the_page_is_told_nothing_of_the_record(ann, page_of, tab_of):
    stranger, desk = await typed(page_of), await tab_of("ann")
    await desk.do("reply", stranger.conversation, text="Who are you?")
    await stranger.until(lambda: "Who are you?" in stranger.texts)
    mine = await stranger.ask({"t": "mine", "client_id": new_id()}, "stored")
    assert (mine["visits"], mine["conversations"], mine.get("level", "observed")) == (1, 1, "observed")
    link = await stranger.ask(
        {"t": "transcript", "client_id": new_id(), "conversation": stranger.conversation}, "link"
    )
    transcript = (await stranger.world.http.get(link["url"])).text
    refused = await stranger.ask(
        {"t": "transcript", "client_id": new_id(), "conversation": ann.conversation}, "link", "refused"
    )
    assert refused["t"] == "refused"
    await stranger.come()
    other_tab = await page_of(token=stranger.token)
    for page in (stranger, other_tab):
        assert page.texts == ["Where is my order?", "Who are you?"]
        assert page.welcome.get("level", "observed") == "observed"
        heard = page.everything() + transcript
        assert [word for word in SECRETS if word.casefold() in heard.casefold()] == []


async def test_what_a_form_still_asks_tells_nothing_of_the_record(ann, page_of):
    stranger = await typed(page_of)
    await stranger.come()
    assert stranger.welcome.get("ask", []) == ["name"], "Ann's name is known, and theirs is not"


async def test_neither_hears_of_the_other(ann, page_of, tab_of):
    stranger, desk = await typed(page_of), await tab_of("ann")
    await desk.do("reply", stranger.conversation, text="only for you")
    await stranger.until(lambda: "only for you" in stranger.texts)
    await ann.settled()
    assert "only for you" not in ann.everything() and stranger.conversation not in ann.everything()
    await desk.do("reply", ann.conversation, text="only for Ann")
    await ann.until(lambda: "only for Ann" in ann.texts)
    await stranger.settled()
    assert "only for Ann" not in stranger.everything()


async def test_who_proves_it_then_is_verified(ann, page_of, tab_of, world):
    stranger, desk = await typed(page_of), await tab_of("ann")
    queue = await desk.follow(f"queue:{world.queues['main']}")
    assert (await stranger.identify(token(world, "Ann")))["level"] == "verified"
    await desk.until(
        lambda: next(r for r in queue.of("row") if r["id"] == stranger.conversation)["level"] == "verified"
    )


async def test_who_types_it_under_another_name_is_kept_apart(ann, page_of, tab_of):
    mallory, desk = await typed(page_of, name="Mallory Jones"), await tab_of("ann")
    hers, theirs = await row_of(desk, ann), await row_of(desk, mallory)
    assert theirs["customer"] != hers["customer"]
    assert (theirs["name"], theirs["level"]) == ("Mallory Jones", "asserted")
    record = (await desk.follow(f"customer:{theirs['customer']}")).one("customer")
    held = {
        one["kind"]: (one["status"], one["level"]) for one in record["identifiers"] if one["kind"] == "email"
    }
    assert held == {"email": ("contested", "asserted")}
