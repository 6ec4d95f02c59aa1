"""Look at customers that have changed: what the scorer compares of them, the keys they are found by, and whom they may be one with.

A look is one small action on the background lane and computes everything about a customer anew, so it does not matter how often or in
which order it happens: suggestions are a function of the records, the decisions in force and the weights. A score joins nobody.
"""

from collections.abc import Iterable
from hashlib import blake2b
from math import log2
from typing import Any, Final

import msgspec

from hub.identity import lookups
from hub.identity.matching.blocking import LARGEST, keys
from hub.identity.matching.model import Score, Scorer
from hub.identity.matching.person import MOST, Person, fold, person
from hub.identity.matching.reading import FIELD_OF
from hub.store.tx import Read, Tx

QUEUE: Final = 0.95
MORE: Final = 0.80
AT_ONCE: Final = 4
"""Customers per action: some 2 ms each."""
MOST_SAID: Final = 2_000
"""Rows read of one customer: somebody with twenty thousand is known by the first of them."""
LEAST_BITS: Final = log2(MORE / (1 - MORE))
QUEUE_BITS: Final = log2(QUEUE / (1 - QUEUE))

SQL_DUE = "SELECT customer FROM match_due LIMIT :most"
SQL_PENDING = "SELECT 1 FROM match_due LIMIT 1"
SQL_LOOKED = "DELETE FROM match_due WHERE customer = :customer"
SQL_ALL_DUE = (
    "INSERT INTO match_due (customer) SELECT customer FROM match_person WHERE true ON CONFLICT DO NOTHING"
)
SQL_IS_THERE = "SELECT 1 FROM evidence WHERE customer = :customer LIMIT 1"
SQL_ATTRIBUTES_SAID = """
SELECT a.attribute, a.value, a.level, a.at FROM evidence e INDEXED BY evidence_telling CROSS JOIN attribute a ON a.evidence = e.key
WHERE e.customer = :customer AND e.tells LIMIT :most"""
SQL_CLAIMS_SAID = """
SELECT c.kind, c.value, c.level FROM evidence e INDEXED BY evidence_telling CROSS JOIN claim c ON c.evidence = e.key
WHERE e.customer = :customer AND e.tells AND c.kind NOT IN ('device', 'session') AND c.status NOT IN ('role', 'junk', 'blocked')
LIMIT :most"""
SQL_KEEP_PERSON = """
INSERT INTO match_person (customer, said, proven) VALUES (:customer, :said, :proven)
ON CONFLICT DO UPDATE SET said = excluded.said, proven = excluded.proven"""
SQL_DROP_PERSON = "DELETE FROM match_person WHERE customer = :customer"
SQL_PERSON = "SELECT said, proven FROM match_person WHERE customer = :customer"
SQL_KEYS = "SELECT key FROM match_key WHERE customer = :customer"
SQL_ADD_KEY = "INSERT INTO match_key (key, customer) VALUES (?, ?)"
SQL_DROP_KEY = "DELETE FROM match_key WHERE key = ? AND customer = ?"
SQL_SHARING = "SELECT customer FROM match_key WHERE key = ? LIMIT ?"
SQL_NEVER = """
SELECT 1 FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
JOIN evidence o ON o.key = CASE r.a WHEN e.key THEN r.b ELSE r.a END
WHERE e.customer = :a AND e.ruled AND r.op = 'never' AND o.customer = :b LIMIT 1"""
SQL_SUGGEST = """
INSERT INTO suggestion (a, b, bits, prior, steps, accounts, found_at) VALUES (:a, :b, :bits, :prior, :steps, :accounts, :now)
ON CONFLICT DO UPDATE SET bits = excluded.bits, prior = excluded.prior, steps = excluded.steps, accounts = excluded.accounts,
  status = CASE status WHEN 'unsure' THEN 'unsure' ELSE 'open' END"""
SQL_ABOUT = "SELECT a, b, status, until, author FROM suggestion WHERE a = :customer OR b = :customer"
SQL_WITHDRAW = "DELETE FROM suggestion WHERE a = ? AND b = ?"
SQL_FOLLOW = """
INSERT INTO suggestion (a, b, bits, prior, steps, found_at, status, until, author) VALUES (?, ?, 0, 0, '[]', ?, 'unsure', ?, ?)
ON CONFLICT DO UPDATE SET status = 'unsure', until = excluded.until, author = excluded.author WHERE status = 'open'"""
SQL_MARK = "INSERT INTO match_due (customer) VALUES (?) ON CONFLICT DO NOTHING"

Said = dict[str, list[str]]
"""Values as they were said, by field, best first."""
LINES: Final = {"email": "email", "phone": "phone", "whatsapp": "phone", "signal": "phone"}


def pending(read: Read) -> bool:
    """Whether anybody is to be looked at."""
    return read.one(SQL_PENDING) is not None


def look(tx: Tx, scorer: Scorer, most: int = AT_ONCE) -> bool:
    """Look at up to `most` customers that have changed; whether more may wait."""
    due = [row[0] for row in tx.all(SQL_DUE, {"most": most})]
    for customer in due:
        _look_at(tx, customer, scorer)
        tx.run(SQL_LOOKED, {"customer": customer})
    return len(due) == most


def look_again(tx: Tx) -> None:
    """Everybody is to be looked at, because the weights are new."""
    tx.run(SQL_ALL_DUE)


