"""Delivery reports of the servers customers have: which message, for good or not, and why."""

import datetime as dt
import time

import pytest

import hub
from hub_email import parsing
from hub_email.bounces import Report, reports, sentence
from hub_email.composing import Sender, compose
from hub_email.ids import Ids
from hub_email.mail import Mail

IDS = Ids(b"s" * 32, "mail", "shop.example")
MESSAGE = "0123456789abcdef" * 2
EARLIER = "fedcba9876543210" * 2


def returned(*, whole: bool = True) -> str:
    """Our mail as the other server has it; its References name an earlier one of ours."""
    message = hub.OutgoingMessage(
        id=MESSAGE,
        conversation="c",
        address="jo@home.example",
        text="Your chair is ready.",
        at=dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC),
        subject="Chairs",
        follows=(IDS.made(EARLIER), "customer@home.example"),
    )
    raw = compose(message, Sender(address="support@shop.example", name="Shop"), IDS).raw.decode()
    return raw if whole else raw.partition("\r\n\r\n")[0]


def report(
    status: str, *, kind: str = "message/rfc822", body: str | None = None, words: str = "Sorry."
) -> Mail:
    text = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.home.example (Mail Delivery System)\r\nTo: support@shop.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        f"--B\r\nContent-Type: text/plain\r\n\r\n{words}\r\n"
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
        f"--B\r\nContent-Type: {kind}\r\n\r\n{returned() if body is None else body}\r\n--B--\r\n"
    )
    return read(text)


