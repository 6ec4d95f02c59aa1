"""How well touchpoints find their people: the hub's rule beside the usual design and exact addresses, on labelled touchpoints.

    python -m tests.bench.bench_identity [FILE.jsonl[.gz]]

Everything in one run and one process. "Identified" are touchpoints with an account, an address, a number or another system's id;
precision and recall are over pairs of them, "mixed" are records that hold two people. Each design is asked twice, the second time
with the same file in another order; what differs then follows from arrival, not from what was said.
"""

import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hub import identity, ids, intake
from hub.cli.replaying import IDENTIFYING, Line, read, touchpoint
from hub.identity import rule, suggesting
from hub.identity.matching.clustering import clusters
from hub.identity.matching.counting import Counts
from hub.identity.matching.model import probability
from hub.identity.matching.person import person
from hub.identity.matching.site import learn
from hub.identity.names import fold
from hub.identity.terms import Node, Said
from hub.store import scratch_tx
from tests.bench import shop
from tests.bench.report import table
from tests.bench.usual_design import Profiles, by_address

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "identity" / "touchpoints_dev.jsonl.gz"
CROWDS = (
    ("it_IT", 1, "as the file"), ("it_IT", 5, "noisy"), ("de_DE", 6, "noisy"), ("en_GB", 7, "noisy"), ("pl_PL", 8, "noisy"),
)  # fmt: skip
"""Locale, seed and habits of populations that nothing was tuned on."""
NOW = 1_900_000_000_000_000
Answer = Mapping[str, Any]


def pure(lines: Sequence[Line]) -> Answer:
    """The batch rule alone, in memory."""
    said = {line.id: keys(line) for line in lines}
    found: dict[Any, list[bytes]] = defaultdict(list)
    where: dict[str, Any] = {}
    for line in lines:
        touch = ids.touch_id(int(line.at.timestamp() * 1e6), "replay", line.id)
        names = intake.read_names(touchpoint(line).attributes)
        where[line.id] = intake.evidence_key(touch, said[line.id], names)
        found[where[line.id], said[line.id], names].append(touch)
    nodes = [
        Node(
            key,
            min(touches),
            tuple(Said((c.kind, c.value), c.level.rank, c.status) for c in claims),
            tuple(map(fold, names)),
        )
        for (key, claims, names), touches in found.items()
    ]
    first = {node.key: node.first for node in nodes}
    whose = {key: min(first[k] for k in record) for record in rule.records(nodes).records for key in record}
    return {line.id: whose[where[line.id]] for line in lines}


def engine(lines: Sequence[Line]) -> Answer:
    """The write path: intake and identity, one touchpoint after the other."""
    with scratch_tx(now=NOW) as tx:
        for line in lines:
            identity.resolve_touch(tx, intake.accept(tx, "replay", touchpoint(line)))
        return dict(
            tx.all("SELECT t.key, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence")
        )


def usual(lines: Sequence[Line]) -> Answer:
    profiles = Profiles()
    for line in lines:
        profiles.place(line.id, [(c.kind, c.value) for c in keys(line)])
    return profiles.profiles()


def exact(lines: Sequence[Line]) -> Answer:
    return by_address((line.id, [(c.kind, c.value) for c in keys(line)]) for line in lines)


def keys(line: Line) -> tuple[intake.AcceptedClaim, ...]:
    return intake.read_claims(touchpoint(line).claims, line.region)[0]


def score(lines: Sequence[Line], answer: Answer) -> tuple[float, float, int, int, int]:
    """Precision, recall, mixed records, all records, people in the biggest."""
    inside: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: dict[str, int] = defaultdict(int)
    for line in lines:
        if any(kind in IDENTIFYING for kind, _, _ in line.claims):
            inside[answer[line.id]][str(line.truth)] += 1
            people[str(line.truth)] += 1
    right = sum(pairs(n) for record in inside.values() for n in record.values())
    together = sum(pairs(sum(record.values())) for record in inside.values())
    mixed = sum(len(record) > 1 for record in inside.values())
    biggest = max(len(record) for record in inside.values())
    return right / together, right / sum(map(pairs, people.values())), mixed, len(inside), biggest


def pairs(n: int) -> int:
    return n * (n - 1) // 2


