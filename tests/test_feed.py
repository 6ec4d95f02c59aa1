"""The law of durable topics: an old snapshot and the changes since are the new snapshot.

Random things happen, by the real actions, on a scratch database. Somebody has watched since the first moment, somebody since the
middle, and somebody comes back from there: all three must end with what a newcomer is shown, in every topic there is.
"""

import json
from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import feed, identity
from hub.access import Actor
from hub.actions import arrive, decide, guard, links, people, serve, sessions, tags, talk, teams
from hub.actions import presence as being
from hub.actions.arrive import Vouched
from hub.conversations import thread
from hub.feed import Changed
from hub.store import scratch_tx
from hub.web import items
from hub.wire import Refusal, encode
from hub.wire.common import Page
from hub.wire.console import Event, Gone
from hub.wire.visitor import Hello, Look, Open, Say
from tests.web.people import Topic

SECOND = 1_000_000


class Hub:
    """Two teams, an admin, three browsers."""

    def __init__(self, tx) -> None:
        self.tx = tx
        self.n = self.lapsed_at = 0
        people.route_sites(tx, [people.Route("shop", "main", ""), people.Route("book", "books", "")])
        self.operators = [
            people.add(
                tx, login=login, name=login.title(), password_hash="x", role=role, queues=queues, capacity=2
            )
            for login, role, queues in (
                ("ann", "operator", ["main"]),
                ("bob", "operator", ["books", "main"]),
                ("boss", "admin", []),
            )
        ]
        self.queues = [people.queue_named(tx, name) for name in ("main", "books")]
        self.visitors: list[tuple[str, bytes, bytes]] = []
        self.decisions: list[bytes] = []
        for site in ("shop", "shop", "book"):
            self.arrive(site)

    def client_id(self) -> str:
        self.n += 1
        return f"c-{self.n:08d}"

    def arrive(self, site: str) -> None:
        hello = Hello(site=site, tab=self.client_id())
        visitor = arrive.greet(self.tx, site, hello).visitor
        came = arrive.arrive(self.tx, site, visitor, hello, Look(page=Page(url="https://a.test/")))
        self.visitors.append((site, visitor, came.visit.id))

    def conversations(self) -> list[bytes]:
        return [row[0] for row in self.tx.all("SELECT id FROM conversation ORDER BY opened_at, id")]

    def topics(self) -> list[str]:
        visits = [visit for _, _, visit in self.visitors]
        return [
            "team",
            *(f"mentions:{operator.hex()}" for operator in self.operators),
            "operators",
            "queues",
            *(f"queue:{queue.hex()}" for queue in self.queues),
            *(f"conversation:{one.hex()}" for one in self.conversations()),
            *dict.fromkeys(f"customer:{identity.resolve(self.tx, visit).hex()}" for visit in visits),
        ]

    # --- what may happen

    def do(self, what: str, a: int, b: int, c: int) -> None:
        """One thing; when it is refused, nothing of it stays."""
        self.tx.now += SECOND
        before = len(self.tx.published)
        self.tx.run("SAVEPOINT one")
        try:
            getattr(self, what)(a, b, c)
        except Refusal:
            self.tx.run("ROLLBACK TO one")
            del self.tx.published[before:]
        self.tx.run("RELEASE one")

    def _who(self, a: int) -> tuple[str, bytes, bytes]:
        return self.visitors[a % len(self.visitors)]

    def _of(self, a: int) -> bytes:
        found = self.conversations()
        if not found:
            raise Refusal("not_found", "nobody has said anything yet")
        return found[a % len(found)]

    def _own(self, a: int) -> tuple[bytes, bytes]:
        conversation = self._of(a)
        visitor = thread.get(self.tx, conversation).visitor
        assert visitor is not None
        return visitor, conversation

    def visit(self, a, b, c):
        self.arrive(("shop", "book")[a % 2])

    def look(self, a, b, c):
        _, visitor, visit = self._who(a)
        arrive.look(self.tx, visitor, visit, f"tab-{b:08d}", Page(url=f"https://a.test/{c}"))

    def open(self, a, b, c):
        site, visitor, _ = self._who(a)
        name = ("Kim", "Lou", None)[b % 3]
        talk.open_chat(self.tx, site, visitor, Open(client_id=self.client_id(), text=f"hello {c}", name=name))

    def say(self, a, b, c):
        visitor, conversation = self._own(a)
        talk.say(
            self.tx,
            visitor,
            Say(client_id=self.client_id(), conversation=conversation.hex(), text=f"and {b}"),
        )

    def end(self, a, b, c):
        talk.end(self.tx, *self._own(a))

    def rate(self, a, b, c):
        talk.rate(self.tx, *self._own(a), b % 5 + 1, "fine" if c % 2 else "")

    def reads(self, a, b, c):
        talk.move_cursor(self.tx, *self._own(a), b, c)

    def _act(self, action, a, b, *more, **named):
        actor = Actor(kind="admin" if b % 3 == 2 else "operator", id=self.operators[b % 3])
        guard.act(self.tx, actor, "console take", action, self._of(a), *more, **named)

    def reply(self, a, b, c):
        self._act(serve.reply, a, b, self.client_id(), f"answer {c}")

    def push(self, a, b, c):
        pages = {"shop": ["https://a.test"], "book": ["https://b.test"]}  # on one of the sites it is refused
        self._act(serve.push, a, b, self.client_id(), f"https://a.test/{c}", "look", origins=pages)

    def note(self, a, b, c):
        self._act(serve.note, a, b, self.client_id(), f"note {c}")

    def mention(self, a, b, c):
        self._act(serve.note, a, b, self.client_id(), "look", (), [self.operators[c % 3]])

    def tag(self, a, b, c):
        self._act(tags.tag, a, b, [f"T{c}"], [f"t{b}"])

    def take_back(self, a, b, c):
        command = self.client_id()
        action = serve.transfer_to_queue if c % 2 else serve.transfer_to
        self._act(action, a, b, (self.queues if c % 2 else self.operators)[c % 2], "", command)
        serve.take_back(self.tx, self.operators[b % 3], self._of(a), command)

    def take(self, a, b, c):
        self._act(serve.take, a, b)

    def hand_over(self, a, b, c):
        self._act(serve.transfer_to, a, b, self.operators[c % 3], "please" if c % 2 else "")

    def give_back(self, a, b, c):
        self._act(serve.transfer_to_queue, a, b, self.queues[c % 2], "please" if c % 3 else "")

    def close(self, a, b, c):
        self._act(serve.close, a, b, ("resolved", "unresolved", "spam")[c % 3])

    def reopen(self, a, b, c):
        self._act(serve.reopen, a, b)

    def block(self, a, b, c):
        self._act(serve.block, a, b, on=bool(c % 2))

    def sees(self, a, b, c):
        self._act(serve.move_cursor, a, b, c, c // 2)

    def presence(self, a, b, c):
        being.choose(self.tx, self.operators[a % 3], ("available", "busy", "away", "invisible")[b % 4])

    def goes(self, a, b, c):
        being.go(self.tx, self.operators[a % 3])

    def rests(self, a, b, c):
        (being.back if b % 2 else being.idle)(self.tx, self.operators[a % 3])

    def serves(self, a, b, c):
        role = "admin" if a % 3 == 2 or c % 4 == 3 else "operator"
        teams.change(self.tx, self.operators[a % 3], role, c or None, self.queues[: b % 3])

    def queue(self, a, b, c):
        name = f"{('main', 'books', 'more')[a % 3]}{c % 2 or ''}"
        queue = self.queues[a % 2] if a % 3 < 2 else bytes(15) + bytes([b])
        teams.save(self.tx, queue, name, self.operators[: c % 4])

    def archive(self, a, b, c):
        people.route_sites(self.tx, [people.Route("book", "more", "")])
        teams.archive(self.tx, self.operators[2], self.queues[a % 2], self.queues[(a + b) % 2])

    def restore(self, a, b, c):
        teams.restore(self.tx, self.queues[a % 2])

    def link(self, a, b, c):
        if c % 2:
            asked = links.Invitation(role="operator", queues=self.queues[: a % 3], note="somebody")
            links.invite(self.tx, self.operators[b % 3], self.client_id(), asked)
        else:
            links.renew_password(self.tx, self.operators[b % 3], self.client_id(), self.operators[a % 3])

    def joins(self, a, b, c):
        token = self.client_id()
        links.invite(self.tx, self.operators[2], token, links.Invitation(role="operator", queues=self.queues))
        sessions.by_link(self.tx, token, self.client_id(), "Somebody", "x")

    def deactivate(self, a, b, c):
        people.activate(self.tx, self.operators[a % 2], on=bool(b % 2))

    def sleeps(self, a, b, c):
        self.tx.now += (50, 2_000)[a % 2] * SECOND
        self.tick()
        arrive.close_idle(self.tx)

    def tick(self) -> None:
        """The job that tells of leases that ran out."""
        being.lapse(self.tx, self.lapsed_at)
        self.lapsed_at = self.tx.now

    def identify(self, a, b, c):
        place = a % len(self.visitors)
        site, visitor, visit = self.visitors[place]
        said = Vouched(
            user_id=f"u-{b % 2}",
            nonce=self.client_id(),
            name=("Kim", "Lou", None)[c % 3],
            email=f"{b % 2}@shop-mail.org",
        )
        done = arrive.identify(self.tx, site, visitor, visit, said)
        if done.moved:
            self.visitors[place] = (site, done.visitor, visit)

    def decide(self, a, b, c):
        (_, _, one), (_, _, two) = self._who(a), self._who(b)
        self.decisions.append(decide.decide(self.tx, "boss", ("same", "never")[c % 2], one, two).decision)

    def revoke(self, a, b, c):
        if self.decisions:
            decide.revoke(self.tx, "boss", self.decisions[a % len(self.decisions)])


VERBS = sorted(
    name for name, found in vars(Hub).items()
    if callable(found) and found.__code__.co_varnames[: found.__code__.co_argcount] == ("self", "a", "b", "c")
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=24
)


def plain(frame) -> dict:
    return json.loads(encode(frame))


def watch(tx, topic: str) -> Topic:
    """A newcomer's view."""
    held = Topic()
    held.take_in(plain(items.snapshot(tx, topic)))
    return held


def catch_up(tx, topic: str, held: Topic, since=feed.since, cut: int | None = None) -> bool:
    """Come back after an absence, or as far as the line lasts. False when a new snapshot is asked for."""
    found = since(tx, topic, held.n)
    if found is None:
        return False
    before = held.n
    for missed in found[:cut]:
        item = items.compose(tx, topic, missed.kind, missed.key)
        held.take_in(plain(Event(topic=topic, n=missed.n, item=item, after=before)))
        before = missed.n
    return True


def hear(tx, held: dict[str, Topic], published) -> None:
    """Everybody who watches hears what an action has published; what is dear to compose is read then."""
    for topic, event in published:
        if topic not in held or not isinstance(event, Changed):
            continue
        if event.item is feed.UNSET:
            catch_up(tx, topic, held[topic])
        else:
            item = Gone(id=event.key.hex()) if event.item is None else event.item
            held[topic].take_in(plain(Event(topic=topic, n=event.n, item=item)))


def moved(held: Topic) -> bool:
    """Told to look at another record: then a console takes new snapshots, and there is no law about the old one."""
    return any(kind == "moved" for kind, _ in held.items)


@contextmanager
def a_hub():
    with scratch_tx() as tx:
        yield Hub(tx)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=STEPS, after=STEPS, cut=st.integers(0, 5))
