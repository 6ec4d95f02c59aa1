"""A hundred thousand conversations: a page of the inbox costs the same wherever it is, and scrolling draws what is on the screen."""

import datetime as dt
import statistics
import time

import pytest
from playwright.sync_api import expect

from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, IncomingMessage, Level, Touchpoint
from hub.conversations import listing
from hub.conversations.listing import Wanted
from hub.store import Tx
from hub.web import lists

PEOPLE, EACH = 200, 500
MANY = PEOPLE * EACH + PEOPLE
FAR = 300
"""Pages that are scrolled through in the browser."""

SQL_MULTIPLY = """
INSERT INTO conversation (id, anchor, queue, site, channel, status, opened_at, closed_at, outcome, seq, last_text, last_author, last_at, leg)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :each)
SELECT randomblob(16), c.anchor, c.queue, c.site, c.channel, 'closed', c.opened_at - n.i * 60000000, c.opened_at, 'resolved', 1,
       c.last_text, 'visitor', c.last_at - n.i * 60000000, randomblob(16) FROM conversation c CROSS JOIN n WHERE c.status = 'waiting'"""
SQL_LEGS = """
INSERT INTO leg (id, conversation, channel, connection, thread, leg_seq, delivered, read, staff_delivered, staff_read)
SELECT c.leg, c.id, c.channel, 'mail', 't', 1, 0, 0, 0, 0 FROM conversation c WHERE c.status = 'closed'"""

SQL_CLOSE = "UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE status = 'waiting'"

SCROLL = """
async (pages) => {
  const box = document.querySelector(".inbox-scroll"), waits = [], long = [];
  let most = 0;
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => one.duration)));
  observer.observe({type: "longtask"});
  for (let page = 0; page < pages; page++) {
    const high = box.scrollHeight, from = performance.now();
    box.scrollTop = high;
    while (box.scrollHeight < high + 1000) {
      await new Promise(requestAnimationFrame);
      if (performance.now() - from > 15000) throw new Error(`page ${page} did not come`);
    }
    waits.push(performance.now() - from);
    most = Math.max(most, document.querySelectorAll(".long-list > li").length);
  }
  return {waits, long, most, nodes: document.getElementsByTagName("*").length, high: box.scrollHeight};
}"""


def fill(tx: Tx) -> None:
    """Some people who have written by mail, and for each hundreds of conversations that are over."""
    for n in range(PEOPLE):
        at = dt.datetime.fromtimestamp((tx.now - n * 3_600_000_000) / 1e6, dt.UTC)
        said = Touchpoint(
            channel="text", kind="chat", key=f"m{n}", occurred_at=at, site="shop", thread=f"{n}@shop.test",
            claims=(Claim(kind="email", value=f"{n}@shop.test", level=Level.OBSERVED),),
            attributes=(AttributeClaim(attribute="name", value=f"Customer {n}"),),
            message=IncomingMessage(text=f"Where is parcel {n}?"),
        )  # fmt: skip
        receive(tx, "mail", said)
    tx.run(SQL_MULTIPLY, {"each": EACH})
    tx.run(SQL_LEGS)
    tx.run(SQL_CLOSE)


@pytest.fixture
def filled(hub):
    began = time.monotonic()
    hub.write(fill)
    print(f"filled in {time.monotonic() - began:.1f} s")
    return hub


def walk(read) -> list[float]:
    """Every page of the closed ones, newest first: the work of each, in milliseconds of this thread."""
    took, before, seen = [], None, 0
    while True:
        began = time.thread_time()
        page = listing.listed(read, None, Wanted(closed=True), before)
        took.append((time.thread_time() - began) * 1000)
        seen += len(page.items)
        if page.next is None:
            assert seen == MANY
            return took
        _, before = lists.asked({"before": page.next}, b"a" * 16)


@pytest.mark.heavy
def test_a_page_costs_the_same_at_every_depth(filled):
    took = filled.read(walk)
    first, last = statistics.median(took[:200]), statistics.median(took[-200:])
    print(
        f"{len(took)} pages; median of the first 200 {first:.2f} ms, of the last 200 {last:.2f} ms, worst {max(took):.1f} ms"
    )
    assert last < 1.7 * first, "a page far back costs more than one at the top"


@pytest.mark.heavy
def test_scrolling_draws_what_is_on_the_screen_however_far(filled, operator):
    desk = operator("ana")
    page = desk.page
    page.get_by_role("button", name="Which conversations").click()
    page.get_by_role("menuitemradio", name="Closed", exact=True).click()
    expect(page.locator(".long-list > li").first).to_be_visible()
    seen = page.evaluate(SCROLL, FAR)
    early, late = statistics.median(seen["waits"][:50]), statistics.median(seen["waits"][-50:])
    print(f"{FAR} pages: a page came after {early:.0f} ms at first, {late:.0f} ms at the end; {seen['most']} rows drawn at most, "
          f"{seen['nodes']} elements; long tasks {len(seen['long'])}, longest {max(seen['long'], default=0):.0f} ms")  # fmt: skip
    assert seen["high"] > FAR * 50 * 40
    assert seen["most"] < 80
    assert seen["nodes"] < 3_000
    assert late < 2 * early + 50
    assert statistics.quantiles([*seen["long"], 0, 0], n=20)[-1] < 400
