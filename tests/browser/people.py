"""The people of the browser tests. Their methods are what they do and what they see; nothing here knows frames or tables.

Elements are found as people find them, by role and words, and waited for; only lists whose order matters are read through
their classes.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.hosts import password_of, wait_for

AT_REST = """
async () => {
  // Two frames on, what the last touch set going is under way.
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const shadow = document.querySelector("touchpoint-hub")?.shadowRoot;
  const motions = [document, shadow].flatMap((root) => root?.getAnimations() ?? []);
  const ending = motions.filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.all(ending.map((one) => one.finished.catch(() => {})));
}"""


def comes_to_rest(page: Page) -> None:
    """Places and colours on their way are none: waits for the motions of the page and of the widget, except endless ones."""
    page.evaluate(AT_REST)


def both_end_with(visitor: "Shopper", desk: "OperatorDesk", said: list[tuple[str, str]]) -> None:
    """The same words, in the same order, once each, on both sides."""
    seen = []

    def same() -> bool:
        seen[:] = [visitor.transcript(), desk.transcript()]
        return seen[0] == seen[1] == said

    try:
        wait_for(same, "both transcripts")
    except AssertionError:
        assert seen == [said, said]


class Shopper:
    """A visitor of the shop with a browser of their own."""

    def __init__(self, page: Page, shop_url: str) -> None:
        self.page, self.shop_url = page, shop_url

    # --- in the shop

    def visits(self, path: str = "/") -> "Shopper":
        self.page.goto(self.shop_url + path)
        return self

    def follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).click()

    def reloads(self) -> None:
        self.page.reload()

    # --- the chat

    @property
    def button(self) -> Locator:
        return self.page.locator("touchpoint-hub button.button")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def composer(self) -> Locator:
        return self.panel.get_by_role("textbox", name="Write a message")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log")

    def opens_the_chat(self) -> None:
        self.button.click()
        expect(self.composer).to_be_focused()

    def opens_the_chat_by_keyboard(self) -> None:
        expect(self.button).to_be_visible()
        for _ in range(20):
            self.page.keyboard.press("Tab")
            if self.button.evaluate("button => button.getRootNode().activeElement === button"):
                break
        self.page.keyboard.press("Enter")
        expect(self.composer).to_be_focused()

    def closes_the_chat(self) -> None:
        self.composer.press("Escape")
        expect(self.panel).to_be_hidden()

    def types(self, text: str) -> None:
        self.composer.press_sequentially(text)

    def sends(self) -> None:
        self.composer.press("Enter")

    def writes(self, text: str) -> None:
        self.composer.fill(text)
        self.sends()

    def sees(self, text: str) -> None:
        expect(self.log.locator(".text", has_text=text).first).to_be_visible()

    def sees_typing(self, name: str) -> None:
        expect(self.log.locator(".typing")).to_contain_text(f"{name} is typing")

    def sees_nobody_typing(self) -> None:
        expect(self.log.locator(".typing")).to_be_empty()

    def sees_state(self, text: str, state: str) -> None:
        """Of an own message: Sending, Sent, Delivered, Read or Not sent."""
        row = self.log.locator(".row.mine", has=self.page.locator(".text", has_text=text))
        expect(row.locator(".tick .sr")).to_have_text(state)

    def sees_headline(self, name: str) -> None:
        expect(self.panel.get_by_role("heading", level=2)).to_have_text(name)

    def sees_unread(self, count: int) -> None:
        expect(self.button.locator(".badge")).to_have_attribute("data-n", str(count or ""))
        title = re.compile(rf"^\({count}\) ") if count else re.compile(r"^[^(]")
        expect(self.page).to_have_title(title)

    def transcript(self) -> list[tuple[str, str]]:
        """All messages in order: ("me" or "them", text)."""
        rows: list[tuple[str, str]] = self.log.locator(".row").evaluate_all(
            "rows => rows.filter((row) => !row.classList.contains('system')).map((row) => "
            "[row.classList.contains('mine') ? 'me' : 'them', row.querySelector('.text').textContent])"
        )
        return [(who, text) for who, text in rows]


class OperatorDesk:
    """An operator with the console open."""

    def __init__(self, page: Page, hub_url: str) -> None:
        self.page, self.hub_url = page, hub_url

    # --- the door

    def comes(self) -> None:
        self.page.goto(self.hub_url)

    def signs_in(self, login: str, password: str | None = None) -> None:
        self.tries_to_sign_in(login, password_of(login) if password is None else password)
        expect(self.rail).to_be_visible()
        expect(self.inbox.get_by_role("heading", name="Waiting")).to_be_visible()

    def tries_to_sign_in(self, login: str, password: str) -> None:
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def signs_out(self) -> None:
        self.rail.get_by_role("button", name=re.compile("presence, look, sign out")).click()
        self.page.get_by_role("menuitem", name="Sign out").click()
        self.is_before_the_door()

    def is_before_the_door(self) -> None:
        expect(self.page.get_by_label("Login")).to_be_visible()

    # --- places

    @property
    def rail(self) -> Locator:
        return self.page.get_by_role("navigation", name="Areas")

    @property
    def inbox(self) -> Locator:
        return self.page.get_by_role("region", name="Conversations")

    @property
    def record(self) -> Locator:
        return self.page.get_by_role("complementary", name="Customer")

    def pane(self, number: int = 1) -> Locator:
        return self.page.locator(".pane").nth(number - 1)

    def goes_to(self, area: str) -> None:
        self.rail.get_by_role("button", name=re.compile(f"^{area}")).click()

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    # --- visitors

    @property
    def visitor_rows(self) -> Locator:
        return self.page.get_by_role("table").locator("tbody tr")

    def sees_visitor_on(self, title: str) -> Locator:
        row = self.visitor_rows.filter(has_text=title)
        expect(row).to_have_count(1)
        return row

    def records_of_visitors(self) -> list[dict[str, list[str]]]:
        """The record of each visitor of the list, from its panel."""
        self.goes_to("Visitors")
        records = []
        for row in self.visitor_rows.all():
            row.locator(".who").click()
            expect(row).to_have_class(re.compile("chosen"))
            records.append(self.sees_record())
            self.record.get_by_role("button", name="Close").click()
            expect(self.record).to_have_count(0)
        return records

    # --- records

    def sees_record(self) -> dict[str, list[str]]:
        """What the record shows, without times and numbers of pages: these run on."""
        expect(self.record).to_have_attribute("aria-busy", "false")
        parts = {
            "name": "h2, .customer-level",
            "fields": ".record-field",
            "why": ".why li",
            "touchpoints": "ol.timeline .touch-words",
        }
        return {name: self._texts(self.record.locator(selector)) for name, selector in parts.items()}

    def _texts(self, all_of: Locator) -> list[str]:
        texts = [re.sub(r"\s+", " ", text) for text in all_of.all_inner_texts()]
        return [re.sub(r"(\d+:\d\d|\d+ pages?) · ", "", text).strip() for text in texts]

    def says_two_people(self, one: str, other: str, because: str) -> None:
        self.record.get_by_role("button", name="Two people").click()
        dialog = self.page.get_by_role("dialog")
        for column, contact in (("One person", one), ("Another person", other)):
            dialog.get_by_role("radiogroup", name=column).locator(".choice", has_text=contact).first.click()
        dialog.get_by_label("Why").fill(because)
        dialog.get_by_role("button", name="Two people").click()
        expect(dialog).to_have_count(0)

    # --- conversations

    def section(self, name: str) -> Locator:
        return self.inbox.locator(
            ".inbox-section", has=self.page.get_by_role("heading", name=re.compile(f"^{name}"))
        )

    def sees_waiting(self, text: str) -> Locator:
        row = self.section("Waiting").locator(".talk-row", has_text=text)
        expect(row).to_have_count(1)
        return row

    def opens(self, text: str) -> None:
        self.inbox.locator(".talk-row", has_text=text).click()
        expect(self.pane().get_by_role("log")).to_be_visible()

    def opens_the_longest_wait(self) -> None:
        expect(self.section("Waiting").locator(".talk-row").first).to_be_visible()
        self.presses("j")
        expect(self.page.locator(".pane.focused textarea")).to_be_focused()
        self.presses("Escape")
        expect(self.pane().get_by_role("log")).to_be_visible()

    def takes(self) -> None:
        """By key, as most do."""
        self.presses("t")
        expect(self.pane().get_by_role("button", name="Take")).to_have_count(0)

    def composer(self, number: int = 1) -> Locator:
        return self.pane(number).locator(".composer textarea")

    def types(self, text: str) -> None:
        self.composer().press_sequentially(text)

    def writes(self, text: str, number: int = 1) -> None:
        self.composer(number).fill(text)
        self.composer(number).press("Enter")

    def notes(self, text: str) -> None:
        self.composer().press("Escape")
        self.presses("n")
        expect(self.page.get_by_label("Note for colleagues")).to_be_focused()
        self.writes(text)
        expect(self.pane().locator("article.note", has_text=text)).to_be_visible()

    def hands_over_to(self, name: str, note: str) -> None:
        self.composer().press("Escape")
        self.presses("m")
        dialog = self.page.get_by_role("dialog")
        dialog.locator(".choice", has_text=name).click()
        dialog.get_by_label("Note").fill(note)
        dialog.get_by_role("button", name="Hand over").click()
        self.is_told(f"was handed over to {name}")

    def finishes(self, outcome: str) -> None:
        self.composer().press("Escape")
        self.presses("x")
        dialog = self.page.get_by_role("dialog")
        dialog.locator(".choice", has_text=outcome).first.click()
        dialog.get_by_role("button", name="Finish").click()

    def sees(self, text: str, number: int = 1) -> None:
        expect(self.pane(number).locator(".bubble", has_text=text).first).to_be_visible()

    def sees_typing(self) -> None:
        expect(self.pane().locator(".live")).to_contain_text("is typing")

    def sees_nobody_typing(self) -> None:
        expect(self.pane().locator(".live")).to_be_empty()

    def sees_state(self, state: str) -> None:
        """Of the last message of ours."""
        expect(self.pane().locator(".said-state").last).to_have_text(re.compile(rf"^\s*{state}$"))

    def is_told(self, sentence: str | re.Pattern[str]) -> None:
        expect(self.page.locator(".toast", has_text=sentence).first).to_be_visible()

    def transcript(self, number: int = 1) -> list[tuple[str, str]]:
        """All messages in order: ("me", "them" or "note", text), from the visitor's point of view for the first two."""
        rows: list[tuple[str, str]] = (
            self.pane(number)
            .locator("article.said")
            .evaluate_all(
                "all => all.map((one) => [one.classList.contains('note') ? 'note' : one.classList.contains('theirs') ? 'me' : 'them', "
                "one.querySelector('.bubble').textContent])"
            )
        )
        return [(who, text) for who, text in rows]
