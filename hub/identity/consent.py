"""Consent and do-not-contact: the latest explicit statement per purpose and address counts, and a withdrawal wins a tie. Pure.

Verification, sources and confidence, which decide about other attributes, have no say here: whoever says no is believed at once. A yes
for one address says nothing of another. Suggestions join nobody, so nothing is inherited through one.

A source reports it as an attribute: `consent:PURPOSE` (`consent:newsletter`, `consent:calls`, …) or `do-not-contact`, with the value
`yes` or `no`, and the identifier it speaks of behind a blank where it is not about all of them: `no email:ann@shop.org`.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from hub.contract import Identifier, UnknownKind, kind_of
from hub.identity.surviving import Value
from hub.intake import normalise

CONSENT: Final = "consent:"
DO_NOT_CONTACT: Final = "do-not-contact"
CONTACT: Final = "contact"
"""The purpose `do-not-contact` speaks of; without its consent nothing may be sent at all."""

YES: Final = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "granted",
        "given",
        "on",
        "opt-in",
        "optin",
        "opted-in",
        "subscribed",
        "ja",
        "oui",
        "si",
        "sì",
        "sí",
        "allow",
        "allowed",
        "accepted",
    ]
)
NO: Final = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "withdrawn",
        "revoked",
        "off",
        "opt-out",
        "optout",
        "opted-out",
        "unsubscribed",
        "nein",
        "non",
        "deny",
        "denied",
        "declined",
        "refused",
    ]
)


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What counts for a purpose and an address (None: all of them), and what was said before."""

    purpose: str
    address: Identifier | None
    granted: bool
    said: Value
    earlier: tuple[Value, ...] = ()


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One explicit yes or no."""

    purpose: str
    address: Identifier | None
    granted: bool


def is_consent(attribute: str) -> bool:
    """Whether an attribute speaks of consent."""
    return attribute == DO_NOT_CONTACT or (attribute.startswith(CONSENT) and len(attribute) > len(CONSENT))


def read(attribute: str, value: str) -> Statement | None:
    """What an attribute's value states; None when it is neither a yes nor a no."""
    word, _, about = value.strip().partition(" ")
    granted = word.casefold() in YES
    if not granted and word.casefold() not in NO:
        return None
    address = _address(about.strip())
    if about.strip() and address is None:
        return None
    if attribute == DO_NOT_CONTACT:
        return Statement(purpose=CONTACT, address=address, granted=not granted)
    return Statement(purpose=attribute.removeprefix(CONSENT).casefold(), address=address, granted=granted)


def _address(text: str) -> Identifier | None:
    kind, _, raw = text.partition(":")
    try:
        value = normalise.identifier(kind_of(kind).name, raw)
    except UnknownKind:
        return None
    return Identifier(kind=kind, value=value) if value else None


def consents(said: Iterable[tuple[str, Value]]) -> tuple[Consent, ...]:
    """What counts now, from every (attribute, value) that speaks of consent, by purpose and address."""
    found: dict[tuple[str, Identifier | None], list[tuple[tuple[int, bool, bytes, str], Value, bool]]] = {}
    for attribute, value in said:
        if (stated := read(attribute, value.value)) is not None:
            order = (value.at, not stated.granted, value.touch, value.connection)
            found.setdefault((stated.purpose, stated.address), []).append((order, value, stated.granted))
    counted = []
    for (purpose, address), stated_here in found.items():
        (_, latest, granted), *before = sorted(stated_here, key=lambda one: one[0], reverse=True)
        earlier = tuple(value for _, value, _ in before)
        counted.append(
            Consent(purpose=purpose, address=address, granted=granted, said=latest, earlier=earlier)
        )
    return tuple(
        sorted(
            counted,
            key=lambda c: (c.purpose, c.address is not None, c.address or Identifier(kind="", value="")),
        )
    )


def may(held: Iterable[Consent], purpose: str, address: Identifier) -> bool:
    """Whether something may be sent to an address for a purpose: nobody has forbidden contact, and the statement about this very
    address, or else the one about all of them, is a yes. Nothing said is no consent."""
    by_place = {(consent.purpose, consent.address): consent.granted for consent in held}
    if not by_place.get((CONTACT, address), True) or not by_place.get((CONTACT, None), True):
        return False
    return by_place.get((purpose, address), by_place.get((purpose, None), False))
