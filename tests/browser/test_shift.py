"""A shift: two operators, twelve customers, four panes each. Conversations are handed over, a line is cut, a tab is hidden, an alarm
is missed and escalates. At the end nothing was lost, and nobody is unanswered without having been told.

On the way the time from a customer's Enter to the painted word in an operator's pane is taken, beside that of two bare pages in the
same Chromium that do the same over an empty socket; the table is printed.
"""

import re
import statistics

import pytest
from playwright.sync_api import expect

from hub.actions import alarm
from tests.browser.bare import BarePages
from tests.browser.hosts import wait_for

NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fritz", "Gwen", "Hugo", "Iris", "Jan", "Kim", "Lena")

SENT = """
addEventListener("keydown", (event) => {
  if (event.key === "Enter") window.enteredAt = performance.timeOrigin + performance.now();
}, true);"""

PAINTED = r"""
window.painted = {};
new MutationObserver((all) => {
  for (const change of all) for (const node of change.addedNodes) {
    const text = (node.nodeType === 1 ? node.textContent : node.parentElement?.closest(".bubble")?.textContent) ?? "";
    for (const [, mark] of text.matchAll(/#(\d+)#/g)) {
      const place = node.nodeType === 1 ? node : node.parentElement;
      if (mark in window.painted || !(place.closest(".pane") || place.querySelector(".pane"))) continue;
      window.painted[mark] = 0;
      // After the frame that shows it: a frame's own work, then the first task behind it.
      requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => { window.painted[mark] = performance.timeOrigin + performance.now(); };
        port2.postMessage(0);
      });
    }
  }
}).observe(document, {subtree: true, childList: true, characterData: true});"""


class Customer:
    """One of the twelve: who they are and what was said on both sides."""

    def __init__(self, name, shopper):
        self.name, self.said = name, []
        self.visitor = shopper()
        self.visitor.page.add_init_script(SENT)
        self.visitor.visits(f"/as/{name.lower()}")

    def asks(self, text):
        if not self.said:
            self.visitor.opens_the_chat()
        self.visitor.writes(text)
        self.said.append(("me", text))

    def entered_at(self):
        return self.visitor.page.evaluate("window.enteredAt")


class Shift:
    """An operator at work: every conversation in hand stands in a pane of its own, named after its customer."""

    def __init__(self, desk):
        self.desk, self.page = desk, desk.page

    def pane(self, customer):
        return self.page.get_by_role("region", name=re.compile(rf"^Conversation \d: {customer.name}\b"))

    def box(self, customer):
        return self.pane(customer).locator(".composer textarea")

    def takes_the_longest_wait(self, customers):
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("j")
        pane = self.page.locator(".pane.focused")
        expect(pane.get_by_role("button", name="Take")).to_be_visible()
        expect(pane.get_by_role("log")).to_contain_text("asks: is number")
        text = pane.inner_text()
        customer = next(one for one in customers if f"{one.name} asks" in text)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("t")
        expect(self.pane(customer).get_by_role("button", name="Take")).to_have_count(0)
        return customer

    def answers(self, customer, text):
        self.box(customer).fill(text)
        self.box(customer).press("Enter")
        customer.said.append(("them", text))

    def finishes(self, customer):
        self.box(customer).press("Escape")
        self.page.keyboard.press("x")
        dialog = self.page.get_by_role("dialog")
        dialog.locator(".choice", has_text="Resolved").first.click()
        dialog.get_by_role("button", name="Finish").click()
        self.desk.is_told(f"Finished with {customer.name}")

    def hands_over(self, customer, name, note):
        self.box(customer).press("Escape")
        self.page.keyboard.press("m")
        dialog = self.page.get_by_role("dialog")
        dialog.locator(".choice", has_text=name).click()
        dialog.get_by_label("Note").fill(note)
        dialog.get_by_role("button", name="Hand over").click()
        self.desk.is_told(f"was handed over to {name}")

    def sees(self, customer, text):
        expect(self.pane(customer).locator(".bubble", has_text=text).first).to_be_visible()


@pytest.fixture
def unlimited(hub):
    """Everybody comes from one address here."""
    limits = hub.hub.hall.limits
    limits.wait, limits.room = (lambda kind, key, rate: 0.0), (lambda held: True)


@pytest.fixture
def bare(loop, contexts):
    pages = BarePages(loop, contexts())
    yield pages
    pages.stop()


def works(login, operator):
    desk = operator()
    desk.page.context.grant_permissions(["notifications"], origin=desk.hub_url)
    desk.page.add_init_script(PAINTED)
    desk.page.set_viewport_size({"width": 1680, "height": 950})
    desk.comes()
    desk.signs_in(login)
    return Shift(desk)


