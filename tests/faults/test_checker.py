"""The checker sees each kind of trouble in a made-up story, and none where there is none."""

import sqlite3

import pytest

from tests.faults.checker import check
from tests.faults.story import Hooked, Refused, Seen, Sent, Story, Told

TALK = "aa" * 16
SCHEMA = """
CREATE TABLE message (conversation BLOB, seq INT, leg_seq INT, client_id TEXT, author TEXT, text TEXT, leaves INT, id BLOB,
    kind TEXT DEFAULT 'text', audience TEXT DEFAULT 'all');
CREATE TABLE conversation (id BLOB);
CREATE TABLE outbox (item BLOB, kind TEXT, state TEXT, why TEXT);
"""


class Case:
    """A conversation of three: the visitor asks twice, an operator answers between. `rows` and `story` may be spoilt before `findings`."""

    def __init__(self, folder):
        self.database = folder / "hub.db"
        self.rows = [
            [1, 1, "v-1", "visitor", "cn/v/1"],
            [2, 2, "o-1", "operator", "cn/o/1"],
            [3, None, "o-2", "operator", "cn/o/2"],
            [4, 3, "v-2", "visitor", "cn/v/2"],
        ]
        sent = [Sent("v", "v-1", "cn/v/1", 1), Sent("o", "o-1", "cn/o/1", 1), Sent("v", "v-2", "cn/v/2", 2)]
        self.story = Story(
            sent=[*sent, Sent("o", "o-2", "cn/o/2", 2, note=True)], visitors={"v"}, canaries={"cn": "v"}
        )
        self.story.told = [Told("v", "v-1", 1), Told("o", "o-1", 2), Told("o", "o-2", 3), Told("v", "v-2", 3)]
        self.story.seen = [
            Seen("v", TALK, n, text, False) for n, text in ((1, "cn/v/1"), (2, "cn/o/1"), (3, "cn/v/2"))
        ]
        self.story.seen += [Seen("o/x", TALK, row[0], row[4], False) for row in self.rows]

    def findings(self):
        with sqlite3.connect(self.database) as file:
            file.executescript(SCHEMA)
            for seq, leg_seq, client_id, author, text in self.rows:
                file.execute("INSERT INTO message (conversation, seq, leg_seq, client_id, author, text, leaves, id) VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
                             (bytes.fromhex(TALK), seq, leg_seq, client_id, author, text, seq.to_bytes(16)))  # fmt: skip
        return {it[:2] for it in check(self.story, self.database)}


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def test_a_good_story_has_no_findings(case):
    assert case.findings() == set()


def test_an_acknowledged_message_that_is_not_there_is_lost(case):
    del case.rows[3]
    assert case.findings() >= {"C1"}


def test_another_number_than_was_told_is_lost_too(case):
    case.story.told[3] = Told("v", "v-2", 2)
    assert case.findings() == {"C1"}


def test_the_same_words_twice_are_doubled(case):
    case.rows.append([5, 4, "v-2b", "visitor", "cn/v/2"])
    assert case.findings() >= {"C2"}


def test_the_same_number_twice_is_doubled_unless_it_was_asked_for(case):
    case.story.seen.append(Seen("v", TALK, 3, "cn/v/2", True))
    assert case.findings() == set()
    case.database.unlink()
    case.story.seen.append(Seen("v", TALK, 3, "cn/v/2", False))
    assert case.findings() == {"C2"}


def test_a_hole_and_a_wrong_order_are_seen(case):
    case.rows[3][0] = 6
    assert "C3" in case.findings()
    case.database.unlink()
    case.rows[3][0] = 4
    case.rows[0][4], case.rows[3][4] = case.rows[3][4], case.rows[0][4]
    assert "C3" in case.findings()


def test_a_reader_who_jumps_or_ends_early_is_seen(case):
    del case.story.seen[1]
    assert case.findings() == {"C4"}
    case.database.unlink()
    case.story.seen = case.story.seen[:1]
    assert case.findings() == {"C4"}