def differing(one: Answer, other: Answer) -> int:
    """Records of the first answer that are no records of the second."""
    sets = [defaultdict(set), defaultdict(set)]
    for found, answer in zip(sets, (one, other), strict=True):
        for event, record in answer.items():
            found[record].add(event)
    theirs = {frozenset(record) for record in sets[1].values()}
    return sum(frozenset(record) not in theirs for record in sets[0].values())


DESIGNS: dict[str, Callable[[Sequence[Line]], Answer]] = {
    "exact e-mail": exact,
    "usual design": usual,
    "the rule, in memory": pure,
    "the hub's write path": engine,
}


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table."""
    file = Path(arguments[0]) if arguments else SHARED
    if not file.is_file():
        print(f"no labelled touchpoints at {file}; name a file")
        return
    lines = list(read(file))
    shuffled = random.Random(11).sample(lines, len(lines))
    rows = []
    for name, design in DESIGNS.items():
        answer = design(lines)
        precision, recall, mixed, records, biggest = score(lines, answer)
        f1 = 2 * precision * recall / (precision + recall)
        rows.append(
            (name, f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}", f"{mixed} ({mixed / records:.1%})", biggest,
             differing(answer, design(shuffled)))
        )  # fmt: skip
    head = (
        "design",
        "precision",
        "recall",
        "F1",
        "mixed records",
        "people in the biggest",
        "other by arrival",
    )
    table(f"Touchpoints finding their people: {file.name}, {len(lines)} touchpoints", head, rows)
    if find_spec("faker") is None:
        print("Other populations: left out, for Faker is not there (pip install touchpoint-hub[bench]).")
        return
    others([file])


def others(files: Sequence[Path]) -> None:
    """The rule and its suggestions on files, and on crowds that nothing was tuned on."""
    from tests.bench.crowd import NOISY, Crowd, Habits

    rows = [population(file.name, file) for file in files]
    with tempfile.TemporaryDirectory() as folder:
        for locale, seed, habits in CROWDS:
            crowd = Crowd(locale, seed, 1_500, NOISY if habits == "noisy" else Habits())
            rows.append(population(f"{locale}, {habits}", crowd.write(Path(folder) / "crowd.jsonl.gz")))
    head = ("population", "touchpoints", "precision", "recall", "mixed records", "usual design: P / R", "suggestions ≥ .95: P / R", "recall with them")  # fmt: skip
    table("The same rule on other populations", head, rows)


def population(name: str, file: Path) -> tuple[object, ...]:
    """One row: the rule and the usual design, and what suggestions would add with the weights that ship."""
    lines = list(read(file))
    precision, recall, mixed, records, _ = score(lines, pure(lines))
    theirs = score(lines, usual(lines))
    right, found, after = suggestions(file)
    return (
        name, len(lines), f"{precision:.3f}", f"{recall:.3f}", f"{mixed} ({mixed / records:.1%})",
        f"{theirs[0]:.3f} / {theirs[1]:.3f}", f"{right:.3f} / {found:.3f}", f"{after:.3f}",
    )  # fmt: skip


def suggestions(file: Path) -> tuple[float, float, float]:
    """Precision and recall of suggestions of at least .95, the missing pairs of records being all; and the recall of touchpoints once
    the right ones of at least .90 are accepted."""
    with scratch_tx(now=shop.LATEST) as tx:
        known = shop.fill(tx, file)
        holder = shop.customers(tx)
        owners = shop.owners(holder, known)
        people = [person(who.hex(), suggesting.said_of(tx, who)[0]) for who in sorted(owners)]
        scorer = learn(people, Counts(people), len(people)).scorer()
        while suggesting.look(tx, scorer):
            pass
        found = tx.all("SELECT a, b, bits FROM suggestion")
    missing = sum(pairs(n) for n in Counter(owners.values()).values())
    sure = [(a, b) for a, b, bits in found if probability(bits) >= 0.95]
    right = [(a, b) for a, b in sure if owners.get(a) == owners.get(b)]
    accepted = [(a, b) for a, b, bits in found if probability(bits) >= 0.9 and owners.get(a) == owners.get(b)]
    place = {record: at for at, record in enumerate(sorted(set(holder.values())))}
    labels = clusters(len(place), [(place[a], place[b]) for a, b in accepted])
    after = shop.figures({touch: labels[place[record]] for touch, record in holder.items()}, known)
    return len(right) / max(1, len(sure)), len(right) / missing, after.recall


if __name__ == "__main__":
    main(sys.argv[1:])
