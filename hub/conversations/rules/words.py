"""Words and addresses, found in what strangers wrote: whole words and phrases, with `*` for any letters of a word.

    refund            the word, in any case and with or without its accents
    refund*           refund, refunds, refunded
    *rechnung*        Stornorechnung, Rechnungen
    cancel* my order  one word after the other

Nobody writes a regular expression: a phrase is cut into escaped pieces whose only loop stays within one word and never goes back over it
(`(?>…)`), so that looking for it costs the length of the text, whoever wrote either. Han, kana and Thai have no spaces between words, so
each of their letters counts as a word.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

LOOKED_AT = 20_000
"""Characters of a text that are looked at."""
LONGEST = 60
"""Letters of one word that are looked at."""
MOST_WORDS = 8
"""Words of one phrase."""
MOST_STARS = 2
"""Stars of one word."""

_ALONE = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[\w])+")
_PIECES = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[\w*])+")
_KEPT = "\u3099\u309a"
"""Marks that make another letter in kana, and no accent."""


def fold(text: str) -> str:
    """As it is compared: without case, width and accents."""
    wide = unicodedata.normalize("NFKD", text[:LOOKED_AT])[: 2 * LOOKED_AT].casefold()
    bare = "".join(c for c in wide if c in _KEPT or unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare)


class Words:
    """A text, ready to be looked through: its words with one space around each."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = " " + " ".join(word[:LONGEST] for word in _WORDS.findall(fold(text))) + " "


class Phrase(msgspec.Struct, frozen=True):
    """A phrase that was read: `plain` to be found as it is, or `pattern`."""

    written: str
    plain: str
    pattern: re.Pattern[str] | None

    def found_in(self, words: Words) -> str:
        """The words it was found in, as they are compared; empty when they are not there."""
        if self.pattern is None:
            return self.plain.strip() if self.plain in words.text else ""
        match = self.pattern.search(words.text)
        return match[0].strip() if match else ""


def problem(written: str) -> str:
    """What is wrong with a phrase, or nothing."""
    pieces = _PIECES.findall(fold(written))
    if not any(piece.strip("*") for piece in pieces):
        return "expected a word or a phrase"
    if len(pieces) > MOST_WORDS:
        return f"expected at most {MOST_WORDS} words in a phrase, got {len(pieces)}"
    if any(not piece.strip("*") for piece in pieces):
        return "expected letters beside each *"
    if any(piece.count("*") > MOST_STARS for piece in pieces):
        return f"expected at most {MOST_STARS} * in a word"
    return ""


@lru_cache(maxsize=4096)
def phrase(written: str) -> Phrase:
    """Read a phrase that has no `problem`."""
    pieces = [piece[:LONGEST] for piece in _PIECES.findall(fold(written))]
    if not any("*" in piece for piece in pieces):
        return Phrase(written, f" {' '.join(pieces)} ", None)
    body = " ".join(f"(?>{'[^ ]*?'.join(map(re.escape, piece.split('*')))}(?= ))" for piece in pieces)
    return Phrase(written, "", re.compile(f" {body} "))


def first_found(phrases: Sequence[Phrase], words: Words) -> str:
    """The first of the phrases that is there, as it stands there."""
    return next((found for one in phrases if (found := one.found_in(words))), "")


def glob(written: str, value: str) -> bool:
    """Whether an address or a name is `written`, where `*` stands for anything: `*@example.org`. Case does not count."""
    first, *rest = written.casefold().split("*")
    value = value.casefold()
    if not rest:
        return value == first
    if not value.startswith(first):
        return False
    at = len(first)
    for piece in rest[:-1]:
        at = value.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return len(value) - at >= len(rest[-1]) and value.endswith(rest[-1])
