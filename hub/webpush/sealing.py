"""Sealing a message for one browser, as RFC 8291 says: aes128gcm (RFC 8188) with a key that the push service does not have.

The browser's public key and its secret come with the subscription. Each message gets a key pair and a salt of its own; both
travel in front of the sealed record. Messages are padded to steps, so that their length does not tell whose name is in them.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096
"""Bytes of a record, and the most that push services take."""
STEP = 256
LONGEST = RECORD - 86 - 17
"""Bytes of a message: a record without its head (salt 16, size 4, length 1, key 65), its mark of the end and its tag."""


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """A P-256 key as browsers write it: 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(data: bytes) -> ec.EllipticCurvePublicKey:
    """The key of 65 such bytes. Raises ValueError where they are no point of P-256."""
    if len(data) != 65:
        raise ValueError(f"expected the 65 bytes of an uncompressed P-256 key, got {len(data)}")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def seal(
    message: bytes,
    browser_key: bytes,
    auth: bytes,
    *,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
    step: int = STEP,
) -> bytes:
    """The body of a request to the push service. `salt`, `own` and `step` are given in tests alone.

    Raises ValueError: the message is longer than LONGEST bytes, or the keys are none.
    """
    if len(message) > LONGEST:
        raise ValueError(f"a pushed message has at most {LONGEST} bytes, this one has {len(message)}")
    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(ec.SECP256R1())
    mine = public_bytes(own.public_key())
    shared = own.exchange(ec.ECDH(), public_key(browser_key))
    ikm = _hkdf(auth, shared, b"WebPush: info\0" + browser_key + mine, 32)
    key = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
    padding = min(-len(message) % step, LONGEST - len(message)) if step else 0
    record = AESGCM(key).encrypt(nonce, message + b"\x02" + bytes(padding), None)
    return salt + RECORD.to_bytes(4) + bytes([len(mine)]) + mine + record


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF (RFC 5869) with SHA-256 for at most 32 bytes: one extraction, one block."""
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:length]
