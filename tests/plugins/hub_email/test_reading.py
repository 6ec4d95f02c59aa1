"""Mail → touchpoint: who it is from, when it was, what it follows, and what of it the hub is told."""

import datetime as dt

import pytest

import hub
from hub_email import parsing, reading
from hub_email.ids import Ids
from hub_email.mail import Mail, Poison

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
IDS = Ids(b"s" * 32, "mail", "shop.example")
BOX = reading.Box(
    own=frozenset({"support@shop.example", "sales@shop.example"}),
    authserv_ids=("mx.shop.example",),
    region="DE",
    site="shop",
)
MESSAGE = "0123456789abcdef" * 2


def mail(*head: str, body: str = "Hello") -> Mail:
    fields = [
        "From: Jo Doe <Jo@Home.example>",
        "To: Shop <support@shop.example>",
        "Subject: Chairs",
        "Message-ID: <1@home.example>",
    ]
    fields += ["Date: Sun, 22 Nov 2026 11:00:00 +0000"]
    given = {line.partition(":")[0] for line in head}
    lines = [*head, *(line for line in fields if line.partition(":")[0] not in given)]
    found = parsing.parse(
        "\r\n".join([*(line for line in lines if not line.endswith(": -")), "", body]).encode()
    )
    assert isinstance(found, Mail)
    return found


def read(*head: str, body: str = "Hello") -> hub.Touchpoint:
    found = reading.touchpoint(mail(*head, body=body), BOX, IDS, NOW)
    assert isinstance(found, hub.Touchpoint), found
    return found


def test_a_mail_becomes_a_touchpoint():
    found = read(
        "Content-Language: de-AT, en",
        body="Hello\n\nOn 21 Nov 2026, at 10:15, Shop <support@shop.example> wrote:\n\n> Hi",
    )
    assert (found.channel, found.kind, found.thread, found.site, found.region) == (
        "email",
        "mail",
        "jo@home.example",
        "shop",
        "DE",
    )
    assert found.key == mail().key
    assert found.claims == (hub.Claim(kind="email", value="jo@home.example"),)
    assert {a.attribute: a.value for a in found.attributes} == {"name": "Jo Doe", "language": "de-AT"}
    assert found.occurred_at == dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)
    message = found.message
    assert message is not None
    assert (message.text, message.subject, message.to, message.refs) == (
        "Hello",
        "Chairs",
        ("support@shop.example",),
        ("1@home.example",),
    )
    assert message.quoted.endswith("> Hi")
    assert (message.automatic, message.ours) == ("", False)


def test_what_it_follows_is_told_the_nearest_first():
    found = read(f"References: <a@x> {IDS.made(MESSAGE)} <b@x>", "In-Reply-To: <b@x>").message
    assert found is not None
    assert found.follows == ("b@x", IDS.made(MESSAGE).strip("<>"), "a@x")
    assert found.answers == (MESSAGE,)


def test_a_forged_proof_answers_nothing():
    found = read(f"In-Reply-To: <hub.{MESSAGE}.{'a' * 26}@shop.example>").message
    assert found is not None
    assert found.answers == ()


@pytest.mark.parametrize(
    ("head", "thread", "claims"),
    [
        (["Reply-To: al@home.example"], "al@home.example", ["jo@home.example"]),
        (
            ["From: Form <support@shop.example>", "Reply-To: al@home.example"],
            "al@home.example",
            ["al@home.example"],
        ),
        (
            ["From: support+web@shop.example", "Reply-To: al@home.example"],
            "al@home.example",
            ["al@home.example"],
        ),
        (["Reply-To: support@shop.example"], "jo@home.example", ["jo@home.example"]),
        (["From: -", "Sender: jo@home.example"], "jo@home.example", []),
        (['From: "a b"@home.example'], '"ab"@home.example', []),
        (["From: jo@müller.example"], "jo@xn--mller-kva.example", ["jo@xn--mller-kva.example"]),
        (["From: support@shop.example"], "support@shop.example", []),
    ],
    ids=range(8),
)
def test_who_is_answered_and_who_it_is(head, thread, claims):
    found = read(*head)
    assert (found.thread, [claim.value for claim in found.claims]) == (thread, claims)
    assert all(claim.level is hub.Level.ASSERTED for claim in found.claims)


