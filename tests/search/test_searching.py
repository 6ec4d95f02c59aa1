"""What is said is found by the team that may see it, however it is typed, and an index that caught up is as good as a fresh one."""

import random
import sqlite3
from contextlib import closing, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import search
from hub.conversations import thread
from hub.conversations.thread import Utterance
from hub.search import asking
from hub.search.marking import pieces
from hub.store import scratch_tx
from hub.store.preparing import schema_image
from hub.store.tx import Tx

MAIN, OTHER, ANN = b"m" * 16, b"o" * 16, b"a" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue_member (queue, operator) VALUES (?, ?)", (MAIN, ANN))
        yield tx


def talk(tx, *texts: str, queue: bytes = MAIN, kind: str = "text") -> bytes:
    tx.now += 1_000_000
    made, leg = thread.begin(
        tx,
        anchor=tx.new_id(),
        queue=queue,
        site="shop",
        channel="text",
        connection="site:shop",
        thread="x",
        visitor=tx.new_id(),
    )
    for text in texts:
        thread.append(tx, made.id, leg.id, Utterance(author="visitor", text=text, kind=kind))
    return made.id


def indexed(tx) -> None:
    while search.catch_up(tx):
        pass


def told(tx, text: str, operator: bytes | None = ANN) -> list[tuple[bytes, int]]:
    return [(hit.conversation, hit.seq) for hit in search.find(tx, text, operator=operator).heard]


def test_all_words_must_occur_and_the_last_may_be_a_beginning(tx):
    one = talk(tx, "Is the blue vase in stock?", "Blue it must be.")
    indexed(tx)
    assert told(tx, "vase blue") == [(one, 1)]
    assert told(tx, "blue va") == [(one, 1)]
    assert told(tx, "bl vase") == []


def test_a_phrase_occurs_as_it_stands(tx):
    one = talk(tx, "the blue vase", "the vase is blue")
    indexed(tx)
    assert told(tx, '"blue vase"') == [(one, 1)]
    assert told(tx, '"vase is b') == [(one, 2)]
    assert told(tx, '"blue va"') == []


def test_case_and_diacritics_do_not_count(tx):
    one = talk(tx, "Haben Sie CAFÉ-Schalen in Größe 3?")
    indexed(tx)
    assert told(tx, "cafe grosse") == []  # ß is a letter of its own
    assert told(tx, "cafe größe") == told(tx, "Café GROße") == [(one, 1)]
    text = search.find(tx, "cafe", operator=ANN).heard[0].text
    assert text == [("Haben Sie ", False), ("CAFÉ", True), ("-Schalen in Größe 3?", False)]


def test_only_the_team_finds_what_was_said(tx):
    talk(tx, "secret glaze", queue=OTHER)
    indexed(tx)
    assert told(tx, "glaze") == []
    assert len(told(tx, "glaze", operator=None)) == 1


def test_a_conversation_that_moved_is_found_by_its_new_team_only(tx):
    one = talk(tx, "glaze")
    indexed(tx)
    tx.run("UPDATE conversation SET queue = ? WHERE id = ?", (OTHER, one))
    assert told(tx, "glaze") == []


def test_lines_of_the_system_are_not_found(tx):
    talk(tx, "taken", kind="system")
    indexed(tx)
    assert told(tx, "taken", operator=None) == []


def test_an_erased_message_leaves_the_index_at_once(tx):
    one = talk(tx, "glaze one", "glaze two", "glaze three")
    indexed(tx)
    tx.run("DELETE FROM message WHERE conversation = ? AND seq = 1", (one,))
    tx.run("UPDATE message SET text = 'erased' WHERE conversation = ? AND seq = 2", (one,))
    assert told(tx, "glaze") == [(one, 3)]
    indexed(tx)
    assert told(tx, "erased") == [(one, 2)]
    assert whole(tx)


def test_newer_ones_stand_first_among_equals(tx):
    old = talk(tx, "blue vase")
    tx.now += 400 * 86_400 * 1_000_000
    new = talk(tx, "blue vase")
    indexed(tx)
    assert told(tx, "vase") == [(new, 1), (old, 1)]


def test_pages_show_every_hit_once(tx, monkeypatch):
    monkeypatch.setattr("hub.search.finding.BLOCK", 30)
    for n in range(25):
        talk(tx, *(["vase " * (1 + (n * k) % 5) for k in range(1, 5)]))
    indexed(tx)
    seen, after = [], None
    while True:
        found = search.find(tx, "vase", operator=ANN, after=after, limit=7)
        seen += [(hit.conversation, hit.seq) for hit in found.heard]
        after = found.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 100


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_nothing_anybody_types_is_an_error(text):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE f USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')"
        )
        terms = asking.read(text)
        if terms:
            connection.execute("SELECT 1 FROM f WHERE f MATCH ?", (asking.expression(terms),)).fetchall()


