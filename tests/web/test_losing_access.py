"""Whoever may no longer sees nothing more: sockets close within a second, and a session in use does not idle out."""

import pytest

from hub.actions import people
from tests.web.people import Tab


async def test_sockets_close_within_a_second_of_signing_out(world, tab_of):
    ann, other = await tab_of("ann"), await tab_of("ann")
    cookie = ann.cookie
    answer = await world.ask("POST", "/api/sign-out", cookie=cookie, body={})
    assert answer.status_code == 200
    assert await ann.ended(1.0) in (4401, 401)
    await other.settled()
    assert (await world.ask("GET", "/api/me", cookie=cookie)).status_code == 401
    ended = Tab(world, ann.wire, cookie)
    world.parties.append(ended)
    await ended.dial()
    await ended.line.send({"t": "hello", "tab": ended.tab})
    assert await ended.ended() in (4401, 401)


@pytest.mark.parametrize("how", ["deactivated", "another password", "thirty days"])
async def test_sockets_close_within_a_second_of_losing_the_session(world, tab_of, how):
    ann, bob = await tab_of("ann"), await tab_of("bob")
    if how == "deactivated":
        await world.hub.store.write(people.activate, world.operators["ann"], on=False)
    elif how == "another password":
        await world.hub.store.write(people.set_password, "ann", "plain:new")
    else:
        sql = "UPDATE operator_session SET created_at = created_at - 2600000000000 WHERE operator = ?"
        await world.hub.store.write(lambda tx: tx.run(sql, (world.operators["ann"],)))
        await world.hub.store.write(people.sweep)
    assert await ann.ended(1.0) in (4401, 401)
    await bob.settled()


async def test_a_session_that_ended_between_the_handshake_and_the_first_frame_is_turned_away(world, wire):
    if wire == "poll":
        pytest.skip("its first frame comes with the handshake")
    ann = Tab(world, wire, await world.sign_in("ann"))
    world.parties.append(ann)
    await ann.dial()
    sql = "DELETE FROM operator_session"
    await world.hub.store.write(lambda tx: tx.run(sql))
    await ann.line.send({"t": "hello", "tab": ann.tab})
    assert await ann.ended(1.0) == 4401


async def test_an_open_console_keeps_its_session_alive(world, tab_of):
    ann = await tab_of("ann")
    for _ in range(3):
        world.clock.move(hours=5)
        await ann.settled()
        await world.hub.hall.renew_leases()
    await world.hub.store.write(people.sweep)
    assert (await world.ask("GET", "/api/me", cookie=ann.cookie)).status_code == 200
