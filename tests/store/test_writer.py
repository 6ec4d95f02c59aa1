"""Groups of actions: each atomic by itself, durable together, in two lanes."""

import asyncio
import gc
import itertools
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import Store, StoreClosed, StoreError, Tx

START = 1_800_000_000_000_000


def insert(tx: Tx, n: int, words: str = "") -> int:
    tx.run("INSERT INTO line (n, words) VALUES (?, ?)", (n, words))
    tx.publish("line", n)
    return n


def insert_and_fail(tx: Tx, n: int) -> None:
    insert(tx, n)
    raise LookupError(n)


def numbers(read) -> list[int]:
    return [n for (n,) in read.all("SELECT n FROM line ORDER BY n")]


@asynccontextmanager
async def held(store: Store) -> AsyncIterator[None]:
    """While inside, the writer is busy with one action, so what is submitted waits; outside it runs."""
    entered, release = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(tx: Tx) -> None:
        loop.call_soon_threadsafe(entered.set)
        assert release.wait(10)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(store.write(hold))
        await entered.wait()
        yield
        await asyncio.sleep(0)  # the tasks made inside submit their actions
        release.set()


async def test_a_written_row_is_read_back(store):
    assert await store.write(insert, 1, words="hello") == 1
    assert await store.read(lambda read: read.one("SELECT words FROM line")) == ("hello",)


async def test_an_action_that_raises_takes_back_only_itself(store, events):
    answers = await asyncio.gather(
        store.write(insert, 1),
        store.write(insert_and_fail, 2),
        store.write(insert, 3),
        return_exceptions=True,
    )
    assert answers[0] == 1
    assert isinstance(answers[1], LookupError)
    assert answers[2] == 3
    assert await store.read(numbers) == [1, 3]
    assert events == [("line", 1), ("line", 3)]


async def test_a_broken_constraint_takes_back_only_its_action(store):
    await store.write(insert, 1)
    with pytest.raises(sqlite3.IntegrityError):
        await store.write(insert, 1)
    assert await store.write(insert, 2) == 2


async def test_the_error_of_an_action_reaches_its_caller_whatever_its_kind(store):
    def interrupt(tx: Tx) -> None:
        raise asyncio.CancelledError

    def run_out(tx: Tx) -> None:
        next(iter(()))

    with pytest.raises(asyncio.CancelledError):
        await store.write(interrupt)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.write(run_out)
    assert await store.write(insert, 1) == 1


async def test_what_waits_while_one_group_is_written_forms_the_next(store):
    before = store.counters.groups
    async with asyncio.TaskGroup() as tasks, held(store):
        for n in range(100):
            tasks.create_task(store.write(insert, n))
    assert store.counters.groups - before <= 2
    assert await store.read(numbers) == list(range(100))


async def test_a_group_closes_at_512_actions(store):
    before = store.counters.groups
    async with asyncio.TaskGroup() as tasks, held(store):
        for n in range(1200):
            tasks.create_task(store.write(insert, n))
    assert store.counters.groups - before >= 3


async def test_a_group_closes_after_ten_milliseconds(store):
    def slow(tx: Tx) -> None:
        threading.Event().wait(0.006)

    before = store.counters.groups
    async with asyncio.TaskGroup() as tasks, held(store):
        for _ in range(6):
            tasks.create_task(store.write(slow))
    assert store.counters.groups - before >= 3


async def test_interactive_actions_run_before_background_ones_that_came_first(store):
    order: list[str] = []

    def note(tx: Tx, name: str) -> None:
        order.append(name)

    async with asyncio.TaskGroup() as tasks, held(store):
        tasks.create_task(store.write_background(note, "import 1"))
        tasks.create_task(store.write_background(note, "import 2"))
        tasks.create_task(store.write(note, "chat 1"))
        tasks.create_task(store.write(note, "chat 2"))
    assert order == ["chat 1", "chat 2", "import 1", "import 2"]


async def test_an_interactive_commit_does_not_wait_for_background_work_of_its_group(store):
    groups: list[int] = []

    def note(tx: Tx) -> None:
        groups.append(store.counters.groups)

    async with asyncio.TaskGroup() as tasks, held(store):
        tasks.create_task(store.write_background(note))
        tasks.create_task(store.write(note))
    chat, background = groups
    assert background > chat


async def test_background_work_goes_on_under_a_steady_interactive_load(store):
    done = asyncio.Event()

    async def background() -> None:
        await store.write_background(insert, -1)
        done.set()

    async def chat(number: int) -> None:
        for n in itertools.count(number * 1_000_000):
            if done.is_set():
                break
            await store.write(insert, n)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        for number in range(16):
            tasks.create_task(chat(number))
        await asyncio.sleep(0)
        tasks.create_task(background())
    assert done.is_set()