def test_an_old_snapshot_and_the_changes_since_are_the_new_snapshot(before, after, cut):
    with a_hub() as hub:
        tx = hub.tx
        for step in before:
            hub.do(*step)
        live = {topic: watch(tx, topic) for topic in hub.topics()}
        away = {topic: watch(tx, topic) for topic in hub.topics()}
        tx.published.clear()
        for step in after:
            hub.do(*step)
            hear(tx, live, tx.published)
            tx.published.clear()
        hub.tick()
        hear(tx, live, tx.published)
        for topic, watched in live.items():
            resumed = catch_up(tx, topic, away[topic], feed.resumed, cut)
            resumed = resumed and catch_up(tx, topic, away[topic], feed.resumed)
            new = watch(tx, topic)
            assert watched.gaps == []
            assert new.n == watched.n, topic
            if moved(watched) or moved(new):
                continue
            assert watched.items == new.items, topic
            assert resumed
            assert away[topic].items == new.items, topic


def test_numbers_of_a_topic_have_no_holes_and_a_rollback_leaves_none():
    with a_hub() as hub:
        tx = hub.tx
        for n in range(1, 4):
            tx.run("SAVEPOINT one")
            assert feed.note(tx, "t", "k", b"x", None) == n
            tx.run("ROLLBACK TO one")
            assert feed.note(tx, "t", "k", b"x", None) == n
            tx.run("RELEASE one")
        assert feed.head(tx, "t") == 3
        assert feed.head(tx, "never") == 0


