"""How alike two people are, field by field, as levels: small integers from "differs" up to "same".

Levels and not distances, because a level is something one can count: how often the same person's surnames are one letter apart, and how
often two strangers' are. What cannot be told, because a side says nothing, is None, and speaks neither for nor against.

The measures: optimal string alignment (one slip of the fingers is one edit, two letters turned round included) and Jaro-Winkler
(W. E. Winkler, 1990), which forgives less at the beginning of a name than at its end.
"""

import functools
from collections.abc import Callable
from typing import Final

from rapidfuzz.distance import OSA, JaroWinkler

from hub.identity.matching.person import Email, Person, words
from hub.identity.matching.sounds import sound
from hub.identity.nicknames import akin

SLIPS: Final = OSA.distance
LIKE: Final = JaroWinkler.similarity

LEVELS: Final[dict[str, tuple[str, ...]]] = {
    # In the order in which a score is told: where somebody lives before who in that house it is.
    "postcode": ("differs", "area", "typo", "same"),
    "street": ("differs", "alike", "typo", "same"),
    "number": ("differs", "typo", "same"),
    "line": ("differs", "alike", "same"),
    "city": ("differs", "typo", "same"),
    "phone": ("differs", "typo", "same"),
    "surname": ("differs", "alike", "part", "typo", "same"),
    "email": ("differs", "domain", "named", "local", "alike", "typo", "same"),
    "alias": ("differs", "part", "same"),
    "given": ("differs", "alike", "initial", "part", "nickname", "typo", "swapped", "same"),
    "dob": ("differs", "year", "parts", "typo", "same"),
    "gender": ("differs", "same"),
    "company": ("differs", "alike", "same"),
    "occupation": ("differs", "alike", "same"),
    "birthplace": ("differs", "typo", "same"),
}
FIELDS: Final = tuple(LEVELS)
AT: Final = {field: n for n, field in enumerate(FIELDS)}
SAME: Final = {field: len(levels) - 1 for field, levels in LEVELS.items()}

EVERYBODYS: Final = words(
    "gmail.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de yahoo.com yahoo.de yahoo.co.uk yahoo.fr yahoo.es ymail.com "
    "hotmail.com hotmail.de hotmail.co.uk hotmail.fr hotmail.es outlook.com outlook.de outlook.es live.com live.de msn.com aol.com "
    "icloud.com me.com mac.com proton.me protonmail.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it alice.it "
    "virgilio.it tiscali.it telefonica.net btinternet.com comcast.net mail.ru yandex.ru qq.com 163.com posteo.de mailbox.org "
    "example.com example.org example.net"
)
"""Mailboxes everybody has: to share the domain says nothing."""

Pattern = tuple[int | None, ...]
"""A level per field, in the order of FIELDS."""


Compared = tuple[Pattern, str, str]
"""The levels of a pair, and the surname and the given name they agree on (empty where they do not)."""


def compare(a: Person, b: Person) -> Compared:
    """Compare two people. Symmetric."""
    surname, given, shared_surname, shared_given = _names(a.names, b.names)
    postcode = _postcode(a.postcode, b.postcode) if a.postcode and b.postcode else None
    pattern = (
        postcode,
        _words(a.street, b.street, 3) if a.street and b.street else None,
        _number(a.number, b.number) if a.number and b.number else None,
        _loose(a.line, b.line) if a.line and b.line else None,
        # A postcode says the town, so the same town again is no further evidence, and a slip in it no objection.
        _typed(a.city, b.city) if a.city and b.city and postcode != 3 else None,
        _best(_phone, a.phones, b.phones) if a.phones and b.phones else None,
        surname,
        _emails(a, b) if a.emails and b.emails else None,
        _alias(a, b) if not a.names or not b.names else None,
        given,
        _dob(a.dob, b.dob) if a.dob and b.dob else None,
        int(a.gender == b.gender) if a.gender and b.gender else None,
        _loose(a.company, b.company) if a.company and b.company else None,
        _loose(a.occupation, b.occupation) if a.occupation and b.occupation else None,
        _typed(a.birthplace, b.birthplace) if a.birthplace and b.birthplace else None,
    )
    return pattern, shared_surname, shared_given


