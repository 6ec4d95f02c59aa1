"""Reading the log again: what stored touchpoints say by today's rules of normalising, and by which rules the tables were made.

    said_by, now = again.made_with(tx), normalise.version()
    if said_by != now: … for claims, names in (again.said(*row) for row in …): …; again.note(tx)

Raw values are kept for this. Nobody normalises at another time than when a touchpoint is stored, and here.
"""

from collections.abc import Iterator

import msgspec

from hub.contract import AttributeClaim, Claim
from hub.intake import normalise
from hub.intake.accepting import AcceptedClaim, Unacceptable, evidence_key, read_claims, read_names
from hub.store.tx import Read, Tx

SQL_MADE_WITH = "SELECT version FROM normaliser ORDER BY n DESC LIMIT 1"
SQL_NOTE = "INSERT INTO normaliser (version, at) VALUES (?, ?)"
SQL_SAID = "SELECT id, claims, attributes, region FROM touchpoint WHERE id > ? ORDER BY id LIMIT ?"
SQL_ANYTHING = "SELECT 1 FROM touchpoint LIMIT 1"

_CLAIMS = msgspec.json.Decoder(tuple[Claim, ...])
_ATTRIBUTES = msgspec.json.Decoder(tuple[AttributeClaim, ...])


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one touchpoint says about who it is, by today's rules. `evidence`: the node it shares with those that say the same."""

    touch: bytes
    claims: tuple[AcceptedClaim, ...]
    names: tuple[str, ...]
    evidence: bytes


def said(touch: bytes, claims: str, attributes: str, region: str | None) -> Said:
    """A row of the log, read by today's rules."""
    names = read_names(_ATTRIBUTES.decode(attributes))
    try:
        kept, _ = read_claims(_CLAIMS.decode(claims), region)
    except Unacceptable:
        kept = ()  # two verified persons by new rules: it was accepted once, and joins nobody until somebody decides
    return Said(touch=touch, claims=kept, names=names, evidence=evidence_key(touch, kept, names))


def log(read: Read, after: bytes = b"", limit: int = 1000) -> Iterator[Said]:
    """The touchpoints behind `after`, in the order of their ids."""
    return (said(*row) for row in read.all(SQL_SAID, (after, limit)))


def made_with(read: Read) -> str | None:
    """The version of normalising the derived tables were made with; today's while there is nothing to derive from."""
    row = read.one(SQL_MADE_WITH)
    if row is not None:
        return str(row[0])
    return normalise.version() if read.one(SQL_ANYTHING) is None else None


def note(tx: Tx) -> None:
    """From now on the derived tables are made with today's version."""
    row = tx.one(SQL_MADE_WITH)
    if row is None or row[0] != normalise.version():
        tx.run(SQL_NOTE, (normalise.version(), tx.now))
