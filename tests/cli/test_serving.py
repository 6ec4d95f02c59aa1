"""`hub serve` as a real program: it starts, answers, refuses in sentences, and lets everybody go when it is told to stop."""

import asyncio
import json
import re
import signal
import socket
import sqlite3
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hub.cli.serve import reached
from hub.config import parse
from tests.cli.conftest import PASSWORD

SERVING = r"serving http\S+ on (127\.0\.0\.1:\d+)"


@pytest.fixture
def served(made):
    """The folder, with a site that a test can come from."""
    path = made / "hub.toml"
    path.write_text(path.read_text().replace("\norigins = []", '\norigins = ["http://shop.test"]'))
    return made


async def test_from_init_to_signed_in(served, run):
    async with run(served, "serve", "--port", "0") as program:
        address = (await program.says(SERVING))[1]
        async with httpx2.AsyncClient(base_url=f"http://{address}", trust_env=False) as http:
            assert (await http.get("/healthz")).json() == {"status": "ok"}
            port = address.rpartition(":")[2]
            own = {"origin": f"http://localhost:{port}", "content-type": "application/json"}
            wrong = await http.post("/api/sign-in", json={"login": "ana", "password": "guess"}, headers=own)
            assert wrong.status_code == 401
            right = await http.post("/api/sign-in", json={"login": "ana", "password": PASSWORD}, headers=own)
            assert (right.status_code, right.json()["name"]) == (200, "Ana Ruiz")
            assert right.headers["set-cookie"].startswith("__Host-")


def hello(tab: str) -> dict[str, object]:
    return {"t": "hello", "site": "main", "tab": tab, "page": {"url": "http://shop.test/"}}


async def test_when_told_to_stop_it_closes_sockets_with_1012_and_ends_with_0(served, run):
    async with run(served, "serve", "--port", "0", "--log-json") as program:
        address = (await program.says(SERVING))[1]
        async with connect(f"ws://{address}/visitor", origin="http://shop.test", proxy=None) as visitor:
            await visitor.send(json.dumps(hello("a-real-tab")))
            assert json.loads(await visitor.recv())["t"] == "welcome"
            program.running.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed):
                while True:
                    await visitor.recv()
            assert visitor.close_code == 1012
        assert await program.ended() == 0
    events = [json.loads(line) for line in program.lines]
    assert [event["message"] for event in events][-2:] == ["stopping", "stopped"]
    assert all({"at", "level", "logger", "message"} <= event.keys() for event in events)
    assert not [event for event in events if event["level"] in ("warning", "error")]


async def test_a_request_that_is_held_open_does_not_hold_up_the_end(served, run):
    async with run(served, "serve", "--port", "0") as program:
        address = (await program.says(SERVING))[1]
        async with httpx2.AsyncClient(base_url=f"http://{address}", trust_env=False, timeout=20) as http:

            async def poll(socket: str | None, after: int, *frames: object) -> dict[str, Any]:
                body = {"socket": socket, "after": after, "frames": frames}
                return (
                    await http.post("/visitor/poll", json=body, headers={"origin": "http://shop.test"})
                ).json()

            async def until_closed(answer: dict[str, Any]) -> int:
                after = 0
                while "close" not in answer:
                    after = max([after, *(n for n, _ in answer["frames"])])
                    answer = await poll(answer["socket"], after)
                return answer["close"]

            answer = await poll(None, 0, hello("a-poll-tab"))
            async with asyncio.TaskGroup() as group:
                closed = group.create_task(until_closed(answer))
                await asyncio.sleep(0.2)  # so that a request is held by then
                began = asyncio.get_running_loop().time()
                program.running.send_signal(signal.SIGTERM)
            assert closed.result() == 1012
        assert await program.ended() == 0
        assert asyncio.get_running_loop().time() - began < 5


async def test_commands_reach_the_running_hub(served, run, hub):
    async with run(served, "serve", "--port", "0") as program:
        address = (await program.says(SERVING))[1]

        async def call(*arguments: str, typed: str = ""):
            return await asyncio.to_thread(hub, *arguments, typed=typed)

        added = await call("operator", "add", "bo", "--name", "Bo", "--password-stdin", typed=PASSWORD)
        assert added.exit_code == 0, added.output
        async with httpx2.AsyncClient(base_url=f"http://{address}", trust_env=False) as http:
            own = {"origin": f"http://localhost:{address.rpartition(':')[2]}"}
            signed_in = await http.post(
                "/api/sign-in", json={"login": "bo", "password": PASSWORD}, headers=own
            )
            cookie = {"cookie": signed_in.headers["set-cookie"].partition(";")[0]}
            assert (await http.get("/api/me", headers=cookie)).status_code == 200
            assert (await call("operator", "deactivate", "bo")).exit_code == 0
            assert (await http.get("/api/me", headers=cookie)).status_code == 401
            invited = await call("operator", "invite", "Kim", "--queue", "main")
            token = invited.output.strip().rpartition("#join/")[2]
            joins = {"token": token, "login": "kim", "name": "Kim", "password": PASSWORD}
            me = await http.post("/api/links/use", json=joins, headers=own)
            assert [queue["name"] for queue in me.json()["queues"]] == ["main"]
        listed = await call("plugins")
        assert re.search(r"connection\s+text\s+healthy", listed.output), listed.output
        assert f"process {program.running.pid}" in (await call("doctor")).output
        again = await call("operator", "add", "bo", "--name", "Bo", "--password-stdin", typed=PASSWORD)
        assert again.exit_code == 1
    assert not [line for line in program.lines if "Traceback" in line]


