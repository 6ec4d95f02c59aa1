"""Walks through the demo shop and the console as people do, and takes the pictures of the README: `python -m tests.browser.tour`.

The hub's clock begins yesterday and is moved forward between the scenes, so that there is a past to look at. Pictures go to
tests/browser/pictures/, or to the folder named as first argument; look at every one of them after a change of looks.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from hub.actions import people, settings
from hub.demo import accounts, shop
from hub.demo.folder import LOOK, Folder
from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.hosts import LoopThread, RunningHub, Server, free_port
from tests.browser.people import OperatorDesk, Shopper, comes_to_rest

PICTURES = Path(__file__).parent / "pictures"
DAY = 24.0
MINUTE = 1 / 60


class Tour:
    """The stage: a hub, the demo shop, a browser, and a camera."""

    def __init__(self, browser: Browser, hub: RunningHub, shop_url: str, key: str, folder: Path) -> None:
        self.browser, self.hub, self.shop_url, self.key, self.folder = browser, hub, shop_url, key, folder

    def context(self, **options: Any) -> BrowserContext:
        usual = {
            "locale": "en-GB",
            "viewport": {"width": 1440, "height": 900},
            "timezone_id": "Europe/Berlin",
        }
        return self.browser.new_context(**{**usual, **options})

    def shopper(self, path: str = "/", referer: str | None = None, **options: Any) -> Shopper:
        visitor = Shopper(self.context(**options).new_page(), self.shop_url)
        visitor.page.goto(self.shop_url + path, referer=referer)
        return visitor

    def operator(self, login: str = "ana", **options: Any) -> OperatorDesk:
        desk = OperatorDesk(self.context(**options).new_page(), self.hub.url)
        desk.comes()
        desk.signs_in(login)
        return desk

    def logs_in(self, visitor: Shopper, name: str) -> None:
        """The shop vouches for this visitor from now on."""
        first = name.split(maxsplit=1)[0].lower()
        who = accounts.Account(user_id=f"c-{sum(name.encode())}", name=name, email=f"{first}@mail.example")
        token = accounts.sign(who, self.key, self.hub.clock() / 1_000_000)
        expect(visitor.button).to_be_visible()
        visitor.page.evaluate("token => hub('identify', {token})", token)

    def asks(self, path: str, words: str, name: str = "", **options: Any) -> Shopper:
        """Somebody new asks something."""
        self.hub.forgive_the_address()
        visitor = self.shopper(path, **options)
        if name:
            self.logs_in(visitor, name)
        visitor.opens_the_chat()
        visitor.writes(words)
        visitor.sees_state(words, "Sent")
        return visitor

    def takes(self, page: Page, name: str) -> None:
        comes_to_rest(page)
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{name}.png")
        print(f"{name}.png")

    def later(self, hours: float, *desks: OperatorDesk) -> None:
        self.hub.clock.move(hours=hours)
        for desk in desks:
            desk.page.reload()
            expect(desk.rail).to_be_visible()


def yesterday(tour: Tour) -> Shopper:
    """Ana Ribeiro asks from her phone, logged in, and is answered."""
    desk = tour.operator("robin")
    phone = tour.shopper("/product/tall-bottle", viewport={"width": 390, "height": 844}, has_touch=True)
    tour.logs_in(phone, "Ana Ribeiro")
    phone.opens_the_chat()
    phone.writes("Do you ship to Portugal?")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.writes("We do, within a week. Delivery is free from 80 €.")
    phone.sees("We do, within a week.")
    phone.writes("Perfect, thank you!")
    desk.sees("Perfect, thank you!")
    desk.finishes("Resolved")
    phone.page.goto("about:blank")
    desk.page.context.close()
    return phone


def this_morning(tour: Tour) -> list[Shopper]:
    """Four conversations under way, two people waiting, some who only browse."""
    robin = tour.operator("robin")
    people = [
        tour.asks("/product/rain-teapot", "Is the teapot safe on an induction hob?", "Jonas Okafor"),
        tour.asks("/product/harbour-mug", "I would like six of the harbour mugs as a present. Do you wrap them?", "Mira Weiß"),
        tour.asks("/product/orchard-bowl", "Is there a second size of this bowl?"),
    ]  # fmt: skip
    answers = ("Only on gas and ceramic, I am afraid: stoneware does not conduct.", "With pleasure, in straw and paper.", "A smaller one leaves the kiln on Friday.")  # fmt: skip
    for words, answer in zip(
        ("Is the teapot", "I would like six", "Is there a second"), answers, strict=True
    ):
        robin.opens(words)
        robin.takes()
        robin.writes(answer)
        robin.sees(answer)
        robin.presses("Escape", "w")
    people[0].writes("Pity. And the morning cup in the oven?")
    tour.later(2 * MINUTE, robin)
    ana = tour.shopper("/product/moon-jar")
    tour.logs_in(ana, "Ana Ribeiro")
    ana.page.get_by_role("button", name="Put into the cart").click()
    ana.visits("/cart")
    ana.visits("/product/moon-jar")
    ana.opens_the_chat()
    ana.writes("Hello again! Is the moon jar white all over? In the picture it looks a little blue.")
    robin.opens("Hello again!")
    robin.takes()
    robin.notes("Asked about delivery to Portugal yesterday, from her phone.")
    robin.writes("Good to see you again, Ana. It is white; the blue is the evening light in our window.")
    ana.sees("Good to see you again")
    ana.writes(
        "Then I take it. Could it be here before the 12th? It is a present for my mother, and she is hard to surprise."
    )
    ana.sees_state("Then I take it.", "Read")
    people.append(ana)
    people.append(tour.asks("/checkout", "The checkout says my postcode does not exist?!", "Lena Vogel"))
    tour.later(50 / 3600, robin)
    people.append(tour.asks("/shop/vases", "Hi, do you repair handles?"))
    people += [
        tour.shopper("/product/blue-vase", referer="http://search.example/", locale="de-DE"),
        tour.shopper("/workshop", referer="http://ceramics.example/makers", locale="fr-FR"),
        tour.shopper("/delivery-and-returns", locale="nl-NL"),
        tour.shopper("/product/blue-vase", locale="pt-PT"),
    ]
    tour.later(21 / 3600)
    robin.page.context.close()
    return people


def at_the_desk(tour: Tour) -> None:
    """The console's views."""
    desk = tour.operator("robin")
    for words in ("Pity. And", "Then I take it."):
        desk.inbox.locator(".talk-row", has_text=words).click()
        desk.presses("p")
    expect(desk.record.get_by_text("Why this is one person")).to_be_visible()
    desk.composer(2).press_sequentially("Parcels to Porto take five days, so if we send it to")
    desk.page.mouse.move(700, 880)
    tour.takes(desk.page, "desk")
    desk.page.emulate_media(color_scheme="dark")
    tour.takes(desk.page, "desk-dark")
    desk.page.emulate_media(color_scheme="light")
    desk.goes_to("Visitors")
    expect(desk.visitor_rows.first).to_be_visible()
    tour.takes(desk.page, "visitors")
    desk.visitor_rows.filter(has_text="Ana Ribeiro").first.locator(".who").click()
    expect(desk.record.get_by_text("2 browsers")).to_be_visible()
    desk.record.locator("ol.timeline .touch", has_text="Visit").first.click()
    tour.takes(desk.page, "customer")
    desk.goes_to("Health")
    tour.takes(desk.page, "health")
    desk.goes_to("Team")
    expect(desk.page.get_by_role("heading", name="Team")).to_be_visible()
    tour.takes(desk.page, "team")
    desk.goes_to("Settings")
    desk.page.get_by_role("button", name="Appearance").or_(
        desk.page.get_by_role("link", name="Appearance")
    ).first.click()
    expect(desk.page.frame_locator("iframe").locator("touchpoint-hub")).to_be_attached()
    tour.takes(desk.page, "settings")
    desk.page.set_viewport_size({"width": 1920, "height": 1080})
    desk.goes_to("Desk")
    for words in ("With pleasure", "A smaller one"):
        desk.inbox.locator(".talk-row", has_text=words).click()
        desk.presses("p")
    desk.presses("c")
    tour.takes(desk.page, "desk-four")
    desk.page.set_viewport_size({"width": 820, "height": 1180})
    tour.takes(desk.page, "desk-tablet")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    tour.takes(desk.page, "desk-phone")
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    desk.presses("?")
    tour.takes(desk.page, "keys")
    desk.presses("Escape")
    desk.page.context.close()


