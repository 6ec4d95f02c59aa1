"""Work out what was too large to settle at once: the rule on a read snapshot, written a slice at a time while chats go on.

A component marked dirty keeps its old records, and a console shows that they are being worked out. `plan` computes what they shall be;
each call of `carry_out` writes the next few, whole components first, and stops when somebody has changed the component since: then it
stays dirty, and the next plan begins from what is there. Every state on the way has each touchpoint in exactly one record.

Large components that have become one keep their labels, each dirty, until a plan brings them together. Where the status of an identifier
that thousands claim has turned, a first plan goes through its claims, whatever component they are in.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from hub.identity import events, judging
from hub.identity.events import RecordEvent
from hub.identity.settling import (
    SQL_COMPONENT,
    SQL_DROP_COMPONENT,
    SQL_MOVE,
    Loaded,
    Row,
    Settled,
    anchors,
    put,
    rules_of,
    settle,
    solve,
)
from hub.identity.summary import Summary
from hub.store.tx import Read, Tx

SLICE: Final = 50
"""Nodes, about, that one call moves; telling of one that is a record of its own by now is a third of a millisecond."""

SQL_DIRTY = """
SELECT label FROM (SELECT label FROM component WHERE dirty LIMIT 20)
UNION SELECT coalesce((SELECT e.component FROM claim c JOIN evidence e ON e.key = c.evidence
                       WHERE c.kind = b.kind AND c.value = b.value LIMIT 1), x'') FROM behind b"""
SQL_BEHIND = "SELECT kind, value, turned FROM behind LIMIT 1"
SQL_CAUGHT_UP = "DELETE FROM behind WHERE kind = ? AND value = ? AND turned = ?"
SQL_BEING_WORKED_OUT = """
SELECT EXISTS (SELECT 1 FROM component c INDEXED BY component_dirty CROSS JOIN evidence e INDEXED BY evidence_by_component
               ON e.component = c.label AND e.customer = :customer WHERE c.dirty)
    OR EXISTS (SELECT 1 FROM behind b CROSS JOIN claim c ON c.kind = b.kind AND c.value = b.value
               CROSS JOIN evidence e ON e.key = c.evidence AND e.customer = :customer)"""

SQL_CUSTOMERS_IN = (
    "SELECT DISTINCT customer FROM evidence WHERE component = ? AND customer IS NOT NULL LIMIT ?"
)
SQL_OTHERS = "SELECT 1 FROM component WHERE dirty AND label <> ? LIMIT 1"
SQL_BESIDE = """
SELECT DISTINCT x.component FROM (
  SELECT DISTINCT c.kind, c.value, c.links FROM evidence e JOIN claim c ON c.evidence = e.key
  WHERE e.component = :label AND c.links > 0) k
CROSS JOIN claim o ON o.kind = k.kind AND o.value = k.value AND o.links = k.links
CROSS JOIN evidence x ON x.key = o.evidence AND x.component <> :label
UNION
SELECT o.component FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key JOIN evidence o ON o.key IN (r.a, r.b)
WHERE e.component = :label AND e.ruled AND r.op = 'same' AND o.component <> :label"""


class Step(msgspec.Struct, frozen=True):
    """One slice: rows of nodes that change, components that are finished with it, and what is told; or nodes whose claims follow an
    identifier that has turned, and with the last of them (identifier, turn) that is followed."""

    rows: list[tuple[bytes, Row]]
    components: list[tuple[bytes, bytes | None, Summary]]
    events: tuple[RecordEvent, ...]
    behind: Sequence[bytes] = ()
    caught_up: tuple[str, str, bytes] | None = None
    begins: bytes | None = None
    """The label of a new component of which this is the first part; nobody is settled there by themselves until it is whole."""
    goes_on: bytes | None = None
    """The label of the one of which it is a later part."""


class Plan(msgspec.Struct, frozen=True):
    """What the records of a component, and of those connected with it, shall be, as of one version of each, in steps."""

    label: bytes
    versions: Mapping[bytes, int]
    steps: Sequence[Step]


def pending(read: Read) -> list[bytes]:
    """Components whose records have to be worked out."""
    return [row[0] for row in read.all(SQL_DIRTY)]


def is_being_worked_out(read: Read, customer: bytes) -> bool:
    """Whether a customer's record may still change by itself, for it is large."""
    row = read.one(SQL_BEING_WORKED_OUT, {"customer": customer})
    return row is not None and bool(row[0])


def customers_in(read: Read, label: bytes, limit: int) -> list[bytes]:
    """Some of the customers in a component."""
    return [row[0] for row in read.all(SQL_CUSTOMERS_IN, (label, limit))]


def plan(read: Read, label: bytes, most: int = SLICE) -> Plan | None:
    """Apply the rule to a component; seconds for tens of thousands of nodes, so on a reader. None when there is nothing to do.
    `most`: nodes of one step, about."""
    behind = read.one(SQL_BEHIND)
    if behind is not None:
        return _following(read, label, behind, most)
    stored = read.one(SQL_COMPONENT, (label,))
    if stored is None or not stored[2]:
        return None
    versions = _connected_with(read, label)
    found = Loaded(read, versions)
    settled = solve(found, rules_of(read))
    told = events.compare(
        [(found.rows[key][0], row[0]) for key, row in settled.rows.items()], anchors(found), label
    )
    return Plan(label, versions, _with_events(_steps(found, settled, most), told, found))


