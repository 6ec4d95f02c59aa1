"""Who the simulated visitors are: names, languages, where they come from, and what they would ask.

Most visitors of a shop are strangers who say nothing; a few ask, and some of those are known to the shop. The texts are
what people really write: short, a little impatient, thankful.
"""

import msgspec

from hub.demo.accounts import Account


class Memory(msgspec.Struct):
    """What is left of earlier visits: the browser's token, how many topics were asked about, the cart by product."""

    token: str | None = None
    asked: int = 0
    cart: dict[str, int] = {}


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """One simulated person. Of `topics` one is asked about in a visit: the question, answers to replies, a goodbye."""

    key: str
    path: tuple[str, ...]
    language: str = "en"
    zone: str = "Europe/Berlin"
    referrer: str = ""
    name: str | None = None
    email: str | None = None
    account: Account | None = None
    asks_on: str = ""
    topics: tuple[tuple[str, ...], ...] = ()


PERSONAS = (
    Persona(
        key="mia",
        name="Mia",
        zone="Europe/London",
        referrer="https://www.google.com/",
        path=("/shop/vases", "/product/blue-vase", "/delivery-and-returns", "/cart"),
        asks_on="/product/blue-vase",
        topics=(
            (
                "Hi! Is the blue vase watertight? I'd like to use it for fresh flowers.",
                "Lovely. And would it reach Edinburgh by the 12th? It's for my sister's birthday.",
                "Perfect, thank you so much! Ordering it now.",
            ),
            (
                "Me again :) Could you wrap it as a gift?",
                "That would be great. Thanks!",
            ),
        ),
    ),
    Persona(
        key="tomasz",
        language="pl",
        zone="Europe/Warsaw",
        path=("/", "/shop", "/product/harbour-mug", "/cart", "/checkout"),
    ),
    Persona(
        key="jonas",
        language="de",
        account=Account(user_id="c-0442", name="Jonas Weber", email="jonas.weber@post.example"),
        path=("/account", "/shop/table", "/product/everyday-plate", "/delivery-and-returns"),
        asks_on="/delivery-and-returns",
        topics=(
            (
                "Hallo, von den sechs Tellern ist einer mit einem Sprung angekommen. Was mache ich jetzt?",
                "Ein Foto schicke ich gern. Die Bestellung war BV-2K81.",
                "Wunderbar, vielen Dank für die schnelle Hilfe!",
            ),
            ("Der neue Teller ist da und heil. Ich wollte nur danke sagen.",),
        ),
    ),
    Persona(
        key="sofia",
        language="pt",
        zone="Europe/Lisbon",
        referrer="https://www.instagram.com/",
        path=("/product/moon-jar", "/workshop", "/shop/vases", "/product/tall-bottle"),
    ),
    Persona(
        key="henry",
        name="Henry Clarke",
        email="h.clarke@mail.example",
        zone="Europe/London",
        referrer="https://duckduckgo.com/",
        path=("/search?q=teapot", "/product/rain-teapot", "/delivery-and-returns", "/product/rain-teapot"),
        asks_on="/product/rain-teapot",
        topics=(
            (
                "Does the rain teapot come with a strainer? I mostly drink loose leaf.",
                "Good to know. How long does the bamboo handle last?",
                "Sold. Thanks for your help!",
            ),
            (
                "Is there a cup that goes with the teapot? The morning cup perhaps?",
                "I'll take two then, cheers.",
            ),
        ),
    ),
    Persona(
        key="yuki",
        language="ja",
        zone="Asia/Tokyo",
        path=("/", "/product/moon-jar", "/product/morning-cup", "/workshop"),
    ),
    Persona(
        key="claire",
        name="Claire",
        language="fr",
        zone="Europe/Paris",
        path=("/shop/tea-and-coffee", "/product/morning-cup", "/cart", "/checkout"),
        asks_on="/checkout",
        topics=(
            (
                "Bonjour, livrez-vous aussi en Belgique ?",
                "Très bien, et puis-je payer par virement ?",
                "Merci beaucoup, bonne journée !",
            ),
        ),
    ),
    Persona(
        key="oskar",
        language="sv",
        zone="Europe/Stockholm",
        account=Account(user_id="c-0871", name="Oskar Lind", email="oskar.lind@mail.example"),
        path=("/", "/account", "/shop/table", "/product/orchard-bowl", "/cart"),
    ),
    Persona(
        key="priya",
        name="Priya",
        zone="Europe/London",
        path=("/shop/table", "/product/breakfast-bowl", "/product/everyday-plate"),
        asks_on="/product/breakfast-bowl",
        topics=(
            (
                "Could I get twelve breakfast bowls that match? The page says 40 in the workshop, but the cart stops at 9 :)",
                "Great, no rush at all. Could you put a little card in as well?",
                "You're wonderful. Thank you!",
            ),
        ),
    ),
    Persona(
        key="luca",
        language="it",
        zone="Europe/Rome",
        referrer="https://www.pinterest.com/",
        path=("/product/bud-vase", "/shop/vases", "/product/tall-bottle"),
    ),
)

_PLACES = (
    ("en", "Europe/London"),
    ("de", "Europe/Berlin"),
    ("en", "America/New_York"),
    ("nl", "Europe/Amsterdam"),
    ("es", "Europe/Madrid"),
)
_REFERRERS = (
    "",
    "https://www.google.com/",
    "",
    "https://www.bing.com/",
    "https://news.example/the-quiet-craft",
)
_WALKS = (
    ("/?utm_source=newsletter&utm_campaign=autumn", "/shop", "/product/blue-vase"),
    ("/product/morning-cup", "/shop/tea-and-coffee", "/product/harbour-mug", "/cart"),
    ("/shop/vases", "/product/tall-bottle", "/product/bud-vase", "/delivery-and-returns"),
    ("/", "/workshop", "/shop/table", "/product/orchard-bowl"),
    ("/search?q=plate", "/product/everyday-plate", "/cart", "/checkout", "/checkout/delivery"),
)


def persona(number: int) -> Persona:
    """The person with this number: first those above, then as many strangers as are wanted, always the same ones."""
    if number < len(PERSONAS):
        return PERSONAS[number]
    language, zone = _PLACES[number % len(_PLACES)]
    return Persona(
        key=f"stranger-{number}",
        language=language,
        zone=zone,
        referrer=_REFERRERS[(number // 2) % len(_REFERRERS)],
        path=_WALKS[(number * 3) % len(_WALKS)],
    )
