"""The demo's address book: the suggestions desk is not empty on the first evening, and holds what it is made to show."""

from hub.demo import twice
from hub.identity import shelves
from hub.identity.suggester import Suggester


async def test_the_desk_has_likely_pairs_a_second_account_and_no_couple(running):
    store = running.hub.store
    for _ in range(2):  # a second run adds nothing
        await store.write(twice.remember)
    await Suggester(store).look_due()
    queue = await store.read(shelves.page, "queue")
    more = await store.read(shelves.page, "more")
    assert len(queue) >= 4
    assert len(more) >= 1
    assert [one.accounts for one in queue + more].count(True) == 1
    said = [
        await store.read(shelves.said_by, one.a) | await store.read(shelves.said_by, one.b) for one in queue
    ]
    assert not any("Jürgen Keller" in one["name"] for one in said)
