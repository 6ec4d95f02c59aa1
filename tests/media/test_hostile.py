"""Files that mean harm: whatever they pretend, they are refused, drawn anew, or an inert download."""

import io
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image

from hub.media import headers
from hub.media.attachments import Attachment
from hub.wire import Refusal

SCRIPT = b"<script>alert(document.domain)</script>"


def served(kept, part="file"):
    row = Attachment(kept.id, None, bytes(16), None, kept.name, kept.media_type, kept.size, kept.width, kept.height, kept.thumb, kept.inline, 0)  # fmt: skip
    return headers(row, part, 60)


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, b"0" * 100_000)
    return out.getvalue()


DOWNLOADS = {
    "logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
    "bom.svg": b"\xef\xbb\xbf\r\n <svg><script href='https://evil.example/x.js'/></svg>",
    "page.html": b"<!doctype html>" + SCRIPT,
    "page.xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</html>",
    "bomb.xml": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "l"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>',
    "wide.html": "<script>alert(1)</script>".encode("utf-16"),
    "page.png": b"<html><body onload=alert(1)>",
    "script.gif": b"alert(1)//GIF89a",
    "sheet.csv": b"=cmd|' /C calc'!A0,2\n",
    "paper.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n",
    "42.zip": archive("../../../etc/cron.d/x", "C:\\x", "a.html"),
    "letter.docm": archive("[Content_Types].xml", "word/vbaProject.bin"),
    "noise.jpg": bytes(range(256)) * 40,
    "mht.mht": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + SCRIPT,
}


@pytest.mark.parametrize("name", DOWNLOADS)
async def test_a_document_that_could_act_is_only_a_download(media, name):
    kept = await media.take(DOWNLOADS[name], name)
    sent = served(kept)
    assert not kept.inline
    assert media.path(kept.id).read_bytes() == DOWNLOADS[name]
    assert sent["content-disposition"].startswith("attachment;")
    assert sent["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent["content-security-policy"]
    assert not any(word in sent["content-type"] for word in ("html", "xml", "svg", "script", "image"))


async def test_a_page_called_a_picture_gets_the_name_of_a_text(media):
    assert (await media.take(DOWNLOADS["page.png"], "page.png")).name == "page.txt"
    assert (await media.take(DOWNLOADS["noise.jpg"], "noise.jpg")).name == "noise.bin"


PROGRAMS = {
    "setup.exe": b"anything",
    "photo.png": b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(64),
    "tool": b"\x7fELF\x02\x01\x01" + bytes(64),
    "mac": b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(64),
    "run.txt": b"#!/bin/sh\nrm -rf ~\n",
    "invoice.pdf.lnk": b"L\0\0\0\x01\x14\x02\0" + bytes(64),
    "invoice.pdf.js": b"WScript.Shell",
    "a.hta": DOWNLOADS["page.html"],
    "setup.exe\u200b": b"text",
    "setup.EXE. . ": b"text",
    "setup%2eexe\0": b"text",
    "x\u202egpj.scr": b"text",
    "a.ps1" + "\u202e" * 200: b"text",
    "site.url": b"[InternetShortcut]\nURL=https://evil.example\n",
}


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "setup%2eexe\0"])
async def test_a_program_is_refused_and_leaves_nothing(media, name):
    with pytest.raises(Refusal, match="expected a picture or a document") as no:
        await media.take(PROGRAMS[name], name)
    assert no.value.code == "bad_file"
    assert media.files() == []


async def test_an_escaped_dot_does_not_come_back_as_one(media):
    assert (await media.take(b"text", "setup%2eexe\0")).name == "setup2eexe.txt"


async def test_a_picture_that_is_also_a_script_is_one_no_more(media, make):
    gif = make.picture("GIF")
    kept = await media.take(gif + b"/*" + SCRIPT + b"*/=1;alert(1)", "both.js")
    assert (kept.media_type, kept.name) == ("image/gif", "both.gif")
    assert b"alert" not in media.path(kept.id).read_bytes()
    with pytest.raises(Refusal):
        await media.take(b"GIF89a/*\0\0\0\0\0*/=1;alert(1)//", "fake.gif")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_cut_short_is_refused(media, make, kind):
    whole = make.picture(kind, size=(200, 200), color=(9, 99, 200))
    for length in (12, 30, len(whole) // 2):
        with pytest.raises(Refusal) as no:
            await media.take(whole[:length], "cut")
        assert no.value.code == "bad_file"
    assert media.files() == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_damaged_picture_never_breaks_the_hub(media, make, kind):
    whole = bytearray(make.animation(kind) if kind in ("GIF", "WEBP") else make.picture(kind))
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        damaged = bytes(whole[:at]) + bytes([whole[at] ^ 0xFF]) + bytes(whole[at + 1 :])
        try:
            await media.take(damaged, "damaged")
        except Refusal as no:
            assert no.code == "bad_file"


async def test_what_a_phone_writes_into_a_photograph_does_not_stay(media, make):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at home"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    photo = make.picture(
        "JPEG", size=(40, 20), exif=exif, comment=b"secret words", xmp=b"<x:xmpmeta>secret words</x:xmpmeta>"
    )
    kept = await media.take(photo, "IMG.JPG")
    with Image.open(media.path(kept.id)) as drawn:
        assert (drawn.size, kept.width, kept.height) == ((20, 40), 20, 40)
        assert dict(drawn.getexif()) == {}
    stored = media.path(kept.id).read_bytes()
    assert not [word for word in (b"secret", b"home", b"Exif", b"xmp") if word in stored]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow speaks up about it
