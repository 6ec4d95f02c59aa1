"""What is new in a reply: every mail program's way to quote, in every language of the product."""

import time

import pytest

from hub_email.replies import split
from tests.plugins.hub_email import quoting
from tests.plugins.hub_email.quoting import SAID

OURS = (
    "Dear customer,\nyour order will be ready on 27 November: see https://shop.example/4711\n\nAnn Berg\nShop"
)


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def wrapped(line: str) -> str:
    """Broken before its last word, as programs do with lines over 78 characters."""
    return "\n".join(line.rsplit(" ", 1))


def block(language: str, *, bold: bool = False, row: bool = False, space: bool = False) -> str:
    values = (
        "Ann Berg <ann@shop.example>",
        "Monday, 23 November 2026 10:15",
        "Jo Doe <jo@home.example>",
        "Re: 4711",
    )
    colon = " :" if space else ":"
    lines = [
        f"*{label}{colon}* {value}" if bold else f"{label}{colon} {value}"
        for label, value in zip(quoting.OUTLOOK[language], values, strict=True)
    ]
    return "\n".join((["_" * 32] if row else []) + lines)


def layouts(language: str) -> dict[str, str]:
    """name → what comes below the customer's words."""
    gmail, apple, bird = (table[language] for table in (quoting.GMAIL, quoting.APPLE, quoting.THUNDERBIRD))
    return {
        "gmail": f"\n\n{gmail}\n\n{marked(OURS)}\n",
        "gmail, broken": f"\n\n{wrapped(gmail)}\n\n{marked(OURS)}\n",
        "gmail, without marks": f"\n\n{gmail}\n\n{OURS}\n",
        "apple": f"\n\n{apple}\n\n{marked(OURS)}\n",
        "apple, from a phone": f"\n\n{quoting.PHONE[language]}\n\n{apple}\n\n{marked(OURS)}\n",
        "apple, quoted itself": f"\n\n> {apple}\n>\n{marked(OURS)}\n",
        "apple, without marks": f"\n\n{apple}\n\n{OURS}\n",
        "thunderbird": f"\n\n{bird}\n{marked(OURS)}\n",
        "thunderbird, twice": f"\n\n{bird}\n{marked(OURS)}\n{marked(bird)}\n{marked(marked(OURS))}",
        "outlook": f"\n\n{block(language)}\n\n{OURS}\n",
        "outlook, with a row": f"\n\n{block(language, row=True)}\n\n{OURS}\n",
        "outlook, bold": f"\n\n{block(language, bold=True)}\n\n{OURS}\n",
        "outlook, space": f"\n\n{block(language, space=True)}\n\n{OURS}\n",
        "outlook, old": f"\n\n{quoting.ORIGINAL[language]}\n{block(language)}\n\n{OURS}\n",
        "original only": f"\n\n{quoting.ORIGINAL[language]}\n\n{OURS}\n",
        "phone": f"\n\n{quoting.PHONE[language]}\n",
        "signature": f"\n\n-- \nJo Doe\n+49 30 1234567\nSent with love\n\n{bird}\n{marked(OURS)}\n",
        "quote only": f"\n\n{marked(OURS)}\n",
        "nothing": "\n",
    }


CASES = [
    pytest.param(SAID[language], below, id=f"{language}-{name}")
    for language in sorted(SAID)
    for name, below in layouts(language).items()
]


@pytest.mark.parametrize(("said", "below"), CASES)
def test_what_is_new_stays_and_the_rest_goes_below(said, below):
    reply = split(said + below)
    assert reply.said == said
    if "Ann Berg" in below:
        assert all(line in reply.quoted for line in OURS.split("\n"))


AWKWARD = {
    "zoho": "---- On Mon, 23 Nov 2026 10:15:50 +0530 ann@shop.example wrote ----\n\nOld",
    "web.de": 'Gesendet: Montag, 23. November 2026 um 10:15 Uhr\nVon: "Ann Berg" <ann@shop.example>\nAn: jo@home.example\nBetreff: x\nOld',
    "samsung": "-------- Message d\u2019origine --------\nDe : Ann <ann@shop.example> Date : 23/11/26 10:15 (GMT+01:00) \u00c0 : jo\nOld",
    "aqua mail": 'In data 23 novembre 2026 21:11:31 "Ann Berg" <ann@shop.example> ha scritto:\n\nOld',
    "a bracket broken": "Em 23 de novembro de 2026 \u00e0s 16:32:35, Ann - Shop (\nann@shop.example) escreveu:\n\nOld",
    "three lines": "On Mon, Nov 23, Ann Berg\n<ann@shop.example>\nwrote:\n> Old\n> older",
    "the address on its own line": "From: Ann Berg \n<ann@shop.example> \nSent: Monday 10:15 AM\nTo: Jo\nSubject: x\n\nOld",
    "a row and no gap": "________________________________\nFrom: Ann <ann@shop.example>\nSent: Monday\nTo: Jo\nSubject: x\n\nOld",
    "hotmail": "> Subject: x\n> From: ann@shop.example\n> To: jo@home.example\n> Date: Mon, 23 Nov 2026\n>\n> Old",
    "qq": "------------------ \u539f\u59cb\u90ae\u4ef6 ------------------\n\u53d1\u4ef6\u4eba: Ann <ann@shop.example>\nOld",
    "netease": 'At 2026-11-23 10:15:00, "Ann" <ann@shop.example> wrote:\nOld',
    "chinese, date first": "2026\u5e7411\u670823\u65e5 \u5468\u4e00 19:47 Ann <ann@shop.example> \u5199\u9053\uff1a\nOld",
    "no-break spaces": "Le\u00a023 nov. 2026 \u00e0\u00a010:15, Ann <ann@shop.example> a\u00a0\u00e9crit\u202f:\n\n> Old",
    "name first": "Ann Berg <ann@shop.example> schrieb am Mo., 23. Nov. 2026, 10:15:\n\n> Old",
    "long lines broken in the quote": "On 23 Nov 2026 3:18 PM, Ann <ann@shop.example> wrote:\n> Old\n> " + "word " * 13 + "kale\nand more of it.\n> Older",
    "a signature below the quote": "On 23 Nov 2026 at 10:15, Ann wrote:\n> Old\n\n--\nMy name is Jo",
    "outlook for a phone": "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: a@b.example\nSent: x\nTo: y\nOld",
    "german outlook for a phone": "Gesendet von Outlook f\u00fcr Android<https://aka.ms/AAb9ysg>\n",
}  # fmt: skip