def _best(level: Callable[[str, str], int], ours: tuple[str, ...], theirs: tuple[str, ...]) -> int:
    return max(level(one, other) for one in ours for other in theirs)


Names = tuple[int | None, int | None, str, str]
Name = tuple[str, str]


def _names(ours: tuple[Name, ...], theirs: tuple[Name, ...]) -> Names:
    if not ours or not theirs:
        return None, None, "", ""
    if len(ours) == 1 and len(theirs) == 1:
        return one_name(ours[0], theirs[0])
    return max((one_name(one, other) for one in ours for other in theirs), key=_closeness)


def _closeness(names: Names) -> tuple[float, int, int, str, str]:
    surname, given, shared_surname, shared_given = names
    close = (0.3 if surname is None else surname / 4) + (0.3 if given is None else given / 7)
    return (
        close,
        -1 if surname is None else surname,
        -1 if given is None else given,
        shared_surname,
        shared_given,
    )


@functools.lru_cache(maxsize=65536)
def one_name(one: Name, other: Name) -> Names:
    """Levels of surname and given name, and the values they share."""
    (given, surname), (their_given, their_surname) = one, other
    if (given, surname) != other and _turned_round(one, other):
        return None, 6, "", " ".join(sorted((given, surname)))
    if bool(given) != bool(their_given) and bool(surname) != bool(
        their_surname
    ):  # one word each, of two kinds
        word, their_word = given or surname, their_given or their_surname
        return (4, None, word, "") if word == their_word else (None, None, "", "")
    left = _surname(surname, their_surname) if surname and their_surname else None
    right = _given(given, their_given) if given and their_given else None
    return left, right, surname if left == 4 else "", given if right == 7 else ""


def _turned_round(one: Name, other: Name) -> bool:
    (given, surname), (their_given, their_surname) = one, other
    if (
        not (given and surname and their_given and their_surname)
        or given == their_given
        or surname == their_surname
    ):
        return False
    return (given == their_surname and SLIPS(surname, their_given, score_cutoff=1) <= 1) or (
        surname == their_given and SLIPS(given, their_surname, score_cutoff=1) <= 1
    )


def _surname(one: str, other: str) -> int:
    if one == other:
        return 4
    if _slip(one, other):
        return 3
    if not set(one.split()).isdisjoint(other.split()):
        return 2
    return 1 if LIKE(one, other) >= 0.86 or sound(one) == sound(other) else 0


def _given(one: str, other: str) -> int:
    if one == other:
        return 7
    if _slip(one, other):
        return 5
    first, their_first = one.partition(" ")[0], other.partition(" ")[0]
    if len(first) == 1 or len(their_first) == 1:
        return 2 if first[0] == their_first[0] else 0
    if akin(first, their_first) or _begins(first, their_first):
        return 4
    if not set(one.split()).isdisjoint(other.split()):
        return 3
    return 1 if LIKE(one, other) >= 0.84 or sound(one) == sound(other) else 0


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))


def _slip(one: str, other: str) -> bool:
    """One slip of the fingers, in words long enough that it is not another word; two in long ones."""
    most = 2 if min(len(one), len(other)) >= 8 else 1
    return (
        len(one) > 2 < len(other)
        and len(one) + len(other) > 6
        and SLIPS(one, other, score_cutoff=most) <= most
    )


def _typed(one: str, other: str) -> int:
    return 2 if one == other else 1 if _slip(one, other) or LIKE(one, other) >= 0.9 else 0


def _loose(one: str, other: str) -> int:
    if one == other:
        return 2
    ours, theirs = set(one.split()), set(other.split())
    return 1 if ours <= theirs or theirs <= ours or LIKE(one, other) >= 0.88 else 0


def _words(one: str, other: str, same: int) -> int:
    if one == other:
        return same
    if _slip(one, other) or one.replace(" ", "") == other.replace(" ", ""):
        return 2
    return 1 if LIKE(one, other) >= 0.87 else 0


