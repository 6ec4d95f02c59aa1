"""What operators decide, seen as whole scenes: merges, second accounts, what is undone, and chats that go on meanwhile."""

from hub import identity
from hub.actions import decide
from hub.actions.receive import receive
from hub.contract import Identifier, IncomingMessage, Touchpoint
from hub.identity import oracle
from tests.identity.scene import Scene

TWO = """
    w1  device:work session:s1 user_id!Work name="Ann Berg" email!ann@work.org
    h1  device:home session:s2 user_id!Home name="Ann Berg" email!ann@home.org
    w2  device:work session:s3
    h2  device:home session:s4
"""


def test_two_accounts_of_one_person_are_two_until_an_operator_says_so():
    assert Scene(TWO).records == "h1 h2 | w1 w2"
    scene = Scene(TWO, [("same", "w1", "h1")])
    assert scene.records == "h1 h2 w1 w2"
    assert scene.why("w1") == ["decided", "device work", "device home"]
    undone = Scene(TWO, [("same", "w1", "h1"), ("revoke", 0)])
    assert undone.records == "h1 h2 | w1 w2"
    assert (undone.why("w1"), undone.why("h1")) == (["device work"], ["device home"])
    assert undone.apart("w1") == []


def test_what_an_operator_parted_stays_apart_whatever_would_join_them():
    scene = Scene("""
        a1  device:d1 email:one@shop.org
        b1  device:d2 email:one@shop.org
        a2  device:d1 user_id!U
        b2  device:d2 user_id!U
    """, [("never", "a1", "b1")])  # fmt: skip
    assert scene.records == "a1 | a2 b2 | b1"
    assert ("email one@shop.org", "never") in scene.refused
    assert scene.apart("b1") == [
        ("decided", "never", "a1"),
        ("device d2", "browser", "a2"),
        ("email one@shop.org", "never", "a1"),
    ]


def test_a_merge_and_its_undoing_during_two_chats_lose_no_word(shop):
    def chat(key, user, text):
        touchpoint = shop.touchpoint(f"device:{user}", f"user_id!{user}", key=key, name=f"{user} Berg")
        said = IncomingMessage(text=text)
        report = Touchpoint(
            channel="chat", kind="chat", key=key, occurred_at=touchpoint.occurred_at, claims=touchpoint.claims,
            attributes=touchpoint.attributes, message=said, thread=user,
        )  # fmt: skip
        return receive(shop.tx, "office", report)

    shop.tx.run("INSERT INTO queue (id, name) VALUES (?, 'main')", (b"q" * 16,))
    ann, bob = chat("1", "Ann", "first"), chat("2", "Bob", "second")
    shop.tx.now += 1
    both = decide.decide(shop.tx, "Kim", "same", ann.touch, bob.touch)
    assert chat("3", "Ann", "more").message.conversation == ann.message.conversation
    assert shop.who(ann.touch, bob.touch) == [1, 1]
    assert both.decision is not None
    decide.revoke(shop.tx, "Kim", both.decision)
    assert chat("4", "Bob", "still me").message.conversation == bob.message.conversation
    assert shop.who(ann.touch, bob.touch) == [1, 2]
    words = shop.tx.all(
        "SELECT conversation, text FROM message WHERE kind <> 'system' ORDER BY conversation, seq"
    )
    assert sorted(text for _, text in words) == ["first", "more", "second", "still me"]
    talks = {touch: {row[0] for row in shop.tx.all(
        "SELECT c.id FROM conversation c JOIN touchpoint t ON t.id = c.anchor JOIN evidence e ON e.key = t.evidence WHERE e.customer = ?",
        (identity.resolve(shop.tx, touch),))} for touch in (ann.touch, bob.touch)}  # fmt: skip
    assert talks == {ann.touch: {ann.message.conversation}, bob.touch: {bob.message.conversation}}


def test_a_blocked_address_joins_nobody_and_unblocked_joins_again(shop):
    one, other = (
        shop.report("email:shared@shop.org", "device:d1"),
        shop.report("email:shared@shop.org", "device:d2"),
    )
    assert shop.who(one, other) == [1, 1]
    blocked = shop.decide("block", Identifier(kind="email", value="shared@shop.org"))
    assert shop.who(one, other) == [1, 2]
    assert {h.kind: h.status for h in identity.record(shop.tx, one).identifiers}["email"] == "blocked"
    shop.decide("revoke", decision=blocked.decision)
    assert shop.who(one, other) == [1, 1]
    assert oracle.customers(shop.tx) == {touch: identity.resolve(shop.tx, touch) for touch in (one, other)}
