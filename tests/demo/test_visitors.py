"""Simulated visitors come through the front door, are seen, ask, answer, and are recognised when they return."""

import asyncio
import secrets
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hub.actions import serve
from hub.demo.browser import Browser
from hub.demo.earlier import end_chats
from hub.demo.person import Person
from hub.demo.personas import PERSONAS, Memory, persona
from hub.demo.visitors import Crowd
from tests.demo.conftest import SHOP, serving


async def until(fact: Any, seconds: float = 10.0) -> Any:
    """Wait for a fact, a function or a coroutine function that says something true."""
    async with asyncio.timeout(seconds):
        while True:
            found = fact()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.01)


@asynccontextmanager
async def at_work(work: Any):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        yield task
        task.cancel()


async def test_the_crowd_is_seen_on_the_board_with_its_pages(running):
    kept: dict[str, Memory] = {}
    async with at_work(Crowd(running.town, 3, {}, kept.update).run()):
        rows = await until(lambda: len(found := list(running.hub.hall.board.rows())) >= 3 and found)
        assert all(row.url.startswith(SHOP) and row.title for row in rows)
        assert {row.language for row in rows} >= {"en", "pl"}
        await until(lambda: kept.get("tomasz"))
    assert kept["tomasz"].token


async def test_a_visitor_asks_answers_twice_and_thanks_when_an_operator_replies(running):
    robin = await running.hire()
    async with at_work(Person(running.town, 0).visit()):
        ((talk,),) = await until(lambda: running.sql("SELECT id FROM conversation"))
        for words in range(2):
            asked = words + 1

            async def waits(asked: int = asked) -> bool:
                said = await running.sql("SELECT seq FROM message WHERE author = 'visitor'")
                return len(said) == asked

            await until(waits)
            await running.hub.store.write(serve.reply, robin, talk, secrets.token_hex(8), "Of course.")
        await until(lambda: _said(running, len(PERSONAS[0].topics[0])))
    texts = [
        text
        for (text,) in await running.sql("SELECT text FROM message WHERE author = 'visitor' ORDER BY seq")
    ]
    assert tuple(texts) == PERSONAS[0].topics[0]


async def _said(running, count: int) -> bool:
    ((found,),) = await running.sql("SELECT count(*) FROM message WHERE author = 'visitor'")
    return found == count


async def test_a_known_customer_is_vouched_for_by_the_shop(running):
    number = next(n for n, who in enumerate(PERSONAS) if who.key == "oskar")
    async with at_work(Person(running.town, number).visit()):
        row = await until(
            lambda: next((r for r in running.hub.hall.board.rows() if r.level == "verified"), None)
        )
    assert row.name == "Oskar Lind"


async def test_a_visitor_who_comes_back_in_the_next_run_is_the_same_one(tmp_path):
    kept: dict[str, Memory] = {}
    seen = []
    for _ in range(2):
        async with serving(tmp_path / "demo") as running:
            person = Person(running.town, 3, kept.get("sofia"))
            async with at_work(person.visit()):
                (row,) = await until(lambda running=running: list(running.hub.hall.board.rows()))
                seen.append(row.id)
                await until(lambda person=person: person.browser.token)
                kept["sofia"] = Memory(token=person.browser.token)
    assert seen[0] == seen[1]


async def test_a_cart_is_seen(running):
    number = next(n for n, who in enumerate(PERSONAS) if who.key == "tomasz")
    async with at_work(Person(running.town, number).visit()):
        row = await until(lambda: next((r for r in running.hub.hall.board.rows() if r.cart_value), None))
    assert (row.cart_value % 28, row.currency) == (0, "EUR")


async def test_visitors_outlive_a_hub_that_goes_away(tmp_path):
    async with serving(tmp_path / "demo") as running:
        crowd = asyncio.get_running_loop().create_task(Crowd(running.town, 2, {}, lambda kept: None).run())
        await until(lambda: len(running.hub.hall.board) == 2)
    await asyncio.sleep(0)
    assert not crowd.done()
    crowd.cancel()
    await asyncio.wait([crowd])


@pytest.mark.parametrize("number", [0, 9, 10, 11, 400])
def test_the_same_number_is_always_the_same_person(number):
    assert persona(number) == persona(number)
    assert persona(number).path


async def test_chats_of_an_earlier_run_are_ended_and_those_of_people_go_on(tmp_path):
    async with serving(tmp_path / "demo") as running:
        async with at_work(Person(running.town, 0).visit()):
            await until(lambda: running.sql("SELECT id FROM conversation"))
        by_hand = Browser(running.town.hub, SHOP)
        await by_hand.open(f"{SHOP}/", "The shop")
        await by_hand.say("Is anybody there?", 0)
        await by_hand.leave()
    async with serving(tmp_path / "demo") as running:
        assert await running.hub.store.write(end_chats) == 1
        left = await running.sql("SELECT id FROM conversation WHERE status <> 'closed'")
        assert left == [(bytes.fromhex(by_hand.conversation or ""),)]


async def test_the_board_names_where_a_visit_came_from_on_every_page_of_it(running):
    person = Person(running.town, 0)
    async with at_work(person.visit()):

        def on_another_page() -> Any:
            return [row for row in running.hub.hall.board.rows() if row.pages > 1]

        (row,) = await until(on_another_page)
    assert row.referrer == person.who.referrer
