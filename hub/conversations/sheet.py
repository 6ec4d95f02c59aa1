"""What a customer has volunteered anywhere, each thing with where and when it was said: so that nobody asks for it again.

Gathered whenever somebody looks, from three places: the reconciled record, the customer's own words and forms in all of their
conversations, and colleagues' notes (what was said on the phone). What was asked and answered is kept as well, because most questions
are about things that no table of kinds has: "Is it for inside or outside?". Nothing is stored, so whatever is taken back, erased or
found to be another person's is gone from here at once.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from hub import identity
from hub.conversations import asking, cases, following, told, view
from hub.conversations.told import Told
from hub.store import Read

CONVERSATIONS = 20
"""The latest conversations of a customer that are read,"""
MESSAGES = 60
"""and the latest messages of each."""
LETTERS = 100_000
"""Characters of their words and of notes that are looked through, of this conversation first: whoever fills a window with digits must not
keep the hub from serving others."""
MOST_ANSWERS = 40
MOST_OF_KIND = 8
"""Somebody may have eight addresses; a window full of numbers is no sheet."""
SHORT = 60
"""Characters up to which an answer may be the thing itself: "38" to "Which size?"."""
ALIKE = 0.6
"""From this likeness on two questions are one."""

SQL_SAID = """
SELECT m.seq, m.author, m.kind, m.text, m.at, m.data, coalesce(l.channel, ''), m.name, m.leg, m.also FROM message m LEFT JOIN leg l ON l.id = m.leg
WHERE m.conversation = :conversation AND m.kind <> 'system' ORDER BY m.seq DESC LIMIT :most"""
_OF_RECORD = {
    "name": "name",
    "company": "company",
    "city": "city",
    "street": "address",
    "postcode": "postcode",
    "birthday": "birthday",
}

Source = Literal["record", "words", "form", "note", "answer"]


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is known. `source`: the record, the customer's words, a form, a colleague's note, an answer to our question.

    `where` is the channel, connection or colleague; `conversation` and `seq` say where to read it, when it was said in one.
    `at`: when it was said last, UTC microseconds; `times`: in how many places. `here`: in this conversation or its case.
    `legs`: those on which it was said or is shown; none for what only colleagues see.
    """

    kind: str
    value: str
    source: Source
    where: str
    at: int
    conversation: bytes | None = None
    seq: int | None = None
    times: int = 1
    here: bool = False
    legs: frozenset[bytes] = frozenset()


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What we asked and what they said next."""

    question: str
    answer: str
    at: int
    conversation: bytes
    seq: int
    """The number of the answer."""


class Sheet(msgspec.Struct, frozen=True):
    """Everything volunteered: facts by kind, the latest first; and answers, the latest first."""

    facts: tuple[Fact, ...]
    answers: tuple[Answered, ...]


class Again(msgspec.Struct, frozen=True):
    """A text would ask for this again: the fact, or the answer that was given already."""

    kind: str
    fact: Fact | None = None
    answered: Answered | None = None


class _Said(msgspec.Struct, frozen=True):
    seq: int
    author: str
    kind: str
    text: str
    at: int
    data: str
    channel: str
    name: str
    leg: bytes | None
    also: bytes | None

    @property
    def by_person(self) -> bool:
        """Whether a person of theirs said it: what a machine writes (somebody is away, a mail came back) names others."""
        return self.author == "visitor" and not _is_automatic(self.data)


def sheet(
    read: Read,
    conversation: bytes,
    region: str | None = None,
    may_read: Callable[[bytes], bool] = lambda talk: True,
) -> Sheet:
    """What is known of the customer of a conversation. `region`: whose national phone numbers are read. Refusals: not_found.

    `may_read`: conversations in which the asker may look; of a thing that was said in several, such a place is told.
    """
    customer = cases.customer_of(read, conversation)
    here = set(cases.together(read, conversation))
    talks = [bytes.fromhex(row.id) for row in view.of_customer(read, customer, CONVERSATIONS)]
    found: list[Fact] = list(_of_record(read, customer))
    answers: list[Answered] = []
    room = LETTERS
    for talk in dict.fromkeys((conversation, *talks)):
        rows = read.all(SQL_SAID, {"conversation": talk, "most": MESSAGES})
        said, room = _within([_Said(*row) for row in rows], room)
        pairs = list(_answers(talk, said))
        answers += pairs
        found += _of_words(talk, said, region, here=talk in here)
        found += _of_answers(pairs, said, region, here=talk in here)
    answers.sort(key=lambda one: (-one.at, one.seq))
    return Sheet(tuple(_each_once(found, may_read)), tuple(answers[:MOST_ANSWERS]))


def again(text: str, known: Sheet) -> list[Again]:
    """What of a text, before it is sent, would ask for something that was said already.

    Asking whether it is still so is no asking again: a text that names the value is left alone.
    """
    found = []
    for kind in asking.asks(text):
        of_kind = [one for one in known.facts if one.kind == kind]
        said = told.same(kind, text)
        if of_kind and not any(told.same(kind, one.value) in said for one in of_kind):
            found.append(Again(kind, fact=of_kind[0]))
    if not found:
        found = [Again("question", answered=one) for one in known.answers if _alike(text, one.question)][:1]
    return found


def question_of(text: str) -> str:
    """The sentences of a text that ask; empty when none does."""
    sentences = asking.SENTENCE.split(text[: asking.LONGEST])
    return " ".join(part.strip() for part in sentences if "?" in part or "？" in part or "؟" in part)[:300]


def _within(said: Sequence[_Said], room: int) -> tuple[list[_Said], int]:
    """Of messages, the latest first, those that there is room for, the oldest first; and the room that is left."""
    kept: list[_Said] = []
    for one in said:
        room -= min(len(one.text), told.LONGEST)
        if room < 0:
            return kept[::-1], 0
        kept.append(one)
    return kept[::-1], room


def _of_record(read: Read, customer: bytes) -> Iterator[Fact]:
    record = identity.record(read, customer)
    for one in record.attributes:
        kind = _OF_RECORD.get(one.attribute)
        if kind is not None:
            yield Fact(
                kind=kind,
                value=one.chosen.value,
                source="record",
                where=one.chosen.connection,
                at=one.chosen.at,
            )
    for held in record.identifiers:
        if held.kind in ("email", "phone") and held.status in ("links", "unverified", "contested"):
            yield Fact(kind=held.kind, value=held.value, source="record", where=held.connection, at=held.at)


def _of_words(talk: bytes, said: Iterable[_Said], region: str | None, *, here: bool) -> Iterator[Fact]:
    for one in said:
        if one.kind == "note":
            yield from _facts(told.told(one.text, region), "note", one.name, talk, one, here=here)
        elif one.by_person:
            fields = _fields(one.data)
            yield from _facts(told.of_fields(fields), "form", one.channel, talk, one, here=here)
            yield from _facts(told.told(one.text, region), "words", one.channel, talk, one, here=here)


def _of_answers(
    pairs: Iterable[Answered], said: Sequence[_Said], region: str | None, *, here: bool
) -> Iterator[Fact]:
    """A short answer to a question for one thing is that thing, though nothing in it proves so."""
    by_seq = {one.seq: one for one in said}
    for pair in pairs:
        kinds = asking.asks(pair.question)
        if len(kinds) == 1 and len(pair.answer) <= SHORT and "?" not in pair.answer:
            one = by_seq[pair.seq]
            if not any(it.kind == kinds[0] for it in told.told(one.text, region)):
                yield from _facts(
                    [Told(kinds[0], pair.answer)], "answer", one.channel, pair.conversation, one, here=here
                )


def _answers(talk: bytes, said: Iterable[_Said]) -> Iterator[Answered]:
    question = ""
    for one in said:
        if one.kind == "note" or (one.author == "visitor" and not one.by_person):
            continue
        if one.author == "visitor":
            if question and one.text.strip():
                yield Answered(
                    question=question,
                    answer=one.text.strip()[:300],
                    at=one.at,
                    conversation=talk,
                    seq=one.seq,
                )
            question = ""
        else:
            question = question_of(one.text) or question


def _facts(
    found: Iterable[Told], source: Source, where: str, talk: bytes, one: _Said, *, here: bool
) -> Iterator[Fact]:
    for it in found:
        yield Fact(
            kind=it.kind,
            value=it.value,
            source=source,
            where=where,
            at=one.at,
            conversation=talk,
            seq=one.seq,
            here=here,
            legs=frozenset(leg for leg in (one.leg, one.also) if leg),
        )


def _each_once(found: Iterable[Fact], may_read: Callable[[bytes], bool]) -> list[Fact]:
    """The same thing once, as it was said last; sorted as the table of kinds, then the latest first."""
    best: dict[tuple[str, str], Fact] = {}
    told_last = sorted(
        found, key=lambda one: (one.conversation is None or may_read(one.conversation), one.at)
    )
    for fact in told_last:
        key = (fact.kind, told.same(fact.kind, fact.value))
        before = best.get(key)
        best[key] = fact if before is None else _once_more(before, fact)
    latest = sorted(best.values(), key=lambda one: -one.at)
    return [one for kind in asking.KINDS for one in [it for it in latest if it.kind == kind][:MOST_OF_KIND]]


def _once_more(before: Fact, fact: Fact) -> Fact:
    return msgspec.structs.replace(
        fact, times=before.times + 1, here=fact.here or before.here, legs=fact.legs | before.legs
    )


def _fields(data: str) -> list[tuple[str, str]]:
    if "fields" not in data:
        return []
    fields: Any = json.loads(data).get("fields")
    return [(str(k), str(v)) for k, v in fields.items()][:50] if isinstance(fields, dict) else []


def _is_automatic(data: str) -> bool:
    mail: Any = json.loads(data).get("mail") if '"automatic"' in data else None
    return isinstance(mail, dict) and bool(mail.get("automatic"))


def _alike(text: str, question: str) -> bool:
    asked = question_of(text)
    return bool(asked) and following.likeness(asked, question) >= ALIKE
