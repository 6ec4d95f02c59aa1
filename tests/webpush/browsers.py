"""A browser's half of Web Push, written from the standard and not from our half: keys, and opening what was sealed.

`PushService` is where browsers are reached: it keeps what was posted to it and answers as told.
"""

import asyncio
import base64
import json
import os
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """Keys of one subscription."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, endpoint: str, **more: Any) -> dict[str, Any]:
        return {"endpoint": endpoint, "key": text(self.public), "auth": text(self.auth), **more}

    def opens(self, sealed: bytes) -> bytes:
        salt, size, length = sealed[:16], int.from_bytes(sealed[16:20]), sealed[20]
        sender, record = sealed[21 : 21 + length], sealed[21 + length :]
        assert len(record) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        ikm = _derive(self.auth, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = _derive(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(salt, ikm, b"Content-Encoding: nonce\0", 12)
        opened = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert opened[-1:] == b"\x02", "the last record ends with 2"
        return opened[:-1]


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


class Push:
    """One request that a push service got."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body

    def says(self, browser: Browser) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(browser.opens(self.body))
        return found

    def signed_for(self, audience: str) -> dict[str, Any]:
        """The word of who sent it, checked with the key beside it."""
        scheme, _, rest = self.headers["authorization"].partition(" ")
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        point = base64.urlsafe_b64decode(fields["k"] + "=" * (-len(fields["k"]) % 4))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims: dict[str, Any] = jwt.decode(fields["t"], key, algorithms=["ES256"], audience=audience)
        return claims


class PushService:
    """A push service on loopback."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.answers: list[str] = []
        """Heads of answers still to be given; when empty, 201."""
        self._came = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def start(self) -> "PushService":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def got(self, count: int) -> Push:
        """Wait for that many pushes in all; the last of them."""
        async with asyncio.timeout(10):
            while len(self.pushes) < count:
                self._came.clear()
                await self._came.wait()
        return self.pushes[count - 1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.pushes.append(Push(first.split(" ")[1], headers, body))
                head = self.answers.pop(0) if self.answers else "201 Created"
                writer.write(f"HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n".encode())
                await writer.drain()
                self._came.set()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
