"""uvicorn's HTTP protocol with a deadline for the head of a request.

uvicorn ends a connection that is idle after an answer, and waits for ever for the first request, and for the rest of one that has
begun. Each of those is one open file that costs its owner nothing. A body has no such deadline: who may send one is asked first.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 15.0
"""Seconds from the first byte of a request, or from the connection, to the end of its head."""


class HeadInTime(HttpToolsProtocol):
    """A connection on which every head comes in time, or which ends."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self.parser = None  # type: ignore[assignment]  # it holds us: what a handshake needed would stay until the next collection
            return
        # Between requests even a stray line end stops uvicorn's own clock.
        if self.cycle is not None and self.cycle.response_complete and self._late is None:
            self._begin()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._late is None:
            self._begin()

    def on_headers_complete(self) -> None:
        self._end()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._late = self.loop.call_later(HEAD, self._close)

    def _end(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _close(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.close()
