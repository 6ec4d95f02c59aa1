"""The frames of visitor and console sockets, and how they become bytes.

Frames are frozen msgspec structs, told apart by the field `t`. They are small JSON texts rather than a binary
format because a person can read them in the browser's inspector, and because msgspec decodes and checks one in
well under a microsecond, so nothing would be won. `visitor.py` holds what a page says and hears, `console.py` what
an operator's tab says and hears, `common.py` what both share, `refusal.py` how an action says no; the TypeScript of
`widget/wire/` is generated from them.

Ids are 32 hex characters. Times are integer milliseconds since 1970 (UTC), because that is what a browser counts in.
"""

from hub.wire.codec import (
    DEEPEST,
    MAX_FRAME,
    BadFrame,
    decoder,
    encode,
    hex_id,
    id_hex,
    level_word,
    millis,
    too_deep,
)
from hub.wire.refusal import REFUSALS, Refusal

__all__ = [
    "DEEPEST",
    "MAX_FRAME",
    "REFUSALS",
    "BadFrame",
    "Refusal",
    "decoder",
    "encode",
    "hex_id",
    "id_hex",
    "level_word",
    "millis",
    "too_deep",
]