def at_the_door(tour: Tour) -> None:
    desk = OperatorDesk(tour.context().new_page(), tour.hub.url)
    desk.comes()
    expect(desk.page.get_by_label("Login")).to_be_focused()
    tour.takes(desk.page, "sign-in")


def in_the_shop(tour: Tour, ana: Shopper) -> None:
    """The widget: closed, open, talking; light, dark, on a phone, from right to left."""
    desk = tour.operator("ana")
    closed = tour.shopper("/product/blue-vase")
    expect(closed.button).to_be_visible()
    tour.takes(closed.page, "widget-closed")
    closed.opens_the_chat()
    tour.takes(closed.page, "widget-open")
    ana.page.mouse.move(10, 10)
    tour.takes(ana.page, "widget-chat")
    ana.page.emulate_media(color_scheme="dark")
    tour.takes(ana.page, "widget-chat-dark")
    phone = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }
    small = tour.asks("/product/bud-vase", "Does the bud vase come in pairs?", **phone)
    desk.opens_the_longest_wait()
    desk.opens("Does the bud vase come in pairs?")
    desk.takes()
    desk.writes(
        "They do, as siblings: no two are quite the same height. Shall I send you a picture of the pairs on our shelf?"
    )
    small.sees("They do, as siblings")
    desk.types("I c")
    small.sees_typing("Ana Ruiz")
    tour.takes(small.page, "widget-phone")
    context = tour.context(locale="ar")
    context.add_init_script(ARABIC)
    arabic = Shopper(context.new_page(), tour.shop_url).visits("/product/moon-jar")
    arabic.button.click()
    composer = arabic.panel.get_by_role("textbox")
    expect(composer).to_be_focused()
    for words in ("مرحبا، هل الجرة بيضاء بالكامل؟", "وكم تستغرق الشحنة إلى عمّان؟"):
        composer.fill(words)
        composer.press("Enter")
        expect(arabic.log.locator(".text", has_text=words)).to_be_visible()
    tour.takes(arabic.page, "widget-rtl")
    desk.page.context.close()


