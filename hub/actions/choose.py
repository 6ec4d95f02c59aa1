"""What an operator chose for themselves: the language they read and the zone their times are told in.

It stands with the operator and not in a browser, so that it is the same at the next desk. The empty word means "as the browser says".
Both are only shapes here: which languages there are is known by the console, which zones by the browser that tells the time.
"""

from typing import Annotated

import msgspec

from hub.store import Read, Tx

SQL_CHOSEN = "SELECT language, zone FROM operator WHERE id = :id"
SQL_CHOOSE = "UPDATE operator SET language = :language, zone = :zone WHERE id = :id"


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A two-letter language and an IANA zone, each possibly empty."""

    language: Annotated[str, msgspec.Meta(pattern=r"^([a-z]{2})?\Z")] = ""
    zone: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_+/-]{0,64}\Z")] = ""


def chosen(read: Read, operator: bytes) -> Choices:
    """What they chose last; empty before they ever did."""
    row = read.one(SQL_CHOSEN, {"id": operator})
    return Choices(row[0], row[1]) if row else Choices()


def choose(tx: Tx, operator: bytes, choices: Choices) -> None:
    """Keep what they choose now."""
    tx.run(SQL_CHOOSE, {"id": operator, "language": choices.language, "zone": choices.zone})
