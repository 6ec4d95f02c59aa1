"""The console as an app: what browsers ask for before they offer to install it, and a worker that may reach nothing else."""

import io
import struct

import pytest
from PIL import Image


async def test_the_manifest_names_icons_that_are_there_in_their_sizes(world):
    answer = await world.ask("GET", "/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for named in manifest["icons"]:
        icon = await world.ask("GET", named["src"])
        assert icon.headers["content-type"] == "image/png"
        assert "{}x{}".format(*struct.unpack(">II", icon.content[16:24])) == named["sizes"]


async def test_a_maskable_icon_fills_its_corners_and_the_other_does_not(world):
    corners = {}
    for shape in ("round", "full"):
        picture = Image.open(io.BytesIO((await world.ask("GET", f"/icons/{shape}-192.png")).content))
        corners[shape] = picture.convert("RGBA").getpixel((0, 0))[3]
    assert corners == {"round": 0, "full": 255}


@pytest.mark.parametrize("name", ["round-191.png", "full-9999.png", "x.svg", "round-192.png%00"])
async def test_there_are_no_other_icons(world, name):
    assert (await world.ask("GET", f"/icons/{name}")).status_code == 404


async def test_the_worker_is_revalidated_and_reaches_this_hub_alone(world):
    answer = await world.ask("GET", "/console-sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-security-policy"] == "default-src 'none'; connect-src 'self'"
    page = (await world.ask("GET", "/")).text
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert 'name="theme-color"' in page
