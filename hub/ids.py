"""Identifiers: 16 bytes in Python and in SQLite, 32 hexadecimal characters on the wire.

Two kinds. A random id is 128 random bits. A *touch id* is made from content, so that the same report always gets the
same id, on any machine, in any order of arrival: the moment it occurred in milliseconds (48 bits, so ids sort by time
and inserts stay at the end of the index) and a hash of the connection and its idempotency key (80 bits).
"""

from hashlib import blake2b

LENGTH = 16


def touch_id(occurred_at: int, connection: str, key: str) -> bytes:
    """The id of the touchpoint that `connection` reported under the idempotency `key`.

    `occurred_at` is UTC microseconds; moments before 1970 or after the year 10889 are clamped to the 48 bits.
    """
    milliseconds = min(max(occurred_at // 1000, 0), (1 << 48) - 1)
    name = connection.encode()
    # The length goes first: ("ab", "c") and ("a", "bc") must not meet.
    content = len(name).to_bytes(4, "big") + name + key.encode()
    return milliseconds.to_bytes(6, "big") + blake2b(content, digest_size=10).digest()


def from_wire(text: str) -> bytes:
    """Read 32 hexadecimal characters. Raises ValueError for anything else."""
    if len(text) != 2 * LENGTH or not text.isalnum():
        raise ValueError(f"an id is 32 hexadecimal characters, got {len(text)} characters: {text[:40]!r}")
    return bytes.fromhex(text)


def to_wire(identifier: bytes) -> str:
    """Write an id as 32 lower-case hexadecimal characters."""
    return identifier.hex()


SEQ_BITS = 24
"""A message's number in the full-text index is its conversation's number shifted by these, and its seq below: 16.7 million each."""
SEQ_MASK = (1 << SEQ_BITS) - 1

WORDS = "coalesce(json_extract({0}.data, '$.mail.subject') || char(10), '') || {0}.text"
"""What the full-text index has of a message `{0}`: the subject it came under, and its text. The same where it goes in and where it is taken
out, for a contentless index must be told the very words again."""
SAYS = "({0}.text <> '' OR json_extract({0}.data, '$.mail.subject') IS NOT NULL)"
"""Whether there are any."""
