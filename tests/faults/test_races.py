"""Many at once, and one who does not read: exactly one conversation begins, exactly one operator wins, and whoever lags is cut off
alone and catches up.
"""

import asyncio
import json
import socket
import sqlite3
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.child import OPERATORS, SHOP, secret
from tests.faults.rig import HubProcess

AT_ONCE = 50
ROUNDS = 5


@pytest.fixture
async def hub(tmp_path):
    running = HubProcess(tmp_path)
    await running.start()
    yield running
    await running.stop()


QUIETLY = {"compression": None, "ping_interval": None, "close_timeout": 0.2}


def as_page(hub):
    return connect(f"ws://127.0.0.1:{hub.port}/visitor", origin=SHOP, max_queue=None, **QUIETLY)


def as_tab(hub, number, **options):
    cookie = {"Cookie": f"__Host-hub={secret(number % OPERATORS)}"}
    options = {**QUIETLY, "max_queue": None, **options}
    origin = f"http://localhost:{hub.port}"
    return connect(f"ws://127.0.0.1:{hub.port}/console", origin=origin, additional_headers=cookie, **options)


async def say(line, **frame):
    await line.send(json.dumps(frame))


async def hears(line, *kinds):
    while (frame := json.loads(await line.recv()))["t"] not in kinds:
        pass
    return frame


async def greeted_page(hub, token=None, tab=0):
    line = await as_page(hub)
    await say(line, t="hello", site="shop", tab=f"tab-{tab:08d}", **({"token": token} if token else {}))
    return line, await hears(line, "welcome")


async def conversation(hub):
    """A new visitor's, with one question in it; and the visitor's line."""
    line, _ = await greeted_page(hub)
    await say(line, t="open", client_id="first-message", text="Anybody there?")
    return line, (await hears(line, "sent"))["conversation"]


def rows(hub, sql, *parameters):
    with sqlite3.connect(f"file:{hub.database}?mode=ro", uri=True) as file:
        return file.execute(sql, parameters).fetchall()


async def test_fifty_tabs_begin_one_conversation(hub):
    for n in range(ROUNDS):
        first, welcome = await greeted_page(hub)
        pages = [(await greeted_page(hub, welcome["token"], tab))[0] for tab in range(1, AT_ONCE)] + [first]
        texts = [f"round {n}, tab {tab}" for tab in range(AT_ONCE)]
        await asyncio.gather(
            *(
                say(page, t="open", client_id=f"tab-{tab:06d}-{n}", text=texts[tab])
                for tab, page in enumerate(pages)
            )
        )
        told = await asyncio.gather(*(hears(page, "sent") for page in pages))
        assert len({frame["conversation"] for frame in told}) == 1
        assert sorted(frame["seq"] for frame in told) == list(range(1, AT_ONCE + 1))
        stored = rows(hub, "SELECT text FROM message WHERE text LIKE ?", f"round {n},%")
        assert sorted(row[0] for row in stored) == sorted(texts)
        await asyncio.gather(*(page.close() for page in pages))


async def test_of_fifty_who_take_a_conversation_one_wins(hub):
    tabs = [await as_tab(hub, number) for number in range(AT_ONCE)]
    for number, tab in enumerate(tabs):
        await say(tab, t="hello", tab=f"tab-{number:08d}")
    ids = [(await hears(tab, "welcome"))["me"]["id"] for tab in tabs]
    for n in range(ROUNDS):
        visitor, talk = await conversation(hub)
        await asyncio.gather(
            *(
                say(tab, t="take", id=f"take-{number:04d}-{n}", conversation=talk)
                for number, tab in enumerate(tabs)
            )
        )
        told = await asyncio.gather(*(hears(tab, "done", "refused") for tab in tabs))
        winners = {ids[number] for number, frame in enumerate(told) if frame["t"] == "done"}
        assert len(winners) == 1, "whose tabs may all say it is theirs, but nobody else's"
        assert {frame["code"] for frame in told if frame["t"] == "refused"} == {"taken"}
        ((holder,),) = rows(
            hub, "SELECT lower(hex(operator)) FROM conversation WHERE id = ?", bytes.fromhex(talk)
        )
        assert {holder} == winners
        taken = rows(
            hub,
            "SELECT count(*) FROM message WHERE conversation = ? AND kind = 'system' AND text LIKE '%taken%'",
            bytes.fromhex(talk),
        )
        assert taken[0][0] <= 1
        await visitor.close()
    await asyncio.gather(*(tab.close() for tab in tabs))


async def test_a_reader_who_does_not_read_is_cut_off_alone_and_catches_up(hub):
    visitor, talk = await conversation(hub)
    narrow = socket.socket()
    narrow.setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVBUF, 4096
    )  # before connecting, or the window is wide already
    narrow.connect(("127.0.0.1", hub.port))
    slow = await as_tab(hub, 0, sock=narrow, max_queue=1)
    quick = await as_tab(hub, 1)
    for tab in (slow, quick):
        await say(tab, t="hello", tab="tab-00000001")
        await hears(tab, "welcome")
        await say(tab, t="subscribe", topic=f"conversation:{talk}")
    held = (await hears(slow, "snapshot"))["n"]
    await hears(quick, "snapshot")
    other, elsewhere = await conversation(hub)
    text, delays, seq = "x" * 4_000, [], 1
    # More than the kernel takes for a reader who does not read: some megabytes on a loopback.
    for n in range(40):
        for k in range(50):
            await say(visitor, t="say", client_id=f"message-{n:03d}-{k:03d}", conversation=talk, text=text)
        began = time.monotonic()
        await say(other, t="say", client_id=f"other-{n:05d}", conversation=elsewhere, text="And I?")
        await hears(other, "sent")
        delays.append(time.monotonic() - began)
        while (frame := await hears(visitor, "sent"))["client_id"] != f"message-{n:03d}-049":
            pass
        seq = frame["seq"]
    while (frame := await hears(quick, "event"))["item"].get("seq") != seq or frame["item"]["k"] != "message":
        pass
    with pytest.raises(ConnectionClosed):
        while True:
            await slow.recv()
    assert slow.close_code in (1013, 1006), "told to come back, unless not even that could be written"
    back = await as_tab(hub, 0)
    await say(back, t="hello", tab="tab-00000001")
    await hears(back, "welcome")
    await say(back, t="subscribe", topic=f"conversation:{talk}", n=held)
    missing = set(range(2, seq + 1))
    while missing:
        frame = await hears(back, "event", "snapshot", "resync")
        if frame["t"] == "resync":
            await say(back, t="subscribe", topic=f"conversation:{talk}")
        items = frame.get("items") or [frame.get("item") or {}]
        missing -= {item.get("seq") for item in items if item.get("k") == "message"}
        if frame["t"] == "snapshot":
            break  # the newest page; what is before it is read by pages
    assert sorted(delays)[int(len(delays) * 0.9)] < 1.0, "those who read wait for nobody"
    for line in (visitor, other, quick, back):
        await line.close()