def _number(one: str, other: str) -> int:
    if one == other:
        return 2
    return (
        1
        if one.rstrip("abcdefgh") == other.rstrip("abcdefgh") or SLIPS(one, other, score_cutoff=1) <= 1
        else 0
    )


def _postcode(one: str, other: str) -> int:
    if one == other:
        return 3
    if SLIPS(one, other, score_cutoff=1) <= 1:
        return 2
    return 1 if one[:-3] == other[:-3] != "" or one[:3] == other[:3] else 0


def _phone(one: str, other: str) -> int:
    return 2 if one == other else 1 if SLIPS(one, other, score_cutoff=1) <= 1 else 0


def _dob(one: str, other: str) -> int:
    if one == other:
        return 4
    if SLIPS(one, other, score_cutoff=1) <= 1 or one == other[:4] + other[6:] + other[4:6]:
        return 3
    year, month, date = one[:4] == other[:4], one[4:6] == other[4:6], one[6:] == other[6:]
    return 2 if year + month + date == 2 else 1 if year else 0


def _emails(a: Person, b: Person) -> int:
    return max(_email(one, other, a, b) for one in a.emails for other in b.emails)


def _email(one: Email, other: Email, a: Person, b: Person) -> int:
    if one.address == other.address:
        return 6
    if one.domain == other.domain or SLIPS(one.domain, other.domain, score_cutoff=1) <= 1:
        slips = SLIPS(one.local, other.local, score_cutoff=2)
        named = (
            slips <= 2
            and one.domain in EVERYBODYS
            and one.local != other.local
            and both_named(one, other, a, b)
        )
        if slips <= 2 and min(len(one.local), len(other.local)) > 3:
            return 2 if named else 5
        return 4 if one.domain not in EVERYBODYS and LIKE(one.local, other.local) >= 0.85 else 1
    if one.local == other.local or (one.letters == other.letters and len(one.letters) > 5):
        return 2 if both_named(one, other, a, b) else 3
    if SLIPS(one.address, other.address, score_cutoff=3) <= 3:
        return 4
    return 0


def _alias(a: Person, b: Person) -> int | None:
    """Where one side has no name: whether its addresses are made of the other's. Between two names it would say nothing new.

    An address of nothing but a surname, or a given name, says nothing either way: a family shares the one, half the world the other.
    """
    named, nameless = (a, b) if a.names else (b, a)
    if not named.names or not nameless.emails:
        return None
    spelt = [_spells(address.letters, *name) for address in nameless.emails for name in named.names]
    said = [level for level in spelt if level is not None]
    best = max(said, default=None)
    return None if best == 0 and len(said) < len(spelt) else best


@functools.lru_cache(maxsize=65536)
def _spells(letters: str, given: str, surname: str) -> int | None:
    given, surname = given.replace(" ", ""), surname.replace(" ", "")
    if not given or not surname:
        return 0
    if (
        SLIPS(letters, given + surname, score_cutoff=1) <= 1
        or SLIPS(letters, surname + given, score_cutoff=1) <= 1
    ):
        return 2
    if letters in (given, surname):
        return None
    return int(letters in (given[0] + surname, surname + given[0], given + surname[0]))


def both_named(one: Email, other: Email, a: Person, b: Person) -> bool:
    """Whether both addresses are made of nothing but a name: that two people of one name share such a local part is no wonder."""
    return _made_of_names(one.letters, a) and _made_of_names(other.letters, b)


def _made_of_names(letters: str, who: Person) -> bool:
    return any(
        _made_of_name(letters, given.replace(" ", ""), surname.replace(" ", ""))
        for given, surname in who.names
    )


@functools.lru_cache(maxsize=65536)
def _made_of_name(letters: str, given: str, surname: str) -> bool:
    rest = letters.replace(surname, "", 1) if surname else letters
    if len(rest) < len(letters):
        return rest == "" or (given.startswith(rest) if given else len(rest) < 2)
    return bool(given) and (rest.removeprefix(given) != rest and surname.startswith(rest.removeprefix(given)))
