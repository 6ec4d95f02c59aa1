"""The checker: what clients saw, against what the database holds. Rules C1 to C7 and C9; C8 is about the process (`bounds`).

The rules are those of Jepsen's checkers in our words: lost and stale reads (set-full), lost and doubled (total-queue), order and skips
(kafka). A finding is one sentence that begins with its rule.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from tests.faults.story import Seen, Story

MOST = 12
"""Findings of one rule that are told; a thousand say no more than a few."""


SQL_SPOKEN = "SELECT lower(hex(id)) FROM message WHERE kind <> 'system' AND audience = 'all'"
SQL_OPENED = "SELECT lower(hex(id)) FROM conversation"
SQL_HOOK_ROWS = "SELECT lower(hex(item)), state FROM outbox WHERE kind = 'webhook'"


class Row(NamedTuple):
    conversation: str
    seq: int
    leg_seq: int | None
    client_id: str | None
    author: str
    text: str
    leaves: bool


def rows_of(database: Path) -> list[Row]:
    """Every message, in the order of its conversation."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as file:
        found = file.execute(
            "SELECT lower(hex(conversation)), seq, leg_seq, client_id, author, text, leaves FROM message ORDER BY conversation, seq"
        )
        return [Row(*row) for row in found]


def check(story: Story, database: Path) -> list[str]:
    """Every finding; none is what we promise."""
    rows = rows_of(database)
    findings: dict[str, list[str]] = defaultdict(list)
    for name, rule in RULES.items():
        findings[name] = [f"{name}: {it}" for it in rule(story, rows)]
    findings["C5"] = [f"C5: {it}" for it in [*fan_out(database), *hooks(story, database)]]
    findings["C7"] = [f"C7: {it}" for it in state(database)]
    return [it for name in sorted(findings) for it in findings[name][:MOST]]


def lost(story: Story, rows: list[Row]) -> list[str]:
    """C1: an acknowledged client id has no row, or another number."""
    held = {row.client_id: row for row in rows if row.client_id}
    found = []
    for it in story.told:
        row = held.get(it.client_id)
        if row is None:
            found.append(f"{it.sender} was told that {it.client_id} is stored as {it.seq}; it is not there")
        elif it.seq != (number := row.leg_seq if it.sender in story.visitors else row.seq):
            found.append(f"{it.sender} was told {it.seq} for {it.client_id}; it is {number}")
    return found


def doubled(story: Story, rows: list[Row]) -> list[str]:
    """C2: a text is stored twice, or a reader is given a message twice outside a resume."""
    texts = Counter((row.conversation, row.text) for row in rows if row.author in ("visitor", "operator"))
    found = [f"{text!r} is stored {count} times" for (_, text), count in texts.items() if count > 1]
    for reader, seen in _by_reader(story).items():
        held: set[int] = set()
        for it in seen:
            if it.seq in held and not it.resumed:
                found.append(f"{reader} was given {it.seq} twice without having asked")
            held.add(it.seq)
    return found


def order(story: Story, rows: list[Row]) -> list[str]:
    """C3: numbers have holes, or a sender's words stand in another order than they were written."""
    found = []
    by_talk: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_talk[row.conversation].append(row)
    written = {it.text: it for it in story.sent}
    for talk, its in by_talk.items():
        for what, numbers in (
            ("seq", [row.seq for row in its]),
            ("leg_seq", sorted(row.leg_seq for row in its if row.leg_seq is not None)),
        ):
            if numbers != list(range(1, len(numbers) + 1)):
                found.append(f"{what} of {talk[:8]} has holes: {numbers[:20]}…")
        last: dict[str, int] = {}
        for row in its:
            it = written.get(row.text)
            if it is None:
                continue
            if it.n <= last.get(it.sender, -1):
                found.append(f"{it.sender}'s {it.text!r} stands after a later one")
            last[it.sender] = it.n
    return found


def same_story(story: Story, rows: list[Row]) -> list[str]:
    """C4: a reader was given another text under a number than is stored, or jumped over one, or ended before the end."""
    by_seq = {(row.conversation, row.seq): row.text for row in rows}
    by_leg = {(row.conversation, row.leg_seq): row.text for row in rows if row.leg_seq is not None}
    found = []
    for reader, seen in _by_reader(story).items():
        stored = by_leg if reader in story.visitors else by_seq
        reached = 0
        for it in seen:
            if stored.get((it.conversation, it.seq)) != it.text:
                found.append(
                    f"{reader} was given {it.text!r} as {it.seq}; stored is {stored.get((it.conversation, it.seq))!r}"
                )
            if it.seq > reached + 1:
                found.append(f"{reader} was given {it.seq} after {reached}: something between was left out")
            reached = max(reached, it.seq)
        talk = seen[-1].conversation
        end = max(n for conversation, n in stored if conversation == talk)
        if reached < end:
            found.append(f"{reader} ended with {reached} of {end}, though everybody had caught up")
    return found


