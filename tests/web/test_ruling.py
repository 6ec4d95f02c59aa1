"""By what people are told apart, over HTTP: tried on what is there, switched on, taken back, and remembered."""

import asyncio

import pytest

from hub import identity
from hub.actions import rebuild
from hub.actions.receive import receive
from tests.web.test_evidence import told

FEW = {"others": {"email": 1}}


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def boss(world):
    return await world.sign_in("boss")


@pytest.fixture
def ask(world, boss):
    async def asked(path="", **body):
        method = "POST" if body else "GET"
        answer = await world.ask(method, f"/api/identity/rules{path}", cookie=boss, body=body or None)
        return answer.json()

    return asked


@pytest.fixture
def count(ask):
    """Ask for a trial, and wait until it has been counted."""

    async def counted(numbers):
        page = await ask("/try", numbers=numbers)
        while page["trial"]["state"] == "counting":
            await asyncio.sleep(0)
            page = await ask()
        return page["trial"]

    return counted


@pytest.fixture
async def mailbox(world):
    """One address, said beside two numbers: three touchpoints of Ann."""
    said = [
        told(0, "email:m@shop.org", "phone:+493012345678", name="Ann Ray"),
        told(1, "email:m@shop.org", "phone:+493012345679"),
        told(2, "phone:+493012345678"),
    ]
    return [(await world.hub.store.write(receive, "shop", one)).touch for one in said]


def value(page, name, kind):
    return next(one["value"] for one in page["numbers"] if (one["name"], one["kind"]) == (name, kind))


async def follow(world):
    """What is there is read anew, as the clock would have it."""
    place, seen = identity.Place(), await world.hub.store.read(identity.due)
    while place is not None:
        place = (await world.hub.store.write(rebuild.renew, place)).next
    await world.hub.store.write(identity.renewed, seen)


async def test_numbers_are_tried_on_everything_there_is_and_change_nothing(world, ask, count, mailbox):
    trial = await count(FEW)
    assert trial["state"] == "done"
    assert trial["numbers"] == FEW
    assert (trial["customers"], trial["would_be"], trial["moved"], trial["split"]) == (1, 2, 1, 1)
    (apart,) = trial["apart"]
    assert (apart["who"]["name"], apart["touches"]) == ("Ann Ray", [2, 1])
    assert value(await ask(), "others", "email") == 8
    assert len({await world.hub.store.read(identity.resolve, one) for one in mailbox}) == 1


async def test_those_who_would_be_one_are_shown_together(world, ask, count, mailbox):
    await ask("", numbers=FEW, seen=0)
    await follow(world)
    trial = await count({"others": {"email": None}})
    assert (trial["customers"], trial["would_be"], trial["joined"], trial.get("split", 0)) == (2, 1, 1, 0)
    assert [one["name"] for one in trial["together"][0]["who"]] == ["Ann Ray", "m@shop.org"]


async def test_what_was_switched_on_is_remembered_and_taken_back_exactly(world, ask, mailbox):
    before = await ask()
    page = await ask("", numbers={**FEW, "limits": {"email": 3}}, seen=0)
    assert page["renewing"]
    await follow(world)
    assert len({await world.hub.store.read(identity.resolve, one) for one in mailbox}) == 2
    (change,) = page["changes"]
    assert change["by"] == "Boss"
    assert change["numbers"] == [["limits", "email", 8, 3], ["others", "email", 8, 1]]
    undone = await ask("/undo", change=change["id"])
    await follow(world)
    assert undone["numbers"] == before["numbers"]
    assert [one.get("may_undo", False) for one in undone["changes"]] == [True, False]
    assert len({await world.hub.store.read(identity.resolve, one) for one in mailbox}) == 1
    assert (await ask("/undo", change=change["id"]))["error"]["code"] == "taken"


async def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(ask):
    await ask("", numbers={"limits": {"email": 3}}, seen=0)
    assert (await ask("", numbers={"limits": {"email": 4}}, seen=0))["error"]["code"] == "taken"
    assert value(await ask(), "limits", "email") == 3
    assert (await ask("", numbers={"limits": {"email": 3}}, seen=1))["error"]["code"] == "no_change"


async def test_what_is_wrong_is_told_by_its_place(ask):
    wrong = {"limits": {"email": 0, "carrier-pigeon": 2}, "moods": {"email": 1}}
    for path, more in (("/try", {}), ("", {"seen": 0})):
        error = (await ask(path, numbers=wrong, **more))["error"]
        assert error["code"] == "bad_request"
        assert set(error["fields"]) == {"limits.email", "limits.carrier-pigeon", "moods.email"}


async def test_a_trial_ends_with_the_next_one_and_with_what_is_switched_on(ask, count):
    await ask("/try", numbers=FEW)
    trial = await count({"limits": {"email": 2}})
    assert trial["numbers"] == {"limits": {"email": 2}}
    assert "trial" not in await ask("", numbers={"limits": {"email": 2}}, seen=0)
