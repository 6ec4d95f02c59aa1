"""Libraries for browsers, in Chromium, in a page of the shop: the visit, its events and what was said about the person are in the record.

The bundles are made here, from tests/node_modules, as a shop would make them.
"""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.sdk.conftest import HERE, MODULES, WRITE, Collector, listen, node

pytestmark = pytest.mark.browser
LIBRARIES = ["segment_browser.js", "rudder_browser.js"]


async def bundle(script: str, into: Path) -> str:
    """The script and its library as one file."""
    node()
    made = into / script
    command = [
        str(MODULES / ".bin" / "esbuild"),
        script,
        "--bundle",
        "--format=iife",
        f"--outfile={made}",
        "--log-level=warning",
    ]
    child = await asyncio.create_subprocess_exec(*command, cwd=HERE)
    assert await child.wait() == 0
    return made.read_text()


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    api = pytest.importorskip("playwright.async_api", reason="no Playwright: pip install playwright")
    path = os.environ.get("HUB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium, or name one in HUB_CHROMIUM")
    async with api.async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        await opened.close()


@pytest.fixture
async def visit(
    browser: Any, collector: Collector, shop_port: int, tmp_path: Path
) -> AsyncIterator[Callable[..., Any]]:
    """`await visit(script, batching)`: a page of the shop with that library has called everything; returns its anonymous id."""
    files: dict[str, str] = {}

    async def shop(request: Any) -> Response:
        name = request.path_params["name"]
        if name.endswith(".js"):
            return Response(files[name], media_type="text/javascript")
        return HTMLResponse(files["page"])

    server, task, _ = await listen(Starlette(routes=[Route("/{name}", shop)]), shop_port)

    async def go(script: str, *, batching: bool) -> str:
        files[script] = await bundle(script, tmp_path)
        told = json.dumps({"hub": collector.url, "key": WRITE, "batching": batching})
        files["page"] = (
            f"<!doctype html><title>Vases</title><script>window.shop={told}</script><script src=/{script}></script>"
        )
        page = await browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"http://127.0.0.1:{shop_port}/vases?utm_campaign=spring")
        browser_id = await page.evaluate("window.visit()")
        assert problems == []
        return str(browser_id)

    yield go
    server.should_exit = True
    await task


@pytest.mark.parametrize("batching", [False, True], ids=["one by one", "in batches"])
@pytest.mark.parametrize("script", LIBRARIES)
async def test_a_visit_with_a_library_is_in_the_record(visit, collector, shop_port, script, batching):
    browser_id = await visit(script, batching=batching)
    await collector.until("SELECT count(*) FROM touchpoint", 4)  # the visit, identify, group, alias
    await collector.until("SELECT count(*) FROM visit_event", 1)
    assert await collector.one("SELECT pages, campaign, device FROM visit") == (1, "spring", "desktop")
    url, title = await collector.one("SELECT url, title FROM page_view")
    assert (url.partition("?")[0], title) == (f"http://127.0.0.1:{shop_port}/vases", "Vases")
    assert await collector.one("SELECT name, properties FROM visit_event") == (
        "Products Searched",
        '{"query":"vase"}',
    )
    assert await collector.claims() == {
        ("user_id", "u1", "asserted"),
        ("email", "ann@shop-mail.org", "asserted"),
        ("user_id", "guest-9", "asserted"),
    }
    devices = await collector.rows("SELECT DISTINCT value, level FROM claim WHERE kind = 'device'")
    assert devices == [(f"tracking:{browser_id}", "observed")]
    assert await collector.one("SELECT count(DISTINCT customer) FROM evidence") == 1


@pytest.mark.parametrize("script", LIBRARIES)
async def test_what_a_page_sends_again_is_stored_once(visit, collector, script):
    collector.faults.plan = ["stored", "stored", "busy"]
    await visit(script, batching=False)
    await collector.taken(5)
    await collector.until("SELECT count(*) FROM touchpoint", 4)
    assert await collector.one("SELECT count(*) FROM visit_event") == 1
    assert await collector.one("SELECT count(*) FROM page_view") == 1
