"""The weights the hub ships with, read from the data file beside this. `training.py` writes it."""

from importlib.resources import files
from typing import Final

import msgspec

from hub.identity.matching.comparing import LEVELS
from hub.identity.matching.model import Table, Weights


def as_text(weights: Weights) -> bytes:
    """The weights as a file: every level by its name, so that it can be read and compared."""
    tables = {
        name: {
            field: dict(zip(LEVELS[field], row, strict=True)) for field, row in getattr(weights, name).items()
        }
        for name in ("m", "h", "u")
    }
    text = msgspec.json.encode({**tables, "match": weights.match, "household": weights.household})
    return msgspec.json.format(text, indent=2) + b"\n"


def of_text(text: bytes) -> Weights:
    """Weights of a file. A field or level that is missing is a KeyError that names it."""
    read = msgspec.json.decode(text)
    tables: dict[str, Table] = {
        name: {field: tuple(read[name][field][level] for level in levels) for field, levels in LEVELS.items()}
        for name in ("m", "h", "u")
    }
    return Weights(**tables, match=read["match"], household=read["household"])


SHIPPED: Final = of_text(files("hub.identity.matching").joinpath("weights.json").read_bytes())
