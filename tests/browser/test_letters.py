"""Hostile letters in a real Chromium: in their frame nothing runs, and nothing is asked of anybody before the operator asks."""

from playwright.sync_api import Browser

from hub.media import html
from tests.media.test_html import HOSTILE

HUB = "http://hub.test"
OUTER = """<!doctype html><title>console</title>
<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" src="/body" style="width:900px;height:900px"></iframe>"""
LETTERS = [*HOSTILE.values(), '<p>the last words</p><img src="cid:logo@1">']
PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80"
    b"\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82"
)


def asked(browser: Browser, *, raw: bool = False, pictures: bool = False) -> tuple[set[str], list[str], str]:
    """Addresses that were asked when the letter was opened, dialogs that came up, and the words in the frame. `raw`: as it came."""
    kept = "".join(html.clean(one) for one in LETTERS)
    body = html.page(kept, {"logo@1": "/media/logo"}, pictures=pictures)
    page = browser.new_page()
    found: set[str] = set()
    dialogs: list[str] = []

    def answer(route, request):
        found.add(request.url)
        if request.url == f"{HUB}/":
            route.fulfill(body=OUTER, content_type="text/html")
        elif request.url == f"{HUB}/body":
            policy = {} if raw else {"content-security-policy": html.policy(pictures=pictures)}
            route.fulfill(body="".join(LETTERS) if raw else body, content_type="text/html", headers=policy)
        else:
            route.fulfill(body=PIXEL, content_type="image/png")

    page.route("**/*", answer)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(HUB, wait_until="networkidle")
    words = page.frames[-1].locator("body").inner_text() if not raw else ""
    page.close()
    return found, dialogs, words


def test_a_letter_asks_for_nothing_but_its_own_pictures_until_it_may(browser):
    found, dialogs, words = asked(browser)
    assert found - {f"{HUB}/", f"{HUB}/body"} == {f"{HUB}/media/logo"}
    assert dialogs == []
    assert "the last words" in words
    found, dialogs, _ = asked(browser, pictures=True)
    elsewhere = {address for address in found if not address.startswith(HUB)}
    assert elsewhere == {"https://t.example/p.gif", "https://t.example/q"}
    assert dialogs == []


def test_the_same_letters_as_they_came_would_ask(browser):
    found, _, _ = asked(browser, raw=True)
    assert any(address.startswith("https://t.example") for address in found)
