"""A push is sealed as RFC 8291 says: its own example, letter by letter, and what must not open."""

import base64

import pytest

pytest.importorskip("cryptography")

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from hub.webpush.sealing import LONGEST, seal
from tests.webpush.browsers import Browser


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text)), ec.SECP256R1())


def test_the_example_of_the_standard():
    sealed = seal(
        b"When I grow up, I want to be a watermelon",
        raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
        own=key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        step=0,
    )
    assert sealed == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("length", [0, 1, 255, 256, LONGEST - 1, LONGEST])
def test_what_was_sealed_for_a_browser_it_opens_whatever_its_length(length):
    browser = Browser()
    message = b"x" * length
    assert browser.opens(seal(message, browser.public, browser.auth)) == message


def test_lengths_tell_little():
    browser = Browser()
    assert len({len(seal(b"x" * n, browser.public, browser.auth)) for n in (1, 40, 255)}) == 1


@pytest.mark.parametrize("wrong", ["auth", "key", "body"])
def test_nobody_else_opens_it(wrong):
    browser, other = Browser(), Browser()
    sealed = seal(b"secret", browser.public, browser.auth if wrong != "auth" else other.auth)
    sealed = sealed[:-1] + bytes([sealed[-1] ^ 1]) if wrong == "body" else sealed
    with pytest.raises(InvalidTag):
        (other if wrong == "key" else browser).opens(sealed)


@pytest.mark.parametrize("bad", [b"", b"\x04" + bytes(64), b"\x02" * 33, bytes(65)])
def test_what_is_no_key_is_refused(bad):
    with pytest.raises(ValueError, match=r"key|point"):
        seal(b"x", bad, b"a" * 16)


def test_what_no_push_service_takes_is_refused():
    browser = Browser()
    with pytest.raises(ValueError, match="at most"):
        seal(b"x" * (LONGEST + 1), browser.public, browser.auth)
