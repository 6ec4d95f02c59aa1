"""Files: taken from who may send them, carried by messages, handed out by links, and swept when nobody sent them."""

import asyncio
import io
from urllib.parse import quote

import pytest
from PIL import Image

from hub import media
from tests.web.people import new_id

TEXT = b"A list of what I would like to know.\n"


@pytest.fixture
def wire():
    return "socket"


def picture(size=(900, 700)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 90, 200)).save(out, "PNG")
    return out.getvalue()


async def upload(page, data=TEXT, name="list.txt", **headers):
    """As the page's script does it; a header given as "" is left out."""
    sent = {
        "origin": page.world.origin(page.site),
        "authorization": f"Hub {page.token}",
        "x-file-name": quote(name),
    }
    sent |= {word.replace("_", "-"): value for word, value in headers.items() if word != "site"}
    return await page.world.http.post(
        f"/visitor/files?site={headers.get('site', page.site)}",
        content=data,
        headers={k: v for k, v in sent.items() if v},
    )


async def kept(page, data=TEXT, name="list.txt") -> dict:
    answer = await upload(page, data, name)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def kept_by(tab, data=TEXT, name="answer.txt") -> dict:
    answer = await tab.world.ask(
        "POST", "/console/files", cookie=tab.cookie, body=data, content_type="", x_file_name=name
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def talking(page, tab):
    await page.begin("Hello?")
    await page.until(lambda: page.talk)
    return await tab.follow(f"conversation:{page.conversation}")


def on_disk(world) -> list[str]:
    return sorted(path.name for path in (world.data / "media").rglob("*") if path.is_file())


# --- taking


async def test_a_page_uploads_with_its_token_in_a_header(page_of):
    answer = await upload(await page_of())
    assert answer.status_code == 200
    assert {word: answer.json()[word] for word in ("name", "type", "size")} == {
        "name": "list.txt", "type": "text/plain", "size": len(TEXT),
    }  # fmt: skip
    assert answer.headers["access-control-allow-origin"] == "http://shop.test"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": "Hub wrong"}, 401),
        ({"authorization": "Bearer {token}"}, 401),
        ({"site": "book"}, 403),  # not this page's site
        ({"site": "unknown"}, 404),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://book.test", "site": "book"}, 401),  # a token is good for its own site
    ],
)
async def test_nobody_else_uploads(page_of, world, changed, status):
    page = await page_of()
    changed = {word: value.format(token=page.token) for word, value in changed.items()}
    assert (await upload(page, **changed)).status_code == status
    assert on_disk(world) == []


async def test_a_token_in_the_address_is_none(page_of):
    page = await page_of()
    answer = await page.world.http.post(
        f"/visitor/files?site=shop&token={page.token}&authorization={page.token}",
        content=TEXT,
        headers={"origin": "http://shop.test"},
    )
    assert answer.status_code == 401


async def test_a_page_of_another_origin_cannot_read_the_answer_and_ours_can(page_of):
    page = await page_of()
    assert "access-control-allow-origin" not in (await upload(page, origin="http://evil.test")).headers
    refused = await upload(page, authorization="Hub wrong")
    assert refused.headers["access-control-allow-origin"] == "http://shop.test"
    assert refused.json()["error"]["code"] == "not_signed_in"


async def test_a_preflight_allows_our_origins_and_the_headers_of_an_upload(world):
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, x-file-name",
    }
    good = await world.http.options(
        "/visitor/files?site=shop", headers={"origin": "http://shop.test", **asked}
    )
    assert (good.status_code, good.headers["access-control-allow-origin"]) == (204, "http://shop.test")
    allowed = good.headers["access-control-allow-headers"]
    assert all(header in allowed for header in ("authorization", "content-type", "x-file-name"))
    assert "access-control-allow-credentials" not in good.headers
    assert (
        await world.http.options("/visitor/files", headers={"origin": "http://evil.test", **asked})
    ).status_code == 403


async def test_a_program_is_refused_whatever_it_is_called(page_of, world):
    answer = await upload(await page_of(), b"MZ\x90\x00" + b"\0" * 200, "holiday.jpg")
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "bad_file")
    assert on_disk(world) == []


async def test_the_day_has_a_quota(page_of, world):
    page = await page_of()
    who = await world.sql("SELECT id FROM visitor")
    await world.hub.store.write(_uploaded_before, who[0][0], media.Quota().size - 10)
    answer = await upload(page)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large"), (
        "there is room for ten bytes"
    )
    await world.hub.store.write(_uploaded_before, who[0][0], 10)
    answer = await upload(page)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "quota")
    assert int(answer.headers["retry-after"]) > 86_000
    world.clock.move(hours=24, minutes=1)
    assert (await upload(page)).status_code == 200


def _uploaded_before(tx, visitor: bytes, size: int) -> None:
    media.keep(
        tx, media.Kept(id=tx.new_id(), name="before", media_type="text/plain", size=size), visitor=visitor
    )


