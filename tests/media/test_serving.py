"""Headers: pictures of ours may be shown, everything else is downloaded and inert."""

from email.message import Message

import pytest

from hub.media import headers
from hub.media.attachments import Attachment
from hub.media.naming import clean


def attachment(name="vase.png", media_type="image/png", inline=True) -> Attachment:
    return Attachment(bytes(16), None, bytes(16), None, name, media_type, 9, 4, 3, inline, inline, 0)


def test_a_picture_may_be_shown_by_the_shop_and_is_kept_by_its_browser_alone():
    sent = headers(attachment(), "file", 1_800)
    assert sent["content-type"] == "image/png"
    assert sent["content-disposition"].startswith("inline;")
    assert sent["cross-origin-resource-policy"] == "cross-origin"
    assert sent["cache-control"] == "private, max-age=1800, immutable"
    small = headers(attachment(), "thumb", 1_800)
    assert (small["content-type"], 'filename="vase.webp"' in small["content-disposition"]) == (
        "image/webp",
        True,
    )


def test_everything_else_is_a_download_that_nobody_embeds():
    sent = headers(attachment("a.svg", "application/octet-stream", inline=False), "file", -5)
    assert sent["content-disposition"].startswith("attachment;")
    assert sent["cross-origin-resource-policy"] == "same-origin"
    assert sent["cache-control"].startswith("private, max-age=0")


@pytest.mark.parametrize("inline", [True, False])
def test_no_file_may_run_or_be_guessed_at(inline):
    sent = headers(attachment(inline=inline), "file", 60)
    assert sent["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent["content-security-policy"]
    assert "default-src 'none'" in sent["content-security-policy"]


@pytest.mark.parametrize(
    "name",
    [
        "plain.pdf",
        "Größe & Preis; 50%.pdf",
        'a"b\\c.pdf',
        "写真 2.pdf",
        "x'y.pdf",
        "😀.pdf",
        "a\r\nset-cookie: b.pdf",
    ],
)
def test_a_name_arrives_whole_whatever_is_in_it(name):
    name = clean(name, ("pdf",))
    line = headers(attachment(name, "application/pdf", inline=False), "file", 60)["content-disposition"]
    assert line.isascii()
    assert line.isprintable()
    message = Message()
    message["content-disposition"] = line
    assert message.get_content_disposition() == "attachment"
    assert line.partition("filename*=UTF-8''")[2].isascii()
    from urllib.parse import unquote

    assert unquote(line.partition("filename*=UTF-8''")[2]) == name
