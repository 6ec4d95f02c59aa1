"""Whether two names may be one person's: what keeps a shared mailbox from making one customer of a family. Pure.

Names only ever speak against a join, and only when given names differ for good; surnames change by marriage and say little within a
household. So everything that people and channels do to a given name must count as the same: short forms, initials, a second name,
typos, "Last First", another script. The order of the arguments never matters; being compatible is not transitive.
"""

import functools
from typing import Final

from rapidfuzz.distance import JaroWinkler

from hub.identity.nicknames import akin
from hub.intake.names import EMPTY, Name, fold, script

ALIKE: Final = 0.80
"""Jaro-Winkler from which two given names may be one, misspelt (Winkler 1990, weight .1, at most four letters)."""
ALIKE_BY_ITSELF: Final = 0.86
"""The same where the surnames speak against it: Witold Bicz is not Wiktor Narożna, and Sofia may be Sophia who has married."""
ALIKE_SURNAMES: Final = 0.90
SPELLINGS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("-", " "))

__all__ = ["EMPTY", "Name", "compatible", "fold", "given_alike", "same_full"]


@functools.lru_cache(maxsize=65536)
def compatible(a: Name, b: Name) -> bool:
    """False only when these must be two people: both are named, and no given name of one fits the other's."""
    if not a or not b or a.full == b.full:
        return True
    if not a.surname or not b.surname:
        return _one_word(a, b)
    return _given_fit(a, b) or _swapped(a, b)


def same_full(a: Name, b: Name) -> bool:
    """Whether both carry the same whole name, in whatever order and German spelling; the empty name is nobody's."""
    return bool(a) and bool(b) and _whole(a) == _whole(b)


@functools.lru_cache(maxsize=65536)
def given_alike(a: str, b: str, least: float = ALIKE) -> bool:
    """Equal, an initial or beginning of the other, a short form, misspelt by little, or in another script."""
    if a.startswith(b) or b.startswith(a) or akin(a, b) or script(a) != script(b):
        return True
    return JaroWinkler.similarity(a, b) >= least - 1e-9


def _given_fit(a: Name, b: Name) -> bool:
    """The first given name of one is a given name of the other. An initial is compared with the first one only: a middle initial
    would fit half the world."""
    least = ALIKE_BY_ITSELF if _surnames_differ(a.surname, b.surname) else ALIKE
    if given_alike(a.given[0], b.given[0], least):
        return True
    return any(
        len(name) > 1 and len(one.given[0]) > 1 and given_alike(one.given[0], name, least)
        for one, other in ((a, b), (b, a))
        for name in other.given[1:]
    )


def _surnames_differ(a: str, b: str) -> bool:
    """Both are there and have no word in common, nor a misspelt one. What is in another script is not compared."""
    if not a or not b or script(a) != script(b) or _alike_surnames(a, b):
        return False
    return not set(a.replace("-", " ").split()) & set(b.replace("-", " ").split())


def _one_word(a: Name, b: Name) -> bool:
    """ "Schmidt" may be a given name or a surname; it fits whoever has it as either."""
    return _given_fit(a, b) or any(
        _alike_surnames(one.given[0], other.surname) for one, other in ((a, b), (b, a))
    )


def _swapped(a: Name, b: Name) -> bool:
    """ "Berg A." against "Anna Berg": turned round, the surnames agree and the given names fit."""
    return _whole(a) == _whole(b) or any(
        _alike_surnames(turned.surname, other.surname) and _given_fit(turned, other)
        for turned, other in ((_turned(a), b), (_turned(b), a))
    )


def _turned(name: Name) -> Name:
    return Name((*name.given[1:], name.surname), name.given[0], name.full)


def _alike_surnames(a: str, b: str) -> bool:
    return bool(a and b) and JaroWinkler.similarity(a, b) >= ALIKE_SURNAMES


@functools.lru_cache(maxsize=65536)
def _whole(name: Name) -> tuple[str, ...]:
    text = name.full
    for spelling, plain in SPELLINGS:
        text = text.replace(spelling, plain)
    return tuple(sorted(text.split()))
