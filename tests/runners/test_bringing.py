"""Files and HTML that come with a report: kept before it is written, named where they are not, and gone again when nobody has them."""

import asyncio
import datetime as dt
import io
import sys

import pytest
from PIL import Image

import hub
from hub import media
from hub.runners.parcel import unpacked
from hub.wire import Refusal

REPORT = """
import datetime, io

class Post(hub.Channel):
    kind = "post"
    capabilities = hub.Capabilities(subjects=True, files=100)

    async def run(self, context):
        while True:
            said = await queue.get()
            try:
                await context.report(said)
                outcomes.append("")
            except Exception as error:
                outcomes.append(f"{type(error).__name__}: {error}")

queue, outcomes = None, []

@hub.hookimpl
def hub_register_channels(register):
    register(Post)
"""


class Kept:
    """Files in a folder, as the hub keeps them."""

    def __init__(self, folder) -> None:
        self.store = media.MediaStore(folder)
        self.dropped: list[bytes] = []
        self.full = False

    async def take(self, body, name):
        if self.full:
            raise Refusal("unavailable", "file: it cannot be stored now", retry_after=0.01)
        return await self.store.take(body, name)

    async def drop(self, ids):
        self.dropped += ids
        self.store.delete(ids)

    async def read(self, attachment):
        return await self.store.read(attachment)


def png(edge=20) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (edge, edge), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
async def made(bench, tmp_path):
    made = await bench(REPORT, "[channels.post]")
    made.files = Kept(tmp_path / "media")
    plugin = sys.modules[made.registry.channels["post"].__module__]
    plugin.queue = asyncio.Queue()
    await made.until(lambda: made.state("post") == "healthy")

    async def report(**said):
        point = hub.Touchpoint(
            channel="post", key=said.pop("key", "k1"), kind="refused" if said.get("subject") == "refused" else "mail", occurred_at=dt.datetime.now(dt.UTC), thread="a@b.de",
            message=hub.IncomingMessage(text="words", **said),
        )  # fmt: skip
        before = len(plugin.outcomes)
        plugin.queue.put_nowait(point)
        await made.until(lambda: len(plugin.outcomes) > before)
        return plugin.outcomes[-1]

    made.report = report
    yield made
    made.files.store.close()


def on_disk(made):
    return sorted(path.name for path in (made.files.store.path(b"\0" * 16).parent.parent).glob("??/*"))


async def test_files_are_kept_by_what_they_are_before_the_message_is_written(made):
    files = (
        hub.IncomingFile(name="photo.txt", body=png(), type="text/plain", content_id="p@1"),
        hub.IncomingFile(name="../../notes.txt", body=b"hello"),
        hub.IncomingFile(name="tool.exe", body=b"MZ" + bytes(100)),
        hub.IncomingFile(name="nothing", body=b""),
    )
    assert await made.report(files=files, html='<p onclick="x">Hi <img src="cid:p@1"></p>') == ""
    (came,) = made.carried
    assert [(name, kept.name, kept.media_type, kept.inline) for name, kept in came.files] == [
        ("p@1", "photo.png", "image/png", True),
        ("", "notes.txt", "text/plain", False),
    ]
    assert [(one.name, one.why) for one in came.left_out] == [("tool.exe", "bad_file")]
    assert came.html == '<p>Hi <img src="cid:p@1"></p>'
    assert len(on_disk(made)) == 2
    assert made.reported[0][1].message.files == ()


async def test_files_of_a_report_that_nobody_used_are_deleted(made):
    made.use = False
    await made.report(files=(hub.IncomingFile(name="a.txt", body=b"hello"),))
    assert len(made.files.dropped) == 1
    assert on_disk(made) == []


async def test_files_of_a_report_that_is_refused_are_deleted(made):
    outcome = await made.report(subject="refused", files=(hub.IncomingFile(name="a.txt", body=b"hello"),))
    assert outcome.startswith("ValueError")
    assert len(made.files.dropped) == 1
    assert on_disk(made) == []


async def test_a_full_disk_has_the_report_made_again_and_nothing_is_left_of_the_first_try(made):
    files = (hub.IncomingFile(name="a.txt", body=b"hello"),)
    made.files.full = True
    assert (await made.report(files=files)).startswith("NotReady")
    assert (made.reported, on_disk(made)) == ([], [])
    made.files.full = False
    assert await made.report(files=files) == ""


async def test_what_is_no_file_is_refused_by_its_place(made):
    outcome = await made.report(files=("a file",))
    assert outcome.startswith("TypeError")
    assert "files[0]" in outcome


def point(**said):
    return hub.Touchpoint(
        channel="post", key="k", kind="mail", occurred_at=dt.datetime.now(dt.UTC),
        message=hub.IncomingMessage(text="words", **said),
    )  # fmt: skip


def test_of_more_than_a_message_may_carry_the_first_files_are_kept_and_the_rest_is_named():
    files = tuple(hub.IncomingFile(name=f"f{n}", body=bytes(40)) for n in range(4))
    _, parcel = unpacked(point(files=files), media.Intake(message=100, files=3))
    assert [file.name for file in parcel.files] == ["f0", "f1"]
    assert [(one.name, one.size, one.why) for one in parcel.left_out] == [
        ("f2", 40, "too_large"),
        ("f3", 40, "too_large"),
    ]


def test_html_that_is_longer_than_any_letter_is_left_out_by_name():
    words, parcel = unpacked(point(html="x" * (media.html.LONGEST + 1)), media.Intake())
    assert parcel.html == ""
    assert [(one.name, one.why) for one in parcel.left_out] == [("HTML", "too_large")]
    assert words.message.text == "words"
