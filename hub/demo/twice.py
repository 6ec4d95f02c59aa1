"""People whom the shop's books hold twice: from the till, from a newsletter, from two accounts. The suggestions desk has work at once.

The touchpoints have fixed keys and times, so a second run adds nothing, and what was decided about them stays decided.
"""

import datetime as dt
from typing import Final

from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.store import Tx

BOOK: Final = "address-book"
FIRST: Final = dt.datetime(2025, 3, 3, 9, 0, tzinfo=dt.UTC)

Card = tuple[str, dict[str, str], dict[str, str]]
"""How the shop knows of somebody (till, newsletter, account), their identifiers, and what is said of them."""

KELLER: Final = {"street": "Rosenweg", "number": "12", "postcode": "70173", "city": "Stuttgart"}
BRANDT: Final = {
    "birthday": "1979-12-24",
    "street": "Am Hafen",
    "number": "3",
    "postcode": "20457",
    "city": "Hamburg",
}
CARDS: Final[tuple[Card, ...]] = (
    ("till", {"phone": "+4971155501177"}, {"name": "Hannelore Keller", "birthday": "1961-07-19", **KELLER}),
    ("newsletter", {"email": "hanne.keller@posteo.de"}, {"name": "Hanne Keler", "birthday": "1961-07-19", **KELLER}),
    ("till", {"phone": "+4971155501178"}, {"name": "Jürgen Keller", "birthday": "1958-02-02", **KELLER}),
    ("account", {"email": "marta.brandt@mailbox.org"}, {"name": "Marta Brandt", "phone": "+494055501200", **BRANDT}),
    ("account", {"email": "m.brandt@werft-brandt.example"}, {"name": "Marta Brandt", "company": "Werft Brandt", **BRANDT}),
    ("newsletter", {"email": "tomasz.wisniewski@wp.pl"}, {"name": "Tomasz Wiśniewski", "city": "Poznań", "postcode": "61001"}),
    ("till", {"email": "tomasz.wisniewsky@wp.pl"}, {"name": "Wisniewski, Tomasz", "city": "Poznan", "postcode": "61001"}),
    ("newsletter", {"email": "noor.vanderberg@xs4all.nl"}, {"name": "Noor van der Berg", "birthday": "1990-11-05"}),
    ("till", {"phone": "+31205550188"}, {"name": "Noortje van der Berg", "birthday": "1990-11-05", "city": "Utrecht"}),
    ("newsletter", {"email": "f.schmidt@gmx.de"}, {"name": "Frank Schmidt", "city": "Köln", "postcode": "50667"}),
    ("till", {"phone": "+4922155501300"}, {"name": "Franz Schmidt", "city": "Köln", "postcode": "50667", "street": "Domgasse"}),
    ("newsletter", {"email": "lucia.fernandez@correo.es"}, {"name": "Lucía Fernández", "birthday": "1984-04-30"}),
    ("till", {"email": "lucia.fernandes@correo.es"}, {"name": "Lucia Fernandes", "birthday": "1984-04-03", "city": "Sevilla"}),
)  # fmt: skip


def remember(tx: Tx) -> None:
    """Receive what the books say, once."""
    for n, card in enumerate(CARDS):
        receive(tx, BOOK, _touchpoint(n, card))


def _touchpoint(n: int, card: Card) -> Touchpoint:
    source, held, said = card
    level = Level.VERIFIED if source == "account" else Level.ASSERTED
    return Touchpoint(
        channel=source,
        kind="record",
        key=f"card-{n}",
        occurred_at=FIRST + dt.timedelta(days=9 * n, minutes=37 * n),
        claims=tuple(Claim(kind=kind, value=value, level=level) for kind, value in held.items()),
        attributes=tuple(AttributeClaim(attribute=name, value=value) for name, value in said.items()),
    )
