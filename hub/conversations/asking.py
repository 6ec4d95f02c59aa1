"""What a text asks the customer for: their order number, their address, their size.

Nobody is to be asked what they have said already, on whatever way, so every question is looked at before it goes out: by bots and forms
here, by an operator's page while they write (`widget/console/state/asking.ts` reads the same table, and both are held to the same
cases). It is a table of words in the languages the product speaks and a rule one can say in a sentence: *a sentence that names the
thing, and has a question mark, a question word or a request in it, asks for it, unless it says that we have it.* Pure.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from itertools import islice
from types import MappingProxyType

LONGEST = 8_000
"""Characters that are looked at: more than a message may have."""
MOST_SENTENCES = 200
"""Different sentences that are looked at, for each is held against the whole table."""

_TABLE = json.loads((resources.files(__package__) / "asking.json").read_text("utf-8"))
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {kind: tuple(words) for kind, words in _TABLE["kinds"].items()}
)
"""Everything that can be asked for, and the words that name it."""

SENTENCE = re.compile(r"(?<=[.!?？。！؟])\s+|(?<=[？。！])|\n+")
_LETTERLESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def asks(text: str) -> tuple[str, ...]:
    """What a text asks for, in the order of the table."""
    found: set[str] = set()
    sentences = dict.fromkeys(part for part in SENTENCE.split(folded(text[:LONGEST])) if part)
    for sentence in islice(sentences, MOST_SENTENCES):
        if _is_request(sentence):
            found.update(kind for kind in KINDS if _names(sentence, kind))
    return tuple(kind for kind in KINDS if kind in found)


def folded(text: str) -> str:
    """A text as it is compared: composed, in lower case, with plain apostrophes."""
    return unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("\u0130".lower(), "i")


def _is_request(sentence: str) -> bool:
    if any(_has(sentence, words) for words in _TABLE["having"]) and "?" not in sentence:
        return False
    return any(_has(sentence, words) for part in ("asking", "begging") for words in _TABLE[part])


def _names(sentence: str, kind: str) -> bool:
    return any(_has(sentence, words) for words in KINDS[kind])


def _has(sentence: str, words: str) -> bool:
    """Whether the words stand there, as words; scripts that write none between are searched as they are."""
    at = sentence.find(words)
    while at >= 0:
        if _LETTERLESS.search(words) or not words[0].isalnum():
            return True
        before, after = sentence[at - 1 : at], sentence[at + len(words) : at + len(words) + 1]
        # Arabic and Hebrew put the article and "your" onto the word itself.
        if not before.isalnum() and (not after.isalnum() or not words.isascii()):
            return True
        at = sentence.find(words, at + 1)
    return False