@pytest.mark.parametrize("below", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_ways_to_begin_a_quote(below):
    assert split(f"Thank you.\n\n{below}").said == "Thank you."


@pytest.mark.parametrize("language", sorted(SAID))
def test_an_answer_below_the_quote_is_the_answer(language):
    for line in (quoting.GMAIL[language], quoting.THUNDERBIRD[language]):
        reply = split(f"{line}\n{marked(OURS)}\n\n{SAID[language]}\n")
        assert reply.said == SAID[language]
        assert "Ann Berg" in reply.quoted


@pytest.mark.parametrize("language", sorted(SAID))
def test_answers_between_the_lines_keep_the_lines_they_answer(language):
    between = "> Which colour?\n\nRed.\n\n> Which size?\n\nM, please."
    reply = split(f"{SAID[language]}\n\n{quoting.GMAIL[language]}\n{between}\n\n> Regards\n> Ann\n")
    assert reply.said.endswith(between)
    assert reply.quoted == "> Regards\n> Ann"


@pytest.mark.parametrize("language", sorted(SAID))
def test_what_is_forwarded_is_never_cut(language):
    forwarded = f"{quoting.FORWARD[language]}\n{block(language)}\n\n{OURS}"
    whole = f"{SAID[language]}\n\n{forwarded}"
    assert split(whole).said == whole
    assert split(f"{SAID[language]}\n\n{block(language)}\n\n{OURS}", "Fwd: 4711").said.endswith("Shop")


HUMAN = {
    "a date and a colon": "On Monday 23 November 2026 I need the following:\n\n- two chairs\n- a table",
    "who wrote what": "Your colleague wrote:\n\nit will be ready on Friday.\n\nIs that so?",
    "labels of an address": "From: Berlin\nWe drive to the sea.\n\nWhat does it cost?",
    "a ticket": "From: Berlin\nTo: Munich\nDate: 1 May 2027, 10:15\n\nWhat does it cost?",
    "times": "Formats:\n\n2024-01-15 14:30:25\n15.01.2024 14:30\n01/15/2024 at 2:30 PM\n\nAll are examples.",
    "from in a sentence": "Mails come from: jo@home.example and from: al@home.example\n\nIt comes From: our shop.",
    "on your host": "On your remote host you can run:\n\n    telnet 127.0.0.1 52698\n\nThis should connect.",
    "dashes": "First part\n-----\nSecond part",
    "a list": "Please:\n- one\n- two\n-- three",
    "an order form": "Name: Jo\nTo: Berlin\nDate: 1 May\nSubject: chairs",
    "a greater sign": "The voltage is\n> 5 V\nwhich is too much, is it not?",
    "quoted alone": "> Which colour?\nRed",
    "sent from a country": "Sent from my heart, this is a long letter in which I tell you what happened to my chair.\n\nIt broke.",
    "a phone in the middle": "Sent from my iPhone\n\nis what your mails always say. Why?",
    "german verbs": "Am Montag, dem 23.11.2026, schrieb ich Ihnen wegen meiner Bestellung.\n\nLeider kam nichts.",
    "prices": "50 % > 40 %\nis that right?",
    "an empty mail": "",
    "a ruler": "Hello\n\n" + "_" * 40 + "\n\nmore of my own text",
}


@pytest.mark.parametrize("text", HUMAN.values(), ids=HUMAN.keys())
def test_a_persons_own_words_are_left_alone(text):
    reply = split(text)
    assert (reply.said, reply.quoted) == (text, "")


def test_a_mail_that_only_quotes_is_shown_whole():
    text = f"{quoting.GMAIL['en']}\n{marked(OURS)}"
    assert split(text).said == text


ATTACKS = (
    "On ", "On x wrote ", "Am x schrieb ", "> ", ">", "-", "_", "*", "From: a\n", "From: a\nSent: b\n", " \n", "\n", "wrote:\n", "1:1:",
    "On 1.1.2026 a@b\n", "-----Original ", "Le a\n", "מ", "：", "a@b ", "\u200f", "*From: ", "-- \n", "Sent from my ", "[\t ", "\t",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"n{n}" for n in range(len(ATTACKS))])
def test_lines_made_to_take_long_do_not(attack):
    text = (attack * 100_000)[:100_000]
    for whole in (text, f"Hi\n{text}:", f"On 1.1.2026 x@y wrote:\n{text}"):
        assert min(seconds(whole), seconds(whole)) < 0.05


def seconds(text: str) -> float:
    """Of the processor, which other tests share."""
    start = time.process_time()
    split(text)
    return time.process_time() - start