def _look_at(tx: Tx, customer: bytes, scorer: Scorer) -> None:
    if tx.one(SQL_IS_THERE, {"customer": customer}) is None:
        _forget(tx, customer)
        return
    said, proven = said_of(tx, customer)
    who = person(customer.hex(), said)
    tx.run(
        SQL_KEEP_PERSON,
        {"customer": customer, "said": msgspec.json.encode(said).decode(), "proven": proven},
    )
    own = _keep_keys(tx, customer, who)
    found = [
        suggested
        for other in _sharing(tx, own, customer)
        if (suggested := _suggested(tx, scorer, who, proven, customer, other)) is not None
    ]
    tx.many(SQL_SUGGEST, [row for _, row in found])
    _withdraw(tx, customer, {pair for pair, _ in found})


def _suggested(
    tx: Tx, scorer: Scorer, who: Person, proven: bool, customer: bytes, other: bytes
) -> tuple[tuple[bytes, bytes], dict[str, Any]] | None:
    row = tx.one(SQL_PERSON, {"customer": other})
    if row is None:
        return None
    them = person(other.hex(), msgspec.json.decode(row[0], type=Said))
    if scorer.bits(who, them) < LEAST_BITS:
        return None
    a, b = sorted((customer, other))
    if tx.one(SQL_NEVER, {"a": a, "b": b}) is not None:
        return None
    score = scorer.score(who, them)
    return (a, b), {
        "a": a,
        "b": b,
        "bits": score.bits,
        "prior": score.prior,
        "steps": _steps(score),
        "accounts": bool(proven and row[1]),
        "now": tx.now,
    }


def _steps(score: Score) -> str:
    told = [(step.field, step.level, round(step.bits, 3)) for step in score.steps]
    return msgspec.json.encode(told).decode()


def said_of(read: Read, customer: bytes) -> tuple[Said, bool]:
    """What the scorer compares of a customer, and whether verified claims say who it is."""
    ranked: list[tuple[tuple[int, int, str], str, str]] = []
    proven = False
    for attribute, value, level, at in read.all(
        SQL_ATTRIBUTES_SAID, {"customer": customer, "most": MOST_SAID}
    ):
        if (field := FIELD_OF.get(fold(attribute))) is not None:
            ranked.append(((RANK[level], -at, value), field, value))
    for kind, value, level in read.all(SQL_CLAIMS_SAID, {"customer": customer, "most": MOST_SAID}):
        proven = proven or level == "verified"
        if kind in LINES:
            ranked.append(((RANK[level], 0, value), LINES[kind], value))
    said: Said = {}
    for _, field, value in sorted(ranked):
        values = said.setdefault(field, [])
        if value not in values and len(values) < MOST:
            values.append(value)
    if "given" in said or "surname" in said:  # parts of one name belong together
        said["given"], said["surname"] = said.get("given", [""])[:1], said.get("surname", [""])[:1]
    return said, proven


RANK: Final = {"verified": 0, "observed": 1, "asserted": 2}


def _keep_keys(tx: Tx, customer: bytes, who: Person) -> set[int]:
    own = {number(key) for key in keys(who)}
    before = {row[0] for row in tx.all(SQL_KEYS, {"customer": customer})}
    tx.many(SQL_DROP_KEY, [(key, customer) for key in before - own])
    tx.many(SQL_ADD_KEY, [(key, customer) for key in own - before])
    return own


def number(key: str) -> int:
    """A blocking key as SQLite keeps it: no word of anybody's is stored in an index."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)


def _sharing(tx: Tx, own: Iterable[int], customer: bytes) -> set[bytes]:
    found: set[bytes] = set()
    for key in own:
        block = tx.all(SQL_SHARING, (key, LARGEST + 1))
        if len(block) <= LARGEST:
            found.update(row[0] for row in block)
    found.discard(customer)
    return found


def _withdraw(tx: Tx, customer: bytes, kept: set[tuple[bytes, bytes]]) -> None:
    """Take back what no longer holds. What was decided stays as it was decided."""
    about = tx.all(SQL_ABOUT, {"customer": customer})
    tx.many(SQL_WITHDRAW, [(a, b) for a, b, status, *_ in about if status in WAITING and (a, b) not in kept])


WAITING: Final = ("open", "unsure")


def _forget(tx: Tx, customer: bytes) -> None:
    """This id is nobody's today. What was put off follows its people; whoever they are now is looked at as well."""
    tx.run(SQL_DROP_PERSON, {"customer": customer})
    tx.many(SQL_DROP_KEY, [(row[0], customer) for row in tx.all(SQL_KEYS, {"customer": customer})])
    for a, b, status, until, author in tx.all(SQL_ABOUT, {"customer": customer}):
        if status not in WAITING:
            continue
        tx.run(SQL_WITHDRAW, (a, b))
        now = _today(tx, a), _today(tx, b)
        if status == "unsure" and None not in now and now[0] != now[1]:
            pair = sorted(filter(None, now))
            tx.run(SQL_FOLLOW, (*pair, tx.now, until, author))
            tx.many(SQL_MARK, [(side,) for side in pair])


def _today(tx: Read, anchor: bytes) -> bytes | None:
    try:
        return lookups.resolve(tx, anchor)
    except lookups.UnknownAnchor:
        return None
