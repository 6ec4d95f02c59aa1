"""Normalising: many spellings, one identifier. Pure, and versioned, because changing it changes who is who.

Raise VERSION with any change of a result, and of which names `identity.names` takes for one person's; everything derived is then
computed again from the raw claims. A value that says nothing (`null`, `0`, half an address) normalises to None: it is kept raw with
the touchpoint and joins nobody.

    words   what means nothing      emails   phones   names   one kind of value each
"""

import re
import unicodedata
from importlib.metadata import version as version_of
from typing import Final

from hub.contract import Level
from hub.intake import emails, names, phones
from hub.intake.words import NOTHING

VERSION: Final = 3

LINKS: Final = "links"
ROLE: Final = "role"
JUNK: Final = "junk"

LONGEST: Final = 500
"""Characters of a raw identifier; what is longer is a mistake of its source."""
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""What mail programs and messengers leave in copied text."""
FORMLESS: Final = re.compile(r"[0\-_.*#+/\\|=~ ]*")
TEMPLATE: Final = re.compile(r".*(\{\{.*\}\}|\$\{.*\}|<%.*%>|\[\[.*\]\]|%%.*%%).*")
"""A template that nobody filled in."""


def version() -> str:
    """What normalised values depend on, as one text. When it differs from the one they were made with, they are made again.

    Numbering plans and Unicode tables change results like our own code does, so they are part of it.
    """
    parts = (
        f"phonenumbers {version_of('phonenumbers')}",
        f"idna {version_of('idna')}",
        f"unicode {unicodedata.unidata_version}",
    )
    return ", ".join((str(VERSION), *parts))


def identifier(kind: str, raw: str, region: str | None = None) -> str | None:
    """The one spelling of an identifier, or None when the value identifies nobody. `region` (DE, US …) reads national phone numbers."""
    if len(raw) > LONGEST:
        return None
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", raw)).strip()
    if is_nothing(text) or CONTROL.search(text):
        return None
    value = _fold(kind, text, region)
    return value if value and len(value) <= LONGEST and not is_nothing(value) else None


def _fold(kind: str, text: str, region: str | None) -> str | None:
    match kind:
        case "email":
            return emails.fold(text)
        case "phone" | "fax":
            return phones.fold(text, region)
        case "whatsapp" | "signal":
            return phones.fold(text, region) or text
        case "xmpp":
            return text.partition("/")[0].casefold()
        case "telegram" | "matrix" | "irc":
            return unicodedata.normalize("NFKC", text.removeprefix("@").casefold()).strip()
    return text


def is_nothing(text: str) -> bool:
    """Whether programs and people write this where they have nothing to say."""
    bare = text.casefold().strip("'\"`()[]<>{}").strip()
    return bare in NOTHING or FORMLESS.fullmatch(bare) is not None or TEMPLATE.fullmatch(text) is not None


def status(kind: str, value: str) -> str:
    """What a normalised value is by itself: `links`, `role` (a desk, not a person) or `junk` (a placeholder)."""
    if kind == "email":
        if emails.is_placeholder(value):
            return JUNK
        return ROLE if emails.is_role(value) else LINKS
    if kind == "phone":
        if phones.is_placeholder(value):
            return JUNK
        return ROLE if phones.is_desk(value) else LINKS
    return LINKS


def level(kind: str, value: str, said: Level) -> Level:
    """How far a claim of this normalised value can be trusted at best: a number no plan knows is hearsay, whoever shows it."""
    return Level.ASSERTED if kind == "phone" and not phones.is_assigned(value) else said


def why_nobody(kind: str, raw: str, region: str | None) -> str:
    """For a value that normalises to None: the reason, to stand behind "identifies nobody: "."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", raw[: LONGEST + 1])).strip()
    if len(raw) > LONGEST:
        return f"expected at most {LONGEST} characters, got {len(raw)}"
    if is_nothing(text):
        return "it is what is written where there is nothing to say"
    if kind == "email":
        return "expected an address such as ann@shop.org"
    if kind in ("phone", "fax"):
        return "expected a whole number" + (
            "" if region else ", with its country's code where no country is known"
        )
    return "expected one line of text"


def name(raw: str) -> str | None:
    """A folded name for comparing (`names.fold`); None if it names nobody."""
    return names.fold(raw).full or None
