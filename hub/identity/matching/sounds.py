"""How a name sounds, roughly and in no particular language: what is left of it when spellings that sound alike are made one.

Metaphone and its kin speak English; customers do not. Consonants are put into a few classes common to European languages, vowels are
dropped after the first letter, doubles count once. Used for blocking keys and for the weakest level of likeness, so it may be coarse.
"""

import functools
from typing import Final

SPELLINGS: Final = (
    ("sch", "s"), ("tsch", "s"), ("cz", "s"), ("sz", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("dt", "t"), ("gh", "g"), ("qu", "k"), ("x", "ks"), ("tz", "s"), ("ts", "s"), ("ll", "l"), ("gn", "n"), ("kn", "n"), ("wr", "r"),
)  # fmt: skip
CLASSES: Final = str.maketrans(
    {
        "c": "k",
        "q": "k",
        "g": "k",
        "v": "f",
        "w": "f",
        "z": "s",
        "d": "t",
        "b": "p",
        "y": "i",
        "j": "i",
        "m": "n",
    }
)


@functools.lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The sound of a folded word; the word itself where it has no latin letters."""
    if not word.isascii():
        return word
    for spelling, plain in SPELLINGS:
        word = word.replace(spelling, plain)
    coded = word.replace(" ", "").translate(CLASSES)
    kept = coded[:1] + "".join(c for c in coded[1:] if c not in "aeiouh")
    return "".join(c for n, c in enumerate(kept) if n == 0 or c != kept[n - 1])
