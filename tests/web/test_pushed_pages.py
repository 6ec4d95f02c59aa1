"""Pages that an operator offers a visitor: the site's own and no others, and what became of them."""

import pytest

from hub.actions import serve
from hub.wire import Refusal
from tests.web.people import new_id

OWN = [
    "http://shop.test", "http://shop.test/", "http://shop.test/vase?colour=blue#size", "http://shop.test:80/", "HTTP://SHOP.TEST/",
    "Http://Shop.Test/Vase", "http://www.shop.test:8080/", "http://shop.test?q=@evil.test", "http://shop.test#@evil.test",
    "http://shop.test/@evil.test", "http://shop.test//evil.test", "http://shop.test/%2f%2fevil.test", "http://shop.test/à la carte",
]  # fmt: skip
OTHERS = [
    # another scheme, or none
    "", "/", "vase", "//evil.test", "//shop.test", "///shop.test", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript://shop.test/%0aalert(1)",
    "java\tscript:alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "blob:http://shop.test/1", "file:///etc/passwd", "ftp://shop.test/", "ws://shop.test/", "about:blank", "view-source:http://shop.test/",
    "https://shop.test/", "http:shop.test", "http:/shop.test", "http:///shop.test", "http:////shop.test/", "://shop.test/", "http//shop.test",
    # another host that looks like ours
    "http://evil.test", "http://evil.test/http://shop.test/", "http://evil.test?http://shop.test", "http://evil.test#http://shop.test/",
    "http://shop.test.evil.test/", "http://evilshop.test/", "http://evil.test/shop.test", "http://sub.shop.test/", "http://test/",
    "http://shop.tes", "http://shop.test./", "http://.shop.test/", "http://shop..test/", "http://shop.test,evil.test/", "http://shop.test;evil.test/",
    "http://shop-test/", "http://shop.test%2eevil.test/", "http://shop.test%00.evil.test/", "http://sho%70.test/", "http://%73hop.test/",
    # names and passwords
    "http://shop.test@evil.test/", "http://shop.test:80@evil.test/", "http://evil.test@shop.test/", "http://a:b@shop.test/", "http://@shop.test/",
    "http://shop.test%40evil.test/", "http://shop.test&@evil.test/", "http://shop.test;@evil.test/", "http://:@shop.test/",
    # slashes that lean the other way
    "http:\\\\shop.test\\", "http:/\\evil.test", "http://evil.test\\@shop.test/", "http://shop.test\\@evil.test/", "http://shop.test\\.evil.test/",
    "\\\\evil.test\\", "/\\evil.test", "http://shop.test/\\evil.test",
    # what browsers drop, and what nobody sees
    "http://shop.test\t.evil.test/", "http://shop.test\n@evil.test/", "ht\ntp://evil.test/", "http://shop.test\r/", " http://shop.test/",
    "http://shop.test/\u202egnp.exe", "http://shop.test\u3002evil.test/", "http://shop.test\u00ad/", "http://shop.test\u200b/", "http://shop.test/\x00",
    # another port
    "http://shop.test:8080/", "http://shop.test:81/", "http://shop.test:443/", "http://www.shop.test/", "http://shop.test:", "http://shop.test:0/",
    "http://shop.test:99999/", "http://shop.test:80:80/", "http://shop.test:-80/", "http://shop.test:8o/", "http://shop.test:\u0668\u0660/",
    # other alphabets, and what parsers stumble over
    "http://\u0455hop.test/", "http://shop.\uff54est/", "http://xn--hop-tbd.test/", "http://shop\uff0etest/", "http://shop.test\uff03@evil.test/",
    "http://shop.test\uff0fevil.test/", "http://[shop.test]/", "http://[::1]/", "http://[::1", "http://]/", "http://\u212ashop.test/", "http://2130706433/",
]  # fmt: skip


@pytest.fixture(scope="module")
def origins():
    return {"shop": ["http://shop.test", "http://www.shop.test:8080"], "bare": []}


@pytest.mark.parametrize("url", OWN)
def test_the_sites_own_pages_may_be_pushed(origins, url):
    serve.demand_page(origins, "shop", url)


@pytest.mark.parametrize("url", OTHERS)
def test_nothing_else_may(origins, url):
    with pytest.raises(Refusal) as refused:
        serve.demand_page(origins, "shop", url)
    assert refused.value.code == "forbidden"


def test_a_site_without_origins_has_no_pages_to_push(origins):
    for site in ("bare", "", "unknown"):
        with pytest.raises(Refusal):
            serve.demand_page(origins, site, "http://shop.test/")


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def talking(page_of, tab_of):
    """A page that talks with ann, whose tab follows the conversation."""
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Where is the blue one?")
    await page.until(lambda: page.talk)
    topic = await ann.follow(f"conversation:{page.conversation}")
    return page, ann, topic


async def pushed(talking):
    page, ann, _ = talking
    done = await ann.do("push", page.conversation, url="http://shop.test/blue", title="The blue one")
    await page.until(lambda: len(page.messages) == 2)
    return done


async def follow(page, fate: str, seq: int = 2) -> None:
    await page.line.send({"t": "followed", "conversation": page.conversation, "seq": seq, "fate": fate})
    await page.settled()


async def test_a_pushed_page_says_who_sent_what(talking):
    page, *_ = talking
    assert (await pushed(talking))["t"] == "done"
    said = page.messages[2]
    assert (said["kind"], said["name"], said["push"]) == (
        "push",
        "Ann",
        {"url": "http://shop.test/blue", "title": "The blue one"},
    )


async def test_its_fate_is_said_once_and_shown_to_both(talking):
    page, ann, topic = talking
    await pushed(talking)
    for fate in ("accepted", "declined", "accepted"):
        await follow(page, fate)
    push = lambda: next(message["push"] for message in topic.of("message") if message.get("push"))
    await ann.until(lambda: push().get("fate") == "accepted")
    await page.settled()
    await page.come()
    again = await page.world.hub.store.read(
        lambda read: read.all("SELECT data FROM message WHERE kind = 'push'")
    )
    assert '"fate":"accepted"' in again[0][0]


async def test_only_a_pushed_page_has_a_fate(talking):
    page, *_ = talking
    for seq in (1, 99):
        await page.line.send(
            {"t": "followed", "conversation": page.conversation, "seq": seq, "fate": "accepted"}
        )
        assert (await page.hear("refused"))["code"] == "not_found"


async def test_a_foreign_page_is_refused_and_the_operators_line_holds(talking):
    page, ann, _ = talking
    for url in (
        "http://evil.test/",
        "http://[::1",
        "http://shop.test\uff03@evil.test/",
        "javascript:alert(1)",
    ):
        refused = await ann.do("push", page.conversation, url=url)
        assert (refused["t"], refused["code"]) == ("refused", "forbidden")
    assert (await pushed(talking))["t"] == "done"


async def test_a_push_sent_again_is_pushed_once(talking):
    page, ann, _ = talking
    command = new_id()
    first = await ann.do("push", page.conversation, id=command, url="http://shop.test/blue")
    assert await ann.do("push", page.conversation, id=command, url="http://shop.test/blue") == first
    await page.settled()
    assert len(page.messages) == 2
