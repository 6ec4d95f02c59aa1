"""A channel over carrier pigeons, and the loft they fly to: honest ones, and one of each way to break a rule.

The loft is in this process: pigeons live on their connection's own thread, so it is guarded by a lock and found by its name.
"""

import asyncio
import itertools
import threading
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
from pydantic import Field

import hub
from hub.testing import Heard, Peer, Said

LOFTS: dict[str, "Loft"] = {}
COUNT = itertools.count(1)
SECRET = "the-secret-of-the-loft"  # it is looked for in what is said


class Loft:
    """What lies there to be fetched, what has come, and what happens to what comes. Everything that was put is kept, as by a post office."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.notes: list[Said] = []
        self.came: list[Heard] = []
        self.receipts: list[tuple[str, str]] = []
        self.trouble: str | None = None


class LoftPeer(Peer):
    troubles = ("away", "busy", "credentials", "refuses", "lost")
    secrets = (SECRET,)

    def __init__(self) -> None:
        self.name = f"loft{next(COUNT)}"
        self.loft = LOFTS[self.name] = Loft()

    async def close(self) -> None:
        del LOFTS[self.name]

    def settings(self) -> dict[str, Any]:
        return {"loft": self.name, "key": SECRET}

    async def say(self, said: Said) -> None:
        with self.loft.lock:
            self.loft.notes.append(said)

    async def heard(self) -> list[Heard]:
        with self.loft.lock:
            return list(self.loft.came)

    async def make(self, trouble: str | None) -> None:
        self.loft.trouble = trouble

    async def tell(self, heard: Heard, state: str) -> None:
        with self.loft.lock:
            self.loft.receipts.append((heard.id, state))


class Settings(hub.Settings):
    loft: str = Field(description="The name of the loft.")
    key: hub.Secret = Field(description="Opens its door.")


class Pigeon(hub.Channel):
    """It breaks no rule."""

    kind = "pigeon"
    settings = Settings
    capabilities = hub.Capabilities(delivered=True, read=True, max_length=2_000, files=1_000_000)

    async def run(self, context: hub.Context) -> None:
        place = await context.documents.get("place", "notes")
        read = place.body if place else 0
        told = 0
        while True:
            loft = LOFTS[context.settings.loft]
            with loft.lock:
                notes, receipts = loft.notes[read:], loft.receipts[told:]
            for note in notes:
                read += 1
                await self.report(context, note, hub.Put(kind="place", key="notes", body=read))
            for message, state in receipts:
                told += 1
                await context.receipt(message, hub.Receipt(state="read" if state == "read" else "delivered"))
            await asyncio.sleep(0.01)

    async def report(self, context: hub.Context, note: Said, put: hub.Put) -> None:
        try:
            await context.report(self.touchpoint(note), puts=[put])
        except ValueError as error:
            await context.set_aside(note.key, note.text.encode("utf-8", "replace"), str(error), puts=[put])

    def touchpoint(self, note: Said) -> hub.Touchpoint:
        return hub.Touchpoint(
            channel="pigeon", kind="note", key=note.key, occurred_at=note.at, thread=note.sender,
            message=hub.IncomingMessage(text=note.text),
        )  # fmt: skip

    async def deliver(self, message: hub.OutgoingMessage, context: hub.Context) -> hub.Receipt:
        loft = LOFTS[context.settings.loft]
        if len(message.text) > 2_000:
            raise hub.Rejected("a pigeon carries 2,000 letters at most")
        self.meet(loft.trouble, context)
        self.drop(loft, message)
        if loft.trouble == "lost":
            raise TimeoutError("no pigeon came back")
        return hub.Receipt(external_id=message.id)

    def meet(self, trouble: str | None, context: hub.Context) -> None:
        if trouble == "away":
            raise hub.NotReady("the loft is shut")
        if trouble == "busy":
            raise hub.NotReady("the loft is full", retry_after=2)
        if trouble == "credentials":
            raise hub.AuthFailed("the loft does not know this key")
        if trouble == "refuses":
            raise hub.Rejected("the loft takes no such letters")

    def drop(self, loft: Loft, message: hub.OutgoingMessage) -> None:
        with loft.lock:
            files = {file.name: file.body for file in message.files}
            loft.came.append(Heard(text=message.text, to=message.address, id=message.id, files=files))


class Tidy(Pigeon):
    """Its loft drops a letter that it has seen, and breaks no rule."""

    capabilities = hub.Capabilities(drops_repeats=True)

    def drop(self, loft: Loft, message: hub.OutgoingMessage) -> None:
        with loft.lock:
            seen = any(one.id == message.id for one in loft.came)
        if not seen:
            super().drop(loft, message)


class Forgetful(Pigeon):
    """Makes up a new key for whatever it fetches."""

    def touchpoint(self, note: Said) -> hub.Touchpoint:
        return msgspec.structs.replace(super().touchpoint(note), key=f"{note.key}-{next(COUNT)}")


class Impatient(Pigeon):
    """Drops what comes behind a later number."""

    latest: ClassVar[str] = ""

    async def report(self, context: hub.Context, note: Said, put: hub.Put) -> None:
        if note.key >= Impatient.latest:
            Impatient.latest = note.key
            await super().report(context, note, put)


class Timeless(Pigeon):
    """Dates everything when it was fetched."""

    def touchpoint(self, note: Said) -> hub.Touchpoint:
        return msgspec.structs.replace(super().touchpoint(note), occurred_at=datetime.now(UTC))


class Provincial(Pigeon):
    """Knows Latin letters only."""

    def touchpoint(self, note: Said) -> hub.Touchpoint:
        text = note.text.encode("latin-1", "replace").decode("latin-1")
        return msgspec.structs.replace(super().touchpoint(note), message=hub.IncomingMessage(text=text))


class Fragile(Pigeon):
    """Stops at the first note it cannot read."""

    async def report(self, context: hub.Context, note: Said, put: hub.Put) -> None:
        if not note.text.isprintable() and "\n" not in note.text:
            await asyncio.sleep(3600)
        await super().report(context, note, put)


class Careless(Pigeon):
    """Writes its place down before what it fetched is kept."""

    async def report(self, context: hub.Context, note: Said, put: hub.Put) -> None:
        await context.documents.put(put)
        await asyncio.sleep(0.2)
        await super().report(context, note, put)


class Mangling(Pigeon):
    """Takes out what looks like markup on the way out."""

    def drop(self, loft: Loft, message: hub.OutgoingMessage) -> None:
        super().drop(
            loft, msgspec.structs.replace(message, text=message.text.replace("<b>", "").replace("</b>", ""))
        )


class Pushing(Pigeon):
    """Sends by itself again and tells the hub that it failed."""

    def meet(self, trouble: str | None, context: hub.Context) -> None:
        if trouble in ("away", "busy", "credentials"):
            loft = LOFTS[context.settings.loft]
            self.drop(
                loft,
                hub.OutgoingMessage(
                    id="early", conversation="", address="", text="early", at=datetime.now(UTC)
                ),
            )
        super().meet(trouble, context)


class Stubborn(Pigeon):
    """Calls it busy when the other side will never take it."""

    def meet(self, trouble: str | None, context: hub.Context) -> None:
        super().meet("busy" if trouble == "refuses" else trouble, context)


class Renaming(Pigeon):
    """Gives a repeat another id."""

    def drop(self, loft: Loft, message: hub.OutgoingMessage) -> None:
        super().drop(loft, msgspec.structs.replace(message, id=f"{message.id}-{message.attempt}"))


class Boasting(Pigeon):
    """Declares receipts and never tells any."""

    async def run(self, context: hub.Context) -> None:
        LOFTS[context.settings.loft].receipts = []

        class Deaf(list[Any]):
            def append(self, _: object) -> None:
                pass

        LOFTS[context.settings.loft].receipts = Deaf()
        await super().run(context)


class Cutting(Pigeon):
    """Cuts what it declares to carry."""

    def drop(self, loft: Loft, message: hub.OutgoingMessage) -> None:
        super().drop(loft, msgspec.structs.replace(message, text=message.text[:1_000]))


class Trusting(Pigeon):
    """Says of its loft that it drops repeats, which that does not."""

    capabilities = hub.Capabilities(drops_repeats=True)


class Losing(Pigeon):
    """Carries the last file only."""

    def drop(self, loft: Loft, message: hub.OutgoingMessage) -> None:
        super().drop(loft, msgspec.structs.replace(message, files=message.files[-1:]))


class Gossiping(Pigeon):
    """Puts its key into what it says."""

    def meet(self, trouble: str | None, context: hub.Context) -> None:
        if trouble == "credentials":
            raise hub.AuthFailed(f"the loft does not know the key {context.settings.key.reveal()}")
        super().meet(trouble, context)


DEFECTS = {
    "test_what_comes_twice_is_there_once": Forgetful,
    "test_what_comes_out_of_order_is_all_there": Impatient,
    "test_what_comes_late_keeps_its_time": Timeless,
    "test_every_script_arrives_as_it_was_written": Provincial,
    "test_what_no_text_should_hold_costs_nobody_else": Fragile,
    "test_a_restart_in_the_middle_loses_and_doubles_nothing": Careless,
    "test_answers_arrive_as_they_were_written_and_in_order": Mangling,
    "test_after_each_trouble_an_answer_arrives_once": Pushing,
    "test_what_is_refused_has_failed_with_a_reason_and_the_next_one_goes": Stubborn,
    "test_an_answer_of_which_nobody_knows_is_repeated_at_most_once_under_its_id": Renaming,
    "test_receipts_only_go_forward": Boasting,
    "test_the_longest_message_it_declares_arrives_whole": Cutting,
    "test_what_it_drops_of_repeats_reaches_nobody_twice": Trusting,
    "test_the_files_it_declares_to_carry_arrive_whole": Losing,
    "test_no_secret_is_said_anywhere": Gossiping,
}
"""Each test that speaks with the other side, and the channel it must catch."""
