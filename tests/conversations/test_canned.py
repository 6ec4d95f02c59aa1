"""Canned replies: what may be kept, what is refused with which words, and files that come back as they went."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import feed
from hub.actions import canned as actions
from hub.conversations import canned, canned_files
from hub.conversations.canned import MOST, Draft
from hub.store import scratch_tx
from hub.web import items
from hub.wire import Refusal
from hub.wire.console import CannedReply, Gone

ANN, BOB = b"a" * 16, b"b" * 16
QUEUE = b"q" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("DELETE FROM queue")
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'returns')", (QUEUE,))
        yield tx


def keep(
    tx, shortcut="hello", text="Hello!", owner: bytes | None = ANN, reply: bytes | None = None, **more
) -> bytes:
    reply = reply or tx.new_id()
    actions.save(tx, ANN, owner, reply, Draft(shortcut=shortcut, text=text, **more))
    return reply


def refused(tx, **draft) -> Refusal:
    with pytest.raises(Refusal) as caught:
        keep(tx, **draft)
    return caught.value


def shortcuts(tx, owner: bytes | None = ANN) -> list[str]:
    return [reply.shortcut for reply in canned.of(tx, owner)]


def test_everybody_has_the_shared_ones_and_nobody_another_operators(tx):
    keep(tx, "mine"), keep(tx, "his", owner=BOB), keep(tx, "ours", owner=None)
    assert (shortcuts(tx), shortcuts(tx, BOB), shortcuts(tx, None)) == (["mine"], ["his"], ["ours"])


def test_a_shortcut_is_unique_among_its_owners_whatever_its_case(tx):
    keep(tx, "Größe"), keep(tx, "size", owner=None)
    assert refused(tx, shortcut="GRÖSSE").code == "taken"
    assert "shortcut" in refused(tx, shortcut="Size", owner=None).fields
    keep(tx, "size")
    keep(tx, "größe", owner=BOB)


def test_a_reply_keeps_its_own_shortcut_when_it_is_changed(tx):
    reply = keep(tx, "hello")
    keep(tx, "HELLO", "Good day!", reply=reply)
    (now,) = canned.of(tx, ANN)
    assert (now.shortcut, now.text) == ("HELLO", "Good day!")


@pytest.mark.parametrize("owner", [None, BOB])
def test_nobody_changes_or_deletes_a_reply_of_another_by_knowing_its_id(tx, owner):
    reply = keep(tx, "theirs", owner=owner)
    assert refused(tx, reply=reply, text="CANARY").code == "not_found"
    actions.drop(tx, ANN, reply)
    assert canned.one(tx, reply).text == "Hello!"


@pytest.mark.parametrize("shortcut", ["", "   ", "two words", "a/b", "x" * 33, "a\u200bb", "a\x00"])
def test_a_shortcut_is_one_short_word(tx, shortcut):
    assert set(refused(tx, shortcut=shortcut).fields) == {"shortcut"}


def test_every_field_that_is_wrong_is_named_at_once(tx):
    error = refused(tx, shortcut="", title="x" * 101, text="")
    assert set(error.fields) == {"shortcut", "title", "text"}


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x" * 8_000,
        "{{customer.name}}",
        "{{ customer.first_name | there }}",
        "{{site.name|}}",
        "a { b } c",
    ],
)
def test_what_may_be_said(tx, text):
    keep(tx, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 8_001,
        "{{customer.nmae}}",
        "{{}}",
        "{{|there}}",
        "{{customer.name",
        "}} {{customer.name}}",
        "{{a{{b}}",
    ],
)
def test_what_may_not(tx, text):
    assert set(refused(tx, text=text).fields) == {"text"}


def test_an_unknown_variable_is_refused_with_those_that_exist(tx):
    words = str(refused(tx, text="Hi {{customer.nmae}}"))
    assert "'customer.nmae'" in words
    assert all("{{" + name + "}}" in words for name in canned.VARIABLES)


def test_no_variable_goes_out_open_and_other_braces_do():
    for name in canned.VARIABLES:
        for words in (f"Hi {{{{{name}}}}}", f"{{{{ {name} | there }}}}"):
            with pytest.raises(Refusal, match="still open"):
                canned.demand_filled(words)
    canned.demand_filled("In our templates you write {{ product.title }} or {customer.name}.")


def test_a_queue_must_be_there(tx):
    keep(tx, queue=QUEUE)
    assert "queue" in refused(tx, shortcut="other", queue=b"x" * 16).fields


def test_there_is_an_end_to_how_many(tx):
    for n in range(MOST):
        keep(tx, f"reply-{n}")
    assert refused(tx, shortcut="one-more").code == "at_limit"
    keep(tx, "others-have-room", owner=BOB)


# --- the law


def after(topic: dict[str, object], tx, name: str, n: int) -> dict[str, object]:
    """A snapshot, and all changes since as a resumed reader gets them."""
    held = dict(topic)
    for missed in feed.since(tx, name, n) or []:
        item = items.compose(tx, name, missed.kind, missed.key)
        if isinstance(item, Gone):
            held.pop(item.id, None)
        else:
            held[item.id] = item
    return held


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["save", "drop", "load"]), st.booleans()), max_size=12
    ),
    st.integers(0, 12),
)
def test_an_old_snapshot_and_the_changes_are_the_new_snapshot(steps, cut):
    with scratch_tx() as tx:
        old = {None: items.snapshot(tx, "canned"), ANN: items.snapshot(tx, f"canned:{ANN.hex()}")}
        for at, (which, verb, shared) in enumerate(steps):
            owner = None if shared else ANN
            reply = bytes([which + 1, shared]) * 8
            if verb == "save":
                keep(
                    tx,
                    f"r{which}",
                    f"text {at}",
                    owner=owner,
                    reply=canned.named(tx, owner, f"r{which}") or reply,
                )
            elif verb == "drop":
                actions.drop(tx, owner, reply)
            else:
                actions.load(
                    tx, ANN, owner, f'[{{"shortcut": "r{which}", "text": "loaded {at}"}}]'.encode(), "json"
                )
            if at == cut:
                old = {who: items.snapshot(tx, actions.topic(who)) for who in old}
        for who, before in old.items():
            name = actions.topic(who)
            new = {item.id: item for item in items.snapshot(tx, name).items}
            assert after({item.id: item for item in before.items}, tx, name, before.n) == new


# --- files


def drafts(tx, form: str) -> list[tuple[str, str, str, str | None]]:
    return [(it.shortcut, it.title, it.text, it.queue) for it in canned.of(tx, ANN)]


TRICKY = [
    "=1+1",
    "+49 30 1",
    "-",
    "@SUM(A1)",
    "\tx",
    "'quoted'",
    "'=1",
    "''",
    'a,b;c\n"d"',
    " =1",
    "＝1",
    "Wörter, 字, مرحبا",
]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_file_brings_back_what_was_written(tx, form):
    for n, text in enumerate(TRICKY):
        keep(
            tx,
            f"-{n}",
            text,
            title=text.strip().replace("\n", " ").replace("\t", ""),
            queue=QUEUE if n % 2 else None,
        )
    before = drafts(tx, form)
    written = actions.file(tx, ANN, form)
    for reply in canned.of(tx, ANN):
        actions.drop(tx, ANN, bytes.fromhex(reply.id))
    loaded = actions.load(tx, ANN, ANN, written.encode(), form)
    assert (loaded.added, loaded.changed) == (len(TRICKY), 0)
    assert drafts(tx, form) == before


@given(st.text(min_size=1, max_size=40))
def test_no_cell_of_a_file_opens_as_a_formula_and_every_one_comes_back(text):
    reply = CannedReply(id="0" * 32, shortcut="x", title=text, text=text)
    written = canned_files.write([reply], {}, "csv")
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    for cell in rows[1]:
        assert cell.lstrip()[:1] not in tuple("=+-@\t\r＝＋－＠")
    assert canned_files._plain(rows[1][2]) == text


def test_a_file_replaces_what_has_the_same_shortcut_and_leaves_the_rest(tx):
    keep(tx, "Hello", "old"), keep(tx, "bye", "Bye!"), keep(tx, "same", "Same.")
    n = feed.head(tx, actions.topic(ANN))
    loaded = actions.load(
        tx, ANN, ANN, b"shortcut;text\r\nhello;new\r\nmore;More.\r\nsame;Same.\r\n\r\n", "csv"
    )
    assert (loaded.added, loaded.changed) == (1, 1)
    assert {it.shortcut: it.text for it in canned.of(tx, ANN)} == {
        "bye": "Bye!",
        "hello": "new",
        "more": "More.",
        "same": "Same.",
    }
    assert len(feed.since(tx, actions.topic(ANN), n)) == 2


def wrong(tx, data: bytes, form: str) -> dict[str, str]:
    with pytest.raises(Refusal, match="nothing was imported") as caught:
        actions.load(tx, ANN, ANN, data, form)
    assert shortcuts(tx) == []
    return caught.value.fields


def test_every_problem_of_a_file_is_listed_and_nothing_is_imported(tx):
    rows = 'shortcut,title,text,queue,colour\ngood,,Fine.,,\ntwo words,,"Hi {{customer.nmae}}",,\nGOOD,,Again.,nowhere,\n,,,,,,\nempty,,,,\n'
    assert list(wrong(tx, rows.encode(), "csv")) == [
        "row 1", "row 3, shortcut", "row 3, text", "row 4, queue", "row 4, shortcut", "row 6, text",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "form", "place"),
    [
        (b"", "csv", "row 1"), (b"", "json", "file"), (b"\xff\xfe", "csv", "file"), (b"{", "json", "file"), (b"7", "json", "file"),
        (b"[" * 100_000, "json", "file"), (b'["x"]', "json", "reply 1"), (b'[{"shortcut": 7, "text": "x"}]', "json", "reply 1, shortcut"),
        (b'[{"shortcut": "a", "text": "x", "color": "y"}]', "json", "reply 1, color"), (b'shortcut,text\na,"b', "csv", "line 2"),
        (b"shortcut,text\na,b,c\n", "csv", "row 2"), (b"name,body\na,b\n", "csv", "row 1"),
        (b"shortcut,text\n" + b"".join(b"r%d,x\n" % n for n in range(501)), "csv", "file"),
    ],
)  # fmt: skip
def test_a_bad_file_says_where(tx, data, form, place):
    assert place in wrong(tx, data, form)


def test_a_file_that_does_not_fit_beside_what_is_there_changes_nothing(tx):
    for n in range(MOST - 1):
        keep(tx, f"reply-{n}")
    with pytest.raises(Refusal, match="no more fit"):
        actions.load(tx, ANN, ANN, b"shortcut,text\nreply-1,changed\na,x\nb,x\n", "csv")
