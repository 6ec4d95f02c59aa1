"""Who sends: a key pair of this hub, and the signed word that goes with every push (RFC 8292).

Browsers bind a subscription to the public key, so it must stay the same for as long as anybody is subscribed: the private one lies
beside the database, readable by nobody else, and is made when it is first needed. The word names the push service it is for and
ends after half a day.
"""

import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hub.webpush.sealing import public_bytes

KEY_FILE = "push.key"
GOOD_FOR = 12 * 3600
"""Seconds; push services take no word that ends more than a day from now."""
RENEWED_BEFORE = 3600


def own_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """This hub's key, made at the first call.

    Raises ValueError: the file is there and holds something else.
    """
    path, new = folder / KEY_FILE, folder / f"{KEY_FILE}.new"
    if path.exists():
        return _existing(path)
    new.unlink(missing_ok=True)
    made = ec.generate_private_key(ec.SECP256R1())
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return made


def _existing(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != "secp256r1":
        raise ValueError(
            f"{path}: expected the key of this hub's pushes (PEM, P-256), got something else; restore it from a backup, or "
            "remove it, after which every browser must be told anew to be called"
        )
    return found


class Vapid:
    """The hub's word to push services. `subject` is where their people can reach ours: an https or mailto address."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, subject: str) -> None:
        self._key, self._subject = key, subject
        self.public = _text(public_bytes(key.public_key()))
        self._words: dict[str, tuple[int, str]] = {}

    def authorization(self, endpoint: str, now: int) -> str:
        """The header for a push to this address; `now` in seconds."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        ends, word = self._words.get(audience, (0, ""))
        if ends - now < RENEWED_BEFORE:
            ends = now + GOOD_FOR
            claims = {"aud": audience, "exp": ends, "sub": self._subject}
            word = jwt.encode(claims, self._key, algorithm="ES256")
            self._words = {**dict(list(self._words.items())[-20:]), audience: (ends, word)}
        return f"vapid t={word}, k={self.public}"


def subject_of(public_url: str) -> str:
    """The hub's own address where it is one; a hub without https has none that a push service could open."""
    host = urlsplit(public_url).hostname or "localhost"
    return public_url if public_url.startswith("https://") else f"mailto:hub@{host}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