ARABIC = "document.addEventListener('DOMContentLoaded', () => document.documentElement.lang = 'ar')"


@contextmanager
def stage(folder: Path) -> Iterator[Tour]:
    loop = LoopThread()
    home = Folder(Path(tempfile.mkdtemp()) / "demo", fresh=True)
    hub = RunningHub(loop, home.path / "data")
    port = free_port()
    shop_url = f"http://127.0.0.1:{port}"
    server = Server(loop, shop.application(hub.url, home.key), port)
    text = home.configure(hub.url, shop_url).read_text()
    hub.start(text.replace('"data"', f'"{hub.data}"').replace("file:", f"file:{home.path}/"))
    hub.add_operator("robin", "Robin Hale", role="admin")
    robin = hub.read(people.by_login, "robin")[0].id
    hub.write(settings.keep, robin, hub.hub.hall.sites.config, "demo-shop", LOOK)
    hub.add_operator("ana", "Ana Ruiz")
    with sync_playwright() as playwright:
        expect.set_options(timeout=15_000)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield Tour(browser, hub, shop_url, home.key, folder)
        browser.close()
    hub.stop()
    server.stop()
    loop.stop()


def main(folder: Path = PICTURES) -> None:
    with stage(folder) as tour:
        tour.hub.clock.move(hours=-DAY - 0.1)
        yesterday(tour)
        tour.hub.clock.move(hours=DAY)
        people = this_morning(tour)
        scenes: list[Callable[[], None]] = [
            lambda: at_the_desk(tour),
            lambda: in_the_shop(tour, people[3]),
            lambda: at_the_door(tour),
        ]
        for scene in scenes:
            scene()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
