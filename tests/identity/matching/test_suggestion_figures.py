"""What suggestions are worth on a shop's labelled touchpoints, after the rule has joined what it can, with the weights that ship."""

from math import comb

import pytest

from hub.identity import suggesting
from hub.identity.matching.clustering import clusters
from hub.identity.matching.counting import Counts
from hub.identity.matching.model import probability
from hub.identity.matching.person import person
from hub.identity.matching.site import learn
from hub.store import scratch_tx
from tests.bench import shop


@pytest.mark.heavy
def test_suggestions_find_half_of_what_the_rule_leaves_apart_and_are_nearly_always_right(shared):
    with scratch_tx(now=shop.LATEST) as tx:
        known = shop.fill(tx, shared / "data" / "identity" / "touchpoints_dev.jsonl.gz")
        holder = shop.customers(tx)
        owners = shop.owners(holder, known)
        people = [person(customer.hex(), suggesting.said_of(tx, customer)[0]) for customer in sorted(owners)]
        scorer = learn(people, Counts(people), len(people)).scorer()
        while suggesting.look(tx, scorer):
            pass
        found = tx.all("SELECT a, b, bits FROM suggestion")
    missing = sum(comb(list(owners.values()).count(owner), 2) for owner in set(owners.values()))
    right = {
        least: [
            (a, b) for a, b, bits in found if probability(bits) >= least and owners.get(a) == owners.get(b)
        ]
        for least in (0.95, 0.9)
    }
    made = sum(probability(bits) >= 0.95 for *_, bits in found)
    assert len(right[0.95]) / made >= 0.95
    assert len(right[0.95]) / missing >= 0.5
    records = sorted(set(holder.values()))
    place = {record: at for at, record in enumerate(records)}
    labels = clusters(len(records), [(place[a], place[b]) for a, b in right[0.9]])
    after = shop.figures({touch: labels[place[record]] for touch, record in holder.items()}, known)
    assert after.recall >= 0.94
    assert after.precision >= 0.985
