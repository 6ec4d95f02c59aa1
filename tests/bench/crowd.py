"""Labelled touchpoints of an invented crowd: the people of `population.py`, and what they do on all channels for a year.

For other locales and more noise than the file the rule was tuned on, in the same format and, with the habits as they stand, about as
hard: kiosks, family tablets and mailboxes, shared and recycled numbers, company mailboxes, typed addresses with slips, names in every spelling. The same seed gives the same file.
"""

import datetime as dt
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.population import SHORT, Population

START = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
YEAR = 365 * 86_400
NUMBERS = {
    "IT": (("347", 7), ("02", 8)),
    "DE": (("0151", 8), ("030", 7)),
    "GB": (("07712", 6), ("020 7", 7)),
    "PL": (("601", 6), ("22", 7)),
    "ES": (("612", 6), ("91", 7)),
}
"""Mobile and landline: how they begin, and how many digits follow. All are valid in their country's plan."""
PLACEHOLDERS = ("test@test.com", "none@none.com", "a@a.de")


class Habits(NamedTuple):
    """How a crowd behaves; the defaults are the tuned file's, roughly."""

    noise: float = 1.0
    """Slips and short forms, as a multiple."""
    family_mailbox: float = 0.25
    """Share of mails that somebody with a family mailbox sends from it."""
    kiosk: float = 0.02
    account: float = 0.45
    nameless: float = 0.3
    landline: float = 0.12
    """Share of numbers that are the household's."""


NOISY = Habits(noise=2.0, family_mailbox=0.4, kiosk=0.04, landline=0.2)
"""Twice as many slips, and families who share more."""


