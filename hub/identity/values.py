"""What was said of a customer, written, read and chosen: attributes, the name for lists, consent; and the order of sources in force.

The derived table holds what was said once per node, source, level, value and confidence, with the latest touchpoint, so a thousand
repetitions of a value are one row and the maximum is still the one over everything ever said.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from hub.contract import AttributeClaim, Level
from hub.identity import consent, surviving
from hub.identity.consent import Consent
from hub.identity.surviving import Attribute, Order, Pin, Value
from hub.store.tx import Read, Tx

_COLUMNS = "a.attribute, a.value, a.level, a.confidence, a.connection, a.touch, a.at"
SQL_ATTRIBUTES = f"""
SELECT {_COLUMNS} FROM evidence e INDEXED BY evidence_telling CROSS JOIN attribute a ON a.evidence = e.key
WHERE e.customer = ? AND e.tells ORDER BY a.attribute"""
SQL_SAY = """
INSERT INTO attribute (evidence, attribute, connection, level, value, confidence, touch, at, says, touches)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (evidence, attribute, connection, level, value, confidence)
DO UPDATE SET touches = touches + 1, at = CASE WHEN excluded.touch > touch THEN excluded.at ELSE at END, touch = max(touch, excluded.touch)"""
SQL_RANKS = "SELECT attribute, source FROM source_rank ORDER BY attribute, rank"
SQL_UNRANK = "DELETE FROM source_rank"
SQL_RANK = "INSERT INTO source_rank (attribute, source, rank) VALUES (?, ?, ?)"
END = ""
"""Behind the sources of an attribute, so that an order without any is told from one that was never set."""
_PINS = """FROM pin p CROSS JOIN touchpoint pt ON pt.id = p.touch CROSS JOIN evidence pe ON pe.key = pt.evidence AND pe.customer = """
SQL_PINS = f"SELECT p.decision, p.at, p.attribute, p.value {_PINS} ?"
UNLISTED = 1_000
"""The rank of a source that is not listed."""
_LEVELS = " ".join(f"WHEN '{level}' THEN {level.rank}" for level in Level)
NAME = f"""(SELECT a.level || ' ' || a.value FROM evidence e INDEXED BY evidence_telling CROSS JOIN attribute a ON a.evidence = e.key
 WHERE e.customer = {{customer}} AND e.tells AND a.attribute = 'name'
 ORDER BY a.value IS (SELECT p.value {_PINS} e.customer WHERE p.attribute = 'name' ORDER BY p.at DESC, p.decision DESC LIMIT 1) DESC,
  a.says DESC, CASE a.level {_LEVELS} END,
  coalesce((SELECT min(r.rank) FROM source_rank r WHERE r.attribute = 'name'
            AND r.source IN (a.connection, substr(a.connection, 1, instr(a.connection || ':', ':') - 1))),
           CASE WHEN a.connection LIKE 'operator:%' AND NOT EXISTS (SELECT 1 FROM source_rank) THEN 0 ELSE {UNLISTED} END),
  a.confidence DESC, a.at DESC, length(a.value) DESC, a.value DESC, a.touch DESC, a.connection DESC LIMIT 1)"""
"""SQL for the level and the chosen name of a customer, for lists: the order of `surviving.key` once more. A test holds one to the other."""


def attributes(read: Read, customer: bytes) -> tuple[Attribute, ...]:
    """The chosen value of each attribute, by attribute; those that speak of consent are left out where they can be read."""
    pins, order = pins_of(read, customer), sources(read)
    rows = [row for row in _said(read, customer) if not _states(*row)]
    return tuple(
        surviving.choose(attribute, [value for _, value in said], pins, order)
        for attribute, said in groupby(rows, key=lambda row: row[0])
    )


def together(read: Read, a: bytes, b: bytes) -> tuple[Attribute, ...]:
    """As `attributes`, of what both say: what two customers would be as one."""
    pins, order = [*pins_of(read, a), *pins_of(read, b)], sources(read)
    rows = [row for who in (a, b) for row in _said(read, who) if not _states(*row)]
    rows.sort(key=lambda row: row[0])
    return tuple(
        surviving.choose(attribute, [value for _, value in said], pins, order)
        for attribute, said in groupby(rows, key=lambda row: row[0])
    )


def consents(read: Read, customer: bytes) -> tuple[Consent, ...]:
    """What counts about being written to, by purpose and address."""
    return consent.consents(row for row in _said(read, customer) if _states(*row))


def pins_of(read: Read, customer: bytes) -> list[Pin]:
    """The pins in force on this customer's touchpoints."""
    return [
        Pin(decision=decision, at=at, attribute=attribute, value=value)
        for decision, at, attribute, value in read.all(SQL_PINS, (customer,))
    ]


def rows(
    evidence: bytes, touch: bytes, connection: str, at: int, said: Iterable[AttributeClaim]
) -> list[tuple[Any, ...]]:
    """What a touchpoint says, as rows for `SQL_SAY`, each thing once."""
    said_here = [
        (
            evidence,
            a.attribute,
            connection,
            a.level,
            a.value,
            a.confidence,
            touch,
            at,
            surviving.substance(a.attribute, a.value),
        )
        for a in said
    ]
    return list(dict.fromkeys(said_here))


def order_sources(tx: Tx, wanted: Mapping[str, Sequence[str]]) -> None:
    """From now on these sources go first, by attribute."""
    places = {attribute: tuple(dict.fromkeys(found)) for attribute, found in wanted.items()}
    places.setdefault("name", places.get(surviving.ANY, ()))
    if places != sources(tx):
        tx.run(SQL_UNRANK)
        ranked = [
            (attribute, source, n)
            for attribute, found in places.items()
            for n, source in enumerate((*found, END))
        ]
        tx.many(SQL_RANK, ranked)


def sources(read: Read) -> Order:
    """The order of sources in force."""
    found: dict[str, tuple[str, ...]] = {}
    for attribute, source in read.all(SQL_RANKS):
        found[attribute] = (*found.get(attribute, ()), source)
    return {attribute: places[:-1] for attribute, places in found.items()} or surviving.ORDER


def _said(read: Read, customer: bytes) -> Iterable[tuple[str, Value]]:
    return ((str(row[0]), _value(row)) for row in read.all(SQL_ATTRIBUTES, (customer,)))


def _states(attribute: str, value: Value) -> bool:
    return consent.is_consent(attribute) and consent.read(attribute, value.value) is not None


def _value(row: tuple[Any, ...]) -> Value:
    _, value, level, confidence, connection, touch, at = row
    return Value(
        value=value, level=Level(level), confidence=confidence, connection=connection, touch=touch, at=at
    )
