"""Phone numbers: E.164 with the extension apart, by the numbering plans of phonenumbers.

A national number is read by the country of its touchpoint, else of its site; without one it stays raw, for it is somebody else's in
the next country. Plans lag behind what operators hand out, so a number that is only possible still counts, as hearsay.
"""

import functools
import re
from typing import Final

import phonenumbers

LONGEST: Final = 60
SHORTEST: Final = 1_000_000
"""Below, and in no plan: a short code, or somebody behind a switchboard."""
SCHEMES: Final = re.compile(r"(tel|sips?|callto|whatsapp):", re.IGNORECASE)
WITHHELD: Final = frozenset(
    ("266696687", "7378742833", "86282452253", "8656696", "7748423", "562533", "656667", "2662")
)
"""ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, PRIVATE, … as exchanges spell them on a keypad."""
SEQUENCES: Final = ("01234567890123456789", "98765432109876543210")
TYPED_TO_PASS: Final = re.compile(
    r"\+1\d{3}555(0100|0123|0199|1212|1234|5555)|\+44770090000[0-9]|\+4917012345678|\+4915112345678|\+33612345678|\+34612345678"
)
"""Numbers of advertisements and forms. Others of their ranges are as good as any: demo systems have whole populations there."""
DESKS: Final = (
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.UAN,
)


@functools.lru_cache(maxsize=16_384)
def fold(raw: str, region: str | None = None) -> str | None:
    """E.164, an extension behind `;ext=`. None for short codes, withheld callers and what cannot be a number. Idempotent."""
    text = SCHEMES.sub("", raw.strip(), count=1)
    if "@" in text:
        text = text.partition("@")[0]  # a SIP address
    digits = "".join(c for c in text if c.isdigit())
    if len(text) > LONGEST or digits in WITHHELD or digits.lstrip("0") in WITHHELD:
        return None
    compact = text.lstrip()
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None  # a short or local number is somebody else's in the next town
    if (number.national_number or 0) < SHORTEST and not phonenumbers.is_valid_number(number):
        return None
    plain: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def is_placeholder(value: str) -> bool:
    """Typed to get past a field: one digit over and over, a row of digits, an advertisement's number."""
    number = _parsed(value)
    digits = str(number.national_number)
    return (
        len(set(digits[-7:])) == 1
        or any(digits in row for row in SEQUENCES)
        or TYPED_TO_PASS.fullmatch(value.partition(";")[0]) is not None
    )


@functools.lru_cache(maxsize=16_384)
def is_desk(value: str) -> bool:
    """Toll-free, shared-cost, premium and company-wide numbers: whoever calls from one is at a desk."""
    return phonenumbers.number_type(_parsed(value)) in DESKS


@functools.lru_cache(maxsize=16_384)
def is_assigned(value: str) -> bool:
    """Whether the numbering plan knows the number; False means possible, and no more."""
    return bool(phonenumbers.is_valid_number(_parsed(value)))


def _parsed(value: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.parse(value.partition(";")[0], None)
