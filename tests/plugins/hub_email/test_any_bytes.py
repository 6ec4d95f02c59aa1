"""Whatever comes in: a mail or poison comes out, in bounded time, and never anything else."""

import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hub
from hub_email import parsing, reading
from hub_email.bounces import reports
from hub_email.ids import Ids
from hub_email.mail import Mail, Poison

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
IDS = Ids(b"s" * 32, "mail", "shop.example")
BOX = reading.Box(own=frozenset({"support@shop.example"}), authserv_ids=("mx.shop.example",))

FRAGMENTS = [
    b"From: a@b.example\r\n", b"From:", b"To: x@y.example, <", b"Subject: =?utf-8?b?", b"=?utf-8?q?=ff?=", b"?=", b"\r\n\r\n", b"\n", b"\r",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b'Content-Type: multipart/alternative; boundary="c"\r\n', b"--b\r\n", b"--b--\r\n",
    b"--c\n", b"Content-Type: text/html; charset=utf-7\r\n", b"Content-Type: message/rfc822\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n", b"<blockquote><a href='http://x.example'>", b"<!--", b"&#99999999999;", b"\0",
    b"\xff\xfe", b"\x1b$B", b"+2AA-", b"charset=punycode", b"filename*0*=utf-8''%ff", b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n",
    b"Message-ID: <a@b>\r\n", b"References: <a@b> <<c>\r\n", b"Content-Type: application/ms-tnef\r\n", b"\x78\x9f\x3e\x22\x00\x00\x01\x0f\x80\x01\x00",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", b"Content-Type: message/delivery-status\r\n", b"Action: failed\r\n",
    b"Authentication-Results: mx.shop.example; dmarc=pass (", b"On 1 Jan 2026 a@b wrote:\n> x\n", b"> ", b"-- \n", b"begin 644 x\n", b"\xe2\x80\xae",
]  # fmt: skip


def read_on(raw: bytes) -> None:
    """Everything the channel does with what has come in."""
    mail = parsing.parse(raw)
    assert isinstance(mail, Mail | Poison)
    assert mail.key
    assert not (
        isinstance(mail, Poison) and "could not be read" in mail.why
    )  # the net of `parse` stays unused
    if isinstance(mail, Mail):
        assert isinstance(reading.touchpoint(mail, BOX, IDS, NOW), hub.Touchpoint | Poison)
        assert isinstance(reading.sent(mail, BOX, IDS, NOW), hub.Touchpoint | Poison | None)
        assert isinstance(reports(mail, IDS), tuple)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_bytes_become_a_mail_or_poison(raw):
    read_on(raw)


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=12)), max_size=40).map(b"".join))
def test_pieces_of_mails_in_any_order_become_a_mail_or_poison(raw):
    read_on(raw)


HEAD = b"From: a@b.example\r\nTo: support@shop.example\r\nSubject: x\r\n"
MEGABYTE = 1_000_000


def nested(depth: int) -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)
    )
    return HEAD + heads + b"\r\ndeep inside"


ATTACKS = {
    "one line of a megabyte": HEAD + b"\r\n" + b"x" * MEGABYTE,
    "a header line of a megabyte": b"From: " + b"<" * MEGABYTE + b"\r\n\r\nx",
    "ten thousand parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 10_000,
    "a thousand parts inside each other": nested(1_000),
    "the same boundary at every depth": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 2_000,
    "boundaries that never are": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--bb\r\n" * 150_000,
    "encoded words without end": b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?" * 50_000 + b"\r\n\r\nx",
    "tags without end": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 300_000,
    "quotes without end in tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a \"'" * 200_000,
    "comments without end": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 250_000,
    "scripts without end": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<script>" * 120_000,
    "brackets without end": b"From: " + b"(" * 500_000 + b"\r\n\r\nx",
    "quoted text without end": HEAD + b"\r\n" + b"> " * 500_000,
    "a hundred thousand addresses": HEAD + b"Cc: " + b"a@b.example," * 100_000 + b"\r\n\r\nx",
    "punycode, whose time grows with the square": HEAD
    + b"Content-Type: text/plain; charset=punycode\r\n\r\n"
    + b"x-" * 500_000,
    "a domain of a megabyte in another script": b"From: a@" + "ü".encode() * 500_000 + b"\r\n\r\nx",
    "a number of a megabyte": HEAD + b"Content-Type: text/html\r\n\r\n&#" + b"9" * MEGABYTE + b";",
    "continuations only": HEAD + b" x\r\n" * 250_000,
    "fields only": HEAD + b"X-A: b\r\n" * 150_000,
}


@pytest.mark.parametrize("raw", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_mail_made_to_take_long_does_not(raw):
    start = time.perf_counter()
    read_on(raw)
    assert time.perf_counter() - start < 4
