"""Accept a touchpoint: once only, with its claims normalised and its time never in the future.

The touch id and the evidence key are both content. Equal claims and names give equal evidence keys, so a thousand page views of one
visit are one node for identity. What a source said is kept raw beside what was made of it.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from hub import ids
from hub.contract import AttributeClaim, Claim, Level, Touchpoint, UnknownKind, kind_of
from hub.intake import normalise
from hub.store.tx import Read, Tx
from hub.wire import DEEPEST, too_deep

LONGEST_KEY = 500
LONGEST_ATTRIBUTE = 2_000
MOST_CLAIMS = 300
LARGEST_PAYLOAD = 256 * 1024
HELD = "held"

SQL_APPEND = """
INSERT INTO touchpoint (id, origin, connection, key, channel, kind, site, thread, region, held, occurred_at, received_at, evidence,
                        claims, attributes, payload)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin) DO NOTHING"""
SQL_SEEN = "SELECT id, evidence, occurred_at FROM touchpoint WHERE origin = ?"


class Unacceptable(ValueError):
    """The touchpoint itself is wrong (a bug or abuse at its source); reporting it again will not help."""


class AcceptedClaim(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A normalised claim; `status` is links, role or junk, or held: typed where the site lets typed identifiers join nobody."""

    kind: str
    value: str
    level: Level
    status: str


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A stored touchpoint. With `fresh` False it had been accepted before, and this is the first result without its claims.

    `evidence` is the key of what it says about who this is. `ignored` names claims that identify nobody, one sentence each.
    """

    touch_id: bytes
    fresh: bool
    evidence: bytes
    occurred_at: int
    connection: str
    claims: tuple[AcceptedClaim, ...] = ()
    names: tuple[str, ...] = ()
    attributes: tuple[AttributeClaim, ...] = ()
    ignored: tuple[str, ...] = ()


def accept(
    tx: Tx, connection: str, touchpoint: Touchpoint, *, region: str | None = None, held: bool = False
) -> Accepted:
    """Store a touchpoint unless `connection` has reported its key before; `region` reads national phone numbers. `held`: what is only
    said shall join nobody, by the site's choice; it is stored, so that a change of mind counts from then on.

    Raises Unacceptable, with where, what was expected and what came; nothing is stored then.
    """
    payload = _checked(touchpoint)
    region = touchpoint.region or region
    claims, ignored = read_claims(touchpoint.claims, region, held=held)
    names = read_names(touchpoint.attributes)
    occurred = min(max(_micros(touchpoint), 0), tx.now)
    touch = ids.touch_id(occurred, connection, touchpoint.key)
    evidence = evidence_key(touch, claims, names)
    row = (touch, touch[6:], connection, touchpoint.key, touchpoint.channel, touchpoint.kind, touchpoint.site,
           touchpoint.thread, region, held, occurred, tx.now, evidence,
           _json(touchpoint.claims), _json(touchpoint.attributes), payload)  # fmt: skip
    if tx.run(SQL_APPEND, row) == 0:
        return _seen(tx, connection, touch[6:])
    return Accepted(
        touch_id=touch, fresh=True, evidence=evidence, occurred_at=occurred, connection=connection,
        claims=claims, names=names, attributes=touchpoint.attributes, ignored=ignored,
    )  # fmt: skip


def seen(read: Read, connection: str, key: str) -> bool:
    """Whether this connection has reported this key before."""
    return read.one(SQL_SEEN, (ids.touch_id(0, connection, key)[6:],)) is not None


def _seen(tx: Tx, connection: str, origin: bytes) -> Accepted:
    row = tx.one(SQL_SEEN, (origin,))
    assert row is not None, "the insert met this origin in the same transaction"
    return Accepted(touch_id=row[0], fresh=False, evidence=row[1], occurred_at=row[2], connection=connection)


def evidence_key(touch: bytes, claims: Iterable[AcceptedClaim], names: Iterable[str]) -> bytes:
    """16 bytes, equal exactly for equal claims and names. A touchpoint without a claim that could be anybody's keeps to itself:
    two people named Kim, or two who typed test@test.com, are not one."""
    kept = sorted(claims)
    if all(claim.status == normalise.JUNK for claim in kept):
        return own_key(touch)
    said = [[c.kind, c.value, c.level] for c in kept], sorted(names)
    return blake2b(msgspec.json.encode(said), digest_size=16).digest()


def own_key(touch: bytes) -> bytes:
    """The key of an evidence node that holds this one touchpoint."""
    return blake2b(touch, digest_size=16, person=b"touch").digest()


def read_claims(
    claims: Iterable[Claim], region: str | None = None, *, held: bool = False
) -> tuple[tuple[AcceptedClaim, ...], tuple[str, ...]]:
    """The claims normalised, each identifier once at its best level, in order; and what was left out, in sentences.

    Raises Unacceptable when one touchpoint verifies two values of a kind a person has one of: no record could hold it.
    """
    best: dict[tuple[str, str], Level] = {}
    ignored: list[str] = []
    for n, claim in enumerate(claims):
        try:
            kind_of(claim.kind)
        except UnknownKind as unknown:
            ignored.append(f"claims[{n}]: {unknown}; kept as it was reported")
            continue
        value = normalise.identifier(claim.kind, claim.value, region)
        if value is None:
            why = normalise.why_nobody(claim.kind, claim.value, region)
            ignored.append(f"claims[{n}]: {claim.kind} {claim.value[:80]!r} identifies nobody: {why}")
            continue
        level = normalise.level(claim.kind, value, claim.level)
        found = best.get((claim.kind, value))
        if found is None or level.rank < found.rank:
            best[claim.kind, value] = level
    kept = tuple(
        AcceptedClaim(kind=kind, value=value, level=level, status=_status(kind, value, level, held=held))
        for (kind, value), level in sorted(best.items())
    )
    _refuse_two_people(kept)
    return kept, tuple(ignored)


def _status(kind: str, value: str, level: Level, *, held: bool) -> str:
    found = normalise.status(kind, value)
    return HELD if held and level is Level.ASSERTED and found != normalise.JUNK else found


def _refuse_two_people(claims: tuple[AcceptedClaim, ...]) -> None:
    only: dict[str, str] = {}
    for claim in claims:
        if claim.level is Level.VERIFIED and kind_of(claim.kind).limit == 1:
            other = only.setdefault(claim.kind, claim.value)
            if other != claim.value:
                raise Unacceptable(
                    f"Touchpoint.claims: verifies two values of {claim.kind} ({other[:80]!r} and {claim.value[:80]!r}), "
                    "and a person has one; report two touchpoints, or claim one of them as observed"
                )


def read_names(attributes: Iterable[AttributeClaim]) -> tuple[str, ...]:
    """The folded names among these attributes, each once, in order."""
    folded = {normalise.name(a.value) for a in attributes if a.attribute == "name"}
    return tuple(sorted(name for name in folded if name))


def _checked(touchpoint: Touchpoint) -> str:
    """The payload as JSON, once every size and kind is known to be bearable."""
    _length("key", touchpoint.key, LONGEST_KEY, 1)
    _length("channel", touchpoint.channel, 64, 1)
    _length("kind", touchpoint.kind, 64, 1)
    _length("thread", touchpoint.thread or "", LONGEST_KEY)
    for what, claims in (("claims", touchpoint.claims), ("attributes", touchpoint.attributes)):
        if len(claims) > MOST_CLAIMS:
            raise Unacceptable(f"Touchpoint.{what}: expected at most {MOST_CLAIMS}, got {len(claims)}")
    for n, said in enumerate(touchpoint.attributes):
        _length(f"attributes[{n}].attribute", said.attribute, 64, 1)
        _length(f"attributes[{n}].value", said.value, LONGEST_ATTRIBUTE)
    if len(_json(touchpoint.claims)) > LARGEST_PAYLOAD:
        raise Unacceptable(f"Touchpoint.claims: expected at most {LARGEST_PAYLOAD} characters of JSON in all")
    if too_deep(touchpoint.payload):
        raise Unacceptable(f"Touchpoint.payload: expected at most {DEEPEST} levels of objects and lists")
    payload = _json(touchpoint.payload)
    if len(payload) > LARGEST_PAYLOAD:
        raise Unacceptable(
            f"Touchpoint.payload: expected at most {LARGEST_PAYLOAD} characters of JSON, got {len(payload)}"
        )
    return payload


def _length(where: str, text: str, most: int, least: int = 0) -> None:
    if not least <= len(text) <= most:
        raise Unacceptable(
            f"Touchpoint.{where}: expected {least} to {most} characters, got {len(text)}: {text[:40]!r}…"
        )
    if "\0" in text or not _encodes(text):
        raise Unacceptable(
            f"Touchpoint.{where}: expected text, got a NUL or half a surrogate pair in {text[:40]!r}"
        )


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _micros(touchpoint: Touchpoint) -> int:
    at = touchpoint.occurred_at
    return round(at.timestamp() * 1_000_000)


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, RecursionError, UnicodeEncodeError) as wrong:
        raise Unacceptable(f"Touchpoint: expected values that can be written as JSON: {wrong}") from wrong
