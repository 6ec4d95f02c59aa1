"""Files that come with a report: looked at and on disk before the message is written, and gone again when it is not.

    seen before? nothing is kept · one after another, within the quota of the connection · write · not used? delete

A hub that dies in between leaves files without rows, which the sweep finds.
"""

from __future__ import annotations

from hub import intake, media
from hub.contract import NotReady, Touchpoint
from hub.media import Came, Intake, Kept, LeftOut
from hub.runners.parcel import Parcel
from hub.runners.ports import Files
from hub.store import Store
from hub.wire import Refusal

FOR_NOW = ("unavailable", "rate_limited")


async def bring(
    connection: str, touchpoint: Touchpoint, parcel: Parcel, *, store: Store, files: Files, limits: Intake
) -> Came:
    """Keep what a report carries. Raises NotReady when nothing can be kept now: the report is to be made again."""
    if parcel.empty or await store.read(intake.seen, connection, touchpoint.key):
        return Came()
    count, size = await store.read(media.room_of, connection, limits)
    kept: list[tuple[str, Kept]] = []
    left = list(parcel.left_out)
    try:
        for file in parcel.files:
            if count <= 0 or len(file.body) > size:
                left.append(_left(file.name, file.body, "quota"))
                continue
            try:
                one = await files.take(file.body, file.name)
            except Refusal as refusal:
                if refusal.code in FOR_NOW:
                    raise NotReady(refusal.message, retry_after=refusal.retry_after) from None
                left.append(_left(file.name, file.body, "bad_file"))
            else:
                kept.append((file.content_id, one))
                count, size = count - 1, size - one.size
    except BaseException:
        await files.drop([one.id for _, one in kept])
        raise
    return Came(files=tuple(kept), left_out=tuple(left), html=parcel.html)


def _left(name: str, body: bytes, why: str) -> LeftOut:
    return LeftOut(name=media.naming.clean(name), size=len(body), why=why)
