"""What is erased leaves no trace in any table, and everybody else as they were."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import identity
from hub.actions.erase import plan
from hub.contract import Identifier
from hub.identity import oracle
from hub.store import scratch_tx
from tests.identity.conftest import Shop

LIMITS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
SQL_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fts_%'"
EMAILS = [f"email{sign}canary{n}@shop.org" for sign in "!:?" for n in (1, 2, 3)]
CLAIMS = ["device:d1", "device:d2", "user_id!canaryU1", "user_id!canaryU2", "phone?+4930123456", *EMAILS]
TOUCH = st.tuples(
    st.lists(
        st.sampled_from(CLAIMS), min_size=1, max_size=3, unique_by=lambda c: c if c[:4] != "user" else "user"
    ),
    st.sampled_from([None, "Ann Canary", "Bob Canary"]),
)
DECISION = st.tuples(
    st.sampled_from(["same", "never", "pin", "block", "detach"]), st.integers(0, 9), st.integers(0, 9)
)


def holding(tx, word):
    """The tables in which it stands, in any case."""
    found = set()
    for (table,) in tx.all(SQL_TABLES):
        for row in tx.all(f"SELECT * FROM {table}"):
            cells = (
                cell if isinstance(cell, str) else cell.decode("latin-1") if isinstance(cell, bytes) else ""
                for cell in row
            )
            if any(word.casefold() in cell.casefold() for cell in cells):
                found.add(table)
    return found


def decided(shop, touches, op, a, b):
    a, b = touches[a % len(touches)], touches[b % len(touches)]
    email = Identifier(kind="email", value="canary1@shop.org")
    shop.tx.now += 1
    made = {
        "same": {"a": a, "b": b}, "never": {"a": a, "b": b}, "pin": {"a": a, "attribute": "name", "value": "Ann Canary"},
        "block": {"a": email}, "detach": {"a": a, "b": email},
    }[op]  # fmt: skip
    identity.decide(shop.tx, op, author="Kim", **made)


@LIMITS
@given(st.lists(TOUCH, min_size=1, max_size=7), st.lists(DECISION, max_size=3), st.integers(0, 6))
def test_erasure_leaves_no_trace_and_everybody_else_as_the_rule_has_them(said, decisions, whom):
    with scratch_tx() as tx:
        shop = Shop(tx)
        reported = [shop.touchpoint(*claims, name=name) for claims, name in said]
        touches = [shop.accept(touchpoint)[0].touch_id for touchpoint in reported]
        for decision in decisions:
            decided(shop, touches, *decision)
        gone = identity.members(tx, identity.resolve(tx, touches[whom % len(touches)]))
        identity.erase(tx, gone, "Kim")

        left = {touch: identity.resolve(tx, touch) for touch in touches}
        assert left == oracle.customers(tx)
        words = ("canary1@", "canary2@", "canary3@", "canaryU1", "canaryU2", "Ann Canary", "Bob Canary")
        theirs = {
            word
            for word in words
            for touch, one in zip(touches, said, strict=True)
            if touch in gone and word in str(one)
        }
        others = {
            word
            for word in words
            for touch, one in zip(touches, said, strict=True)
            if touch not in gone and word in str(one)
        }
        pinned_on_others = {"Ann Canary"} if any(op == "pin" for op, *_ in decisions) else set()
        assert {
            word: found for word in theirs - others - pinned_on_others if (found := holding(tx, word))
        } == {}

        before = {table: tx.all(f"SELECT * FROM {table}") for (table,) in tx.all(SQL_TABLES)}
        for touchpoint in reported:
            assert not shop.accept(touchpoint)[0].fresh
        assert {table: tx.all(f"SELECT * FROM {table}") for (table,) in tx.all(SQL_TABLES)} == before


def test_decisions_about_the_erased_say_nothing_of_them(shop):
    ann = shop.report("user_id!canaryAnn", "email!canary@shop.org", name="Ann Canary")
    shop.report("user_id!Bob", name="Bob")
    email = Identifier(kind="email", value="canary@shop.org")
    identity.decide(
        shop.tx, "pin", author="Kim", a=ann, attribute="name", value="Ann Canary", note="Ann Canary said so"
    )
    identity.decide(shop.tx, "block", author="Kim", a=email, note="canary@shop.org again")
    identity.decide(shop.tx, "never", author="Kim", a=ann, b=email, note="not canary@shop.org")
    identity.erase(shop.tx, [ann], "Kim")
    assert holding(shop.tx, "canary") == set()


def test_one_of_two_merged_people_is_erased_when_they_are_apart_again(shop):
    ann, bob = shop.report("user_id!Ann", name="Ann Canary"), shop.report("user_id!Bob", name="Bob")
    both = shop.decide("same", ann, bob)
    assert shop.who(ann, bob) == [1, 1]
    shop.decide("revoke", decision=both.decision)
    identity.erase(shop.tx, identity.members(shop.tx, ann), "Kim")
    assert holding(shop.tx, "Canary") == set()
    assert identity.header(shop.tx, bob).name == "Bob"
    assert shop.who(ann, bob, shop.report("user_id!Ann")) == [1, 2, 3], "who comes again is somebody new"


def test_what_was_taken_back_of_somebody_is_erased_with_them():
    """It is in no record any longer, and holds their address and name all the same."""
    with scratch_tx() as tx:
        shop = Shop(tx)
        ann = shop.report("user_id!canaryU1", "email:canary1@shop.org", name="Ann Canary")
        taken_back = shop.report("email:canary1@shop.org", "device:d1", name="Ann Canary")
        bobs = shop.report("user_id!U2", "email?canary1@shop.org", name="Bob Roth")
        strangers = shop.report("email:other@shop.org")
        for touch in (taken_back, bobs, strangers):
            identity.decide(tx, "retract", author="Kim", a=touch)
        planned = plan(tx, ann).touches
        assert set(planned) == {ann, taken_back}, "what proves another account is not hers"
        identity.erase(tx, planned, "Kim")
        assert holding(tx, "Ann Canary") == set()
        assert oracle.customers(tx) == {t: t for t in (ann, taken_back, bobs, strangers)}
