"""Five hundred visitors in an operator's browser: the list keeps up, nothing moves under the pointer, and the page stays quick.

A picture of the full floor is left in the test's temporary folder.
"""

import asyncio
import itertools
import statistics

import pytest
from playwright.sync_api import expect

from tests.browser.hosts import LoopThread, wait_for
from tests.faults.crowd import Crowd

MANY = 500
MOMENT = 0.25

OBSERVE = """
() => {
  const seen = (window.seen = {long: [], titles: []});
  new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((one) => one.duration))).observe({type: "longtask"});
  const inPage = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest?.("td.col-page");
  new MutationObserver((all) => {
    if (all.some((one) => inPage(one.target))) seen.titles.push(performance.now());
  }).observe(document.querySelector("tbody"), {subtree: true, characterData: true, childList: true});
}"""
"""Long tasks of the main thread, and when the page that somebody is on was drawn anew in a row that stayed where it was."""

HOLD = """
async ([x, y, seconds]) => {
  const under = () => document.elementFromPoint(x, y)?.closest("tr");
  const first = under(), top = first.getBoundingClientRect().top, end = performance.now() + seconds * 1000;
  const rows = [...document.querySelectorAll("tr.visitor")].map((row) => [row, row.getBoundingClientRect().top]);
  const moved = [];
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    if (under() !== first) moved.push("another row is under the pointer");
    for (const [row, top] of rows) if (row.isConnected && Math.abs(row.getBoundingClientRect().top - top) > 0.5) moved.push("a row has moved");
  }
  return moved;
}"""


@pytest.fixture
def crowd(hub, shop):
    """Five hundred of them, who do something every moment until the test ends."""
    limits = hub.hub.hall.limits  # they all come from one address
    limits.wait, limits.room = (lambda kind, key, rate: 0.0), (lambda held: True)
    hub.hub.hall.limits.room = lambda held: True
    thread = LoopThread()
    crowd = Crowd(hub.port, "shop", shop.url)
    ends = asyncio.Event()

    async def live() -> None:
        while not ends.is_set():
            crowd.moment()
            await asyncio.sleep(MOMENT)
        crowd.go(len(crowd.everybody))
        await asyncio.sleep(0.1)

    async def swap(count: int) -> None:
        crowd.go(count)
        await crowd.come(count)

    thread.call(crowd.come(MANY))
    living = asyncio.run_coroutine_threadsafe(live(), thread.loop)
    crowd.swap = lambda count: thread.call(swap(count))
    yield crowd
    thread.loop.call_soon_threadsafe(ends.set)
    living.result(20)
    thread.stop()


@pytest.mark.heavy
def test_the_list_keeps_up_and_holds_still(crowd, operator, tmp_path):
    desk = operator("ana")
    page = desk.page
    desk.goes_to("Visitors")
    expect(page.locator(".page-head")).to_contain_text(f"{MANY} on the site now")
    page.get_by_role("button", name="Table").click()
    expect(page.locator("tr.visitor").first).to_be_visible()
    assert page.locator("tr.visitor").count() < 100, "only what is on the screen is drawn"
    page.get_by_role("button", name="Since").click()  # by arrival: nobody changes places by what they do
    page.wait_for_timeout(1_000)

    page.mouse.move(5, 5)
    page.evaluate(OBSERVE)
    page.wait_for_timeout(10_000)
    seen = page.evaluate("() => window.seen")
    page.screenshot(path=tmp_path / "five-hundred.png")

    drawn = seen["titles"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(drawn)]
    print(
        f"drawn anew {len(drawn)} times in 10 s, {statistics.median(gaps):.0f} ms apart, at most {max(gaps):.0f} ms"
    )
    print(
        f"long tasks: {len(seen['long'])}, p95 {_p95(seen['long']):.0f} ms, longest {max(seen['long'], default=0):.0f} ms"
    )
    assert len(drawn) >= 10 and statistics.median(gaps) < 1_000, f"drawn {len(drawn)} times in ten seconds"
    assert _p95(seen["long"]) < 200, f"long tasks of {sorted(seen['long'])[-5:]} ms"

    page.get_by_role("button", name="On page").click()  # by attention: whoever goes on falls to the end
    page.wait_for_timeout(1_000)
    row = page.locator("tr.visitor").nth(5)
    box = row.bounding_box()
    x, y = box["x"] + 200, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.wait_for_timeout(100)
    crowd.swap(50)
    assert page.evaluate(HOLD, [x, y, 5]) == []
    page.mouse.move(5, 5)
    wait_for(
        lambda: f"{MANY} on the site now" in page.locator(".page-head").inner_text(),
        "everybody to be counted again",
    )


def _p95(durations: list[float]) -> float:
    return statistics.quantiles(durations, n=20)[-1] if len(durations) > 1 else max(durations, default=0.0)
