"""Normalising: many spellings, one identifier. Pure, and versioned, because changing it changes who is who.

Raise VERSION with any change of a result; everything derived is then computed again from the raw claims. A value that says nothing
(`null`, `0`, half an address) normalises to None: it is kept raw with the touchpoint and joins nobody.
"""

import functools
import unicodedata
from typing import Final

import idna
import phonenumbers

from hub.intake import names

VERSION: Final = 2

LINKS: Final = "links"
ROLE: Final = "role"
JUNK: Final = "junk"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOTHING: Final = _words(
    "null none nil undefined nan 0 -1 anonymous anonym guest test n/a na - -- . ? unknown void empty false true abc123 default "
    "undefined@undefined 00000000-0000-0000-0000-000000000000"
) | {"", "[object object]"}
ROLES: Final = _words(
    "info sales support noreply no-reply donotreply do-not-reply kontakt contact office mail hello hallo service admin postmaster "
    "webmaster abuse billing buchhaltung rechnung invoice accounts team help newsletter marketing jobs hr presse press shop "
    "bestellung orders vertrieb einkauf root mailer-daemon"
)
PLACEHOLDERS: Final = _words(
    "test none null no nobody na asdf example user email a aa aaa x xx xxx abc fake keine"
)
PLACEHOLDER_DOMAINS: Final = _words(
    "test.com test.de example.com example.org example.net none.com no.com email.com mailinator.com guerrillamail.com"
)


def identifier(kind: str, raw: str, region: str | None = None) -> str | None:
    """The one spelling of an identifier, or None when the value identifies nobody. `region` (DE, US …) reads national phone numbers."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if text.casefold() in NOTHING or any(unicodedata.category(c) == "Cc" for c in text):
        return None
    if kind == "email":
        return email(text)
    if kind in ("phone", "fax"):
        return phone(text, region)
    if kind in ("whatsapp", "signal"):
        return phone(text, region) or text
    if kind == "xmpp":
        return text.partition("/")[0].casefold() or None
    return text


def status(kind: str, value: str) -> str:
    """What a normalised value is by itself: `links`, `role` (a desk, not a person) or `junk` (a placeholder)."""
    if kind == "email":
        local, _, domain = value.partition("@")
        if domain in PLACEHOLDER_DOMAINS or (local in PLACEHOLDERS and domain.split(".")[0] in PLACEHOLDERS):
            return JUNK
        return ROLE if local in ROLES else LINKS
    if kind == "phone":
        digits = value.partition(";")[0].lstrip("+")
        return JUNK if len(set(digits[-7:])) == 1 or not _dials_a_person(value) else LINKS
    return LINKS


def email(text: str) -> str | None:
    """Casefolded, domain as A-label (UTS 46); dots and plus tag go at Gmail only, where they mean nothing. None if it is no address."""
    text = text.removeprefix("mailto:").removeprefix("MAILTO:").strip().casefold()
    local, _, domain = text.rpartition("@")
    if not local or len(local) > 64 or any(c.isspace() or c in "@<>()[],;:\\" for c in local):
        return None
    try:
        domain = idna.encode(domain.rstrip("."), uts46=True).decode()
    except idna.IDNAError:
        return None
    if "." not in domain:
        return None
    if domain in ("gmail.com", "googlemail.com"):
        domain, local = "gmail.com", local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}" if local else None


@functools.lru_cache(maxsize=4096)
def phone(text: str, region: str | None) -> str | None:
    """E.164, an extension behind `;ext=`. None for short codes, withheld numbers and what cannot be a number."""
    compact = text.removeprefix("tel:")
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if (
        possible != phonenumbers.ValidationResult.IS_POSSIBLE
    ):  # a short or local number is somebody else's in the next town
        return None
    plain: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


@functools.lru_cache(maxsize=4096)
def _dials_a_person(value: str) -> bool:
    """False for toll-free, shared-cost and premium numbers: whoever calls from one is a company."""
    number = phonenumbers.parse(value.partition(";")[0], None)
    return phonenumbers.number_type(number) not in (
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
    )


def name(raw: str) -> str | None:
    """A folded name for comparing (`names.fold`); None if it names nobody."""
    return names.fold(raw).full or None
