"""What is kept of nodes and customers for quick reading is what their touchpoints say, whatever has happened to them."""

from hypothesis import example, given
from hypothesis import strategies as st

from hub import identity
from hub.actions import people
from hub.contract import Level
from hub.conversations import routing, thread
from hub.identity import Rules
from hub.store import scratch_tx
from hub.tables import keeping
from tests.identity.histories import LAWS, RULES, STEP, TOUCHES, History, live

KEPT = "SELECT key, last, touches, tells, talked FROM evidence ORDER BY key"
TOTALS = "SELECT customer, touches FROM customer_total ORDER BY customer"
COUNTED = """
SELECT e.customer, count(*) FROM touchpoint t JOIN evidence e ON e.key = t.evidence GROUP BY e.customer ORDER BY e.customer"""


def talk_about(tx, touch):
    return thread.begin(
        tx, anchor=touch, queue=routing.queue_for(tx, "shop"), site="shop", channel="web", connection="site:shop",
        thread=touch.hex(), visitor=None,
    )[0]  # fmt: skip


def agree(tx):
    """Hold what is kept to what is there, then to what computing it anew would say."""
    assert tx.all(TOTALS) == tx.all(COUNTED)
    before = tx.all(KEPT)
    tx.run(keeping.REKEEP)
    assert tx.all(KEPT) == before
    assert tx.all(TOTALS) == tx.all(COUNTED)


MAIL, ACCOUNT = ("email", "m@shop.org", Level.VERIFIED), ("user_id", "A", Level.VERIFIED)


@given(
    drawn=TOUCHES,
    rules=RULES,
    steps=st.lists(STEP, max_size=10),
    talks=st.sets(st.integers(0, 9)),
    gone=st.integers(0, 9),
)
@example(  # an account that a decision named before anybody said it
    drawn=[(0, [], None), (0, [MAIL], None), (0, [MAIL, ACCOUNT], None)],
    rules=Rules(),
    steps=[("same", 0, ("user_id", "A"))],
    talks=set(),
    gone=0,
)
@LAWS
def test_what_is_kept_is_what_is_there(drawn, rules, steps, talks, gone):
    with scratch_tx() as tx:
        people.route_sites(tx, [people.Route("shop", "main", "")])
        history = History(tx, drawn, rules)
        for step in steps:
            history.take(step)
        history.all_touches()
        began = [talk_about(tx, history.side(n)) for n in sorted(talks)]
        agree(tx)
        for step in steps:
            history.take(step)
        agree(tx)
        read_alike(tx)
        if began:
            tx.run("DELETE FROM leg WHERE conversation = ?", (began[0].id,))
            tx.run("DELETE FROM conversation WHERE id = ?", (began[0].id,))
        identity.erase(tx, [history.side(gone)], "Kim")
        agree(tx)


def read_alike(tx):
    """Pages of a timeline, of any size, are the customer's touchpoints, newest first."""
    of = {}
    for touch, customer in live(tx).items():
        of.setdefault(customer, []).append(touch)
    for customer, touches in of.items():
        record = identity.record(tx, customer)
        assert record.touches == len(touches)
        assert record.why == identity.record(tx, customer, whole=True).why
        for size in (1, 2, 50):
            seen, before = [], None
            while page := identity.touches(tx, customer, before, size):
                seen += [one.id for one in page]
                before = seen[-1]
            assert seen == sorted(touches, reverse=True)
