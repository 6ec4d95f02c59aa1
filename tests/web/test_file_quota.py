"""What one address may upload without sending it, however many visitors it makes."""

import pytest

from hub import media
from tests.web.database import bytes_on_disk
from tests.web.test_files import TEXT, kept, upload


@pytest.fixture
def wire():
    return "socket"


async def test_what_one_address_has_not_sent_is_limited_however_many_visitors_it_makes(page_of, world):
    world.hub.hall.files.quota = media.Quota(unsent=2 * len(TEXT) + 5)
    one, two, three = await page_of(), await page_of(), await page_of()
    first, _ = await kept(one), await kept(two)
    refused = await upload(three)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large"), (
        "there is room for five bytes"
    )
    assert (await upload(three, b"12345")).status_code == 200
    refused = await upload(three, b"6")
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "quota")
    assert "wait to be sent" in refused.json()["error"]["message"]
    assert int(refused.headers["retry-after"]) > 86_000
    await one.begin("Here is my list", attachments=[first["id"]])
    assert (await upload(three)).status_code == 200, "sending has made room"
    assert await world.sql("SELECT sender FROM attachment WHERE conversation IS NOT NULL") == [(None,)]
    assert b"127.0.0.1" not in await bytes_on_disk(world)