def privacy(story: Story, rows: list[Row]) -> list[str]:
    """C6: a canary outside its conversation, or a note before a visitor's eyes."""
    notes = {it.text for it in story.sent if it.note}
    found = []
    for it in story.seen:
        owner = story.canaries.get(it.text.partition("/")[0])
        if it.reader in story.visitors and owner is not None and owner != it.reader:
            found.append(f"{it.reader} was given words of {owner}")
        if it.reader in story.visitors and it.text in notes:
            found.append(f"{it.reader} was given a note of operators")
    return found


def honesty(story: Story, rows: list[Row]) -> list[str]:
    """C9: somebody was told that it will not be stored, and it is."""
    held = {row.client_id for row in rows}
    told = {it.client_id for it in story.told}
    return [
        f"{it.sender} was refused {it.client_id} ({it.code}), and it is stored"
        for it in story.refused
        if it.client_id in held and it.client_id not in told
    ]


def fan_out(database: Path) -> list[str]:
    """C5: a message that leaves has no outbox row; or the receiver, who drops repeated ids, has not exactly one of each."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as file:
        missing = file.execute(
            "SELECT lower(hex(m.id)) FROM message m WHERE m.leaves AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.item = m.id)"
        ).fetchall()
        leaving = {
            row[0]: row[1] for row in file.execute("SELECT lower(hex(id)), text FROM message WHERE leaves")
        }
        waiting = file.execute(
            "SELECT lower(hex(item)), state, why FROM outbox WHERE state NOT IN ('sent', 'delivered', 'read')"
        )
        found = [f"message {row[0]} leaves and has no outbox row" for row in missing]
        found += [f"{message} is still {state} ({why})" for message, state, why in waiting]
    book = database.with_name("loft") / "delivered.jsonl"
    lines = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
    times = Counter(line["id"] for line in lines)
    found += [
        f"{message} ({text!r}) never reached the receiver"
        for message, text in leaving.items()
        if message not in times
    ]
    found += [
        f"{message} reached the receiver and was never sent" for message in times if message not in leaving
    ]
    return found


def hooks(story: Story, database: Path) -> list[str]:
    """C5: what happened and no endpoint was to be told of; what was told of twice under two ids, not at all, or in another order."""
    if story.hooked is None:
        return []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as file:
        happened = {("message.created", row[0]) for row in file.execute(SQL_SPOKEN)}
        happened |= {("conversation.opened", row[0]) for row in file.execute(SQL_OPENED)}
        rows = {row[0]: row[1] for row in file.execute(SQL_HOOK_ROWS)}
    told = Counter((it.event, it.about) for it in story.hooked)
    taken = {it.id.removeprefix("msg_") for it in story.hooked}
    found = [f"{event} of {about} was never told" for event, about in sorted(happened - set(told))]
    found += [
        f"{event} of {about} was told under {count} ids"
        for (event, about), count in told.items()
        if count > 1
    ]
    found += [
        f"{event} of {about} was told and never happened" for event, about in sorted(set(told) - happened)
    ]
    found += [f"event {one} is {state} and was not taken" for one, state in rows.items() if one not in taken]
    found += [
        f"event {one} was taken and is still {rows.get(one)}"
        for one in sorted(taken)
        if rows.get(one) != "sent"
    ]
    reached: dict[str, int] = {}
    for it in story.hooked:
        if it.seq <= reached.get(it.conversation, -1):
            found.append(
                f"{it.event} {it.seq} of {it.conversation[:8]} was told after {reached[it.conversation]}"
            )
        reached[it.conversation] = max(it.seq, reached.get(it.conversation, -1))
    return found


def state(database: Path) -> list[str]:
    """C7: SQLite's own opinion of the file."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as file:
        verdict = [row[0] for row in file.execute("PRAGMA integrity_check")]
        foreign = file.execute("PRAGMA foreign_key_check").fetchall()
    return [it for it in verdict if it != "ok"] + [f"foreign key: {row}" for row in foreign]


RULES = {"C1": lost, "C2": doubled, "C3": order, "C4": same_story, "C6": privacy, "C9": honesty}


def _by_reader(story: Story) -> dict[str, list[Seen]]:
    by: dict[str, list[Seen]] = defaultdict(list)
    for it in story.seen:
        by[it.reader].append(it)
    return by