def test_a_missing_outbox_row_is_seen(case):
    with sqlite3.connect(case.database) as file:
        file.executescript(SCHEMA)
        file.execute(
            "INSERT INTO message VALUES (x'bb', 1, 1, 'p', 'operator', 'pn/o/1', 1, x'01', 'text', 'all')"
        )
    assert {it[:2] for it in check(Story(), case.database)} == {"C5"}


class Hooks:
    """A conversation of two messages that a receiver was told of; `rows`, `told` and `state` may be spoilt."""

    def __init__(self, folder):
        self.database = folder / "hub.db"
        self.story = Story()
        self.told = [
            ("e0", "conversation.opened", TALK, 0),
            ("e1", "message.created", "01", 1),
            ("e2", "message.created", "02", 2),
        ]
        self.rows = {"e0": "sent", "e1": "sent", "e2": "sent"}

    def findings(self):
        with sqlite3.connect(self.database) as file:
            file.executescript(SCHEMA)
            talk = bytes.fromhex(TALK)
            file.execute("INSERT INTO conversation VALUES (?)", (talk,))
            for n in (1, 2):
                file.execute("INSERT INTO message (conversation, seq, leg_seq, id, kind, audience, leaves) VALUES (?, ?, ?, ?, 'text', 'all', 0)",
                             (talk, n, n, bytes([n])))  # fmt: skip
            for item, state in self.rows.items():
                file.execute("INSERT INTO outbox VALUES (?, 'webhook', ?, '')", (bytes.fromhex(item), state))
        self.story.hooked = [
            Hooked(f"msg_{it}", event, TALK, about, seq) for it, event, about, seq in self.told
        ]
        return [it for it in check(self.story, self.database) if it.startswith("C5")]


@pytest.fixture
def hooks(tmp_path):
    return Hooks(tmp_path)


def test_hooks_that_were_told_once_and_in_order_are_well(hooks):
    assert hooks.findings() == []


def test_an_event_that_was_never_written_is_missed(hooks):
    del hooks.told[2], hooks.rows["e2"]
    (found,) = hooks.findings()
    assert "message.created of 02 was never told" in found


def test_an_event_that_was_written_and_not_taken_is_missed(hooks):
    del hooks.told[2]
    hooks.rows["e2"] = "quarantined"
    assert any("event e2 is quarantined and was not taken" in it for it in hooks.findings())


def test_one_event_under_two_ids_is_doubled(hooks):
    hooks.told.append(("e3", "message.created", "02", 2))
    hooks.rows["e3"] = "sent"
    assert any("was told under 2 ids" in it for it in hooks.findings())


def test_events_in_another_order_are_seen(hooks):
    hooks.told.reverse()
    assert any("was told after" in it for it in hooks.findings())


def test_an_event_of_nothing_is_seen(hooks):
    hooks.told.append(("e3", "message.created", "03", 3))
    hooks.rows["e3"] = "sent"
    assert any("never happened" in it for it in hooks.findings())


def test_anothers_words_and_a_note_before_a_visitor_are_seen(case):
    case.story.canaries["other"] = "w"
    case.rows.append([5, 4, "w-1", "visitor", "other/w/1"])
    case.story.seen.append(Seen("v", TALK, 4, "other/w/1", False))
    case.story.seen.append(Seen("o/x", TALK, 5, "other/w/1", False))
    assert case.findings() == {"C6"}
    case.database.unlink()
    case.rows[4] = [5, 4, "o-3", "operator", "cn/o/2"]
    case.story.seen[-2:] = [Seen("v", TALK, 4, "cn/o/2", False), Seen("o/x", TALK, 5, "cn/o/2", False)]
    assert case.findings() >= {"C6"}


def test_a_refusal_for_what_is_stored_is_a_lie(case):
    del case.story.told[3]
    case.story.refused = [Refused("v", "v-2", "closed")]
    assert case.findings() == {"C9"}
