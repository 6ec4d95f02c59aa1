"""What the widget costs a shop's page: main-thread time at load, bytes, and layout shift, in a real Chromium.

    python -m tests.bench.bench_widget [--rounds 12] [--settle 2.5]

Two pages are loaded with the widget and without it (the tag is answered with an empty script), in turn, in a fresh browser context each, so
nothing is cached and every visitor is new: one with hardly anything on it, and the demo shop's product page, which also tells the hub what
is looked at and what is in the cart. Time is Chromium's own account of the page's main thread (`Performance.getMetrics`: TaskDuration, which is
everything that thread does, and its parts, as CPU time, so that waiting for a busy machine does not count) from navigation until the
page has been at rest for a while. Nothing else is switched on in the page: see bare_chromium.py. The medians' difference is what the widget
costs: at most 10 ms.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import PlainTextResponse

from hub.demo.shop import application
from tests.bench.bare_chromium import Chromium, chromium
from tests.bench.report import table
from tests.browser.hosts import IDENTITY_KEY, LoopThread, RunningHub, Server, config_toml, free_port
from tests.browser.shop import Shop

LIMIT_MS = 10.0
PARTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
STATIC = Path(__file__).resolve().parents[2] / "hub" / "web" / "static"
SHIFTS = """
new Promise((tell) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => tell(sum), 50);
})
"""
SHOWN = "!!document.querySelector('touchpoint-hub')?.shadowRoot.querySelector('button.button')?.offsetWidth"
READY = "document.readyState === 'complete'"


def load(browser: Chromium, url: str, *, widget: bool, settle: float) -> dict[str, float]:
    """One page load by somebody new: milliseconds by part, and the layout shift."""
    with browser.page() as page:
        before = page.metrics()
        page.goes_to(url)
        time.sleep(settle)  # asking the page whether it is done would be work of its main thread
        after = page.metrics()
        assert page.evaluate(READY), "the page was not loaded in time: settle longer"
        assert page.evaluate(SHOWN) is widget, "the widget was not there in time: settle longer"
        spent = {part: (after[part] - before.get(part, 0.0)) * 1000 for part in PARTS}
        return {**spent, "shift": page.evaluate(SHIFTS)}


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


class Stage:
    """A hub, a server whose widget is an empty script, and the same shop with the one and the other."""

    def __init__(self, loop: LoopThread, folder: Path, *, demo: bool) -> None:
        self.hub = RunningHub(loop, folder / "data")
        self.nothing = Server(loop, PlainTextResponse("", media_type="text/javascript"), free_port())
        self.shops: list[Shop | Server] = []
        urls = [
            self._shop(loop, origin, demo=demo)
            for origin in (self.hub.url, f"http://localhost:{self.nothing.port}")
        ]
        self.with_it, self.without = (url + ("/product/blue-vase" if demo else "/vase") for url in urls)
        toml = config_toml(self.hub.data, self.hub.port, urls[0])
        self.hub.start(toml.replace("[sites.shop]", "[sites.demo-shop]") if demo else toml)

    def _shop(self, loop: LoopThread, widget_from: str, *, demo: bool) -> str:
        if not demo:
            shop = Shop(loop, widget_from)
            self.shops.append(shop)
            return shop.url
        server = Server(loop, application(widget_from, IDENTITY_KEY), free_port())
        self.shops.append(server)
        return f"http://127.0.0.1:{server.port}"

    def stop(self) -> None:
        for one in (*self.shops, self.hub, self.nothing):
            one.stop()


def measure(
    rounds: int, settle: float, *, demo: bool
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Interleaved rounds: with the widget, and without."""
    loop = LoopThread()
    with_it: list[dict[str, float]] = []
    without: list[dict[str, float]] = []
    with TemporaryDirectory() as folder, chromium() as browser:
        stage = Stage(loop, Path(folder), demo=demo)
        for n in range(-1, rounds):  # the first of each warms up and does not count
            for widget in (True, False) if n % 2 else (False, True):
                url = stage.with_it if widget else stage.without
                stage.hub.forgive_the_address()
                got = load(browser, url, widget=widget, settle=settle)
                if n >= 0:
                    (with_it if widget else without).append(got)
        stage.stop()
    loop.stop()
    return with_it, without


def tell(what: str, asked: argparse.Namespace, *, demo: bool) -> bool:
    """One page's table; False when a limit is exceeded."""
    with_it, without = measure(asked.rounds, asked.settle, demo=demo)
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


def main(words: list[str] | None = None) -> int:
    """Prints the tables; 1 when a limit is exceeded. `words` stand for those of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=12, help="of each page with and without, interleaved")
    parser.add_argument(
        "--settle", type=float, default=2.5, help="seconds from navigation to reading the figures"
    )
    asked = parser.parse_args(words)
    good = [
        tell("a page with a heading", asked, demo=False),
        tell("the demo shop's product page", asked, demo=True),
    ]
    table("Bytes after gzip", ("what", "bytes"), sizes())
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