@pytest.mark.heavy
def test_a_shift(hub, unlimited, shopper, operator, watch, bare, capsys):
    watch.forgive(r"WebSocket connection to .* failed|ERR_INTERNET_DISCONNECTED|Failed to load resource")
    ana, ben = works("ana", operator), works("ben", operator)
    customers = [Customer(name, shopper) for name in NAMES]
    for n, customer in enumerate(customers):
        customer.asks(f"{customer.name} asks: is number {n} in stock?")
    in_hand = four_panes_each(ana, ben, customers)
    times = Times(bare)
    for _ in range(3):
        everybody_talks(in_hand, times)

    # One is finished, so that there is room to hand one over.
    leaving = next(one for one, who in in_hand.items() if who is ben)
    ben.finishes(leaving)
    del in_hand[leaving]
    moved = next(one for one, who in in_hand.items() if who is ana)
    ana.hands_over(moved, "Ben Okafor", f"{moved.name} knows you")
    ben.desk.opens(moved.name)
    expect(ben.pane(moved).locator("article.note", has_text="knows you")).to_be_visible()
    ben.answers(moved, "I take over from here.")
    moved.visitor.sees("I take over from here.")
    in_hand[moved] = ben
    next_one = ana.takes_the_longest_wait(customers)
    in_hand[next_one] = ana
    ana.answers(next_one, "Sorry for the wait!")

    the_line_of_ben_is_cut(ben, [one for one, who in in_hand.items() if who is ben])
    everybody_talks(in_hand, times)
    for customer, who in list(in_hand.items()):
        who.finishes(customer)
    waiting = [one for one in customers if one not in in_hand and one is not leaving]
    nobody_comes(hub, ana, ben, waiting[0])
    for customer in waiting[1:]:
        who = ana if customer is waiting[1] else ben
        taken = who.takes_the_longest_wait(customers)
        who.answers(taken, "Here I am.")
        taken.visitor.sees("Here I am.")

    everything_arrived_once(customers)
    nobody_is_left_without_a_word(customers)
    with capsys.disabled():
        print(times.table())
    # Sanity, not speed: a pane that waited for the next poll or reload would be a hundred times slower.
    assert times.p95(times.pane) < 5_000


def four_panes_each(ana, ben, customers):
    in_hand = {}
    for _ in range(4):
        for who in (ana, ben):
            customer = who.takes_the_longest_wait(customers)
            who.answers(customer, f"Hello, {customer.name}!")
            customer.visitor.sees(f"Hello, {customer.name}!")
            in_hand[customer] = who
    assert len(in_hand) == 8, [one.name for one in in_hand]
    assert [list(in_hand.values()).count(who) for who in (ana, ben)] == [4, 4]
    for who in (ana, ben):
        expect(who.page.locator(".pane")).to_have_count(4)
    return in_hand


def everybody_talks(in_hand, times):
    for customer, who in in_hand.items():
        mark = times.next_mark()
        customer.asks(f"One more thing #{mark}#")
        times.take(mark, customer, who)
        who.answers(customer, f"An answer to {mark}")
    for customer in in_hand:
        customer.visitor.sees(customer.said[-1][1])


def the_line_of_ben_is_cut(ben, his):
    """He answers, they write, and nothing passes; then everything does, in order, once."""
    ben.page.context.set_offline(True)
    expect(ben.page.locator(".banner")).to_be_visible()
    for customer in his:
        ben.answers(customer, f"Written offline to {customer.name}")
    for customer in his:
        customer.asks("Are you still there?")
    ben.page.context.set_offline(False)
    for customer in his:
        customer.visitor.sees(f"Written offline to {customer.name}")
        ben.sees(customer, "Are you still there?")


def nobody_comes(hub, ana, ben, customer):
    """Ana's tab is hidden and nobody acknowledges: the next is called, then the customer is told the truth and leaves an address."""
    ana.page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true}); document.hasFocus = () => false;"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(ana.page).to_have_title(re.compile(r"^\(\d+\) waiting"))
    for _ in range(3):
        hub.clock.move(hours=46 / 3600)
        hub.write(alarm.go_further)
    expect(ben.page.locator(".alarm")).to_be_visible()
    expect(customer.visitor.log.get_by_text("Nobody could answer so far")).to_be_visible()
    customer.visitor.log.get_by_role("textbox", name="E-mail").fill(f"{customer.name.lower()}@mail.example")
    customer.visitor.log.get_by_role("button").filter(has_text="Send").click()
    expect(customer.visitor.log.get_by_text("Our answer will come by e-mail")).to_be_visible()


def everything_arrived_once(customers):
    for customer in customers:
        want = sorted(customer.said)

        def heard(customer=customer, want=want):
            return sorted(customer.visitor.transcript()) == want

        wait_for(heard, f"everything that was said with {customer.name}")
        mine = [text for who, text in customer.visitor.transcript() if who == "me"]
        theirs = [text for who, text in customer.visitor.transcript() if who == "them"]
        assert mine == [text for who, text in customer.said if who == "me"], "in the order of writing"
        assert theirs == [text for who, text in customer.said if who == "them"], "in the order of writing"


def nobody_is_left_without_a_word(customers):
    for customer in customers:
        answered = any(who == "them" for who, _ in customer.said)
        told = customer.visitor.log.get_by_text("Nobody could answer so far").count() > 0
        assert answered or told, customer.name


class Times:
    """Milliseconds from Enter to paint: a customer's word in a pane, and a word of a bare page in another."""

    def __init__(self, bare):
        self.bare, self.pane, self.empty, self._mark = bare, [], [], 0

    def next_mark(self):
        self._mark += 1
        return self._mark

    def take(self, mark, customer, who):
        who.page.wait_for_function("(mark) => window.painted[mark] > 0", arg=str(mark))
        painted = who.page.evaluate("(mark) => window.painted[mark]", str(mark))
        self.pane.append(painted - customer.entered_at())
        self.empty.append(self.bare.once())

    @staticmethod
    def p95(all_of):
        return statistics.quantiles(all_of, n=20)[-1]

    def table(self):
        rows = [("a message in a pane", self.pane), ("a word over an empty socket", self.empty)]
        lines = [f"\n{'Enter to paint, ms':<30}{'n':>5}{'p50':>8}{'p95':>8}{'max':>8}"]
        lines += [
            f"{name:<30}{len(all_of):>5}{statistics.median(all_of):>8.1f}{self.p95(all_of):>8.1f}{max(all_of):>8.1f}"
            for name, all_of in rows
        ]
        return "\n".join(lines)
