"""A person as the scorer sees one: what is known, folded once, so that comparing thousands of pairs only compares.

Every field may be missing, and the identifying ones may have several values: a customer has two e-mail addresses and was called
"Bob" once. Values are folded here and nowhere else (case, accents, punctuation), because what is equal after folding is what
comparisons, term frequencies and blocking keys all mean by "the same".
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import msgspec

from hub.intake import names
from hub.intake.names import LETTERS, TITLES

T = TypeVar("T")


def words(text: str) -> frozenset[str]:
    """A set of words, written as one text."""
    return frozenset(text.split())


MOST: Final = 4
"""Values kept of a field that may have several. Comparing costs their product."""
NOT_NUMBERS: Final = re.compile(r"[^0-9]+")
STREET_WORDS: Final = {
    "street": "st", "str": "st", "road": "rd", "avenue": "ave", "av": "ave", "place": "pl", "drive": "dr", "lane": "ln",
    "court": "ct", "crescent": "cres", "square": "sq", "boulevard": "blvd", "bvd": "blvd", "terrace": "tce", "calle": "c",
    "rue": "r", "close": "cl", "circuit": "cct", "highway": "hwy", "parade": "pde",
}  # fmt: skip
LEGAL_FORMS: Final = words(
    "gmbh ag kg ohg ug mbh co cokg ltd limited llc inc corp plc sa sarl sas srl spa bv nv oy ab as sl slu sau et and und y cie company group"
)


class Email(msgspec.Struct, frozen=True):
    """An address in parts. Without its plus tag, which one person may write or leave; `letters` is what is left of it without digits and signs."""

    address: str
    local: str
    domain: str
    letters: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of somebody, folded. `names`: (given names, surname), either may be empty. `dob`: eight digits, 00 for an unknown
    part. `phones`: digits only, the last nine of them, for a country prefix is written or not."""

    key: str
    names: tuple[tuple[str, str], ...] = ()
    emails: tuple[Email, ...] = ()
    phones: tuple[str, ...] = ()
    dob: str = ""
    street: str = ""
    number: str = ""
    line: str = ""
    postcode: str = ""
    city: str = ""
    company: str = ""
    gender: str = ""
    occupation: str = ""
    birthplace: str = ""
    accounts: frozenset[str] = frozenset()


def person(key: str, said: Mapping[str, Iterable[str]]) -> Person:
    """A person from raw values by field. Understands given, surname, name (whole), email, phone, dob, street, number, line,
    postcode, city, company, gender, occupation, birthplace; anything else is left aside. Single-valued fields take their first."""
    street, number = _street(_first(said, "street"), _first(said, "number"))
    return Person(
        key=key,
        names=_names(said),
        emails=_several(filter(None, map(email, said.get("email", ())))),
        phones=_several(filter(None, map(phone, said.get("phone", ())))),
        dob=next(filter(None, map(day, said.get("dob", ()))), ""),
        street=street,
        number=number,
        line=fold(_first(said, "line")),
        postcode=fold(_first(said, "postcode")).replace(" ", ""),
        city=fold(_first(said, "city")),
        company=company(_first(said, "company")),
        gender=fold(_first(said, "gender"))[:1],
        occupation=fold(_first(said, "occupation")),
        birthplace=fold(_first(said, "birthplace")),
    )


def _first(said: Mapping[str, Iterable[str]], field: str) -> str:
    return next((value for value in said.get(field, ()) if value and value.strip()), "")


def _several(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))[:MOST]


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, no accents, letters and digits in single-spaced words."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(LETTERS).replace("'", "").replace("’", "")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def _names(said: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    found = [
        (_titleless(fold(given)), _titleless(fold(surname)))
        for given, surname in zip(list(said.get("given", ())), list(said.get("surname", ())), strict=True)
    ]
    found += [split_name(name) for name in said.get("name", ())]
    return _several(pair for pair in found if any(pair))


def _titleless(folded: str) -> str:
    kept = [word for word in folded.split() if word not in TITLES]
    return " ".join(kept) or folded


@functools.lru_cache(maxsize=65536)
def split_name(raw: str) -> tuple[str, str]:
    """(given names, surname) of a whole name, however it is written; both empty when it names nobody."""
    name = names.fold(raw)
    return " ".join(name.given).replace("-", " "), name.surname.replace("-", " ")


@functools.lru_cache(maxsize=65536)
def email(raw: str) -> Email | None:
    """An address in parts, or None if it is none."""
    address = unicodedata.normalize("NFKC", raw).strip().casefold().removeprefix("mailto:").strip("<> ")
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        return None
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        domain, local = "gmail.com", local.replace(".", "")
    return Email(f"{local}@{domain}", local, domain, "".join(c for c in fold(local) if c.isalpha()))


@functools.lru_cache(maxsize=65536)
def phone(raw: str) -> str:
    """The last nine digits, which are the same with and without a country's prefix; empty below six."""
    digits = NOT_NUMBERS.sub("", raw.partition(";")[0])
    return digits[-9:] if len(digits) >= 6 else ""


@functools.lru_cache(maxsize=65536)
def day(raw: str) -> str:
    """A date of birth as YYYYMMDD, 00 for what is not known: 1971-06-24, 19710624, 24.06.1971, 06/24/1971, 1971. Empty if it is none.
    Where day and month cannot be told apart the day is taken to come first; comparing forgives the other order."""
    parts = [int(part) for part in NOT_NUMBERS.split(raw.partition("T")[0].partition(" ")[0]) if part]
    if len(parts) == 1 and len(digits := NOT_NUMBERS.sub("", raw)) == 8:
        parts = [int(digits[:4]), int(digits[4:6]), int(digits[6:])]
    if not parts or len(parts) > 3:
        return ""
    if parts[0] > 31:
        year, month, date = (*parts, 0, 0)[:3]
    elif parts[-1] > 31 and len(parts) == 3:
        date, month, year = parts
    else:
        return ""
    if month > 12 >= date:
        month, date = date, month
    return f"{year % 10000:04}{month % 100:02}{date % 100:02}"


@functools.lru_cache(maxsize=65536)
def company(raw: str) -> str:
    """A company's name without its legal form."""
    said = fold(raw).split()
    return " ".join([word for word in said if word not in LEGAL_FORMS] or said)


@functools.lru_cache(maxsize=65536)
def _street(street: str, number: str) -> tuple[str, str]:
    """A street with its usual parts shortened, and the house number, from its end or its beginning when it has no field of its own."""
    parts, own = fold(street).replace("strasse", "str").split(), fold(number).replace(" ", "")
    if not own and len(parts) > 1:
        if parts[-1][0].isdigit():
            own = parts.pop()
        elif parts[0][0].isdigit():
            own = parts.pop(0)
        elif len(parts) > 2 and len(parts[-1]) == 1 and parts[-2].isdigit():
            own = parts.pop(-2) + parts.pop()
    return " ".join(STREET_WORDS.get(word, word) for word in parts), own