def read(text: str) -> Mail:
    mail = parsing.parse(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    assert isinstance(mail, Mail)
    return mail


POSTFIX = """Reporting-MTA: dns; mx.home.example
X-Postfix-Queue-ID: 4F5
Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; jo@home.example
Original-Recipient: rfc822;jo@home.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.home.example
Diagnostic-Code: smtp; 550 5.1.1 <jo@home.example>: Recipient address rejected: User unknown in
    virtual mailbox table
"""


def test_a_report_of_postfix():
    (found,) = reports(report(POSTFIX), IDS)
    assert (found.message, found.state, found.recipient) == (MESSAGE, "failed", "jo@home.example")
    assert found.why.startswith("There is no such mailbox. Their server said: 550 5.1.1 <jo@home.example>")
    assert "virtual mailbox table" in found.why


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822-headers"])
def test_a_report_with_the_header_of_our_mail_alone(kind):
    (found,) = reports(report(POSTFIX, kind=kind, body=returned(whole=False)), IDS)
    assert (found.message, found.state) == (MESSAGE, "failed")


def test_a_delay_is_no_failure():
    status = POSTFIX.replace("failed", "delayed").replace("5.1.1", "4.4.1")
    (found,) = reports(report(status), IDS)
    assert (found.state, found.why[:30]) == ("delayed", "The server does not answer. Th")


def test_good_news_is_news():
    assert reports(report(POSTFIX.replace("failed", "delivered")), IDS) == (
        Report(message=MESSAGE, state="delivered", recipient="jo@home.example"),
    )


def test_each_recipient_has_its_own():
    second = "\nFinal-Recipient: rfc822; al@home.example\nAction: delayed\nStatus: 4.2.2\n"
    found = reports(report(POSTFIX + second), IDS)
    assert [(one.state, one.recipient) for one in found] == [
        ("failed", "jo@home.example"),
        ("delayed", "al@home.example"),
    ]


def test_exchange_names_the_message_in_its_own_header_only():
    text = (
        "Return-Path: <>\r\nFrom: <postmaster@home.example>\r\nTo: support@shop.example\r\nSubject: Undeliverable: Chairs\r\n"
        f"In-Reply-To: {IDS.made(MESSAGE)}\r\nReferences: {IDS.made(EARLIER)} {IDS.made(MESSAGE)}\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
        "--B\r\nContent-Type: text/html\r\n\r\n<p>Your message to jo@home.example couldn't be delivered.</p>\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;ex.home.example\r\n\r\n"
        "Final-recipient: RFC822;jo@home.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver\r\n--B--\r\n"
    )
    (found,) = reports(read(text), IDS)
    assert (found.message, found.state, found.why[:20]) == (MESSAGE, "failed", "The mailbox is full.")


QMAIL = """Return-Path: <>
From: MAILER-DAEMON@qmail.home.example
To: support@shop.example
Subject: failure notice

Hi. This is the qmail-send program at qmail.home.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jo@home.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <support@shop.example>
"""


def test_a_report_of_qmail_in_words():
    (found,) = reports(read(QMAIL + returned()), IDS)
    assert (found.message, found.state, found.recipient) == (MESSAGE, "failed", "jo@home.example")
    assert (
        found.why
        == "There is no such mailbox. Their server said: Sorry, no mailbox here by that name. (#5.1.1)"
    )


def test_a_report_of_exim_in_words():
    words = """Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@home.example>
X-Failed-Recipients: jo@home.example
Auto-Submitted: auto-replied
To: support@shop.example
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients.

  jo@home.example
    host mail.home.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<jo@home.example>:
    550 5.7.1 Service refused

------ This is a copy of the message, including all the headers. ------

"""
    (found,) = reports(read(words + returned()), IDS)
    assert (found.message, found.state, found.recipient) == (MESSAGE, "failed", "jo@home.example")
    assert found.why == "The server refuses our mail. Their server said: 550 5.7.1 Service refused"


def test_a_warning_in_words_is_a_delay():
    words = (
        QMAIL.replace("failure notice", "Warning: message 1abc delayed 24 hours")
        .replace("(#5.1.1)", "")
        .replace("permanent error; I've given up", "delay, it will be retried")
    )
    (found,) = reports(read(words + returned()), IDS)
    assert found.state == "delayed"


def test_a_receipt_says_that_it_was_opened():
    text = (
        "From: jo@home.example\r\nTo: support@shop.example\r\nSubject: Read: Chairs\r\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=B\r\n\r\n"
        "--B\r\n\r\nRead.\r\n--B\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822; jo@home.example\r\nOriginal-Message-ID: {IDS.made(MESSAGE)}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--B--\r\n"
    )
    assert reports(read(text), IDS) == (Report(message=MESSAGE, state="read"),)


@pytest.mark.parametrize("action", ["relayed", "expanded", "unknown", ""])
def test_what_is_neither_good_nor_bad_news_is_none(action):
    assert reports(report(POSTFIX.replace("failed", action)), IDS) == ()


def test_a_mail_thrown_away_unread_has_arrived_all_the_same():
    text = (
        "From: jo@home.example\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=B\r\n\r\n"
        f"--B\r\nContent-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: {IDS.made(MESSAGE)}\r\n"
        "Disposition: manual-action/MDN-sent-manually; deleted\r\n--B--\r\n"
    )
    assert reports(read(text), IDS) == ()


def test_an_answer_of_a_person_reports_nothing():
    text = f"From: jo@home.example\r\nSubject: Re: Chairs\r\nIn-Reply-To: {IDS.made(MESSAGE)}\r\n\r\nIt failed: 550 5.1.1\r\n"
    assert reports(read(text), IDS) == ()
    assert reports(read("Auto-Submitted: auto-replied\r\n" + text), IDS) == ()


def test_a_report_about_a_mail_that_is_not_ours_says_nothing():
    forged = (
        returned()
        .replace(IDS.made(MESSAGE), f"<hub.{MESSAGE}.{'a' * 26}@shop.example>")
        .replace(IDS.made(EARLIER), "<x@y>")
    )
    assert reports(report(POSTFIX, body=forged), IDS) == ()
    assert reports(report(POSTFIX), Ids(b"another secret, which is longer", "mail", "shop.example")) == ()
    assert reports(report(POSTFIX), Ids(b"s" * 32, "another", "shop.example")) == ()


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        ("5.1.1", "", "There is no such mailbox."),
        ("5.2.2", "", "The mailbox is full."),
        ("5.7.26", "", "The server refuses our mail: our domain does not vouch for it (SPF, DKIM)."),
        ("5.7.999", "", "The server refuses our mail."),
        ("", "smtp; 552 5.3.4 too big", "The mail is larger than the server takes. Their server said: 552 5.3.4 too big"),
        ("", "X-Unix; 67", "The mail did not arrive. Their server said: X-Unix; 67"),
        ("", "", "The mail did not arrive."),
    ],
)  # fmt: skip
def test_codes_become_sentences(code, said, why):
    assert sentence(code, said) == why


@pytest.mark.parametrize(
    "attack", ["5.1.1 ", "<", "message-id: <", "\n", "hub.", "a@b", "> ", "5.", " "], ids=range(9)
)
def test_reports_made_to_take_long_do_not(attack):
    mail = read(QMAIL + (attack * 100_000)[:100_000])
    start = time.process_time()
    reports(mail, IDS)
    assert time.process_time() - start < 0.1
