"""When suggestions are made: a look at whoever changed, every few seconds, and every night what the site itself teaches.

What was learned is a row, read again when it is new, so a second hub or a restart goes on with it.
"""

import asyncio
import logging
import random
from typing import Final

import msgspec

from hub.identity import shelves, suggesting
from hub.identity.matching.counting import Counts
from hub.identity.matching.model import Scorer
from hub.identity.matching.person import Person, person
from hub.identity.matching.site import FEWEST, LOOKED_AT, Learned, from_text, learn, small, taught, to_text
from hub.store import Read, Store, Tx

log = logging.getLogger("hub.identity")

AT_ONCE: Final = 1_000
DAY: Final = 86_400_000_000 - 3_600_000_000
"""Microseconds; an hour less, so that the hour of the look stays the same."""
SQL_MODEL_NEWER = "SELECT id, body FROM match_model WHERE id > :known ORDER BY id DESC LIMIT 1"
SQL_MODEL_AT = "SELECT at, people FROM match_model ORDER BY id DESC LIMIT 1"
SQL_KEEP_MODEL = "INSERT INTO match_model (at, people, body) VALUES (:at, :people, :body)"
SQL_DROP_MODELS = "DELETE FROM match_model WHERE id < (SELECT max(id) FROM match_model)"
SQL_PEOPLE = "SELECT customer, said FROM match_person WHERE customer > :after ORDER BY customer LIMIT :most"
SQL_SIZE = "SELECT count(*) FROM match_person"


class Suggester:
    """Looks at customers that changed, and learns. `look_due` and `learn_due` are jobs; neither blocks the event loop for long."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = 0
        self._scorer: Scorer | None = None

    async def look_due(self) -> None:
        """Look at everybody who changed; one look at a table when nobody did."""
        if not await self._store.read(suggesting.pending):
            return
        scorer = await self._up_to_date()
        while await self._store.write_background(suggesting.look, scorer):
            pass

    async def learn_due(self) -> None:
        """Learn once a day, and when the site has doubled since."""
        if await self._store.read(_learning_is_due):
            await self.learn()

    async def learn(self) -> None:
        """Learn from the site, and look at everybody again. Some seconds of a thread for ten thousand customers."""
        counts, size, after = Counts(), 0, b""
        sample: list[Person] = []
        dice = random.Random(1)
        while rows := await self._store.read(_people, after):
            size = await asyncio.to_thread(_take, rows, counts, sample, size, dice)
            after = rows[-1][0]
        learned = await asyncio.to_thread(learn, sample, counts, size)
        verdicts = await self._store.read(shelves.verdicts)
        better = await asyncio.to_thread(taught, verdicts, learned.weights)
        if better is not None:
            log.info("%d verdicts of operators taught the scorer", len(verdicts))
            learned = Learned(better, learned.counts)
        await self._store.write_background(_keep, to_text(learned), size)

    async def _up_to_date(self) -> Scorer:
        found = await self._store.read(_newer, self._known)
        if found is not None:
            self._known, self._scorer = found[0], from_text(found[1]).scorer()
        elif self._scorer is None:
            size = await self._store.read(_size)
            return Learned(small(size), Counts()).scorer()
        assert self._scorer is not None
        return self._scorer


def _newer(read: Read, known: int) -> tuple[int, str] | None:
    row = read.one(SQL_MODEL_NEWER, {"known": known})
    return (row[0], row[1]) if row else None


def _learning_is_due(read: Read) -> bool:
    size, last = _size(read), read.one(SQL_MODEL_AT)
    if last is None:
        return size >= FEWEST
    return bool(read.now - last[0] >= DAY or size > 2 * max(FEWEST, last[1]))


def _size(read: Read) -> int:
    row = read.one(SQL_SIZE)
    assert row is not None
    return int(row[0])


def _people(read: Read, after: bytes) -> list[tuple[bytes, str]]:
    return [(row[0], row[1]) for row in read.all(SQL_PEOPLE, {"after": after, "most": AT_ONCE})]


def _take(
    rows: list[tuple[bytes, str]], counts: Counts, sample: list[Person], size: int, dice: random.Random
) -> int:
    """Count these people, and keep a fair sample of all so far; how many that are."""
    for customer, said in rows:
        who = person(customer.hex(), msgspec.json.decode(said, type=suggesting.Said))
        counts.add(who)
        size += 1
        if len(sample) < LOOKED_AT:
            sample.append(who)
        elif (place := dice.randrange(size)) < LOOKED_AT:
            sample[place] = who
    return size


def _keep(tx: Tx, body: str, size: int) -> None:
    tx.run(SQL_KEEP_MODEL, {"at": tx.now, "people": size, "body": body})
    tx.run(SQL_DROP_MODELS)
    suggesting.look_again(tx)
