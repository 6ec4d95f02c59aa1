"""Signatures are those of Standard Webhooks, and nothing but what was signed now passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.signing import NotSigned, headers, key_of, signature, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""The vector that the specification's libraries are tested with."""


def test_the_published_vector():
    assert signature(key_of(SECRET), ID, AT, BODY) == SIGNED
    verify([key_of(SECRET)], ID, str(AT), SIGNED, BODY, now=AT)


def test_with_two_live_secrets_either_is_enough():
    new, old = b"n" * 32, b"o" * 32
    sent = headers([new, old], ID, AT, BODY)
    for key in (new, old):
        verify([key], ID, str(AT), sent["webhook-signature"], BODY, now=AT + 299)
    with pytest.raises(NotSigned):
        verify([b"x" * 32], ID, str(AT), sent["webhook-signature"], BODY, now=AT)


@pytest.mark.parametrize(
    ("id_", "at", "signed", "body", "now"),
    [
        ("msg_other", str(AT), SIGNED, BODY, AT),
        (ID, str(AT + 1), SIGNED, BODY, AT),
        (ID, str(AT), SIGNED, BODY + b" ", AT),
        (ID, str(AT), SIGNED.replace("v1,", "v2,"), BODY, AT),
        (ID, str(AT), SIGNED[:-2], BODY, AT),
        (ID, str(AT), "", BODY, AT),
        (ID, str(AT), SIGNED, BODY, AT + 301),
        (ID, str(AT), SIGNED, BODY, AT - 301),
        (ID, "soon", SIGNED, BODY, AT),
        (ID, "9" * 400, SIGNED, BODY, AT),
    ],
    ids=["id", "time", "body", "version", "cut", "none", "old", "early", "words", "long"],
)
def test_anything_else_is_refused(id_, at, signed, body, now):
    with pytest.raises(NotSigned):
        verify([key_of(SECRET)], id_, at, signed, body, now=now)


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_comes_in_the_headers_it_is_no_other_error(at, signed):
    with pytest.raises(NotSigned):
        verify([key_of(SECRET)], ID, at, signed, BODY, now=AT)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_***", "x" * 200, "é" * 40])
def test_a_secret_that_is_none_is_said_to_be_none(secret):
    with pytest.raises(ValueError, match="a secret of"):
        key_of(secret)
