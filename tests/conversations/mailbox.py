"""A labelled mailbox: mails of made-up customers, each with the matter it is truly about.

The proportions are those measured on support mailboxes: 43.8 % of mails follow an earlier one of the same customer, 27.2 % do while that
matter is open, and 72 % of those come under another subject. Phrases come in two halves, so that weights fitted on one are judged on
words they have not seen. What does not follow comes from the same people too, with matters that overlap in time, and from families that
share a name and an order of things.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

HOUR = 3_600_000_000
DAY = 24 * HOUR
FOLLOWS, WHILE_OPEN, OTHER_SUBJECT = 0.438, 0.272, 0.72

THINGS = [
    "espresso grinder",
    "milk frother",
    "rain jacket",
    "hiking boots",
    "desk lamp",
    "oak shelf",
    "garden hose",
    "bread oven",
    "wool blanket",
    "bike pump",
    "water kettle",
    "phone case",
    "camera strap",
    "yoga mat",
    "tent poles",
    "coffee beans",
    "leather wallet",
    "office chair",
    "night light",
    "paint brushes",
    "travel mug",
    "steel pan",
    "running shoes",
    "winter gloves",
    "curtain rail",
    "door handle",
    "wall clock",
    "baby monitor",
    "hair dryer",
    "chess board",
]

MATTERS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "late": (
        ("Where is my parcel?", "Delivery overdue", "Order not arrived", "Shipment question"),
        (
            "I ordered the {thing} two weeks ago and the parcel has not arrived. Tracking says it left the depot.",
            "My delivery of the {thing} is overdue. The courier page shows nothing since Monday. Order {code}.",
            "The {thing} from order {code} was promised for last Friday and nothing came, no card from the courier.",
            "Could you find out where the shipment with the {thing} is? The tracking number does not work.",
        ),
        (
            "Still no sign of the courier, the tracking page is the same as before.",
            "The parcel has not come today either. Please ask the depot about order {code}.",
            "Any news about the delivery of the {thing}?",
            "My neighbour did not take the parcel, I asked. So where is the shipment?",
        ),
    ),
    "broken": (
        ("Broken on arrival", "Defective item", "Damage", "It does not work"),
        (
            "The {thing} arrived with a crack along the side, the box was dented. Photos attached.",
            "My new {thing} stopped working on the second day, it makes a rattling sound and smells burnt.",
            "Unfortunately the {thing} is defective: a part came loose when I unpacked it. Order {code}.",
            "I would like a replacement for the {thing}, the surface is scratched and one screw is missing.",
        ),
        (
            "Here are more photos of the crack, you can see it runs to the bottom of the {thing}.",
            "The rattling is worse now and I do not dare to switch it on. When will the replacement come?",
            "You asked for the serial number of the defective part: it is on the picture. Order {code}.",
            "I forgot to say that the box was dented already when the driver handed it over.",
        ),
    ),
    "invoice": (
        ("Invoice", "Wrong amount", "Billing question", "VAT on the bill"),
        (
            "The invoice for the {thing} shows the wrong company name and no VAT number. Please correct it.",
            "I was billed twice for order {code}, my card statement shows two payments for the {thing}.",
            "Please send me the invoice for the {thing} as PDF, my accountant needs it with our VAT number.",
            "On the bill for {code} the discount of ten percent is missing.",
        ),
        (
            "My accountant asks again for the corrected document with the VAT number.",
            "The second payment has not been refunded on my card statement yet.",
            "The company name has to read with Ltd at the end, as on the earlier bill.",
            "Is there a new amount for {code}? The discount was the reason I paid so early.",
        ),
    ),
    "advice": (
        ("Question before buying", "Which size?", "Advice please", "Is it compatible?"),
        (
            "Which size of the {thing} fits a small kitchen of two metres? The page gives no measurements.",
            "Is the {thing} suitable for left-handed people, and can it be washed by machine?",
            "Before I buy the {thing}: what is the material, and is there a darker colour?",
            "I hesitate between the {thing} and the cheaper model. What is the difference in daily use?",
        ),
        (
            "I measured again: there are two metres, with the window handle in between.",
            "Thanks. And the darker colour, is that wool or cotton?",
            "If it can be washed by machine I take it, what temperature?",
            "The cheaper model then. Is its material the same for daily use?",
        ),
    ),
    "return": (
        ("Return", "Sending it back", "Withdrawal", "I changed my mind"),
        (
            "I want to return the {thing}, it is too big. Please send a label for the post office.",
            "I withdraw from order {code}. The {thing} is unused, in the original wrapping.",
            "How do I send back the {thing}? It was a present and she has one already.",
            "The colour of the {thing} is not what the picture showed, I would like my money back.",
        ),
        (
            "The label you sent cannot be printed, the post office refuses the barcode.",
            "I handed the wrapping and all to the post office on Tuesday, when do I get my money back?",
            "She wants to keep the present now, so please cancel the withdrawal.",
            "The receipt of the post office is attached, for {code}.",
        ),
    ),
    "account": (
        ("Cannot log in", "Password", "Account locked", "Changing my address"),
        (
            "I cannot log in, the reset link for my password says that it has expired.",
            "My account is locked after three wrong passwords. Please unlock it.",
            "Please change the street in my account, I moved to another flat last month.",
            "Two accounts exist under my name, I want only the newer one.",
        ),
        (
            "The new reset link has expired as well, maybe my browser is to blame.",
            "Now it says that the account is unlocked but the password is still wrong.",
            "The street is right now, the postcode of the flat is not.",
            "The older of the accounts has my points, please move them over first.",
        ),
    ),
    "job": (
        ("Workshop in spring", "Gift voucher", "Do you sponsor?", "Opening hours"),
        (
            "Do you hold a barista workshop in spring, and how many people may come?",
            "I would like a gift voucher over fifty, can it be sent by e-mail with a greeting?",
            "Our school fair looks for sponsors, would you give a prize for the raffle?",
            "Is the shop in the old town open on the holiday, and is there parking?",
        ),
        (
            "We would be eight people for the workshop, two of them vegetarians.",
            "The greeting on the voucher should read: to Grandma from all of us.",
            "The raffle of the school is on the ninth, the prize can be small.",
            "And on the Sunday after the holiday, is the parking free?",
        ),
    ),
}
OPENINGS = ("Hello,", "Dear team,", "Good morning,", "Hi,", "Good evening,", "")
ENDINGS = (
    "Kind regards",
    "Best wishes",
    "Thank you in advance",
    "Thanks a lot",
    "Yours",
    "Please answer soon, thank you",
)
AGAIN = (
    "Hello again,",
    "Me again.",
    "A reminder:",
    "Hello, I am still waiting.",
    "",
    "",
    "Hi,",
    "Dear team,",
)


class Mail(NamedTuple):
    """One mail. `matter` is the truth: what it is about. `follows`: it continues a matter; `open_`: which is open at that time."""

    customer: int
    matter: int
    at: int
    subject: str
    text: str
    follows: bool
    open_: bool


class Closing(NamedTuple):
    """The matter is settled at this time."""

    customer: int
    matter: int
    at: int


def mailbox(seed: int, mails: int = 2_000, half: int | None = None) -> list[Mail | Closing]:
    """Mails and closings in the order of time; about `mails` of them. `half` (0 or 1): only phrases of that half."""
    rng = random.Random(seed)
    events: list[Mail | Closing] = []
    matter = 0
    while sum(isinstance(one, Mail) for one in events) < mails:
        customer = len(events)
        start = rng.randrange(0, 300 * DAY)
        for _ in range(rng.choices((1, 2, 3, 5), (50, 28, 15, 7))[0]):
            matter += 1
            start += int(rng.expovariate(1 / (9 * DAY)))
            events += _matter(rng, customer, matter, start, half)
    return sorted(events, key=lambda one: (one.at, isinstance(one, Mail)))


def _matter(
    rng: random.Random, customer: int, matter: int, start: int, half: int | None
) -> Iterator[Mail | Closing]:
    subjects, first, later = (_half(phrases, half) for phrases in MATTERS[rng.choice(list(MATTERS))])
    words = {"thing": rng.choice(THINGS), "code": f"{rng.choice('ABKT')}{rng.randrange(10_000, 99_999)}"}
    subject = rng.choice(subjects)
    closes = start + int(rng.uniform(2, 12) * DAY)
    yield Mail(
        customer, matter, start, subject, _letter(rng, OPENINGS, rng.choice(first), words), False, False
    )
    yield Closing(customer, matter, closes)
    at = start
    # Shares of all mails, turned into a number of mails per matter: open ones, then late ones.
    for open_, mean in ((True, WHILE_OPEN), (False, FOLLOWS - WHILE_OPEN)):
        for _ in range(_poisson(rng, mean / (1 - FOLLOWS))):
            low, high = (at + HOUR, closes) if open_ else (closes + HOUR, closes + 30 * DAY)
            if low >= high:
                continue
            when = rng.randrange(low, high)
            own = rng.random() >= OTHER_SUBJECT
            title = (
                f"{rng.choice(('Re: ', 'AW: ', ''))}{subject}"
                if own
                else rng.choice((*subjects, "Question", "My order", ""))
            )
            text = _letter(rng, AGAIN, rng.choice(later), words)
            yield Mail(customer, matter, when, title, text, True, open_)


def _letter(rng: random.Random, openings: tuple[str, ...], body: str, words: dict[str, str]) -> str:
    said = body.format(**words) if rng.random() < 0.8 else body.format(thing="it", code="mine")
    return f"{rng.choice(openings)}\n{said}\n\n{rng.choice(ENDINGS)}".strip()


def _half(phrases: tuple[str, ...], half: int | None) -> tuple[str, ...]:
    return phrases if half is None else phrases[half::2]


def _poisson(rng: random.Random, mean: float) -> int:
    count, left = 0, rng.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + rng.expovariate(1.0)
    return count
