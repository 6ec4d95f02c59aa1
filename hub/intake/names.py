"""Names: many ways to write one, folded into one value for comparing. Pure; part of what `normalise.VERSION` stands for.

A name is never an identifier, so folding may lose what tells nobody apart: case, accents, titles, the order of "Last, First". What is
no person's name (an address, a company, "Visitor 12", "n/a") folds to the empty name, which contradicts nobody. The raw value stays
with its touchpoint. `fold(fold(raw).full)` is `fold(raw)`, so the folded text alone may be stored.
"""

import functools
import re
import unicodedata
from typing import Final

import msgspec

LONGEST: Final = 200
"""Characters of a raw name that are looked at; what follows names nobody better."""
MOST_WORDS: Final = 10


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES: Final = _words(
    "mr mrs ms miss mx sir dr drs prof professor doctor herr herrn frau fraeulein fraulein dipl ing mag med jur rer nat phil habil "
    "mme mlle monsieur madame mademoiselle sra srta senor senora sig sigra signor signora dott dottssa avv dhr mevr mevrouw meneer "
    "pani rev jr sr ii iii iv phd md mba bsc msc esq hanim gospodin gospozha"
)
MAYBE_TITLES: Final = _words("don dona lady lord pan bey junior senior fr pastor dame")
"""Given names or surnames as well: a title only before two other words."""
NOBODY: Final = _words(
    "null none nil undefined nan na n a anonymous anonym anonyme anonimo guest gast invite invitado visitor besucher visiteur "
    "user benutzer username name vorname nachname firstname lastname unknown unbekannt inconnu desconocido test tester testing "
    "demo customer kunde kundin client cliente klant klient admin administrator support info noreply no reply web website "
    "wireless caller withheld private privat blocked unavailable default example sample asdf asdfg qwerty qwertz xxx xx abc foo bar "
    "nobody niemand keine kein nadie personne void empty true false mailer-daemon no-reply postmaster first last"
)
"""A name of nothing but these words names nobody."""
STAND_INS: Final = frozenset(("john doe", "jane doe", "max mustermann", "erika mustermann"))
FIRMS: Final = _words(
    "gmbh ag kg ohg ug gbr kgaa ltd limited llc llp plc inc incorporated corp corporation company sarl srl spa bv nv vof oyj spzoo "
    "sro kft zrt ooo oao zao pty holding verein stiftung"
)
PARTICLES: Final = _words(
    "von vom zu zum zur van vander ver ter ten de der den del della dello degli di da dal das do dos du des la le los las "
    "al el abu ibn ben bin bint san santa saint st mac mc af av"
)
LETTERS: Final = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h", "ŧ": "t",
     "ĸ": "k", "ŋ": "n", "ſ": "s", "ё": "е", "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\xad": "",
     "‐": "-", "‑": "-", "–": "-", "—": "-", "·": " ", "・": " "}
)  # fmt: skip
MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]")
"""Accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic. Elsewhere a mark is half of a letter."""
EAST: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
DOUBLE_SURNAMES: Final = _words(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 皇甫 尉迟 公孙 慕容 司徒 令狐 东方 西门 南宫 남궁 황보 제갈 선우 독고"
)


class Name(msgspec.Struct, frozen=True):
    """A folded name. `given`: the given names in order; a single word is a given name. `surname`: "" when there is none.
    `full`: all of it as one text, "" for the empty name. `initials`: of the given names, then of the surname."""

    given: tuple[str, ...] = ()
    surname: str = ""
    full: str = ""
    initials: str = ""

    def __bool__(self) -> bool:
        return bool(self.full)


EMPTY: Final = Name()


@functools.lru_cache(maxsize=65536)
def fold(raw: str) -> Name:
    """The folded name; empty when the text names no person."""
    name = _once(raw)
    for _ in range(4):
        again = _once(name.full)
        if again == name:
            return name
        name = again
    return EMPTY  # text that folding keeps changing is nobody's name


def _once(raw: str) -> Name:
    text = unicodedata.normalize("NFKC", raw[:LONGEST]).strip()
    if "@" in text or "://" in text:
        return EMPTY
    words = _in_order(text)
    if all(word in NOBODY for word in words) or any(word in FIRMS for word in words[1:]):
        return EMPTY
    if all(script(word) in EAST for word in words):
        return _eastern(words[:MOST_WORDS])
    # "A. B." or "x": letters alone are said of too many.
    return (
        _western(words)
        if any(len(word) > 1 for word in words) and " ".join(words) not in STAND_INS
        else EMPTY
    )


def _in_order(text: str) -> list[str]:
    """The folded words with the given names first (in the East, the surname), titles off."""
    last, comma, first = text.partition(",")
    front, back = _fold_words(last), _fold_words(first)
    if (
        comma
        and any(word not in TITLES and word not in FIRMS for word in back)
        and script(front[0] if front else "") not in EAST
    ):
        words = back + front
    else:
        words = _shouted_last(last, front) + back
    kept = [word for word in words if word not in TITLES and not any(c.isdigit() for c in word)]
    while len(kept) > 2 and kept[0] in MAYBE_TITLES:
        del kept[0]
    return kept


def _shouted_last(text: str, words: list[str]) -> list[str]:
    """ "BERG Anna": a surname written large before the given names."""
    loud = [word.isupper() and sum(c.isalpha() for c in word) > 2 for word in text.split()]
    n = loud.index(False) if False in loud else 0
    if 0 < n < len(loud) == len(words) and not any(loud[n:]):
        return words[n:] + words[:n]
    return words


def _fold_words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    plain = unicodedata.normalize("NFC", MARKS.sub("", plain)).translate(LETTERS)
    kept = "".join(c if c == "-" or unicodedata.category(c)[0] in "LMN" else " " for c in plain)
    return [word for found in kept.split() if (word := found.strip("-"))]


def _western(words: list[str]) -> Name:
    words = [part for word in words[:-1] for part in word.split("-") if part] + words[-1:]
    words = words[:MOST_WORDS]
    if len(words) == 1:
        return _name((words[0],), "", words[0])
    start = next((n for n, word in enumerate(words[1:-1], 1) if word in PARTICLES), len(words) - 1)
    return _name(tuple(words[:start]), " ".join(words[start:]), " ".join(words))


def _eastern(words: list[str]) -> Name:
    """Surname first, and mostly without a blank: one character, two where four are written or the surname is a known double one."""
    if len(words) > 1:
        surname, given = words[0], tuple(words[1:])
        return _name(given, surname, " ".join(words))
    word = words[0]
    if not 2 <= len(word) <= 4 or script(word) not in ("CJK", "HANGUL"):
        return _name((word,), "", word)
    n = 2 if len(word) == 4 or (word[:2] in DOUBLE_SURNAMES and len(word) > 2) else 1
    return _name((word[n:],), word[:n], word)


def _name(given: tuple[str, ...], surname: str, full: str) -> Name:
    return Name(given, surname, full, "".join(word[0] for word in (*given, surname) if word))


@functools.lru_cache(maxsize=4096)
def script(word: str) -> str:
    """The script of a word by its first letter, as Unicode names it: LATIN, CYRILLIC, GREEK, CJK …"""
    return unicodedata.name(word[:1] or " ", "UNKNOWN").partition(" ")[0].partition("-")[0]
