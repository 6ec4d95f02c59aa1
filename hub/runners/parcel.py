"""What a report carries besides its words, taken off before the words are checked: files and HTML have a way and limits of their own.

Nothing here is kept yet; what is too much is named, so that the message can say what is missing. It runs on the plugin's own thread.
"""

from __future__ import annotations

import msgspec

from hub.contract import IncomingFile, IncomingMessage, Touchpoint
from hub.media import Intake, LeftOut, html

LONGEST_NAME = 500


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """Files to be kept, those that are not even looked at, and the HTML, cleaned."""

    files: tuple[IncomingFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    html: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing but words."""
        return not (self.files or self.left_out or self.html)


def carries(touchpoint: object) -> bool:
    """Whether there is anything besides words; most reports have none of it."""
    said = touchpoint.message if isinstance(touchpoint, Touchpoint) else None
    return isinstance(said, IncomingMessage) and bool(said.files or said.html)


def unpacked(touchpoint: object, intake: Intake) -> tuple[object, Parcel]:
    """The report without its files and HTML, and these. Raises TypeError, naming the field, for files that are none."""
    said = touchpoint.message if isinstance(touchpoint, Touchpoint) else None
    if not isinstance(touchpoint, Touchpoint) or not isinstance(said, IncomingMessage):
        return touchpoint, Parcel()
    if not isinstance(said.files, tuple | list) or not isinstance(said.html, str):
        raise TypeError("report: expected a tuple of hub.IncomingFile as files, and HTML as text")
    files, left_out = _bearable([_file(n, file) for n, file in enumerate(said.files)], intake)
    words = msgspec.structs.replace(said, files=(), html="")
    if len(said.html) > html.LONGEST:
        left_out.append(LeftOut(name="HTML", size=len(said.html), why="too_large"))
    parcel = Parcel(files=tuple(files), left_out=tuple(left_out), html=html.clean("".join(said.html)))
    return msgspec.structs.replace(touchpoint, message=words), parcel


def _file(n: int, file: object) -> IncomingFile:
    """Its own values, none of the plugin's."""
    if not isinstance(file, IncomingFile) or not isinstance(file.body, bytes | bytearray | memoryview):
        raise TypeError(
            f"report: Touchpoint.message.files[{n}]: expected a hub.IncomingFile with bytes as its body"
        )
    if not isinstance(file.name, str) or not isinstance(file.content_id, str):
        raise TypeError(f"report: Touchpoint.message.files[{n}]: expected text as its name and content_id")
    name = "".join(file.name)[:LONGEST_NAME].encode("utf-8", "replace").decode()
    return IncomingFile(name=name, body=bytes(file.body), content_id="".join(file.content_id)[:LONGEST_NAME])


def _bearable(files: list[IncomingFile], intake: Intake) -> tuple[list[IncomingFile], list[LeftOut]]:
    """The first ones that fit into one message; an empty one is no file."""
    kept: list[IncomingFile] = []
    left: list[LeftOut] = []
    room = intake.message
    for file in files:
        if len(file.body) > room or len(kept) >= intake.files:
            left.append(LeftOut(name=file.name[:120] or "file", size=len(file.body), why="too_large"))
        elif file.body:
            kept.append(file)
            room -= len(file.body)
    return kept, left[:50]
