"""One visitor is led through every state of the widget, on a real hub; for pictures, and for whatever looks on in a test.

`walk` yields the name of each state when it stands still. Nothing is found by its words, since one of the looks reads Arabic; the
operator's part is played by the hub's own verbs, without a console.
"""

import io
import re
from collections.abc import Iterator

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, Route, expect

from hub.actions import alarm, invite, people, presence, serve, talk
from hub.store import Tx
from hub.wire import id_hex
from hub.wire.visitor import Open, SomebodyTypes
from tests.browser.hosts import RunningHub, wait_for

MORE_TOML = 'consent = "required"'
ARABIC = "document.addEventListener('DOMContentLoaded', () => document.documentElement.lang = 'ar')"
WORDS = {
    "asks": "Hello! Is the blue vase from your window still there, and how tall is it?",
    "more": "And what does Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen cost? 😊",
    "answers": "It is, and 31 cm tall. All sizes: https://example.org/vases/blue?colour=cobalt&size=31#sizes",
    "long": "We fire it twice. The second firing takes eleven hours and gives the blue its depth. " * 3,
    "invites": "Shall I show you the taller one? It came out of the kiln this morning.",
}
ARABIC_WORDS = {
    "asks": "مرحبا! هل المزهرية الزرقاء التي في واجهتكم ما زالت متوفرة، وكم يبلغ ارتفاعها؟",
    "more": "وكم تكلف Donaudampfschifffahrtsgesellschaftskapitän؟ 😊",
    "answers": "نعم، وارتفاعها 31 سم. كل المقاسات: https://example.org/vases/blue?colour=cobalt&size=31#sizes",
    "long": "نحرقها مرتين. يستغرق الحرق الثاني إحدى عشرة ساعة ويمنح الأزرق عمقه. " * 3,
    "invites": "هل أريك الأطول؟ خرجت من الفرن هذا الصباح.",
}


