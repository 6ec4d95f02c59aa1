"""Web Push: calling an operator whose browser is closed, through the push service that this browser has.

`sealing` makes a message that only the browser can read (RFC 8291), `vapid` says who sends it (RFC 8292), `sender` posts it. Who is
called, and when, is decided in `actions/webpush.py`. All of it needs the `cryptography` package, which is an extra: without it the
hub runs as before, and the console says why nobody can be called.
"""

from hub.webpush.sender import Sender, Sent, Unavailable

__all__ = ["Sender", "Sent", "Unavailable"]