class Crowd:
    """People, and touchpoints of theirs."""

    def __init__(self, locale: str, seed: int, people: int, habits: Habits | None = None) -> None:
        self.habits = habits or Habits()
        self.dice = random.Random(f"{locale}{seed}")
        self.region = locale[-2:]
        made = Population(locale, seed, people // 2 + 10, noise=self.habits.noise)
        self.fake, self._slip = made.fake, made._slip
        self.people = made.people[:people]
        houses: dict[str, tuple[str, str]] = {}
        for n, who in enumerate(self.people):
            landline, tablet = houses.setdefault(who["landline"], (self._number(1), f"tablet-{n}"))
            who |= {"landline": landline, "tablet": tablet, "mobile": who["mobile"] and self._number(0)}
            who["local"] = f"P{n:05}"
        taken: set[str] = set()
        for who in self.people:
            while who["email"] in taken:  # an address is one person's, but for a family's
                local, _, domain = who["email"].partition("@")
                who["email"] = f"{local}{self.dice.randint(1, 99)}@{domain}"
            taken |= {who["email"]} - {""}
        self._recycle()

    def _number(self, sort: int) -> str:
        begin, digits = NUMBERS[self.region][sort]
        return begin + "".join(self.dice.choice("123456789") for _ in range(digits))

    def _recycle(self) -> None:
        """One number in a hundred has been somebody else's."""
        mobile = [who for who in self.people if who["mobile"]]
        for one, other in zip(*[iter(self.dice.sample(mobile, len(mobile) // 100 * 2))] * 2, strict=True):
            other["mobile"] = one["mobile"]

    def write(self, path: Path) -> Path:
        """As `hub identity replay` reads it, in the order of arrival."""
        rows = sorted(
            (row for who in self.people for row in self._year(who)), key=lambda row: row["received"]
        )
        with gzip.open(path, "wt", encoding="utf-8") as file:
            for n, row in enumerate(rows):
                file.write(json.dumps({"id": f"tp{n:07}", **row}, ensure_ascii=False) + "\n")
        return path

    def _year(self, who: dict[str, str]) -> Iterator[dict[str, Any]]:
        dice, habits = self.dice, self.habits
        has_account = bool(who["email"]) and dice.random() < habits.account
        for visit in range(1 + int(dice.expovariate(0.5))):
            yield from self._visit(who, visit, has_account=has_account)
        for _ in range(int(dice.expovariate(0.9))):
            if mail := self._mailbox(who):
                claims = [["email", mail, "observed"]]
                if dice.random() < 0.3:
                    claims += self._phone(who, "asserted")
                yield self._row(who, "email", claims, name=dice.random() > habits.nameless / 2)
        for _ in range(int(dice.expovariate(1.2))):
            if claims := self._phone(who, "observed"):
                yield self._row(who, "voice", claims, name=dice.random() > 0.7)
        for source, share in (("crm", 0.5), ("import", 0.5)):
            if dice.random() < share:
                claims = self._typed(who)
                if source == "crm":
                    claims.append(["ext", f"crm-{who['local']}", "observed"])
                if claims:
                    yield self._row(who, source, claims, name=True, told=True, late=True)

    def _visit(self, who: dict[str, str], visit: int, *, has_account: bool) -> Iterator[dict[str, Any]]:
        dice = self.dice
        chance = dice.random()
        device = f"own-{who['local']}-{dice.randint(0, 1)}"
        if chance < self.habits.kiosk:
            device = f"kiosk-{dice.randint(0, 8)}"
        elif chance < 0.12:
            device = who["tablet"]
        browser = [["device", device, "observed"], ["session", f"s-{who['local']}-{visit}", "observed"]]
        at = dice.uniform(0, YEAR)
        for page in range(1 + int(dice.expovariate(0.7))):
            yield self._row(who, "web", browser, at=at + 40 * page)
        if has_account and dice.random() < 0.45:
            proven = [["account", f"u-{who['local']}", "verified"], ["email", who["email"], "verified"]]
            yield self._row(who, "account", [*browser, *proven], name=True, at=at + 300)
        elif dice.random() < 0.45 and (typed := self._typed(who)):
            source = dice.choice(("chat", "form"))
            named = dice.random() > self.habits.nameless
            yield self._row(who, source, [*browser, *typed], name=named, at=at + 200)

    def _typed(self, who: dict[str, str]) -> list[list[str]]:
        dice, claims = self.dice, []
        if mail := self._mailbox(who):
            slipped = self._slip(mail) if dice.random() < 0.04 * self.habits.noise else mail
            claims.append(["email", dice.choice((slipped, slipped, slipped.upper())), "asserted"])
        if dice.random() < 0.01 * self.habits.noise:
            claims = [["email", dice.choice(PLACEHOLDERS), "asserted"]]
        return claims + (self._phone(who, "asserted") if dice.random() < 0.45 else [])

    def _mailbox(self, who: dict[str, str]) -> str:
        dice = self.dice
        if who["family_mail"] and dice.random() < self.habits.family_mailbox:
            return who["family_mail"]
        if who["company"] and dice.random() < 0.03:
            return (
                "info@" + "".join(c for c in who["company"].lower() if c.isascii() and c.isalpha()) + ".com"
            )
        return who["email"]

    def _phone(self, who: dict[str, str], level: str) -> list[list[str]]:
        number = who["landline"] if self.dice.random() < self.habits.landline else who["mobile"]
        if number and level == "asserted" and self.dice.random() < 0.03 * self.habits.noise:
            number = self._slip(number)
        return [["phone", number, level]] if number else []

    def _name(self, who: dict[str, str]) -> str:
        dice, noise = self.dice, self.habits.noise
        given, surname = who["first_name"], who["surname"]
        if dice.random() < 0.08 * noise:
            given = SHORT.get(given) or given[0] + "."
        if dice.random() < 0.04 * noise:
            surname = self._slip(surname)
        name = f"{surname}, {given}" if dice.random() < 0.06 * noise else f"{given} {surname}"
        if dice.random() < 0.03 * noise:
            name = f"{surname} {given}"
        return name.upper() if dice.random() < 0.04 else name

    def _row(
        self, who: dict[str, str], source: str, claims: list[list[str]], *, name: bool = False, told: bool = False,
        late: bool = False, at: float | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        dice = self.dice
        when = START + dt.timedelta(seconds=dice.uniform(0, YEAR) if at is None else at)
        received = when + dt.timedelta(seconds=dice.uniform(0, 90 * 86_400 if late else 3))
        facts = ("company", "city", "street", "number", "postcode", "dob")
        attrs = {fact: who[fact] for fact in facts if told and who[fact] and dice.random() < 0.7}
        return {
            "at": when.isoformat(), "received": received.isoformat(), "source": source, "channel": source, "region": self.region,
            "claims": claims, "name": self._name(who) if name else None, "attrs": attrs, "truth": who["local"],
        }  # fmt: skip
