"""The handshake of a WebSocket (RFC 6455 §4.2), asked of the application through ASGI.

It lives as long as the application thinks about it and holds everything that only a handshake needs, so that an open socket holds none
of it. The application may accept, refuse with a close before that (403), or answer with a response of its own; an accepted socket is
handed to it as `scope["extensions"]["hub.socket"]`.
"""

import asyncio
import base64
import binascii
import hashlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import unquote

from uvicorn.protocols.utils import ClientDisconnected, get_local_addr, get_remote_addr, is_ssl

from hub.web.sockets import DIRECT

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Message = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]

log = logging.getLogger("hub.web")


class Opened(Protocol):
    """What an accepted handshake leaves behind."""

    def opened(self) -> None:
        """The application has returned."""


class Opening:
    """One handshake. `head` is the request as uvicorn writes it: parsed once already, names in lower case."""

    def __init__(self, socket: Opened, transport: asyncio.Transport, head: bytes, root_path: str) -> None:
        self._socket = socket
        self._transport = transport
        self._status: int | None = None
        self._headers: Headers = []
        line, *lines = head.split(b"\r\n")
        method, target, _ = line.split(b" ", 2)
        pairs = [tuple(one.split(b": ", 1)) for one in lines if one]
        self._asked: Headers = [(name.lower(), value) for name, value in pairs]
        self._method = method
        path, _, query = target.partition(b"?")
        self._scope: Message = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_ssl(transport) else "ws",
            "server": get_local_addr(transport),
            "client": get_remote_addr(transport),
            "root_path": root_path,
            "path": root_path + unquote(path.decode("ascii")),
            "raw_path": root_path.encode("ascii") + path,
            "query_string": query,
            "headers": self._asked,
            "subprotocols": [],
            "state": {},
            "extensions": {"websocket.http.response": {}, DIRECT: socket},
        }

    async def run(self, application: Callable[..., Awaitable[None]]) -> None:
        """Ask the application, and answer."""
        if wrong := self._wrong():
            self._respond(*wrong)
            return
        try:
            await application(self._scope, self._receive, self._send)
        except ClientDisconnected:
            log.debug("socket: the peer went during the handshake")
        except Exception:
            log.exception("socket: the handshake broke")
        if self._status is None:
            self._respond(500, [], b"")
        elif self._status == 101:
            self._socket.opened()

    def _wrong(self) -> tuple[int, Headers, bytes] | None:
        """What the request lacks. That it asks for an upgrade to `websocket` is what brought it here."""
        version, key = self._header(b"sec-websocket-version"), self._header(b"sec-websocket-key")
        if self._method != b"GET":
            return 405, [(b"allow", b"GET")], b"expected GET"
        if version != b"13":
            return (
                426,
                [(b"sec-websocket-version", b"13"), (b"upgrade", b"websocket")],
                b"expected version 13",
            )
        try:
            whole = key is not None and len(base64.b64decode(key, validate=True)) == 16
        except binascii.Error:
            whole = False
        return None if whole else (400, [], b"expected Sec-WebSocket-Key to be 16 bytes in base64")

    def _header(self, name: bytes) -> bytes | None:
        """The value of a header that is there once."""
        found = [value.strip() for asked, value in self._asked if asked == name]
        return found[0] if len(found) == 1 else None

    async def _receive(self) -> Message:
        """`connect` is all there is to hear: what the peer says goes to the session."""
        return {"type": "websocket.connect"}

    async def _send(self, message: Message) -> None:
        if self._transport.is_closing():
            raise ClientDisconnected
        kind = message["type"]
        if self._status is None and kind == "websocket.accept":
            self._accept(list(message.get("headers", [])))
        elif self._status is None and kind == "websocket.close":
            self._respond(403, [], b"")
        elif self._status is None and kind == "websocket.http.response.start":
            self._status, self._headers = message["status"], list(message.get("headers", []))
        elif self._status not in (None, 101) and kind == "websocket.http.response.body":
            self._respond(self._status or 500, self._headers, message.get("body", b""))
        else:
            raise RuntimeError(
                f"expected an answer to a handshake, got {kind!r} (an accepted socket is written to itself)"
            )

    def _accept(self, headers: Headers) -> None:
        self._status = 101
        key = self._header(b"sec-websocket-key") or b""
        proof = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
        self._write(
            101,
            [
                (b"Upgrade", b"websocket"),
                (b"Connection", b"Upgrade"),
                (b"Sec-WebSocket-Accept", proof),
                *headers,
            ],
        )

    def _respond(self, status: int, headers: Headers, body: bytes) -> None:
        self._status = status
        length = (
            [(b"content-length", b"%d" % len(body))]
            if all(n.lower() != b"content-length" for n, _ in headers)
            else []
        )
        self._write(status, [*headers, *length, (b"connection", b"close")], body)
        self._transport.close()

    def _write(self, status: int, headers: Headers, body: bytes = b"") -> None:
        lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode())]
        lines += [name + b": " + value for name, value in headers]
        self._transport.write(b"\r\n".join([*lines, b"", body]))
