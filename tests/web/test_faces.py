"""How operators look: a picture of theirs, drawn anew, that visitors and colleagues see."""

import io

import pytest
from PIL import Image

from hub import media


@pytest.fixture
def wire():
    return "socket"


def picture(kind: str = "PNG", size=(900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 90, 40)).save(out, kind)
    return out.getvalue()


async def choose(tab, data: bytes, **headers: str):
    return await tab.world.ask(
        "POST", "/api/me/picture", cookie=tab.cookie, body=data, content_type="", **headers
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_small_square_and_drawn_anew(tab_of, kind):
    ann = await tab_of("ann")
    team = await ann.follow("team")
    assert (await choose(ann, picture(kind) + b"CANARY")).status_code == 204
    await ann.until(lambda: any(row.get("picture") for row in team.of("operator")))
    (address,) = [row["picture"] for row in team.of("operator") if row.get("picture")]
    answer = await ann.world.http.get(address)
    assert Image.open(io.BytesIO(answer.content)).size == (media.faces.EDGE, media.faces.EDGE)
    assert b"CANARY" not in answer.content and len(answer.content) < 20_000
    assert (answer.headers["content-type"], answer.headers["cross-origin-resource-policy"]) == (
        "image/webp",
        "cross-origin",
    )
    assert "immutable" in answer.headers["cache-control"] and "set-cookie" not in answer.headers


async def test_visitors_see_it_in_the_talk_and_in_an_invitation(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await ann.follow("visitors")
    await choose(ann, picture())
    ((visitor,),) = await page.world.sql("SELECT visitor FROM visit")
    await ann.do("invite", visitor=visitor.hex(), text="May I help?")
    invited = await page.hear("invited")
    await page.begin("Yes", invitation=invited["invitation"])
    await page.until(lambda: page.talk.get("operator"))
    assert invited["operator"]["picture"] == page.talk["operator"]["picture"]
    assert (await page.world.http.get(page.talk["operator"]["picture"])).status_code == 200


async def test_a_new_picture_has_a_new_address_and_none_is_none(tab_of):
    ann = await tab_of("ann")
    await choose(ann, picture())
    ((first,),) = await ann.world.sql("SELECT name FROM operator_picture")
    await choose(ann, picture("JPEG"))
    ((second,),) = await ann.world.sql("SELECT name FROM operator_picture")
    assert first != second
    assert (await ann.world.http.get(f"/media/{first.hex()}")).status_code == 404
    assert (await ann.world.ask("DELETE", "/api/me/picture", cookie=ann.cookie)).status_code == 204
    assert (await ann.world.http.get(f"/media/{second.hex()}")).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ a program",
        b"<svg onload=alert(1)>",
        b"\x89PNG\r\n\x1a\n cut",
        picture("GIF"),
        picture("BMP"),
    ],
)
async def test_what_is_no_such_picture_is_refused(tab_of, data):
    ann = await tab_of("ann")
    answer = await choose(ann, data)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "bad_file")
    assert await ann.world.sql("SELECT count(*) FROM operator_picture") == [(0,)]


async def test_a_picture_has_a_size_and_comes_from_the_console(tab_of, monkeypatch):
    ann = await tab_of("ann")
    assert (await choose(ann, picture(), origin="http://shop.test")).status_code == 403
    monkeypatch.setattr(media.faces, "LARGEST", 100)
    assert (await choose(ann, picture())).status_code == 413
