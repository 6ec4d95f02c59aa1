"""What each site offers now, kept so that every page and console can be told at once.

The offer is worked out from rows, whenever somebody came, went, took or ended something, and by the clock for hours and for lines that
have grown old. What was offered before is kept in memory: it is what an offer that comes back is measured by.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from hub.actions import offers
from hub.config import SiteSection
from hub.conversations.load import CHAT
from hub.conversations.offering import Offered, Situation, offer
from hub.store import Store
from hub.wire import id_hex
from hub.wire.console import OfferRow

NOTHING = Offered(voice=False, chat=False, mail=True, callback=False, faq=False, why="nobody")


class Offers:
    """One offer per site. `channels`: kinds of channels that work here, each with what its contacts weigh: call, chat or mail."""

    def __init__(
        self,
        store: Store,
        sites: Mapping[str, SiteSection],
        channels: Mapping[str, str],
        call: float,
        clock: Callable[[], int],
    ) -> None:
        self._store, self._sites, self._clock = store, sites, clock
        self._has = {"voice" for weighs in channels.values() if weighs == "call"}
        self._has |= {"mail" for weighs in channels.values() if weighs == "mail"}
        self._has |= {"faq" for kind in channels if kind == "faq"}
        self._call = round(call * CHAT)
        self._before: dict[str, Offered] = {}
        self._rows: dict[str, OfferRow] = {}
        self.now: dict[str, Offered] = dict.fromkeys(sites, NOTHING)

    def attended(self, site: str) -> bool:
        """Whether somebody who serves the site is available, with hands full or not."""
        return self.now[site].seats > 0

    def full(self, site: str) -> bool:
        """Whether somebody is there, and no chat can be promised."""
        return self.now[site].why == "full"

    @property
    def rows(self) -> list[OfferRow]:
        """As consoles see it."""
        return list(self._rows.values())

    async def look(self) -> set[str]:
        """Look again. Returns the sites whose pages are to be told."""
        found = await self._store.read(offers.teams, list(self._sites))
        moment = dt.datetime.fromtimestamp(self._clock() / 1_000_000, dt.UTC)
        told = set()
        for key, (queue, team) in found.items():
            situation = self._situation(key, team, moment)
            before, now = self.now[key], offer(situation, self._before.get(key))
            self.now[key] = self._before[key] = now
            self._rows[key] = _row(key, self._sites[key].name, queue, situation, now)
            if _shown(now) != _shown(before):
                told.add(key)
        return told

    def _situation(self, key: str, team: offers.Team, moment: dt.datetime) -> Situation:
        site = self._sites[key]
        ways = {"mail": "email", "callback": "phone"}
        return Situation(
            team=team.hands,
            promised=team.promised,
            pace=team.pace,
            open=site.open_at(moment),
            target=site.target_seconds,
            call=self._call,
            has=frozenset(self._has | {way for way, answer in ways.items() if answer in site.answers}),
        )


def _shown(now: Offered) -> tuple[object, ...]:
    """What of an offer a page shows."""
    return now.voice, now.seats > 0, now.why == "full"


def _row(key: str, name: str, queue: bytes, situation: Situation, now: Offered) -> OfferRow:
    return OfferRow(
        id=key,
        name=name,
        queue=id_hex(queue),
        why=now.why,
        chat=now.chat,
        voice=now.voice if "voice" in situation.has else None,
        mail=now.mail,
        callback=now.callback,
        faq=now.faq,
        seats=now.seats,
        free=now.free,
        waiting=situation.promised,
        wait=None if now.wait is None else round(now.wait),
    )
