"""What the widget costs a shop's page: main-thread time at load, bytes, and layout shift, in a real Chromium.

    python -m tests.bench.bench_widget [--rounds 12] [--settle 1.5]

Two pages are loaded with the widget and without it (the tag is answered with an empty script), in turn, in a fresh browser context each, so
nothing is cached and every visitor is new: one with hardly anything on it, and the demo shop's product page, which also tells the hub what
is looked at and what is in the cart. Time is Chromium's own account of the page's main thread
(`Performance.getMetrics`: TaskDuration and its parts, as CPU time of that thread, so that a busy machine does not count) from navigation
until the page has been at rest for a while. The medians' difference is what the widget costs: at most 10 ms.
"""

import argparse
import gzip
import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hub.demo.shop import application
from tests.bench.report import table
from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.hosts import IDENTITY_KEY, LoopThread, RunningHub, Server, config_toml, free_port
from tests.browser.shop import Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LIMIT_MS = 10.0
PARTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
STATIC = Path(__file__).resolve().parents[2] / "hub" / "web" / "static"
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifts += one.value; })
  .observe({type: "layout-shift", buffered: true});
"""


def load(browser: "Browser", url: str, *, widget: bool, settle: float) -> dict[str, float]:
    """One page load by somebody new: milliseconds by part, and the layout shift."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(SHIFTS)
        if not widget:
            page.route("**/widget.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        else:
            page.route(
                "**/nothing", lambda route: route.abort()
            )  # routing has its own price: pay it on both sides
        metrics = context.new_cdp_session(page)
        metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(url, wait_until="load")
        page.wait_for_timeout(settle * 1000)  # looking for the button would be work of the page's main thread
        got: Any = metrics.send("Performance.getMetrics")
        seconds = {one["name"]: one["value"] for one in got["metrics"]}
        shown = page.locator("touchpoint-hub button.button").count()
        assert shown == int(widget), "the widget was not there in time: settle longer"
        return {**{part: seconds[part] * 1000 for part in PARTS}, "shift": page.evaluate("window.shifts")}
    finally:
        context.close()


def sizes() -> list[tuple[str, int]]:
    """Bytes after gzip of what a first view, and a first opening of the chat, load."""
    manifest = json.loads((STATIC / "manifest.json").read_text())
    packed = {
        name: len(gzip.compress((STATIC / manifest[name]).read_bytes(), 9, mtime=0))
        for name in ("widget.js", "visitor.js", "panel.js")
    }
    first = packed["widget.js"] + packed["visitor.js"]
    return [
        ("loader", packed["widget.js"]),
        ("loader + tracker (limit 5120)", first),
        ("with the panel (limit 15360)", first + packed["panel.js"]),
    ]


def measure(
    rounds: int, settle: float, *, empty: bool
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Interleaved rounds: with the widget, and without."""
    from playwright.sync_api import sync_playwright

    loop = LoopThread()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        hub = RunningHub(loop, Path(folder) / "data")
        shop: Shop | Server
        if empty:
            shop = Shop(loop, hub.url)
            url = f"{shop.url}/vase"
            hub.start(config_toml(hub.data, hub.port, shop.url))
        else:
            shop = Server(loop, application(hub.url, IDENTITY_KEY), free_port())
            url = f"http://127.0.0.1:{shop.port}/product/blue-vase"
            toml = config_toml(hub.data, hub.port, f"http://127.0.0.1:{shop.port}")
            hub.start(toml.replace("[sites.shop]", "[sites.demo-shop]"))
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        with_it: list[dict[str, float]] = []
        without: list[dict[str, float]] = []
        for n in range(-1, rounds):  # the first of each warms up and does not count
            for widget in (True, False) if n % 2 else (False, True):
                got = load(browser, url, widget=widget, settle=settle)
                if n >= 0:
                    (with_it if widget else without).append(got)
        browser.close()
        hub.stop()
        shop.stop()
    loop.stop()
    return with_it, without


def tell(what: str, asked: argparse.Namespace, *, empty: bool) -> bool:
    """One page's table; False when a limit is exceeded."""
    with_it, without = measure(asked.rounds, asked.settle, empty=empty)
    rows, cost = [], 0.0
    for part in PARTS:
        a, b = (statistics.median(run[part] for run in runs) for runs in (with_it, without))
        spread = statistics.quantiles([run[part] for run in with_it], n=4)
        cost = a - b if part == "TaskDuration" else cost
        rows.append((part, f"{b:.1f}", f"{a:.1f}", f"{a - b:+.1f}", f"{spread[0]:.1f} to {spread[2]:.1f}"))
    table(f"Main thread at load, ms: {what}", ("part", "without", "with", "widget", "quartiles with"), rows)
    shift = max(run["shift"] for run in with_it) - min(run["shift"] for run in without)
    good = cost <= LIMIT_MS and shift <= 0
    verdict = "kept" if good else "EXCEEDED"
    print(f"\n{cost:+.1f} ms (at most {LIMIT_MS:.0f}), layout shift {shift:.4f} (none): {verdict}")
    return good


def main() -> int:
    """Prints the tables; 1 when a limit is exceeded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=12, help="of each page with and without, interleaved")
    parser.add_argument(
        "--settle", type=float, default=1.5, help="seconds of rest before the figures are read"
    )
    asked = parser.parse_args()
    good = [
        tell("a page with a heading", asked, empty=True),
        tell("the demo shop's product page", asked, empty=False),
    ]
    table("Bytes after gzip", ("what", "bytes"), sizes())
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
