"""A command line asks, the running hub answers."""

import asyncio
import socket
import stat
from contextlib import suppress

import pytest

from hub.store import CommandFailed, CommandSocket, HubNotRunning, ask


@pytest.fixture
async def hub(tmp_path):
    async def later(seconds: int) -> str:
        await asyncio.sleep(0)
        return f"after {seconds}"

    def broken() -> None:
        raise LookupError("the shelf is empty")

    verbs = {"echo": lambda **args: args, "later": later, "broken": broken}
    served = await CommandSocket.serve(tmp_path, verbs)
    yield tmp_path
    await served.close()


async def test_a_verb_gets_its_arguments_and_returns_its_result(hub):
    assert await asyncio.to_thread(ask, hub, "echo", words="grüße", n=[1, None]) == {
        "words": "grüße",
        "n": [1, None],
    }
    assert await asyncio.to_thread(ask, hub, "later", seconds=3) == "after 3"


async def test_an_unknown_verb_is_refused_with_those_known(hub):
    with pytest.raises(CommandFailed, match="it knows: broken, echo, later") as failed:
        await asyncio.to_thread(ask, hub, "make_coffee")
    assert failed.value.code == "unknown_verb"


async def test_what_a_verb_raises_reaches_the_asker(hub, caplog):
    with pytest.raises(CommandFailed, match="the shelf is empty") as failed:
        await asyncio.to_thread(ask, hub, "broken")
    assert failed.value.code == "failed"
    assert "the command broken failed" in caplog.text


async def test_wrong_arguments_are_an_answer_and_not_a_crash(hub, caplog):
    with pytest.raises(CommandFailed, match="unexpected keyword"):
        await asyncio.to_thread(ask, hub, "later", minutes=3)


@pytest.mark.parametrize("line", [b"hello\n", b"[]\n", b"[" * 100_000 + b"\n", b'{"verb": 7}\n'])
async def test_nonsense_is_answered_as_a_bad_request(hub, line):
    reader, writer = await asyncio.open_unix_connection(hub / "hub.sock")
    writer.write(line)
    assert b'"bad_request"' in await reader.readline()
    writer.close()
    assert await asyncio.to_thread(ask, hub, "echo") == {}


async def test_a_line_without_end_is_cut_off(hub):
    reader, writer = await asyncio.open_unix_connection(hub / "hub.sock")
    writer.write(b"x" * (3 << 20))
    with suppress(ConnectionResetError):  # the rest of the line is on its way when the hub hangs up
        assert await reader.read() == b""
    writer.close()


async def test_only_the_user_of_the_hub_may_connect(hub):
    mode = (hub / "hub.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


async def test_a_dead_hubs_socket_is_replaced(tmp_path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "hub.sock"))
    with pytest.raises(HubNotRunning):
        ask(tmp_path, "echo")
    served = await CommandSocket.serve(tmp_path, {"echo": lambda: 1})
    assert await asyncio.to_thread(ask, tmp_path, "echo") == 1
    await served.close()
    assert not (tmp_path / "hub.sock").exists()


async def test_a_folder_may_be_deeper_than_a_sockets_address_is_long(tmp_path):
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    served = await CommandSocket.serve(deep, {"echo": lambda: 1})
    assert await asyncio.to_thread(ask, deep, "echo") == 1
    await served.close()


def test_nobody_answering_is_said_with_the_cure(tmp_path):
    with pytest.raises(HubNotRunning, match="start it with `hub serve`"):
        ask(tmp_path, "echo")
    with pytest.raises(HubNotRunning):
        ask(tmp_path / "nowhere", "echo")
