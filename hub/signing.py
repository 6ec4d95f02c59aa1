"""Standard Webhooks' signature, symmetric: https://github.com/standard-webhooks/standard-webhooks (v1).

webhook-id         the event's id, the same in every attempt: a receiver drops what it has seen
webhook-timestamp  seconds since 1970, of this attempt
webhook-signature  v1,BASE64(HMAC-SHA256(secret, ID.TIMESTAMP.BODY)), one for each live secret, with a blank between
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
TOLERANCE = 300
"""Seconds that a timestamp may lie in the past or the future."""


class NotSigned(Exception):
    """This is not what somebody who knows the secret has sent now; the text says which part is wrong."""


def key_of(secret: str) -> bytes:
    """The bytes of a secret as it is written down. Raises ValueError."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a secret of base64, with or without whsec_ before it") from None
    if not 24 <= len(key) <= 64:
        raise ValueError(f"a secret of 24 to 64 bytes, got {len(key)}")
    return key


def signature(key: bytes, message: str, timestamp: int, body: bytes) -> str:
    """`v1,…` of one attempt."""
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(keys: Sequence[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt, signed with every live key."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message, timestamp, body) for key in keys),
    }


def verify(
    keys: Sequence[bytes], message: str, timestamp: str, signatures: str, body: bytes, *, now: int
) -> None:
    """The receiving end: raise NotSigned unless one of the signatures is ours and it is of now. Never any other error."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        raise NotSigned(f"webhook-timestamp: expected seconds, got {timestamp[:40]!r}")
    at = int(timestamp)
    if abs(now - at) > TOLERANCE:
        raise NotSigned(
            f"webhook-timestamp: {abs(now - at)} s away from our clock, at most {TOLERANCE} are taken"
        )
    ours = [signature(key, message, at, body).encode() for key in keys]
    theirs = signatures.encode("utf-8", "replace").split(b" ")
    right = [hmac.compare_digest(one, mine) for one in theirs for mine in ours]  # all, whichever fits
    if not any(right):
        raise NotSigned("webhook-signature: none of them is right")