def test_each_item_is_told_once_with_its_newest_number():
    with a_hub() as hub:
        tx = hub.tx
        for key in (b"a", b"b", b"a", b"a"):
            feed.note(tx, "t", "k", key, None)
        assert [(one.n, one.key) for one in feed.since(tx, "t", 0)] == [(2, b"b"), (4, b"a")]
        assert feed.since(tx, "t", 4) == []
        assert [one.n for one in feed.since(tx, "t", 2)] == [4]


def test_who_comes_back_is_told_in_the_order_in_which_things_came_to_be():
    with a_hub() as hub:
        tx = hub.tx
        for key in (b"one", b"two", b"one", b"three", b"two"):
            feed.note(tx, "t", "k", key, None)
        told = lambda n: [(one.n, one.key) for one in feed.resumed(tx, "t", n)]
        assert told(0) == [(1, b"one"), (2, b"two"), (5, b"three")]
        assert told(1) == [(2, b"two"), (3, b"one"), (5, b"three")], "from wherever the line broke"
        assert told(2) == [(3, b"one"), (4, b"three"), (5, b"two")]
        assert told(5) == []
        assert feed.resumed(tx, "t", 6) is None


def test_what_was_dropped_or_never_was_asks_for_a_new_snapshot():
    with a_hub() as hub:
        tx = hub.tx
        feed.note(tx, "t", "k", b"a", None)
        tx.now += feed.KEPT + SECOND
        feed.note(tx, "t", "k", b"b", None)
        while feed.prune(tx):
            pass
        assert feed.since(tx, "t", 0) is None
        assert [one.key for one in feed.since(tx, "t", 1)] == [b"b"]
        assert feed.since(tx, "t", 3) is None, "a number from another database"
        assert feed.since(tx, "unknown", 0) == []
        assert feed.since(tx, "unknown", 1) is None


def test_so_many_changes_are_better_told_by_a_snapshot():
    with a_hub() as hub:
        for n in range(feed.MOST + 1):
            feed.note(hub.tx, "t", "k", n.to_bytes(4), None)
        assert feed.since(hub.tx, "t", 0) is None
        assert len(feed.since(hub.tx, "t", 1)) == feed.MOST