async def test_a_file_that_is_too_large_is_cut_off_before_it_is_all_there(page_of, world, monkeypatch):
    monkeypatch.setattr(media, "LIMIT", 1_000_000)
    page = await page_of()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
    head = (
        f"POST /visitor/files?site=shop HTTP/1.1\r\nHost: localhost\r\nOrigin: http://shop.test\r\nAuthorization: Hub {page.token}\r\n"
        "Content-Length: 500000000\r\n\r\n"
    )
    writer.write(head.encode())
    writer.write(b"x" * 1_500_000)
    async with asyncio.timeout(10):
        status = await reader.readline()
    writer.transport.abort()
    assert b" 413 " in status
    await world.until(lambda: on_disk(world) == [])


async def test_an_upload_that_is_given_up_leaves_nothing(page_of, world):
    page = await page_of()
    _, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
    head = (
        f"POST /visitor/files?site=shop HTTP/1.1\r\nHost: localhost\r\nOrigin: http://shop.test\r\nAuthorization: Hub {page.token}\r\n"
        "Content-Length: 9000000\r\n\r\n"
    )
    writer.write(head.encode() + b"x" * 600_000)
    await world.until(lambda: on_disk(world))
    writer.transport.abort()
    await world.until(lambda: on_disk(world) == [])
    assert await world.sql("SELECT count(*) FROM attachment") == [(0,)]
    await page.settled()