async def test_a_writer_sees_its_result_before_anybody_hears_of_it(opened):
    story: list[str] = []
    store = await opened(publish=lambda topic, event: story.append(f"heard {event}"))

    def act(tx: Tx, n: int) -> int:
        tx.publish("n", n)
        return n

    async def writer(n: int) -> None:
        story.append(f"acknowledged {await store.write(act, n)}")

    async with asyncio.TaskGroup() as tasks, held(store):
        for n in range(3):
            tasks.create_task(writer(n))
    await store.write(lambda tx: None)
    acknowledged, heard = [f"acknowledged {n}" for n in range(3)], [f"heard {n}" for n in range(3)]
    assert story in (acknowledged + heard, [acknowledged[0], heard[0], *acknowledged[1:], *heard[1:]])


async def test_events_are_published_in_the_order_of_their_actions_across_groups(store, events):
    await asyncio.gather(*(store.write(insert, n) for n in range(2000)))
    await store.write(lambda tx: None)
    assert [n for _, n in events] == list(range(2000))


async def test_a_listener_that_raises_does_not_silence_the_others(opened):
    heard: list[object] = []
    complaints: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))

    def publish(topic: str, event: object) -> None:
        heard.append(event)
        raise LookupError(event)

    store = await opened(publish=publish)
    await store.write(lambda tx: [tx.publish("n", 1), tx.publish("n", 2)])
    await store.write(lambda tx: None)
    assert heard == [1, 2]
    assert len(complaints) == 2


async def test_the_clock_stands_still_within_an_action_and_goes_on_between(store):
    first = await store.write(lambda tx: (tx.now, tx.now))
    second = await store.write(lambda tx: (tx.now, tx.now))
    assert first[0] == first[1] < second[0] == second[1]
    assert first[0] > START


async def test_ids_come_from_the_source_the_store_was_given(opened):
    store = await opened(random=lambda length: b"\x07" * length)
    assert await store.write(lambda tx: tx.new_id()) == b"\x07" * 16


async def test_a_cancelled_writer_has_still_written(store):
    async with asyncio.TaskGroup() as tasks, held(store):
        leaving = tasks.create_task(store.write(insert, 1))
        await asyncio.sleep(0)
        leaving.cancel()
    assert await store.write(insert, 2) == 2
    assert await store.read(numbers) == [1, 2]


async def test_failed_actions_leave_no_garbage_for_the_collector(store):
    async def fail() -> None:
        for n in range(50):
            with suppress(LookupError):
                await store.write(insert_and_fail, n)
            with suppress(LookupError):
                await store.read(lambda read: {}[0])

    await fail()
    gc.collect()
    gc.disable()
    try:
        await fail()
        assert gc.collect() < 50
    finally:
        gc.enable()


async def test_another_event_loop_is_turned_away(store):
    def elsewhere() -> None:
        asyncio.run(store.write(insert, 1))

    with pytest.raises(StoreError, match="another event loop"):
        await asyncio.to_thread(elsewhere)


async def test_closing_writes_what_waits_and_refuses_what_comes_later(opened, store):
    async with asyncio.TaskGroup() as tasks:
        writes = [tasks.create_task(store.write(insert, n)) for n in range(50)]
        await asyncio.sleep(0)
        await store.close()
    assert [write.result() for write in writes] == list(range(50))
    with pytest.raises(StoreClosed):
        await store.write(insert, 99)
    with pytest.raises(StoreClosed):
        await store.read(numbers)
    again = await opened()
    assert await again.read(numbers) == list(range(50))


@settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=st.lists(st.tuples(st.sampled_from(["write", "fail", "repeat"]), st.booleans()), max_size=60))
async def test_any_mix_of_actions_leaves_exactly_the_rows_of_those_that_succeeded(store, plan):
    def reset(tx: Tx) -> None:
        tx.run("DELETE FROM line")
        tx.run("INSERT INTO line (n) VALUES (-1)")

    await store.write(reset)
    actions = {"write": insert, "fail": insert_and_fail, "repeat": lambda tx, n: insert(tx, -1)}
    answers = await asyncio.gather(
        *(
            (store.write_background if background else store.write)(actions[kind], n)
            for n, (kind, background) in enumerate(plan)
        ),
        return_exceptions=True,
    )
    succeeded = [n for n, (kind, _) in enumerate(plan) if kind == "write"]
    assert [answer for answer in answers if isinstance(answer, int)] == succeeded
    assert await store.read(numbers) == [-1, *succeeded]


async def test_a_group_ends_as_the_same_actions_one_after_the_other(store):
    """Each action sees what those before it did, whether they share a transaction or not."""

    def append(tx: Tx, n: int) -> int:
        (last,) = tx.one("SELECT coalesce(max(n), 0) FROM line")
        insert(tx, last + 1, str(n))
        if n % 7 == 0:
            raise LookupError(n)
        return last + 1

    grouped = await asyncio.gather(*(store.write(append, n) for n in range(100)), return_exceptions=True)
    rows = await store.read(lambda read: read.all("SELECT n, words FROM line ORDER BY n"))
    await store.write(lambda tx: tx.run("DELETE FROM line"))
    single = [(await asyncio.gather(store.write(append, n), return_exceptions=True))[0] for n in range(100)]
    assert [str(answer) for answer in grouped] == [str(answer) for answer in single]
    assert rows == await store.read(lambda read: read.all("SELECT n, words FROM line ORDER BY n"))
