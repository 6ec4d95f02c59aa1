"""Which pairs are worth comparing: people who share a key.

A key is something one person's records share even after a slip, and few strangers do. No pair is compared that shares none, so the
keys overlap on purpose: what one misses another finds. A key that more than LARGEST people share says nothing and is left out, which
is what keeps the cost linear whatever comes in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from hub.identity.matching.person import Email, Person
from hub.identity.matching.sounds import sound

LARGEST: Final = 60
SHORTEST_LOCAL: Final = 5


def keys(who: Person) -> set[str]:
    """The blocking keys of a person: names (as written, as they sound, either way round), surname with postcode, the letters of
    e-mail addresses with every one of them left out once, the ends of phone numbers, the house, the day of birth."""
    found: set[str] = set()
    for given, surname in who.names:
        found.update(_name_keys(given, surname, who))
    for address in who.emails:
        found.update(_email_keys(address))
    for phone in who.phones:
        found.update((f"p:{phone[-7:]}", f"q:{phone[:7]}"))
    if who.street and who.number:
        found.add(f"h:{who.street}/{who.number}/{who.postcode[:3]}")
    return found


def wide_keys(who: Person) -> set[str]:
    """More keys, for a file that is linked once: half a name is enough together with a birthday, a place or a street."""
    found = keys(who)
    words = {word for name in who.names for part in name for word in part.split() if len(word) > 1}
    sounds = {sound(word) for word in words}
    if who.dob:
        found.add(f"d:{who.dob}")
        found.update(f"dm:{who.dob[4:]}{s}" for s in sounds)
        found.update(f"dy:{who.dob[:6]}{s[:2]}" for s in sounds)
        found.update(f"dd:{who.dob[:4]}{who.dob[6:]}{s[:2]}" for s in sounds)
    for place in filter(None, (who.postcode, who.street, who.city, who.birthplace)):
        found.update(f"l:{place}/{s}" for s in sounds)
    if who.street:
        found.update((f"sp:{who.street}/{who.postcode}", f"sn:{who.street[:5]}/{who.number}"))
    for address in who.emails:
        found.update((f"ed:{address.domain}", f"el:{address.local}"))
    return found


def _name_keys(given: str, surname: str, who: Person) -> Iterator[str]:
    if given and surname:
        yield f"n:{given} {surname}"
        yield "s:" + " ".join(sorted((sound(given), sound(surname))))
        for spelt in (given + surname, surname + given, given[0] + surname):  # as an address would
            yield f"e:{spelt.replace(' ', '')}"
        yield f"i:{given[0]}{surname[:5]}"
        yield f"i:{surname[0]}{given[:5]}"
    last = surname or given
    if who.postcode:
        yield f"z:{last}/{who.postcode}"
    if who.dob and given:
        yield f"b:{who.dob}{given[0]}"


def _email_keys(address: Email) -> Iterator[str]:
    yield f"a:{address.address}"
    letters = address.letters
    if len(letters) >= SHORTEST_LOCAL:
        yield f"e:{letters}"
        for at in range(len(letters)):
            yield f"e:{letters[:at]}{letters[at + 1 :]}"


def blocks(
    people: Sequence[Person], keys_of: Callable[[Person], Iterable[str]] = wide_keys, largest: int = LARGEST
) -> Iterator[tuple[str, list[int]]]:
    """Keys with the places of those who share them, as far as not more than `largest` do."""
    found: dict[str, list[int]] = {}
    for at, who in enumerate(people):
        for key in keys_of(who):
            found.setdefault(key, []).append(at)
    return ((key, members) for key, members in found.items() if 1 < len(members) <= largest)


def pairs(
    people: Sequence[Person], keys_of: Callable[[Person], Iterable[str]] = wide_keys, largest: int = LARGEST
) -> set[tuple[int, int]]:
    """Every pair of places that shares a key, the smaller first."""
    return {pair for _, members in blocks(people, keys_of, largest) for pair in combinations(members, 2)}
