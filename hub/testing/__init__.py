"""The second public door: what a plugin's own tests import.

Fakes of everything in the context, and `ChannelSuite`, the conformance tests every channel passes. Bundled plugins use
the same.
"""

from hub.testing.fakes import FakeClock, FakeContext, FakeDocuments, FakeHttp, FakeRequest
from hub.testing.peer import Heard, Peer, Said, Trouble
from hub.testing.suite import ChannelSuite

__all__ = [
    "ChannelSuite",
    "FakeClock",
    "FakeContext",
    "FakeDocuments",
    "FakeHttp",
    "FakeRequest",
    "Heard",
    "Peer",
    "Said",
    "Trouble",
]
