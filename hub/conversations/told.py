"""What somebody told of themselves in words: an order's number, an address, a size. Found, never guessed.

A value counts only where it proves itself: by its form (an e-mail address, a phone number that can exist, a code with digits) or by
the words around it ("my name is …", "size …"). What is found goes onto the sheet beside the conversation with the place it was
said, so that a person can look; it identifies nobody and joins nothing. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec
import phonenumbers

LONGEST = 8_000
MOST = 30
"""Things that are found in one text: who pastes a list of addresses has not introduced themselves."""
MOST_PHONES = 10
MOST_TRIES = 40
"""Runs of digits that are looked at: whether one is a phone number costs as much as a thousand letters, and anybody can write digits."""

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_CODE = r"[#nN°º.:oはは：\s]{0,4}\s?(?P<code>[A-Za-z]{0,4}[-/]?\d[\w/-]{2,23})"
_NUMBERS: dict[str, re.Pattern[str]] = {
    kind: re.compile(
        rf"(?:{words})(?:\b|(?=は))(?:\s+(?:is|ist|es|est|è|é|was|lautet|war|jest|to|number|no|id|code))?{_CODE}",
        re.IGNORECASE,
    )
    for kind, words in {
        "order": r"orders?(?:\s+(?:number|no|id|code))?|bestell(?:ung|nummer)|auftrag(?:snummer)?|pedido|commande|ordine|encomenda|bestelling|bestelnummer"
        r"|ordernummer|zamówieni[ae]|sipariş(?:\s+(?:no|numara\w*))?|الطلب|طلب|הזמנה|注文(?:番号)?|订单(?:号)?",
        "invoice": r"invoice(?:\s+number)?|rechnung(?:snummer)?|factura|facture|fattura|fatura|factuur(?:nummer)?|faktur[aey]|الفاتورة|חשבונית|発票|发票(?:号)?",
        "tracking": r"tracking(?:\s+(?:number|code|id))?|sendung(?:snummer)?|paketnummer|seguimiento|suivi|tracciamento|rastreio|przesyłk[ai]|takip(?:\s+numara\w*)?",
        "customer": r"customer(?:\s+(?:number|id|no))|kundennummer|número\s+de\s+cliente|numéro\s+(?:de\s+)?client|codice\s+cliente|klantnummer|numer\s+klienta",
    }.items()
}
_SAID: dict[str, re.Pattern[str]] = {
    "name": re.compile(
        r"\b(?i:my name is|i am called|ich heiße|ich heisse|mein name ist|me llamo|mi nombre es|je m['’]appelle|mi chiamo|il mio nome è"
        r"|meu nome é|chamo-me|ik heet|mijn naam is|nazywam się|mam na imię|benim adım|adım)\s+"
        r"(?P<value>[^\W\d_][^\W\d_'’.-]*(?:[ -](?:v[oa]n |d[aeiu] |de la )?(?=[A-ZÀ-ÖØ-ÞĀ-Ž])[^\W\d_][^\W\d_'’.-]*){0,3})"
    ),
    "size": re.compile(r"\b(?:size|größe|groesse|talla|taille|taglia|misura|tamanho|maat|rozmiar|beden)\s*:?\s*(?P<value>\d{1,3}(?:[.,/]\d{1,2})?|X{0,3}[SML]|XXL)\b", re.IGNORECASE),
    "postcode": re.compile(r"\b(?:postcode|post code|postal code|zip(?: code)?|plz|postleitzahl|código postal|code postal|cap|cep|kod pocztowy|posta kodu)\s*:?\s*(?:is|ist|es|est|è)?\s*(?P<value>[A-Z]{0,2}\d[A-Z\d]{0,3}[ -]?[A-Z\d]{1,4})\b", re.IGNORECASE),
    "birthday": re.compile(r"\b(?:born on|born|birthday|date of birth|geboren am|geburtsdatum|nacimiento|naissance|nascita|nascimento|geboortedatum|urodzenia)\D{0,12}(?P<value>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})", re.IGNORECASE),
}  # fmt: skip

_FIELDS = {
    "name": "name", "fullname": "name", "firstname": "name", "yourname": "name", "email": "email", "mail": "email", "emailaddress": "email",
    "phone": "phone", "telephone": "phone", "tel": "phone", "mobile": "phone", "phonenumber": "phone", "order": "order", "ordernumber": "order",
    "orderid": "order", "orderno": "order", "invoice": "invoice", "invoicenumber": "invoice", "tracking": "tracking", "trackingnumber": "tracking",
    "customer": "customer", "customernumber": "customer", "customerid": "customer", "postcode": "postcode", "zip": "postcode", "zipcode": "postcode",
    "postalcode": "postcode", "address": "address", "street": "address", "birthday": "birthday", "dateofbirth": "birthday", "size": "size",
    "company": "company", "organisation": "company", "organization": "company", "city": "city", "town": "city",
}  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """One thing that was said. `kind` is one of `asking.KINDS`; `value` as it was written, without what stands around it."""

    kind: str
    value: str


def told(text: str, region: str | None = None) -> list[Told]:
    """What is found in a text, each thing once, in the order of its kinds. `region`: whose national phone numbers are read."""
    found: dict[tuple[str, str], Told] = {}
    for one in _found(text[:LONGEST], region):
        found.setdefault((one.kind, same(one.kind, one.value)), one)
    return list(found.values())[:MOST]


def same(kind: str, value: str) -> str:
    """A value as it is compared with others of its kind."""
    if kind in ("order", "invoice", "tracking", "customer", "phone", "postcode"):
        return "".join(c for c in value.lower() if c.isalnum())
    return " ".join(value.casefold().split())


def of_fields(fields: Sequence[tuple[str, str]]) -> Iterator[Told]:
    """What a form was filled with: fields whose names say what they are (`email`, `order_number`, `first name` …)."""
    for name, value in fields:
        kind = _FIELDS.get("".join(c for c in name.lower() if c.isalpha()))
        if kind is not None and value.strip():
            yield Told(kind, value.strip()[:200])


def _found(text: str, region: str | None) -> Iterator[Told]:
    for match in _EMAIL.finditer(text):
        yield Told("email", match[0].rstrip("."))
    for kind, pattern in _NUMBERS.items():
        for match in pattern.finditer(text):
            if sum(c.isdigit() for c in match["code"]) >= 3:
                yield Told(kind, match["code"].rstrip("-/"))
    for kind, pattern in _SAID.items():
        for match in pattern.finditer(text):
            yield Told(kind, match["value"].strip())
    yield from _phones(text, region)


def _phones(text: str, region: str | None) -> Iterator[Told]:
    if sum(c.isdigit() for c in text) < 7:
        return
    if text.count("(") > MOST_TRIES:  # each of them may begin one
        text = text.replace("(", " ")
    found = phonenumbers.PhoneNumberMatcher(text, region, max_tries=MOST_TRIES)
    for match in islice(found, MOST_PHONES):
        shown = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        yield Told("phone", shown)