def test_mail_from_ourselves_is_never_answered_by_itself():
    found = read("From: support@shop.example").message
    assert found is not None
    assert found.automatic == "bulk"


def test_nobody_to_answer_is_poison():
    found = reading.touchpoint(mail("From: undisclosed"), BOX, IDS, NOW)
    assert found == Poison(
        key=mail("From: undisclosed").key, why="The mail has no sender that could be answered."
    )


def test_a_bounce_claims_nobody():
    found = read("From: MAILER-DAEMON@home.example", "Return-Path: <>")
    assert (found.claims, found.attributes) == ((), ())
    assert found.message is not None
    assert found.message.automatic == "bounce"


def test_a_name_that_is_an_address_names_nobody():
    assert read('From: "victim@bank.example" <jo@home.example>').attributes == ()


def test_reasons_and_problems_are_told():
    facts = read(
        "Precedence: bulk",
        "Cc: al@home.example",
        "Content-Type: multipart/mixed; boundary=B",
        body="--B\n\nopen",
    ).payload["mail"]
    assert facts["automatic"] == "Precedence: bulk"
    assert facts["cc"] == ["al@home.example"]
    assert facts["proof"] == "The receiving server says nothing about the sender."
    assert "no end" in facts["problems"][0]


RECEIVED = "Received: from x by y; Sun, 22 Nov 2026 11:30:00 +0000"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["Date: Sun, 22 Nov 2026 11:00:00 +0000"], dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)),
        (["Date: -"], NOW),
        (["Date: -", RECEIVED], dt.datetime(2026, 11, 22, 11, 30, tzinfo=dt.UTC)),
        (["Date: nonsense", RECEIVED], dt.datetime(2026, 11, 22, 11, 30, tzinfo=dt.UTC)),
        (["Date: Sun, 22 Nov 2026 12:30:00 +0000"], NOW),
        (["Date: Sun, 22 Nov 2036 12:30:00 +0000"], NOW),
        (
            ["Date: Fri, 01 Jan 2010 00:00:00 +0000", RECEIVED],
            dt.datetime(2026, 11, 22, 11, 30, tzinfo=dt.UTC),
        ),
        (["Date: Fri, 01 Jan 2010 00:00:00 +0000"], dt.datetime(2010, 1, 1, tzinfo=dt.UTC)),
        (["Date: Thu, 12 Nov 2026 00:00:00 +0000", RECEIVED], dt.datetime(2026, 11, 12, tzinfo=dt.UTC)),
        (["Date: -", "Received: x; Sun, 22 Nov 2036 11:30:00 +0000"], NOW),
    ],
    ids=range(10),
)
def test_when_it_was(head, expected):
    assert read(*head).occurred_at == expected


# --- the Sent folder


def sent(*head: str) -> hub.Touchpoint | Poison | None:
    return reading.sent(mail("From: Ann <support@shop.example>", *head), BOX, IDS, NOW)


def test_what_the_owner_sent_elsewhere_is_an_answer():
    found = sent("To: sales@shop.example, Jo <jo@home.example>", "In-Reply-To: <0@home.example>")
    assert isinstance(found, hub.Touchpoint)
    assert (found.thread, found.claims) == (
        "jo@home.example",
        (hub.Claim(kind="email", value="jo@home.example"),),
    )
    assert found.message is not None
    assert (found.message.ours, found.message.author, found.message.follows) == (
        True,
        "Ann",
        ("0@home.example",),
    )


def test_what_the_hub_sent_is_known():
    assert sent("To: jo@home.example", f"Message-ID: {IDS.made(MESSAGE)}") is None


def test_a_mail_to_ourselves_alone_is_poison():
    assert isinstance(sent("To: sales@shop.example"), Poison)
