"""Our own Message-IDs: `<hub.MESSAGE.PROOF@domain>`.

MESSAGE is the hub's id of the message, PROOF a keyed digest of it, so that an answer to it can be told from one that merely says so,
and nobody can make one for a message he has not received. The same message has the same id on every attempt: a mail that arrived
twice is one mail to whoever compares. The domain is not part of the proof, because owners move.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Iterable
from typing import Final

OURS: Final = re.compile(r"\bhub\.([0-9a-f]{1,64})\.([a-z2-7]{26})(?=@|=40)", re.IGNORECASE)
SECRET_BYTES: Final = 32
PROOF_BYTES: Final = 16
MESSAGE: Final = re.compile(r"[0-9a-f]{1,64}")


def new_secret() -> bytes:
    """A secret for one connection, to be made once and kept: with another one, answers to earlier mails prove nothing any more."""
    return secrets.token_bytes(SECRET_BYTES)


class Ids:
    """Makes and checks the Message-IDs of one connection.

    Raises ValueError when the secret is short: with an empty one, anybody could make ids.
    """

    def __init__(self, secret: bytes, connection: str, domain: str) -> None:
        if len(secret) < PROOF_BYTES:
            raise ValueError(
                f"the secret of Message-IDs: expected at least {PROOF_BYTES} bytes, got {len(secret)}"
            )
        self._secret = secret
        self._connection = connection
        self.domain = domain

    def made(self, message: str) -> str:
        """The Message-ID, in brackets, of the hub's message with this id (32 hex digits)."""
        if MESSAGE.fullmatch(message) is None:
            raise ValueError(f"a message's id: expected hex digits in lower case, got {message[:40]!r}")
        return f"<hub.{message}.{self._proof(message)}@{self.domain}>"

    def proved(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The hub's ids of our messages that these texts name with a right proof, each once, in the order they come.

        Anything may stand around them: a References field, a bounce that repeats a header.
        """
        found = (match for text in texts for match in OURS.finditer(text))
        right = (match[1].lower() for match in found if self._is_right(match[1].lower(), match[2].lower()))
        return tuple(dict.fromkeys(right))

    def is_ours(self, message_id: str) -> bool:
        """Whether this Message-ID is one of ours: a copy in the Sent folder, an echo of a list, a loop."""
        return bool(self.proved([message_id]))

    def _is_right(self, message: str, proof: str) -> bool:
        return hmac.compare_digest(self._proof(message), proof)

    def _proof(self, message: str) -> str:
        said = f"{self._connection}\0{message}".encode()
        digest = hmac.digest(self._secret, said, "sha256")[:PROOF_BYTES]
        return b32encode(digest).decode().rstrip("=").lower()
