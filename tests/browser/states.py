"""Every state of the widget, for eyes: light, dark, on a phone, from right to left, at 200 %.

    python -m tests.browser.states --out FOLDER [--look dark] [--only queue]

A picture of each state in each look, and a sheet of them for each look. Look at them after a change of looks; none is kept.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.hosts import LoopThread, RunningHub, config_toml
from tests.browser.people import comes_to_rest
from tests.browser.shop import Shop
from tests.browser.walking import MORE_TOML, Walker, walk

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 820, "height": 760}},
    "dark": {"viewport": {"width": 820, "height": 760}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "rtl": {"viewport": {"width": 820, "height": 760}, "locale": "ar"},
    # A window of 1280 × 800 at 200 %: half as many pixels of the style sheet, each drawn twice as large.
    "zoom": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
}


def pictures(out: Path, looks: list[str], only: str) -> None:
    """One hub for each look, so that each visitor is the first of the day."""
    expect.set_options(timeout=15_000)
    for look in looks:
        loop = LoopThread()
        with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
            hub = RunningHub(loop, Path(home) / "data")
            shop = Shop(loop, hub.url)
            shop.pictures_from_the_hub = True
            hub.start(config_toml(hub.data, hub.port, shop.url, MORE_TOML))
            hub.add_operator("ana", "Ana Ruiz")
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
            page = browser.new_context(**{"locale": "en-GB", **LOOKS[look]}).new_page()
            folder = out / look
            folder.mkdir(parents=True, exist_ok=True)
            for number, state in enumerate(walk(Walker(page, hub, shop.url, arabic=look == "rtl"))):
                if only in state:
                    comes_to_rest(page)
                    page.screenshot(path=folder / f"{number:02}-{state}.png")
            browser.close()
            hub.stop()
            shop.stop()
        loop.stop()
        sheet(folder)


def sheet(folder: Path) -> None:
    """All pictures of a folder on one, each with its name."""
    paths = sorted(folder.glob("*.png"))
    shown = [Image.open(path) for path in paths]
    width = 410 if shown[0].width > 400 else 300
    tiles = [one.resize((width, one.height * width // one.width)) for one in shown]
    height, across = max(one.height for one in tiles) + 22, 5
    whole = Image.new("RGB", (across * (width + 10), -(-len(tiles) // across) * (height + 10)), "#888")
    pen = ImageDraw.Draw(whole)
    for n, (path, tile) in enumerate(zip(paths, tiles, strict=True)):
        x, y = n % across * (width + 10), n // across * (height + 10)
        pen.text((x + 4, y + 4), path.stem, fill="white")
        whole.paste(tile, (x, y + 20))
    whole.save(folder.with_suffix(".png"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder that the pictures go to")
    parser.add_argument("--look", choices=LOOKS, action="append", help="only this one (again for another)")
    parser.add_argument("--only", default="", help="only states with this in their name")
    asked = parser.parse_args()
    pictures(asked.out, asked.look or list(LOOKS), asked.only)


if __name__ == "__main__":
    main()
