"""By what people are told apart, at the door, for admins: the numbers, their history, and what others would do.

Trying numbers on everything there is takes seconds, or minutes where there are millions of touchpoints. So it is asked for and looked at
later: the log is read on a reader, and the rule runs on a thread of its own, which nobody waits for, at the end of the hub neither.
One trial at a time; the next one ends it.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import identity
from hub.actions import ruling
from hub.store import Read
from hub.web import customers
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import hex_id, id_hex, level_word, millis
from hub.wire.ruling import (
    KeepRules,
    RuleNumber,
    RulesApart,
    RulesChange,
    RulesPage,
    RulesPerson,
    RulesTogether,
    RulesTrial,
    TryRules,
    UndoRules,
)

log = logging.getLogger("hub.web")

SHOWN: Final = 5
"""Customers of each sort in a trial, and parts of one customer."""


def routes(route: Router, hall: Hall) -> list[Route]:
    """For the sitemap; `route` asks the policy first."""
    trials = Trials(hall)

    async def answer() -> Response:
        return Json(msgspec.structs.replace(await hall.store.read(_page), trial=trials.now))

    async def page(request: Request, asks: Asks) -> Response:
        return await answer()

    async def attempt(request: Request, asks: Asks) -> Response:
        await trials.begin((await json_of(hall, request, TryRules)).numbers)
        return await answer()

    async def keep(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, KeepRules)
        await hall.store.write(ruling.keep, id_hex(asks.actor.id), asked.numbers, seen=asked.seen)
        trials.end()
        return await answer()

    async def undo(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, UndoRules)
        await hall.store.write(ruling.undo, id_hex(asks.actor.id), hex_id(asked.change))
        trials.end()
        return await answer()

    return [
        route("GET", "/api/identity/rules", page),
        route("POST", "/api/identity/rules", keep),
        route("POST", "/api/identity/rules/try", attempt),
        route("POST", "/api/identity/rules/undo", undo),
    ]


class Trials:
    """What was asked last, and how far it is. For the event loop's thread only."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._ended = threading.Event()
        self.now: RulesTrial | None = None

    async def begin(self, asked: ruling.Asked) -> None:
        """Count what these numbers would do. Refusals: bad_request."""
        wanted = await self._hall.store.read(ruling.changed, asked)
        self.end()
        self._ended = threading.Event()
        self.now = RulesTrial(
            numbers={name: dict(kinds) for name, kinds in asked.items()},
            state="counting",
            since=millis(self._hall.clock()),
        )
        self._hall.soon(self._count(wanted, self._ended))

    def end(self) -> None:
        """Nobody wants to know any longer."""
        self._ended.set()
        self.now = None

    async def _count(self, wanted: identity.Rules, ended: threading.Event) -> None:
        loop = asyncio.get_running_loop()

        def told(share: float) -> None:
            if ended.is_set():
                raise InterruptedError
            loop.call_soon_threadsafe(self._tell, ended, share)

        try:
            found = await _beside(identity.tried, await self._hall.store.read(identity.log_of), wanted, told)
            shown = await self._hall.store.read(_found, found)
        except InterruptedError:
            return
        except asyncio.CancelledError:
            ended.set()
            raise
        except Exception:
            log.exception("web: trying other rules failed")
            shown = {"state": "failed"}
        if self.now is not None and not ended.is_set():
            self.now = msgspec.structs.replace(self.now, **shown)

    def _tell(self, ended: threading.Event, share: float) -> None:
        if self.now is not None and not ended.is_set():
            self.now = msgspec.structs.replace(self.now, share=round(share, 3))


async def _beside(work: Callable[..., Any], *args: Any) -> Any:
    """Run it on a thread that ends with the process: a pool's threads are waited for."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def give(result: Any, error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work(*args)
        except BaseException as raised:  # whoever waits must hear of it
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(give, result, error)

    threading.Thread(target=run, name="rules-trial", daemon=True).start()
    return await done


def _page(read: Read) -> RulesPage:
    shipped = ruling.numbers(ruling.SHIPPED)
    now = ruling.numbers(identity.rules_of(read))
    return RulesPage(
        numbers=[
            RuleNumber(name=name, kind=kind, value=number, default=shipped[name].get(kind))
            for name in ruling.NAMES
            for kind, number in now[name].items()
        ],
        changes=[
            RulesChange(
                id=id_hex(one.id),
                at=millis(one.at),
                by=customers.author_of(read, one.author),
                numbers=list(one.numbers),
                may_undo=one.is_last,
            )
            for one in ruling.history(read)
        ],
        renewing=identity.is_outdated(read),
        n=ruling.last(read),
    )


def _found(read: Read, trial: identity.Trial) -> dict[str, Any]:
    """What a trial came to, as the page shows it: those of most touchpoints first."""
    apart = sorted(trial.apart.items(), key=lambda one: (-sum(one[1][1:]), one[0]))[:SHOWN]
    together = sorted(trial.together.values(), key=lambda parts: (-len(parts), parts))[:SHOWN]
    return {
        "state": "done",
        "share": 1.0,
        "customers": trial.customers,
        "would_be": trial.would_be,
        "moved": trial.moved,
        "split": len(trial.apart),
        "joined": len(trial.together),
        "apart": [
            RulesApart(who=_person(read, who), touches=list(parts[:SHOWN]), more=max(0, len(parts) - SHOWN))
            for who, parts in apart
        ],
        "together": [
            RulesTogether(who=[_person(read, who) for who in parts[:SHOWN]], more=max(0, len(parts) - SHOWN))
            for parts in together
        ],
    }


def _person(read: Read, who: bytes) -> RulesPerson:
    header = identity.header(read, who)
    return RulesPerson(id=id_hex(header.customer), name=header.name, level=level_word(header.level))
