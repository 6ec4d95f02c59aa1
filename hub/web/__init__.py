"""What browsers reach: routes and sockets, and the guards before them.

`routes.py` is the sitemap. `front.py` is the outermost ASGI application: it sends WebSockets straight to their sessions, past the
framework, because that is the hot path. `visitor.py` and `console.py` are the two kinds of session; both speak through the small
`Socket` of `sockets.py`, so a long-poll (`poll.py`) has the same guarantees as a WebSocket.
"""