async def test_an_operator_uploads_signed_in_and_from_the_consoles_own_page(world, tab_of):
    ann = await tab_of("ann")
    assert (await kept_by(ann))["name"] == "answer.txt"
    for changed, status in (
        ({"cookie": ""}, 401),
        ({"origin": "http://shop.test"}, 403),
        ({"origin": ""}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
    ):
        answer = await world.ask(
            "POST", "/console/files", body=TEXT, content_type="", **{"cookie": ann.cookie, **changed}
        )
        assert answer.status_code == status, changed


async def test_who_is_blocked_uploads_nothing(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await talking(page, ann)
    await ann.do("block", page.conversation)
    assert (await upload(page)).status_code == 403


# --- carried by messages


async def test_a_first_message_and_a_later_one_carry_files(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    one, two = await kept(page), await kept(page, picture(), "vase.png")
    sent = await page.begin("", attachments=[one["id"]])
    topic = await ann.follow(f"conversation:{sent['conversation']}")
    await page.until(lambda: page.talk)
    await page.ask(
        {
            "t": "say",
            "client_id": new_id(),
            "conversation": page.conversation,
            "text": "",
            "attachments": [two["id"]],
        },
        "sent",
    )
    await ann.until(lambda: len(topic.of("message")) == 2)
    first, second = sorted(topic.of("message"), key=lambda message: message["seq"])
    assert [file["name"] for file in first["attachments"]] == ["list.txt"]
    (shown,) = second["attachments"]
    assert (shown["inline"], shown["width"], shown["height"], bool(shown["thumb"])) == (True, 900, 700, True)
    for link in (shown["url"], shown["thumb"], first["attachments"][0]["url"]):
        assert (await page.world.http.get(link)).status_code == 200


async def test_an_answer_and_a_note_carry_files_and_the_note_stays_inside(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    topic = await talking(page, ann)
    answer, secret = await kept_by(ann), await kept_by(ann, name="CANARY.txt")
    await ann.do("reply", page.conversation, text="", attachments=[answer["id"]])
    await ann.do("reply", page.conversation, text="", kind="note", attachments=[secret["id"]])
    await page.until(lambda: len(page.messages) == 2)
    assert [file["name"] for file in page.messages[2]["attachments"]] == ["answer.txt"]
    await ann.until(lambda: len([m for m in topic.of("message") if m.get("attachments")]) == 2)
    assert "CANARY" not in page.everything()


async def test_a_message_sent_again_uses_its_file_once(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    file, client_id = await kept(page), new_id()
    first = await page.begin("look", client_id, attachments=[file["id"]])
    assert await page.begin("look", client_id, attachments=[file["id"]]) == first
    answer, command = await kept_by(ann), new_id()
    done = await ann.do("reply", first["conversation"], id=command, text="", attachments=[answer["id"]])
    assert (
        await ann.do("reply", first["conversation"], id=command, text="", attachments=[answer["id"]]) == done
    )
    assert await page.world.sql("SELECT count(*) FROM message WHERE data LIKE '%attachments%'") == [(2,)]


async def test_a_file_is_sent_once(page_of):
    page = await page_of()
    file = await kept(page)
    await page.begin("look", attachments=[file["id"]])
    again = await page.begin("look again", attachments=[file["id"]])
    assert (again["t"], again["code"]) == ("refused", "not_found")


async def test_others_files_cannot_be_sent(page_of, tab_of):
    page, other, ann = await page_of(), await page_of(), await tab_of("ann")
    theirs, anns = await kept(other), await kept_by(ann)
    for stolen in (theirs["id"], anns["id"], "0" * 32):
        assert (await page.begin("mine", attachments=[stolen]))["code"] == "not_found"
    await talking(page, ann)
    boss = await tab_of("boss")
    for stolen in (theirs["id"], anns["id"]):
        assert (await boss.do("reply", page.conversation, text="", attachments=[stolen]))[
            "code"
        ] == "not_found"
    assert await page.world.sql("SELECT count(*) FROM attachment WHERE conversation IS NOT NULL") == [(0,)]


async def test_who_is_not_tracked_sends_files_once_they_talk(page_of):
    page = await page_of(consent="denied")
    assert (await upload(page)).status_code == 401
    await page.begin("Hello?")
    await page.until(lambda: page.talk)
    file = await kept(page)
    said = {
        "t": "say",
        "client_id": new_id(),
        "conversation": page.conversation,
        "text": "",
        "attachments": [file["id"]],
    }
    assert (await page.ask(said, "sent"))["t"] == "sent"


# --- handing out


async def test_a_link_needs_no_cookie_and_ends(page_of, world):
    page = await page_of()
    link = (await kept(page))["url"]
    answer = await world.http.get(link)
    assert (answer.status_code, answer.content) == (200, TEXT)
    world.clock.move(minutes=29)
    assert (await world.http.get(link)).status_code == 200
    world.clock.move(minutes=32)
    assert (await world.http.get(link)).status_code == 404


async def test_who_comes_back_gets_fresh_links(page_of, world):
    page = await page_of()
    await page.begin("look", attachments=[(await kept(page))["id"]])
    await page.until(lambda: len(page.messages) == 1)
    old = page.messages[1]["attachments"][0]["url"]
    world.clock.move(hours=2)
    page.talk = None
    await page.come()
    fresh = page.messages[1]["attachments"][0]["url"]
    assert (await world.http.get(old)).status_code == 404
    assert (await world.http.get(fresh)).content == TEXT


async def test_an_altered_link_opens_nothing(page_of):
    page = await page_of()
    one, two = await kept(page), await kept(page, b"another file", "two.txt")
    stem = one["url"].rpartition("/")[2]
    file, until, part, signature = stem.split(".")
    altered = [
        f"{two['id']}.{until}.{part}.{signature}", f"{file}.{int(until) + 1}.{part}.{signature}", f"{file}.{until}.thumb.{signature}",
        f"{file}.{until}.{part}.{signature[::-1]}", f"{file}.{until}.{part}.", file, f"0{stem}", f"{file}.0{until}.{part}.{signature}", "../../hub.db",
    ]  # fmt: skip
    for link in altered:
        assert (await page.world.http.get(f"/media/{quote(link)}")).status_code == 404, link


async def test_whatever_a_stranger_sent_is_handed_out_inert(page_of):
    page = await page_of()
    html = b"<!doctype html><script>alert(document.cookie)</script>"
    for data, name in (
        (html, "page.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "drawing.svg"),
        (b"%PDF-1.7\n%\xe2", "a.pdf"),
    ):
        answer = await page.world.http.get((await kept(page, data, name))["url"])
        assert answer.headers["content-disposition"].startswith("attachment;"), name
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (
            "sandbox" in answer.headers["content-security-policy"]
            and "default-src 'none'" in answer.headers["content-security-policy"]
        )
        assert answer.headers["content-type"] not in ("text/html", "image/svg+xml")
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_picture_is_shown_in_the_shops_page_and_is_still_inert(page_of):
    page = await page_of()
    file = await kept(page, picture(), "vase.png")
    answer = await page.world.http.get(file["url"])
    assert answer.headers["content-disposition"].startswith("inline;")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (
        answer.headers["x-content-type-options"],
        "sandbox" in answer.headers["content-security-policy"],
    ) == ("nosniff", True)
    assert answer.headers["cache-control"].startswith("private, max-age=")
    small = await page.world.http.get(file["thumb"])
    assert Image.open(io.BytesIO(small.content)).size == (480, 373)


# --- sweeping


async def test_what_was_never_sent_is_swept_after_a_day(page_of, world):
    page = await page_of()
    sent, unsent = await kept(page), await kept(page, picture(), "never.png")
    await page.begin("look", attachments=[sent["id"]])
    (world.data / "media" / "ab").mkdir(exist_ok=True)
    (world.data / "media" / "ab" / ("ab" * 16)).write_bytes(b"left by a crash")
    await world.hub.hall.files.sweep()
    assert len(on_disk(world)) == 4, "too early for all of them"
    world.clock.move(hours=25)
    await world.hub.hall.files.sweep()
    assert on_disk(world) == [sent["id"]]
    assert await world.sql("SELECT hex(id) FROM attachment") == [(sent["id"].upper(),)]
    assert unsent["id"] not in on_disk(world)
