"""Invented populations of households, with duplicates and everything that makes people hard to tell apart: couples, children, father and
son of one name, twins, shared telephones and family mailboxes, marriages, moves, short forms and slips of the fingers.

Drawn from Faker's lists, so any of its locales will do; the same seed gives the same people.
"""

import random
from collections.abc import Iterator

from faker import Faker

FIELDS = (
    "id",
    "first_name",
    "surname",
    "dob",
    "street",
    "number",
    "postcode",
    "city",
    "phone",
    "email",
    "company",
)
SHORT = {"William": "Bill", "Robert": "Bob", "Elizabeth": "Liz", "Katherine": "Kate", "Michael": "Mike", "Thomas": "Tom", "Giuseppe": "Beppe",
         "Alexander": "Alex", "Johannes": "Hans", "Francisco": "Paco", "Daniel": "Dan", "Matthew": "Matt"}  # fmt: skip
MAILS = ("gmail.com", "gmx.net", "outlook.com", "yahoo.com", "web.de", "icloud.com")


class Population:
    """People in households, and records of them."""

    def __init__(self, locale: str, seed: int, households: int, *, noise: float = 1.0) -> None:
        self.dice, self.noise = random.Random(seed), noise
        self.fake = Faker(locale)
        self.fake.seed_instance(seed)
        streets = [self.fake.street_name() for _ in range(max(20, households // 4))]
        places = [(self.fake.postcode(), self.fake.city()) for _ in range(max(10, households // 20))]
        self.people: list[dict[str, str]] = []
        for _ in range(households):
            self.people += self._household(self.dice.choice(streets), self.dice.choice(places))

    def _household(self, street: str, place: tuple[str, str]) -> list[dict[str, str]]:
        dice, fake = self.dice, self.fake
        surname, landline = fake.last_name(), self._phone()
        house = {
            "street": street,
            "number": str(dice.randint(1, 120)),
            "postcode": place[0],
            "city": place[1],
            "landline": landline,
        }
        family_mail = f"{_plain(surname)}.family@{dice.choice(MAILS)}" if dice.random() < 0.25 else ""
        kind = dice.random()
        grown = 1 if kind < 0.35 else 2
        members = [self._one(surname, 1940, 1995) for _ in range(grown)]
        if grown == 2 and dice.random() < 0.2:
            members[1]["surname"] = fake.last_name()
        if kind > 0.55:
            for _ in range(dice.randint(1, 3)):
                child = self._one(surname, 1996, 2007)
                if dice.random() < 0.06:
                    child["first_name"] = members[0]["first_name"]  # father and son
                members.append(child)
            if dice.random() < 0.06:  # twins
                members.append({**self._one(surname, 1996, 2007), "dob": members[-1]["dob"]})
        for member in members:
            member.update(house)
            member["mobile"] = self._phone() if dice.random() < 0.7 else ""
            member["family_mail"] = family_mail
            member["email"] = self._mail(member) if dice.random() < 0.8 else ""
        return members

    def _one(self, surname: str, first: int, last: int) -> dict[str, str]:
        dice = self.dice
        given = self.fake.first_name()
        return {"first_name": given, "surname": surname, "dob": f"{dice.randint(first, last)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
                "company": self.fake.company() if dice.random() < 0.3 else ""}  # fmt: skip

    def _phone(self) -> str:
        return "0" + "".join(self.dice.choice("123456789") for _ in range(9))

    def _mail(self, who: dict[str, str]) -> str:
        given, surname = _plain(who["first_name"]), _plain(who["surname"])
        shape = self.dice.choice(("{g}.{s}", "{g}{s}", "{i}{s}", "{g}{n}", "{s}{n}", "{g}.{s}{n}"))
        local = shape.format(g=given, s=surname, i=given[:1], n=self.dice.randint(1, 99))
        return f"{local}@{self.dice.choice(MAILS)}"

    def records(self, most: int = 4) -> Iterator[tuple[dict[str, str], int]]:
        """Records with the place of the person each is of."""
        n = 0
        for at, who in enumerate(self.people):
            for _ in range(min(most, 1 + int(self.dice.expovariate(0.9)))):
                yield {"id": f"r{n}", **self._record(who)}, at
                n += 1

    def _record(self, who: dict[str, str]) -> dict[str, str]:
        dice, noise = self.dice, self.noise
        row = {field: who.get(field, "") for field in FIELDS[1:]}
        row["phone"] = who["landline"] if dice.random() < 0.5 else who["mobile"]
        if who["family_mail"] and dice.random() < 0.35:
            row["email"] = who["family_mail"]
        keeps = {
            "first_name": 0.95,
            "surname": 0.95,
            "dob": 0.45,
            "street": 0.7,
            "phone": 0.65,
            "email": 0.65,
            "company": 0.7,
        }
        for field, share in keeps.items():
            if dice.random() > share:
                row[field] = ""
        if not row["street"]:
            row["number"] = row["postcode"] = ""
            if dice.random() < 0.5:
                row["city"] = ""
        given = row["first_name"]
        if given and dice.random() < 0.10 * noise:
            row["first_name"] = SHORT.get(given) or (given[0] + "." if dice.random() < 0.5 else given[:3])
        if dice.random() < 0.02 * noise:
            row["first_name"], row["surname"] = row["surname"], row["first_name"]
        if dice.random() < 0.03 * noise:
            row["surname"] = self.fake.last_name()
        if dice.random() < 0.06 * noise:
            row |= {
                "street": self.fake.street_name(),
                "number": str(dice.randint(1, 120)),
                "postcode": self.fake.postcode(),
                "city": self.fake.city(),
            }
        for field in (
            "first_name",
            "surname",
            "street",
            "email",
            "phone",
            "postcode",
            "city",
            "number",
            "dob",
        ):
            if row[field] and dice.random() < 0.06 * noise:
                row[field] = self._slip(row[field])
        return row

    def _slip(self, text: str) -> str:
        dice, at = self.dice, self.dice.randrange(len(text))
        other = dice.choice("0123456789") if text[at].isdigit() else dice.choice("aeioustnr")
        return dice.choice((
            text[:at] + other + text[at + 1 :],
            text[:at] + text[at + 1 :] if not text[at].isdigit() else text[:at] + other + text[at + 1 :],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        ))  # fmt: skip


def _plain(name: str) -> str:
    from hub.identity.matching.person import fold

    return fold(name).replace(" ", "")
