"""Erase a person, slice by slice: plan on a reader, write the plan down, then do it on the background lane.

Nothing is erased before the plan is whole, and each slice crosses off what it did, so a hub that dies in between goes on at its next
start. Pages that are open begin anew as strangers. What is deleted is overwritten in the file as it goes (`secure_delete`), and words
that the search index still holds in dead segments are merged away at the end. Backups are not touched: they end with their owner's
care, and the words of the command say so.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from hub import documents, intake, outbox, search
from hub.actions import erase as actions
from hub.actions.erase import PLANNED, Plan
from hub.store import Store
from hub.wire import id_hex

Drop = Callable[[list[bytes]], Awaitable[None]]
"""Deletes the files of these attachments."""


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What it came to."""

    customer: bytes
    touches: int
    conversations: int
    files: int
    documents: int


async def erase(
    store: Store,
    anchor: bytes,
    author: str,
    *,
    drop: Drop,
    before: Callable[[Sequence[bytes]], None] = lambda _: None,
    after: Callable[[Sequence[bytes]], None] = lambda _: None,
) -> Erased:
    """Erase a customer. `before` and `after` are told whose browsers: their open pages must tell no more, and then begin anew.

    Refusal: not_found. Done when this returns; if it does not return, the next start of the hub goes on.
    """
    plan = await store.read(actions.plan, anchor)
    before(plan.visitors)
    erasure = await store.write(actions.begin, author, plan.customer, len(plan.touches))
    kept = await _write_down(store, erasure, plan)
    files = await _carry_out(store, erasure, drop)
    after(plan.visitors)
    return Erased(
        customer=plan.customer, touches=len(plan.touches), conversations=len(plan.conversations), files=files, documents=kept
    )  # fmt: skip


async def resume(store: Store, drop: Drop) -> int:
    """Go on with what was cut off; how many there were."""
    left = await store.read(actions.unfinished)
    for erasure, planned, customer in left:
        if not planned:
            await store.write_background(actions.plan_again, erasure)
            await _write_down(store, erasure, await store.read(actions.plan, customer))
        await _carry_out(store, erasure, drop)
    return len(left)


async def _write_down(store: Store, erasure: bytes, plan: Plan) -> int:
    """Note what is to be done, and do what is found by reading: documents of plugins, and events for webhooks."""
    for at in range(0, len(plan.touches), PLANNED):
        await store.write_background(actions.note_plan, erasure, plan.touches[at : at + PLANNED])
    about = frozenset(map(id_hex, (*plan.touches, *plan.conversations)))
    events: list[bytes] = []
    after: bytes | None = b""
    while after is not None:
        found, after = await store.read(outbox.events_about, about, after)
        events += found
    kept = await store.read(documents.holding, plan.words)
    aside = await store.read(intake.asides.speaking_of, plan.words)
    await store.write_background(actions.clear, erasure, tuple(kept), tuple(events), tuple(aside))
    return len(kept)


async def _carry_out(store: Store, erasure: bytes, drop: Drop) -> int:
    files = 0
    done = False
    while not done:
        did = await store.write_background(actions.erase, erasure)
        files, done = files + len(did.files), did.done
        if did.files:
            await drop(list(did.files))
    while await store.write_background(search.catch_up):
        pass
    start = True
    while await store.write_background(search.press, start=start):
        start = False
    await store.write_background(actions.finish, erasure)
    return files