class Ana:
    """The operator, without a console: what she does are the hub's own actions."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.id: bytes = hub.read(people.by_login, "ana")[0].id
        self._said = 0

    def is_here(self) -> None:
        """Her word about that is good for 45 seconds."""
        self.hub.write(presence.choose, self.id, "available")

    def conversation(self) -> bytes:
        """The newest."""
        found = self.hub.read(
            lambda read: read.one("SELECT id FROM conversation ORDER BY opened_at DESC LIMIT 1")
        )
        newest: bytes = found[0]
        return newest

    def takes(self) -> None:
        self.hub.write(serve.take, self.id, self.conversation())

    def says(self, text: str) -> None:
        self._said += 1
        self.hub.write(serve.reply, self.id, self.conversation(), f"ana-says-{self._said}", text)

    def types(self, *, on: bool) -> None:
        """As her console tells it."""
        visitor = self._visitor()
        told = SomebodyTypes(conversation=id_hex(self.conversation()), on=on, name="Ana Ruiz")

        async def tell() -> None:
            self.hub.hub.bus.publish(f"visitor:{id_hex(visitor)}", told)

        self.hub.loop.call(tell())

    def suggests(self, url: str, title: str) -> None:
        self._said += 1
        origins = {"shop": [url.rpartition("/")[0]]}
        said = f"ana-says-{self._said}"
        self.hub.write(serve.push, self.id, self.conversation(), said, url, title, origins=origins)

    def invites(self, text: str) -> None:
        who = wait_for(
            lambda: self.hub.read(lambda read: read.one("SELECT visitor FROM visit")),
            "the visit",
        )[0]
        self.hub.write(invite.invite, self.id, who, text)

    def blocks(self, *, on: bool) -> None:
        self.hub.write(serve.block, self.id, self.conversation(), on=on)

    def finishes(self) -> None:
        self.hub.write(serve.close, self.id, self.conversation(), "resolved")

    def _visitor(self) -> bytes:
        conversation = self.conversation()
        found = self.hub.read(
            lambda read: read.one("SELECT visitor FROM conversation WHERE id = ?", (conversation,))
        )
        visitor: bytes = found[0]
        return visitor

    def has_had_a_busy_morning(self) -> None:
        """Five were answered within four minutes, and one waits: enough to tell the next what to expect."""
        opened = self.hub.clock.ahead
        for n in range(6):
            self.hub.write(_somebody_asks, n)
            self.hub.clock.move(hours=4 / 60)
            if n < 5:
                self.is_here()
                self.takes()
                self.says("It is.")
                self.finishes()
        assert self.hub.clock.ahead > opened
        self.is_here()


def _somebody_asks(tx: Tx, n: int) -> None:
    asked = Open(client_id=f"question-{n}", text="Is it still there?")
    talk.open_untracked(tx, "shop", tx.new_id(), asked)


class Walker:
    """The visitor, who finds everything by its place and not by its words."""

    def __init__(self, page: Page, hub: RunningHub, shop_url: str, *, arabic: bool = False) -> None:
        self.page, self.hub, self.shop_url = page, hub, shop_url
        self.ana = Ana(hub)
        self.words = ARABIC_WORDS if arabic else WORDS
        if arabic:
            page.add_init_script(ARABIC)

    def at(self, selector: str) -> Locator:
        return self.page.locator(f"touchpoint-hub {selector}")

    def sees(self, selector: str, count: int | None = None) -> None:
        if count is None:
            expect(self.at(selector).first).to_be_visible()
        else:
            expect(self.at(f"{selector}:visible")).to_have_count(count)

    def clicks(self, selector: str, n: int = 0) -> None:
        self.at(selector).nth(n).click()

    def visits(self, path: str) -> None:
        self.page.goto(self.shop_url + path)

    def writes(self, text: str) -> None:
        self.at(".input").fill(text)
        self.at(".input").press("Enter")

    def opens(self) -> None:
        if not self.at(".panel").is_visible():
            self.clicks(".button")
        self.sees(".panel")

    def closes(self) -> None:
        self.at(".input").press("Escape")
        expect(self.at(".panel")).to_be_hidden()

    def aside(self) -> None:
        """The pointer points at nothing."""
        self.page.mouse.move(5, 300)


def walk(who: Walker) -> Iterator[str]:
    """All states, in an order in which one leads to the next; each is yielded when it is there."""
    yield from _before(who)
    yield from _waiting(who)
    yield from _talking(who)
    yield from _files(who)
    yield from _places(who)
    yield from _trouble(who)
    yield from _end(who)


def _before(who: Walker) -> Iterator[str]:
    who.visits("/vase")
    who.sees(".consent")
    yield "consent"
    who.clicks(".choose", 1)
    who.sees(".consent", 0)
    who.sees(".button")
    yield "button"
    who.opens()
    who.sees(".ways")
    yield "nobody"
    who.at(".way input").nth(1).check()
    who.writes(who.words["asks"])
    who.sees(".field[aria-invalid]")
    yield "nobody-address-missing"
    who.at(".input").fill("")
    who.at(".way input").nth(0).check()
    who.ana.is_here()
    who.sees(".form .form-head")
    yield "form"
    who.closes()
    who.ana.invites(who.words["invites"])
    who.sees(".invite")
    who.aside()
    yield "invitation"
    who.clicks(".invite .tool")
    who.sees(".invite", 0)


def _waiting(who: Walker) -> Iterator[str]:
    who.ana.has_had_a_busy_morning()
    who.opens()
    who.writes(who.words["asks"])
    expect(who.at(".expect")).to_contain_text(re.compile(r"\d|٤"))
    yield "queue"
    for _ in range(3):
        who.hub.clock.move(hours=46 / 3600)
        who.hub.write(alarm.go_further)
    who.ana.is_here()
    who.sees(".reach")
    yield "nobody-came"


def _talking(who: Walker) -> Iterator[str]:
    who.ana.takes()
    who.ana.says(who.words["answers"])
    who.sees(".text a")
    who.writes(who.words["more"])
    who.sees(".row.sent .text, .row.delivered .text, .row.read .text")
    who.ana.says(who.words["long"])
    who.sees(".row.operator:nth-last-child(1) .text")
    yield "conversation"
    who.ana.types(on=True)
    who.sees(".dots")
    yield "typing"
    who.ana.types(on=False)
    who.clicks(".box .tool", 1)
    who.sees(".emoji")
    yield "emoji"
    who.page.keyboard.press("Escape")
    who.sees(".emoji", 0)


def _files(who: Walker) -> Iterator[str]:
    held: list[Route] = []
    who.page.route("**/visitor/files*", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks the function)
    picker = who.at("input[type=file]")
    picker.set_input_files({"name": "invoice.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    who.sees(".tray .why")
    yield "file-refused"
    named = {
        "broken corner of the blue vase, seen from above.png": ("image/png", _picture()),
        "sizes.txt": ("text/plain", b"31 cm" * 300),
    }
    files = [{"name": name, "mimeType": kind, "buffer": data} for name, (kind, data) in named.items()]
    picker.set_input_files(files)  # type: ignore[arg-type]
    who.sees(".upload .bar")
    yield "files-on-their-way"
    for route in held:
        route.continue_()
    who.page.unroute("**/visitor/files*")
    who.sees(".upload .bar", 0)
    yield "files-there"
    who.at(".input").press("Enter")
    who.sees(".picture")
    who.sees(".file")
    yield "files-sent"


def _places(who: Walker) -> Iterator[str]:
    who.ana.suggests(f"{who.shop_url}/checkout", "Checkout")
    who.sees(".push .solid")
    yield "page-suggested"
    who.clicks(".push .solid")
    who.sees(".back")
    who.aside()
    yield "back-chip"
    who.clicks(".back-go")
    who.page.wait_for_url("**/vase")
    who.sees(".button[aria-label]")
    if who.at(".panel").is_visible():
        who.closes()
    who.ana.says(who.words["answers"])
    expect(who.at(".badge")).to_have_attribute("data-n", "1")
    who.aside()
    yield "unread"
    who.opens()
    who.clicks(".more")
    who.sees(".menu")
    yield "menu"
    who.clicks(".menu .item", 1)
    who.clicks(".more")
    yield "menu-muted"
    who.clicks(".menu .item", 4)
    who.sees(".sure")
    yield "end-asked-twice"
    who.clicks(".menu .item", 1)
    who.clicks(".more")
    who.clicks(".menu .item", 2)
    who.sees(".mine-list")
    yield "stored"
    who.clicks(".stored .offer")
    who.sees(".mine-acts")
    yield "stored-asked-twice"
    who.clicks(".stored .tool")


def _trouble(who: Walker) -> Iterator[str]:
    who.page.context.set_offline(True)
    who.hub.cut()
    who.sees(".notice.off")
    who.writes(who.words["more"])
    who.sees(".row.sending")
    yield "offline"
    who.page.context.set_offline(False)
    who.page.evaluate("dispatchEvent(new Event('online'))")
    who.sees(".notice.off", 0)
    who.sees(".row.sending", 0)
    who.ana.blocks(on=True)
    who.writes("?!")
    who.sees(".row.failed .why")
    yield "not-sent"
    who.ana.blocks(on=False)
    who.at(".input").fill(who.words["asks"] * 120)
    who.at(".input").press("Enter")
    who.sees(".full")
    yield "too-long"
    who.at(".input").fill("")
    who.writes("👍")
    who.sees(".row.sending", 0)


def _end(who: Walker) -> Iterator[str]:
    who.ana.is_here()
    who.ana.finishes()
    who.sees(".rate-faces")
    yield "ended"
    who.at(".rate-face input").nth(3).check(force=True)
    who.sees(".rate-rest")
    yield "rating"
    who.clicks(".rate .solid")
    who.sees(".rate [role=status]")
    yield "rated"


def _picture() -> bytes:
    """A vase, more or less."""
    image = Image.new("RGB", (480, 640), "#e8e2d6")
    pen = ImageDraw.Draw(image)
    pen.ellipse((120, 200, 360, 560), fill="#2b4c9b")
    pen.rectangle((200, 110, 280, 260), fill="#2b4c9b")
    pen.ellipse((180, 90, 300, 130), fill="#1d3673")
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
