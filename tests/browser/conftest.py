"""A real Chromium, a real hub and a shop on another origin, and people who use them.

`shoppers` and `desks` make people: each has a browser context of their own (nothing shared but the servers), watched for
everything a page must not do. Where Chromium or Playwright is missing, the tests are skipped with the command that
installs it.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.hosts import LoopThread, RunningHub, config_toml
from tests.browser.shop import Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.people import OperatorDesk, Shopper
    from tests.browser.watch import Watch

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Skipped(pytest.Module):
    """A module of tests that cannot be imported here."""

    def collect(self) -> list[pytest.Item]:
        pytest.skip("no Playwright: pip install playwright", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if importlib.util.find_spec("playwright") is not None:
        return None
    return Skipped.from_parent(parent, path=module_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str | None:
    """Where Chromium is: $HUB_CHROMIUM, or on the path."""
    return os.environ.get("HUB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One Chromium for each file of tests; no longer, because Playwright keeps an event loop in this thread."""
    from playwright.sync_api import expect, sync_playwright

    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium, or name one in HUB_CHROMIUM")
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def loop() -> Iterator[LoopThread]:
    """The thread that the servers run in."""
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture
def shop(loop: LoopThread, hub: RunningHub) -> Shop:
    """The shop whose pages carry the widget of `hub`."""
    return hub.shop


class HubWithShop(RunningHub):
    """The two know each other's address."""

    shop: Shop


@pytest.fixture
def more_toml() -> str:
    """What a test adds to hub.toml; override it."""
    return ""


@pytest.fixture
def registry() -> Any:
    """The plugins of the hub; None means what is installed. Override it."""
    return None


@pytest.fixture
def hub(loop: LoopThread, tmp_path: Path, more_toml: str, registry: Any) -> Iterator[HubWithShop]:
    """A hub with an empty database and the operators Ana (ana) and Ben (ben)."""
    running = HubWithShop(loop, tmp_path / "data", registry=registry)
    running.shop = Shop(loop, running.url)
    try:
        running.start(config_toml(running.data, running.port, running.shop.url, more_toml))
        running.add_operator("ana", "Ana Ruiz")
        running.add_operator("ben", "Ben Okafor")
        yield running
        running.shop.server.stopping()
        running.stop()
    finally:
        running.shop.stop()


@pytest.fixture
def watch() -> "Watch":
    """Sees what pages must not do; asked at the end of every test."""
    from tests.browser.watch import Watch

    return Watch()


@pytest.fixture
def contexts(browser: "Browser", watch: "Watch") -> "Iterator[Callable[..., BrowserContext]]":
    """`contexts(**options)` → a browser context of somebody new, watched, and closed at the end."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> "BrowserContext":
        context = browser.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1440, "height": 900}, **options}
        )
        opened.append(context)
        watch.over(context)
        return context

    yield make
    for context in opened:
        context.close()
    watch.verdict()


@pytest.fixture
def shopper(hub: HubWithShop, contexts: "Callable[..., BrowserContext]") -> "Callable[..., Shopper]":
    """`shopper(**options)` → somebody new with a browser of their own."""
    from tests.browser.people import Shopper

    return lambda **options: Shopper(contexts(**options).new_page(), hub.shop.url)


@pytest.fixture
def operator(hub: HubWithShop, contexts: "Callable[..., BrowserContext]") -> "Callable[..., OperatorDesk]":
    """`operator("ana")` → signed in at a desk of their own; `operator()` → before the door."""
    from tests.browser.people import OperatorDesk

    def make(login: str = "", **options: Any) -> "OperatorDesk":
        desk = OperatorDesk(contexts(**options).new_page(), hub.url)
        desk.comes()
        if login:
            desk.signs_in(login)
        return desk

    return make
