"""The weights the hub ships with, read from weights.json beside this.

`PLAIN` is where learning about a plain file begins: broad, set by hand, soon outvoted by the file. `SHIPPED` is for a hub's own customers,
which the rule has joined already as far as it can: two of one person rarely share an address any more. It is learned from labelled
touchpoints by `python -m tests.bench.train_matching FOLDER`, which writes it.
"""

from importlib.resources import files
from typing import Any, Final

import msgspec

from hub.identity.matching.comparing import LEVELS
from hub.identity.matching.model import Table, Weights


def as_text(weights: Weights, digits: int = 15) -> bytes:
    """The weights as JSON: every level by its name, so that it can be read and compared."""
    tables = {
        name: {
            field: dict(zip(LEVELS[field], (round(share, digits) for share in row), strict=True))
            for field, row in getattr(weights, name).items()
        }
        for name in ("m", "h", "u")
    }
    return msgspec.json.encode({**tables, "match": weights.match, "household": weights.household})


def of_text(text: bytes) -> Weights:
    """Weights of a file. A field or level that is missing is a KeyError that names it."""
    read = msgspec.json.decode(text)
    tables: dict[str, Table] = {
        name: {field: tuple(read[name][field][level] for level in levels) for field, levels in LEVELS.items()}
        for name in ("m", "h", "u")
    }
    return Weights(**tables, match=read["match"], household=read["household"])


FILE: Final = files("hub.identity.matching").joinpath("weights.json")
_KEPT: Final[dict[str, Any]] = msgspec.json.decode(FILE.read_bytes(), type=dict[str, msgspec.Raw])
PLAIN: Final = of_text(bytes(_KEPT["plain"]))
SHIPPED: Final = of_text(bytes(_KEPT["customers"]))


def both_as_text(plain: Weights, shipped: Weights) -> bytes:
    """The file of both."""
    whole = {"plain": msgspec.Raw(as_text(plain, 7)), "customers": msgspec.Raw(as_text(shipped, 7))}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
