"""Work out what was too large to settle at once: the rule on a read snapshot, written a slice at a time while chats go on.

A component marked dirty keeps its old records, and a console shows that they are being worked out. `plan` computes what they shall be;
each call of `carry_out` writes the next few, whole components first, and stops when somebody has changed the component since: then it
stays dirty, and the next plan begins from what is there. Every state on the way has each touchpoint in exactly one record.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from hub.identity import events
from hub.identity.events import RecordEvent
from hub.identity.settling import (
    SQL_COMPONENT,
    SQL_DROP_COMPONENT,
    SQL_MOVE,
    Loaded,
    Row,
    anchors,
    put,
    rules_of,
    solve,
)
from hub.identity.summary import Summary
from hub.store.tx import Read, Tx

SLICE: Final = 150
"""Nodes, about, that one call moves."""

SQL_DIRTY = "SELECT label FROM component WHERE dirty LIMIT 20"
SQL_BEING_WORKED_OUT = """
SELECT EXISTS (SELECT 1 FROM component c INDEXED BY component_dirty CROSS JOIN evidence e INDEXED BY evidence_by_component
               ON e.component = c.label AND e.customer = ? WHERE c.dirty)"""

SQL_CUSTOMERS_IN = (
    "SELECT DISTINCT customer FROM evidence WHERE component = ? AND customer IS NOT NULL LIMIT ?"
)


class Step(msgspec.Struct, frozen=True):
    """One slice: rows of nodes that change, components that are finished with it, and what is told."""

    rows: list[tuple[bytes, Row]]
    components: list[tuple[bytes, bytes | None, Summary]]
    events: tuple[RecordEvent, ...]


class Plan(msgspec.Struct, frozen=True):
    """What a component's records shall be, as of one version of it, in steps."""

    label: bytes
    version: int
    steps: Sequence[Step]


def pending(read: Read) -> list[bytes]:
    """Components whose records have to be worked out."""
    return [row[0] for row in read.all(SQL_DIRTY)]


def is_being_worked_out(read: Read, customer: bytes) -> bool:
    """Whether a customer's record may still change by itself, for it is large."""
    row = read.one(SQL_BEING_WORKED_OUT, (customer,))
    return row is not None and bool(row[0])


def customers_in(read: Read, label: bytes, limit: int) -> list[bytes]:
    """Some of the customers in a component."""
    return [row[0] for row in read.all(SQL_CUSTOMERS_IN, (label, limit))]


def plan(read: Read, label: bytes) -> Plan | None:
    """Apply the rule to a component; seconds for tens of thousands of nodes, so on a reader. None when there is nothing to do."""
    stored = read.one(SQL_COMPONENT, (label,))
    if stored is None or not stored[2]:
        return None
    found = Loaded(read, [label])
    settled = solve(found, rules_of(read))
    told = events.compare(
        [(found.rows[key][0], row[0]) for key, row in settled.rows.items()], anchors(found), label
    )
    members: dict[bytes, list[tuple[bytes, Row]]] = {}
    for key, row in settled.rows.items():
        members.setdefault(row[1], []).append((key, row))
    steps: list[Step] = []
    # What keeps the label comes last: until then the rest may be found there again.
    for group in sorted(members, key=lambda one: (one == label, len(members[one]))):
        changed = [(key, row) for key, row in members[group] if row != found.rows[key]]
        whole = (group, *settled.components[group])
        if group == label:
            steps += [Step(changed[n : n + SLICE], [], ()) for n in range(0, len(changed), SLICE)]
            steps.append(Step([], [whole], ()))
        elif steps and len(steps[-1].rows) + len(changed) <= SLICE:
            steps[-1] = Step(steps[-1].rows + changed, [*steps[-1].components, whole], ())
        else:
            steps.append(Step(changed, [whole], ()))
    return Plan(label, stored[0], _with_events(steps or [Step([], [], ())], told))


def _with_events(steps: Sequence[Step], told: Sequence[RecordEvent]) -> list[Step]:
    """Tell each event with the step that makes it true; what moves nobody with the last."""
    waiting: dict[bytes, list[RecordEvent]] = {}
    for event in told:
        waiting.setdefault(
            event.other if event.kind == "split" and event.other else event.customer, []
        ).append(event)
    found = []
    for n, step in enumerate(steps):
        here = [event for _, row in step.rows if row[0] for event in waiting.pop(row[0], ())]
        if n == len(steps) - 1:
            here += [event for events_ in waiting.values() for event in events_]
        found.append(msgspec.structs.replace(step, events=tuple(here)))
    return found


def carry_out(tx: Tx, plan: Plan, n: int) -> tuple[RecordEvent, ...] | None:
    """Write the plan's step `n`; None when the component has changed since, and the rest of the plan is void."""
    stored = tx.one(SQL_COMPONENT, (plan.label,))
    if stored is None or stored[0] != plan.version:
        return None
    step = plan.steps[n]
    tx.many(SQL_MOVE, [(*row, key) for key, row in step.rows])
    for label, customer, about in step.components:
        put(tx, label, customer, about)
    if not plan.steps[-1].components:
        tx.run(SQL_DROP_COMPONENT, (plan.label,))
    events.store(tx, step.events)
    return step.events