async def test_a_second_hub_on_the_same_data_is_refused_by_name(served, run):
    async with run(served, "serve", "--port", "0") as first:
        await first.says(SERVING)
        async with run(served, "serve", "--port", "0") as second:
            assert await second.ended() == 1
            assert f"process {first.running.pid} holds it" in second.lines[-1]


async def test_a_port_in_use_is_refused_before_anything_else(served, run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with run(served, "serve", "--port", str(taken.getsockname()[1])) as program:
            assert await program.ended() == 1
            assert "another program listens there" in program.lines[-1]
            assert "--port" in program.lines[-1]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("newer", "which a newer hub has written"),
        ("corrupt", "expected a whole SQLite database"),
        ("foreign", "tables of another program"),
        ("unwritable", "expected a data folder this user can write to"),
        ("unread", "hub.toml has 2 problems"),
        ("address", "expected an address of this machine"),
    ],
)
def test_what_cannot_be_served_is_refused_in_a_sentence(served, hub, spoil: str, said: str):
    spoiled(served, spoil)
    refused = hub("serve", "--port", "0")
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Traceback" not in refused.output


def spoiled(folder, how: str) -> None:
    database, config = folder / "data" / "hub.db", folder / "hub.toml"
    text = config.read_text()
    if how in ("newer", "foreign"):
        if how == "foreign":
            database.unlink()
        connection = sqlite3.connect(database)
        statement = (
            "UPDATE alembic_version SET version_num = '9999'"
            if how == "newer"
            else "CREATE TABLE bookmarks (a)"
        )
        connection.execute(statement)
        connection.commit()
        connection.close()
    elif how == "corrupt":
        database.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)
    elif how == "unwritable":
        config.write_text(text.replace('data = "data"', 'data = "hub.toml/data"'))
    elif how == "unread":
        config.write_text(
            text.replace("port = 8400", 'port = "many"').replace('host = "127.0.0.1"', "hots = 1")
        )
    else:
        config.write_text(text.replace('host = "127.0.0.1"', 'host = "no.such.host.invalid"'))


async def test_the_demo_says_where_everything_is_and_keeps_its_data(tmp_path, run):
    for _ in range(2):
        async with run(tmp_path, "demo", "--visitors", "1", "--port", "18200") as program:
            assert program.running.stdout is not None
            said = ""
            while "Data:" not in said:
                line = (await program.running.stdout.readline()).decode()
                assert line, said + "\n".join(program.lines)
                said += line
            found = re.search(r"Console\s+(http://localhost:\d+)/", said)
            shop = re.search(r"Shop\s+(http://127\.0\.0\.1:\d+)/", said)
            password = re.search(r"password (\S+)", said)
            assert found
            assert shop
            assert password
            async with httpx2.AsyncClient(trust_env=False) as http:
                page = await http.get(shop[1])
                assert f'src="{found[1]}/widget.js"' in page.text
                address = found[1].replace("localhost", "127.0.0.1")
                asked = {"login": "demo", "password": password[1]}
                signed_in = await http.post(
                    f"{address}/api/sign-in", json=asked, headers={"origin": found[1]}
                )
                assert signed_in.status_code == 200, signed_in.text
            program.running.send_signal(signal.SIGINT)
            assert await program.ended() == 0, program.lines
            assert program.lines == []


async def test_another_port_is_where_the_hub_is_reached(run, made):
    async with run(made, "serve", "--port", "0") as program:
        said = await program.says(r"serving (\S+) on 127\.0\.0\.1:(\d+)")
        assert said[1] == f"http://localhost:{said[2]}"
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(
                f"http://127.0.0.1:{said[2]}/api/sign-in",
                json={"login": "ana", "password": PASSWORD},
                headers={"origin": said[1], "host": said[1].removeprefix("http://")},
            )
        assert answer.status_code == 200, answer.text


def test_an_address_of_a_proxy_stays_and_is_warned_of(caplog):
    settings = parse('[hub]\npublic_url = "https://hub.example"', {})
    assert reached(settings, "127.0.0.1:9000", elsewhere=True) == settings
    assert "public_url stays https://hub.example" in caplog.text
    caplog.clear()
    assert reached(settings, "127.0.0.1:8400", elsewhere=False) == settings
    assert not caplog.text
