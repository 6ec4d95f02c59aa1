"""The board by itself: what is on it follows from what was told, and whoever was told every change knows what is on it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.visits.conditions import lingers
from hub.visits.live import DRIFT, GRACE, STEP, Board, Presence, Tab, Who
from hub.wire.common import Page

S = 1_000_000
VISITORS = [bytes([n]) * 16 for n in range(1, 4)]


def presence(visitor: bytes, key: str, **more) -> Presence:
    return Presence(
        visitor=visitor, visit=visitor, site="shop", who=Who(visitor, "", "observed"), arrived=0, visits=1, pages=1, referrer="",
        language="en", tabs={}, tab=key, **more,
    )  # fmt: skip


def tab(n: int = 1, now: int = 0, url: str = "https://shop.test/") -> Tab:
    return Tab(n=n, url=url, title="", since=now, heard=now)


class Follower:
    """What a console holds that was told everything."""

    def __init__(self, board: Board) -> None:
        self.rows = {row.id: row for row in board.rows()}
        self.n = board.n
        board.listen(self)

    def __call__(self, n, visitor, row) -> None:
        assert n == self.n + 1, "changes are numbered without holes"
        self.n = n
        if row is None:
            self.rows.pop(visitor.hex(), None)
        else:
            self.rows[row.id] = row


def seconds(row, now: int) -> float:
    return row.active_before + ((now - row.since * 1000) / S if row.attentive else 0.0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["arrive", "look", "beat", "left", "sweep", "forget", "talks", "invited"]),
        st.sampled_from(VISITORS), st.sampled_from(["one", "two"]), st.integers(0, 20), st.integers(0, 100),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_an_old_snapshot_and_the_changes_are_the_new_snapshot(steps):
    board = Board({"shop": [lingers(30)]})
    told, tabs, now = Follower(board), {}, 0
    for what, visitor, key, passed, figure in steps:
        now += passed * S
        if what == "arrive":
            tabs[visitor, key] = tab(figure + 1, now)
            board.arrive(presence(visitor, key), key, tabs[visitor, key])
        elif what == "look":
            board.look(visitor, key, Page(url=f"https://shop.test/{figure}"), figure + 1, figure + 1, now)
        elif what == "beat":
            board.beat(visitor, key, float(figure), figure, now)
        elif what == "left" and (visitor, key) in tabs:
            board.left(visitor, key, tabs[visitor, key], now)
        elif what == "sweep":
            board.sweep(now)
        elif what == "forget":
            board.forget(visitor)
        elif what == "talks":
            board.talks(visitor, visitor if figure % 2 else None, "Ann" if figure % 2 else "")
        else:
            board.invited(visitor, "offered")
        there = {row.id: row for row in board.rows()}
        assert told.rows.keys() == there.keys()
        for key_, row in there.items():
            assert abs(seconds(told.rows[key_], now) - seconds(row, now)) <= DRIFT + 0.01
            held = told.rows[key_]
            assert (held.url, held.lingering, held.conversation, held.invitation, held.attentive) == (
                row.url, row.lingering, row.conversation, row.invitation, row.attentive,
            )  # fmt: skip
            assert abs(held.scroll - row.scroll) < 10, "how far is told in steps"


def test_who_left_stays_for_a_moment_because_pages_follow_each_other():
    board = Board()
    told = Follower(board)
    mine = tab()
    board.arrive(presence(VISITORS[0], "one"), "one", mine)
    board.left(VISITORS[0], "one", mine, 10 * S)
    board.sweep(10 * S + GRACE - 1)
    assert len(told.rows) == 1
    board.arrive(presence(VISITORS[0], "two"), "two", tab(2, 15 * S))
    board.sweep(10 * S + GRACE)
    assert len(told.rows) == 1
    assert list(board.get(VISITORS[0]).tabs) == ["two"]


def test_who_does_not_come_back_goes():
    board = Board()
    told = Follower(board)
    mine = tab()
    board.arrive(presence(VISITORS[0], "one"), "one", mine)
    board.left(VISITORS[0], "one", mine, 0)
    board.sweep(GRACE)
    assert (told.rows, len(board)) == ({}, 0)


def test_an_old_sockets_late_end_takes_nothing_from_the_page_that_came_back():
    board = Board()
    old, new = tab(), tab()
    board.arrive(presence(VISITORS[0], "one"), "one", old)
    board.arrive(presence(VISITORS[0], "one"), "one", new)
    assert board.left(VISITORS[0], "one", old, S) is None
    assert board.get(VISITORS[0]).leaving_at is None


def test_a_page_that_is_read_in_pieces_is_not_counted_by_the_clock():
    board = Board()
    board.arrive(presence(VISITORS[0], "one"), "one", tab())
    told, now = Follower(board), 0
    for piece in range(1, 21):
        now = piece * 15 * S
        board.beat(VISITORS[0], "one", piece * 5.0, 0, now)
        (row,) = told.rows.values()
        assert abs(seconds(row, now) - piece * 5.0) <= DRIFT
    assert told.n <= 21


def test_steady_reading_is_told_once():
    board = Board()
    board.arrive(presence(VISITORS[0], "one"), "one", tab())
    told = Follower(board)
    before = told.n
    for n in range(1, 100):
        board.beat(VISITORS[0], "one", n * 15.0, 0, n * 15 * S)
    assert told.n == before


def test_slow_scrolling_is_told_in_steps():
    board = Board()
    board.arrive(presence(VISITORS[0], "one"), "one", tab())
    told = Follower(board)
    for far in range(0, 101, 3):
        board.beat(VISITORS[0], "one", 15.0 * (far + 1), far, 15 * S * (far + 1))
        (row,) = told.rows.values()
        assert far - row.scroll < STEP
    assert told.n <= 12


def test_a_beat_scroll_or_look_of_nobody_changes_nothing():
    board = Board()
    board.beat(VISITORS[0], "one", 5.0, 50, S)
    assert board.look(VISITORS[0], "one", Page(url="https://shop.test/"), 1, 1, S) is None
    board.talks(VISITORS[0], None, "")
    board.holds(VISITORS[0], None)
    board.happened(VISITORS[0], "search", {"results": 0})
    assert (board.n, len(board)) == (0, 0)


def test_attention_is_handed_out_to_be_written_once():
    board = Board()
    board.arrive(presence(VISITORS[0], "one"), "one", tab())
    assert board.unwritten(S) == []
    board.beat(VISITORS[0], "one", 5.0, 50, 5 * S)
    (dwell,) = board.unwritten(5 * S)
    assert (dwell.n, dwell.active_ms, dwell.scroll) == (1, 5_000, 50)
    assert board.unwritten(6 * S) == []