@pytest.mark.parametrize(
    "text", ['"', '""', "AND", "a OR (b", "text:x", "a* -b ^c", "NEAR(a b)", "'; --", "\0", "{a}"]
)
def test_operators_are_only_text(tx, text):
    talk(tx, "a or b")
    indexed(tx)
    search.find(tx, text, operator=ANN)


@given(st.text(max_size=400), st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_pieces_are_the_text_or_a_part_of_it(text, query):
    made = pieces(text, asking.read(query))
    shown = "".join(piece for piece, _ in made)
    assert shown == text or shown.removeprefix("…").removesuffix("…") in text


def test_a_long_text_is_shown_around_its_first_hit():
    made = pieces("words " * 100 + "glaze " + "words " * 100, asking.read("glaze"))
    assert ("glaze", True) in made
    assert made[0] == made[-1] == ("…", False)
    assert sum(len(piece) for piece, _ in made) < 200


# --- the law


def whole(tx) -> bool:
    """The index equals one made from nothing, word for word."""
    indexed(tx)
    found = vocabulary(tx)
    with scratch_copy(tx) as fresh:
        search.rebuild(fresh)
        indexed(fresh)
        return found == vocabulary(fresh)


@contextmanager
def scratch_copy(tx):
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(schema_image())
    fresh = Tx(connection, tx.now, random.randbytes)
    for table in ("conversation", "message", "evidence", "attribute", "claim"):
        names = [row[1] for row in tx.all(f"PRAGMA table_info({table})")]
        marks = ", ".join("?" for _ in names)
        fresh.many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", tx.all(f"SELECT {', '.join(names)} FROM {table}"))  # fmt: skip
    try:
        yield fresh
    finally:
        connection.close()


def vocabulary(tx) -> set[tuple]:
    """(word, whose, where) of everything in both indexes."""
    for name in ("message", "person"):
        tx.run(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_{name} USING fts5vocab (main, fts_{name}, instance)"
        )
    said = tx.all(
        "SELECT w.term, t.conversation, w.doc & 16777215, w.offset FROM temp.words_message w JOIN search_talk t ON t.n = w.doc >> 24"
    )
    known = tx.all(
        "SELECT w.term, p.customer, 0, w.offset FROM temp.words_person w JOIN search_person p ON p.n = w.doc"
    )
    stray = tx.all("SELECT count(*) FROM temp.words_message") + tx.all(
        "SELECT count(*) FROM temp.words_person"
    )
    assert [row[0] for row in stray] == [len(said), len(known)], "words that belong to nobody"
    return {*said, *known}


WORDS = ("blue", "vase", "Glasur", "ätzend", "42", "")


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_between_runs_the_index_equals_a_fresh_one(seed):
    """Random words, erasures, customers that move, runs of any length, and runs that die before their commit."""
    dice = random.Random(seed)
    with scratch_tx(random=dice.randbytes) as tx:
        talks: list[bytes] = []
        keys = [bytes([n]) * 16 for n in range(4)]
        tx.many(
            "INSERT INTO evidence (key, customer, component) VALUES (?, ?, ?)",
            [(k, dice.choice(keys), k) for k in keys],
        )
        for _ in range(60):
            act(tx, dice, talks, keys)
        assert whole(tx)
        assert tx.all("SELECT * FROM search_due") == []
        tx.run("INSERT INTO fts_message (fts_message) VALUES ('integrity-check')")


def act(tx, dice, talks, keys) -> None:
    text = " ".join(dice.choices(WORDS, k=dice.randrange(4))).strip()
    match dice.randrange(9):
        case 0 | 1:
            talks.append(talk(tx, text, queue=dice.choice([MAIN, OTHER])))
        case 2 if talks:
            one = dice.choice(talks)
            thread.append(tx, one, thread.leg_of(tx, one).id, Utterance(author="operator", text=text))
        case 3 if talks:
            tx.run(
                "UPDATE message SET text = ? WHERE conversation = ? AND seq = 1", (text, dice.choice(talks))
            )
        case 4 if talks:
            tx.run(
                "DELETE FROM message WHERE conversation = ? AND seq = ?",
                (dice.choice(talks), dice.randrange(1, 4)),
            )
        case 5:
            row = (
                dice.choice(keys),
                dice.choice(["name", "city"]),
                "shop",
                "asserted",
                text,
                1.0,
                b"t" * 16,
                tx.now,
            )
            tx.run("INSERT OR REPLACE INTO attribute VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1)", row)
        case 6:
            tx.run("DELETE FROM attribute WHERE evidence = ?", (dice.choice(keys),))
            row = (dice.choice(["email", "device"]), text, dice.choice(keys), "asserted", "links", 1)
            tx.run("INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?, ?, ?)", row)
        case 7:
            tx.run(
                "UPDATE evidence SET customer = ? WHERE key = ?",
                (dice.choice([*keys, None]), dice.choice(keys)),
            )
        case 8:
            tx.run("SAVEPOINT life")
            search.catch_up(tx, dice.randrange(1, 6))
            if dice.random() < 0.4:
                tx.run("ROLLBACK TO life")
            tx.run("RELEASE life")