async def test_a_huge_exif_is_dropped(media, make):
    photo = make.picture("JPEG")
    block = (
        b"\xff\xe1"
        + (65_535).to_bytes(2, "big")
        + b"Exif\0\0II*\0\x08\0\0\0\xff\xff"
        + b"\x0f\x01\x02\0\xff\xff\xff\xff\x10\0\0\0" * 5_500
    )
    padded = photo[:2] + b"".join(block[:65_537] for _ in range(30)) + photo[2:]
    kept = await media.take(padded, "p.jpg")
    assert kept.size < 2_000


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png_of(side: int) -> bytes:
    header = side.to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"
    rows = zlib.compress(bytes(1 << 20), 9) * 20
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif_of(canvas: int, frames: list[int]) -> bytes:
    def two(n: int) -> bytes:
        return n.to_bytes(2, "little")

    pixel = b"\x02\x02\x44\x01\0"
    drawn = b"".join(b"\x2c" + two(0) * 2 + two(side) * 2 + b"\0" + pixel for side in frames)
    return b"GIF89a" + two(canvas) * 2 + b"\x80\0\0" + bytes(6) + drawn + b"\x3b"


def webp_of(side: int) -> bytes:
    body = b"WEBPVP8X\x0a\0\0\0\x02\0\0\0" + (side - 1).to_bytes(3, "little") * 2
    body += b"ANIM\x06\0\0\0" + bytes(6)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def jpeg_of(whole: bytes, side: int) -> bytes:
    """The same JPEG, that claims to be `side` × `side`."""
    at = next(n for n in range(len(whole)) if whole[n] == 0xFF and whole[n + 1] in (0xC0, 0xC1, 0xC2))
    return whole[: at + 5] + side.to_bytes(2, "big") * 2 + whole[at + 9 :]


RISE = """
import sys, time
from hub.media.pictures import BadPicture, draw
def most():  # not ru_maxrss, which a child inherits from who started it
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
draw(open(sys.argv[1], "rb").read(), "PNG")
before, start = most(), time.monotonic()
for path in sys.argv[2:]:
    try:
        made = draw(open(path, "rb").read(), path.rpartition(".")[2])
        print("drawn", path, made.width, made.height)
    except BadPicture as error:
        print("refused", path, error)
print(most() - before, time.monotonic() - start)
"""


def test_bombs_take_neither_memory_nor_time(tmp_path, make):
    bombs = {
        "square.PNG": png_of(50_000),
        "sixth.PNG": png_of(6_000),
        "grown.GIF": gif_of(1, [60_000]),
        "growing.GIF": gif_of(1, [1, 13_000, 13_000]),
        "canvas.WEBP": webp_of(16_384),
        "huge.JPEG": jpeg_of(make.picture("JPEG", size=(64, 64)), 65_000),
        "slow.JPEG": jpeg_of(make.picture("JPEG", size=(64, 64), progressive=True), 8_000),
    }
    (tmp_path / "small.png").write_bytes(make.picture())
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
    # Frames without end are not counted to the end: the first one is kept.
    (tmp_path / "endless.GIF").write_bytes(gif_of(1, [1] * 500_000))
    arguments = [str(tmp_path / name) for name in ("small.png", *bombs, "endless.GIF")]
    answer = subprocess.run(
        [sys.executable, "-c", RISE, *arguments], capture_output=True, text=True, check=True
    )
    *verdicts, figures = answer.stdout.splitlines()
    rise, seconds = (float(figure) for figure in figures.split())
    assert [verdict.split()[0] for verdict in verdicts] == ["refused"] * len(bombs) + ["drawn"], answer.stdout
    assert rise < 64 * 1024, f"{rise / 1024:.0f} MiB\n{answer.stdout}"
    assert seconds < 3