def _following(read: Read, label: bytes, behind: tuple[str, str, bytes], most: int) -> Plan:
    """Let all who claim an identifier join by what they may, now that it has turned."""
    nodes = [row[0] for row in read.all(judging.SQL_CLAIMANTS, behind[:2])]
    steps = [Step([], [], (), nodes[n : n + most]) for n in range(0, len(nodes), most)]
    return Plan(label, {}, [*steps, Step([], [], (), caught_up=behind)])


def _connected_with(read: Read, label: bytes) -> dict[bytes, int]:
    """{component: its version} of one and of all that are connected with it by now."""
    found: dict[bytes, int] = {}
    left = {label}
    # What is connected with one that is dirty is dirty as well, and is mostly not there.
    others = read.one(SQL_OTHERS, (label,)) is not None
    while left:
        one = left.pop()
        stored = read.one(SQL_COMPONENT, (one,))
        assert stored is not None, "every node's component is stored"
        found[one] = stored[0]
        if others:
            left |= {row[0] for row in read.all(SQL_BESIDE, {"label": one})} - found.keys()
    return found


def _steps(found: Loaded, settled: Settled, most: int) -> list[Step]:
    members: dict[bytes, list[tuple[bytes, Row]]] = {}
    for key, row in settled.rows.items():
        members.setdefault(row[1], []).append((key, row))
    steps: list[Step] = []
    last = Step([], [], ())
    # What keeps a label comes last: until then the rest may be found there again.
    for group in sorted(members, key=lambda one: (one in found.labels, len(members[one]))):
        changed = [(key, row) for key, row in members[group] if row != found.rows[key]]
        whole = (group, *settled.components[group])
        if group in found.labels:
            steps += [Step(changed[n : n + most], [], ()) for n in range(0, len(changed), most)]
            last.components.append(whole)
        elif steps and not steps[-1].goes_on and len(steps[-1].rows) + len(changed) <= most:
            steps[-1] = Step(steps[-1].rows + changed, [*steps[-1].components, whole], ())
        elif len(changed) <= most:
            steps.append(Step(changed, [whole], ()))
        else:
            parts = [changed[n : n + most] for n in range(0, len(changed), most)]
            steps.append(Step(parts[0], [], (), begins=group))
            steps += [Step(part, [], (), goes_on=group) for part in parts[1:-1]]
            steps.append(Step(parts[-1], [whole], (), goes_on=group))
    return [*steps, last]


def _with_events(steps: Sequence[Step], told: Sequence[RecordEvent], found: Loaded) -> list[Step]:
    """Tell each event with the step that makes it true: who comes out, with their first row; who is merged, with the last that leaves
    the record they were; what moves nobody with the last."""
    comes, leaves = dict[bytes, int](), dict[bytes, int]()
    for n, step in enumerate(steps):
        for key, (now, _) in step.rows:
            was = found.rows[key][0]
            if now is not None:
                comes.setdefault(now, n)
            if was is not None and was != now:
                leaves[was] = n
    waiting: dict[int, list[RecordEvent]] = {}
    for event in told:
        place = comes if event.other is None or event.kind == "split" else leaves
        waiting.setdefault(place.get(event.other or event.customer, len(steps) - 1), []).append(event)
    return [msgspec.structs.replace(step, events=tuple(waiting.get(n, ()))) for n, step in enumerate(steps)]


def carry_out(tx: Tx, plan: Plan, n: int) -> tuple[RecordEvent, ...] | None:
    """Write the plan's step `n`; None when the component has changed since, and the rest of the plan is void."""
    step = plan.steps[n]
    if step.behind or step.caught_up:
        return _follow(tx, plan.label, step)
    if any(_version(tx, label) != version for label, version in plan.versions.items()):
        return None
    if step.goes_on and _version(tx, step.goes_on) != 1:
        return None  # somebody has come to the new component; it is worked out with the rest of the old one
    if step.begins:
        put(tx, step.begins, None, Summary(nodes=len(step.rows)), dirty=True)
    tx.many(SQL_MOVE, [(*row, key) for key, row in step.rows])
    for label, customer, about in step.components:
        put(tx, label, customer, about)
    if n == len(plan.steps) - 1:
        for label in plan.versions.keys() - {label for label, *_ in step.components}:
            tx.run(SQL_DROP_COMPONENT, (label,))
    events.store(tx, step.events)
    return step.events


def _follow(tx: Tx, label: bytes, step: Step) -> tuple[RecordEvent, ...]:
    # Right whatever came in between; a node that is gone has no claims any more.
    there = [node for node in step.behind if tx.one(judging.SQL_COMPONENT_OF, (node,))]
    touched = {one for node in there for one in judging.relink(tx, node)}
    if step.caught_up:
        tx.run(SQL_CAUGHT_UP, step.caught_up)
    return settle(tx, touched, label) if touched else ()


def _version(tx: Read, label: bytes) -> int | None:
    stored = tx.one(SQL_COMPONENT, (label,))
    return None if stored is None else int(stored[0])
