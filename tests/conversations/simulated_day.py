"""A working day of a small team, event by event, to see what an offer does to those who write and call.

The hub's own functions decide: `offering.offer` what is offered, `load.has_room` who may take what. Everything else is drawn, from one
seed: visitors come by a Poisson process with two rushes, want to call, to chat or to mail, and lose patience; contacts last log-normal
times; operators begin at different hours and take breaks. All that is drawn is drawn before the day begins, so two offers meet the same
visitors with the same patience and the same work.

Who does not get what they want writes a mail, asks to be called back, or leaves. None of that is free: what is put off is the same
work for the team (a mail weighs a quarter of a chat for four times as long), and counts with the time until it was answered.
"""

import heapq
import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import msgspec

from hub.actions.offers import LATELY, LEAST
from hub.conversations.load import CHAT, has_room
from hub.conversations.offering import Hands, Offered, Situation, offer

MINUTE = 60.0
DAY = 8 * 60 * MINUTE
NEVER = math.inf
WEIGHTS = {"call": 13 * CHAT // 4, "callback": 13 * CHAT // 4, "chat": CHAT, "mail": CHAT // 4}
MAILS = 3
"""How many somebody has on the desk at once."""
RUSHES = ((120 * MINUTE, 210 * MINUTE), (330 * MINUTE, 400 * MINUTE))

Offering = Callable[[Situation, Offered | None], Offered]


def live(now: Situation, before: Offered | None) -> Offered:
    """What the hub does."""
    return offer(now, before)


def fixed(now: Situation, before: Offered | None) -> Offered:
    """Everything, whenever somebody is there: what a widget without a look at the load does."""
    there = any(one.available for one in now.team)
    return Offered(
        voice=there, chat=there, mail=True, callback=True, faq=True, why="room" if there else "away"
    )


class Contact(msgspec.Struct):
    """Somebody who wants something, with all that chance has in store for them. Times are seconds from the morning on."""

    at: float
    wants: str
    patience: float
    without_call: str
    without_chat: str
    afterwards: str
    """What somebody does who has waited in vain for a call or a chat."""
    lasts: dict[str, float]
    reaction: float
    """Seconds until somebody has looked up and seen that they call or write."""
    became: str = "left"
    """call, chat, mail or callback; or left, when nothing of what was offered would do."""
    seen_from: float = 0.0
    seat_promised: bool = False
    answered: float = NEVER
    gave_up: float = NEVER
    entered: str = "left"
    """What it was at first."""


class Operator(msgspec.Struct):
    """`away`: spans of the day in which they take nothing new."""

    capacity: int
    away: list[tuple[float, float]]
    available: bool = False
    load: int = 0
    held: int = 0
    mails: int = 0


class Day:
    """`offering` decides what visitors are offered; `pressure` is the work that comes, as a share of what the team can carry in a calm hour."""

    def __init__(self, seed: int, offering: Offering, pressure: float = 0.75, operators: int = 4) -> None:
        dice = random.Random(seed)
        self._offering = offering
        self.team = [Operator(4, _absences(dice, n)) for n in range(operators)]
        self.contacts = _contacts(dice, pressure * 4 * operators)
        self.offered: Offered | None = None
        self.line: list[Contact] = []
        self.beyond = 0
        self.broken = 0
        """Chats that were promised a free seat, and found it taken when somebody looked up."""
        self.changes = 0
        self._taken: list[float] = []
        self._later: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = itertools.count()

    def run(self) -> "Day":
        """The whole day; what is left over in the evening is worked off."""
        for operator in self.team:
            for leaves, returns in operator.away:
                self._at(leaves, lambda now, who=operator: self._shift(who, now, here=False))
                self._at(returns, lambda now, who=operator: self._shift(who, now, here=True))
        for contact in self.contacts:
            self._at(contact.at, lambda now, who=contact: self._comes(who, now))
        while self._later:
            now, _, event = heapq.heappop(self._later)
            event(now)
            self._hand_out(now)
            self._look(now)
            self.beyond += sum(one.load > one.capacity * CHAT and one.held > 1 for one in self.team)
        return self

    def _at(self, when: float, event: Callable[[float], Any]) -> None:
        heapq.heappush(self._later, (when, next(self._count), event))

    def _shift(self, operator: Operator, now: float, *, here: bool) -> None:
        operator.available = here

    def _look(self, now: float) -> None:
        live_line = sum(WEIGHTS[one.became] for one in self.line if one.became in ("call", "chat"))
        self._taken = [at for at in self._taken if at > now - LATELY / 1e6]
        pace = len(self._taken) / (LATELY / 1e6) if len(self._taken) >= LEAST else 0.0
        team = tuple(Hands(one.available, one.capacity, one.load) for one in self.team)
        situation = Situation(
            team=team, promised=math.ceil(live_line / CHAT), pace=pace, target=MINUTE, call=WEIGHTS["call"]
        )
        before, self.offered = self.offered, self._offering(situation, self.offered)
        self.changes += before is not None and before.chat != self.offered.chat

    def _comes(self, contact: Contact, now: float) -> None:
        offered = self.offered
        assert offered is not None
        contact.became = contact.entered = _chooses(contact, offered)
        if contact.became == "left":
            return
        self.line.append(contact)
        if contact.became in ("call", "chat"):
            contact.seat_promised = contact.became == "chat" and offered.why in ("room", "few")
            contact.seen_from = now + contact.reaction
            self._at(contact.seen_from, lambda at: self._is_seen(contact, at))
            self._at(now + contact.patience, lambda at: self._gives_up(contact, at))

    def _is_seen(self, contact: Contact, now: float) -> None:
        self._hand_out(now)
        self.broken += contact.seat_promised and contact in self.line

    def _gives_up(self, contact: Contact, now: float) -> None:
        if contact in self.line and contact.became in ("call", "chat"):
            self.line.remove(contact)
            contact.gave_up = now
            contact.became = contact.afterwards
            if contact.became != "left":
                self.line.append(contact)

    def _hand_out(self, now: float) -> None:
        """Everybody with a free hand takes who waits longest of those whom they have room for; nobody begins a mail while somebody waits."""
        hurried = [one for one in self.line if one.became in ("call", "chat")]
        for contact in [one for one in hurried if one.seen_from <= now] if hurried else list(self.line):
            able = [
                one for one in self.team
                if one.available and has_room(one.load, one.capacity, WEIGHTS[contact.became])
                and not (contact.became == "mail" and one.mails == MAILS)
            ]  # fmt: skip
            if able:
                self._take(min(able, key=lambda one: one.load), contact, now)

    def _take(self, operator: Operator, contact: Contact, now: float) -> None:
        self.line.remove(contact)
        kind = contact.became
        operator.load += WEIGHTS[kind]
        operator.held += 1
        operator.mails += kind == "mail"
        lasts = contact.lasts[kind]
        contact.answered = now + (lasts if kind == "mail" else 0.0)
        if kind in ("call", "chat"):
            self._taken.append(now)
        self._at(now + lasts, lambda _: self._ends(operator, kind))

    def _ends(self, operator: Operator, kind: str) -> None:
        operator.load -= WEIGHTS[kind]
        operator.held -= 1
        operator.mails -= kind == "mail"


def _chooses(contact: Contact, offered: Offered) -> str:
    wants = contact.wants
    if wants == "call" and not offered.voice:
        wants = contact.without_call
    if wants == "chat" and not offered.chat:
        wants = contact.without_chat
    return wants


def _absences(dice: random.Random, n: int) -> list[tuple[float, float]]:
    """A late beginning, a lunch and two short breaks; in the evening everybody stays until the last is answered."""
    begin = dice.uniform(0, 25 * MINUTE) if n else 0.0
    lunch = dice.uniform(210, 300) * MINUTE
    spans = [(-1.0, begin), (lunch, lunch + 30 * MINUTE)]
    spans += [
        (at, at + dice.uniform(3, 12) * MINUTE)
        for at in (dice.uniform(60, 200) * MINUTE, dice.uniform(340, 450) * MINUTE)
    ]
    return spans


def _contacts(dice: random.Random, work: float) -> list[Contact]:
    """Visitors of a day. `work`: chats' worth of work they bring a moment, on average outside the rushes."""
    rate = work / _work_of_one()
    most = rate * 2.4
    found, at = [], 0.0
    while (at := at + dice.expovariate(most)) < DAY:
        rush = 2.4 if any(begin <= at < end for begin, end in RUSHES) else 1.0
        contact = _contact(dice, at)
        if dice.random() * 2.4 < rush:
            found.append(contact)
    return found


MEANS = {"call": 5 * MINUTE, "callback": 5 * MINUTE, "chat": 8 * MINUTE, "mail": 32 * MINUTE}
"""A chat and a mail are as much work, and a call is two and a half of either."""
WANTS = {"call": 0.12, "chat": 0.63, "mail": 0.25}


def _work_of_one() -> float:
    return sum(share * MEANS[kind] * WEIGHTS[kind] / CHAT for kind, share in WANTS.items())


def _contact(dice: random.Random, at: float) -> Contact:
    return Contact(
        at=at,
        wants=dice.choices(list(WANTS), list(WANTS.values()))[0],
        patience=20.0 + dice.expovariate(1 / (2.5 * MINUTE)),
        without_call=dice.choices(["chat", "callback", "mail"], [0.6, 0.25, 0.15])[0],
        without_chat=dice.choices(["mail", "callback", "left"], [0.65, 0.15, 0.2])[0],
        afterwards=dice.choices(["mail", "callback", "left"], [0.35, 0.15, 0.5])[0],
        lasts={kind: _log_normal(dice, mean) for kind, mean in MEANS.items()},
        reaction=_log_normal(dice, 14.0),
    )


def _log_normal(dice: random.Random, mean: float, sigma: float = 0.6) -> float:
    return dice.lognormvariate(math.log(mean) - sigma * sigma / 2, sigma)


class Figures(msgspec.Struct, frozen=True):
    """What became of everybody in some days. Waits are seconds to the first answer.

    `hurried`: those who were let into a call or a chat; who gave up counts with how long they stood it, which flatters the
    offer that makes more of them give up. `everybody`: mails, calls back and those who left too, who never have an answer.
    """

    contacts: int
    talks: int
    hurried: float
    kept: float
    everybody_half: float
    everybody: float
    put_off: float
    gave_up: float
    never: float
    beyond: int
    broken: float


def figures(days: list[Day]) -> Figures:
    """Over all of these days."""
    everybody = [one for day in days for one in day.contacts]
    talks = [one for one in everybody if one.entered in ("call", "chat")]
    waits = [min(one.answered, one.gave_up) - one.at for one in talks]
    all_waits = [one.answered - one.at for one in everybody]
    put_off = [one.answered - one.at for one in everybody if one.entered in ("mail", "callback")]
    return Figures(
        contacts=len(everybody),
        talks=len(talks),
        hurried=least_of(waits, 0.9),
        kept=_share(talks, lambda one: one.gave_up == NEVER and one.answered - one.at <= MINUTE),
        everybody_half=least_of(all_waits, 0.5),
        everybody=least_of(all_waits, 0.9),
        put_off=least_of(put_off, 0.9),
        gave_up=_share(everybody, lambda one: one.gave_up < NEVER),
        never=_share(everybody, lambda one: one.answered == NEVER),
        beyond=sum(day.beyond for day in days),
        broken=sum(day.broken for day in days) / len(talks),
    )


def least_of(waits: list[float], share: float) -> float:
    """The wait that so large a share of them does not exceed."""
    return sorted(waits)[math.ceil(share * len(waits)) - 1]


def _share(contacts: list[Contact], fact: Callable[[Contact], bool]) -> float:
    return sum(map(fact, contacts)) / len(contacts)


TITLE = "Four operators, eight hours a day"
HEAD = [
    "calm load", "offer", "contacts", "let in to talk", "p90 of these", "within 60 s", "p90 of what was put off",
    "p50 of all", "p90 of all", "gave up", "never answered", "promise broken",
]  # fmt: skip


def row(pressure: float, name: str, found: Figures) -> list[str]:
    """For a table of people."""
    return [
        f"{pressure:.0%}", name, f"{found.contacts:,}", f"{found.talks:,}", _told(found.hurried), f"{found.kept:.1%}",
        _told(found.put_off), _told(found.everybody_half), _told(found.everybody), f"{found.gave_up:.1%}",
        f"{found.never:.1%}", f"{found.broken:.2%}",
    ]  # fmt: skip


def _told(seconds: float) -> str:
    return "never" if seconds == NEVER else f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"
