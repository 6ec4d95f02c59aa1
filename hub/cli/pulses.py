"""uvicorn's WebSocket protocol with what the hub's liveness and its neighbours need.

It notes that something arrived, whatever it was: a pong says as much as a frame. And it bounds what one peer can make the parser do in
one go: bytes are parsed a few kilobytes at a time, a message may come in so many pieces, and pings may come so many in a row. uvicorn
itself bounds only the bytes of a message, of which empty pieces have none.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

AT_ONCE = 4096
"""Bytes parsed before the connection is looked at again."""
PIECES = 1_024
"""Pieces of one message."""
PINGS = 64
"""Pings without a message in between."""
POLICY = 1008


class HeardWebSocket(WebSocketsSansIOProtocol):
    """`stirred`: something arrived since it was last set to False."""

    stirred = False
    _pings = 0

    def data_received(self, data: bytes) -> None:
        self.stirred = True
        for begin in range(0, len(data), AT_ONCE):
            if self.transport.is_closing():
                return
            super().data_received(data[begin : begin + AT_ONCE])

    def handle_cont(self, event: Any) -> None:
        if len(self.frames) >= PIECES:
            self._refuse("a message in so many pieces")
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        self._pings += 1
        if self._pings > PINGS:
            self._refuse("pings and nothing else")
        else:
            super().handle_ping()

    def send_receive_event_to_app(self) -> None:
        self._pings = 0
        super().send_receive_event_to_app()

    def _refuse(self, why: str) -> None:
        if not self.close_sent:
            self.conn.fail(POLICY, why)
            self.handle_parser_exception()
