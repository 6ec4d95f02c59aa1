"""Words of a text as the index sees them, and where hits stand: contentless indexes cannot tell, so the text itself is read.

The same rule as SQLite's `unicode61 remove_diacritics 2`: a token is a run of letters, digits and marks; case and diacritics do not
count. Where Python's Unicode is newer than SQLite's the two differ in characters hardly anybody types; a hit is then shown unmarked.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from hub.search.asking import Term

Piece = tuple[str, bool]
"""A piece of text, and whether it is a hit."""

AROUND = 160
"""Characters of a long text that are shown, beginning shortly before the first hit."""
BEFORE = 40


class Token(msgspec.Struct, frozen=True):
    """A folded word and where it stands."""

    word: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """All tokens in order."""
    start = -1
    for at, character in enumerate(text):
        inside = _inside(character)
        if inside and start < 0:
            start = at
        elif not inside and start >= 0:
            yield from _token(text, start, at)
            start = -1
    if start >= 0:
        yield from _token(text, start, len(text))


def pieces(text: str, terms: "Sequence[Term]") -> list[Piece]:
    """The text, or the part of a long one around its first hit, cut where hits begin and end."""
    spans = _spans(text, terms)
    first = spans[0][0] if spans else 0
    start = max(0, min(first - BEFORE, len(text) - AROUND)) if len(text) > AROUND else 0
    if start:
        start = (
            text.rfind(" ", 0, first) + 1
            if first - start > BEFORE
            else text.find(" ", start, first) + 1 or start
        )
    end = min(len(text), start + AROUND)
    made: list[Piece] = [("…", False)] if start else []
    at = start
    for low, high in spans:
        if high <= at or low >= end:
            continue
        if low > at:
            made.append((text[at:low], False))
        made.append((text[max(low, at) : min(high, end)], True))
        at = min(high, end)
    if at < end:
        made.append((text[at:end], False))
    return [*made, ("…", False)] if end < len(text) else made


def _spans(text: str, terms: "Sequence[Term]") -> list[tuple[int, int]]:
    """Where the terms occur, merged and in order."""
    words = list(tokens(text))
    found = [
        (words[at].start, words[at + len(term.tokens) - 1].end)
        for term in terms
        for at in range(len(words) - len(term.tokens) + 1)
        if _fits(words[at : at + len(term.tokens)], term)
    ]
    merged: list[tuple[int, int]] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _fits(words: Sequence[Token], term: "Term") -> bool:
    *firsts, last = (word.word for word in words)
    if tuple(firsts) != term.tokens[:-1]:
        return False
    return last.startswith(term.tokens[-1]) if term.begins else last == term.tokens[-1]


def _inside(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] in "LNM"


def _token(text: str, start: int, end: int) -> Iterator[Token]:
    plain = unicodedata.normalize("NFD", text[start:end])
    word = "".join(it for it in plain if unicodedata.category(it) != "Mn").lower()
    if word:
        yield Token(word, start, end)
