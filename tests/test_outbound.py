"""The outgoing client is not lured to inner addresses, not held up, not filled up, and forwards nothing of ours."""

import asyncio
import ipaddress
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from hub.contract import HttpResponse, NotReady, Rejected
from hub.outbound import Outbound, is_outer

LOOPBACK = ("127.0.0.1/32", "::1/128")

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Listener:
    """A server on loopback that counts who came and keeps what they said."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[bytes] = []
        self.connections = 0


@asynccontextmanager
async def listening(answer: Answer | None = None, host: str = "127.0.0.1") -> AsyncIterator[Listener]:
    listener = Listener()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener.connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            listener.requests.append(head)
            if answer is not None:
                await answer(head, writer)
            else:
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\nX-Thing: a\r\n\r\nok"
                )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, 0)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()
        await server.wait_closed()


async def fetch(url: str, outbound: Outbound, **kwargs) -> HttpResponse:
    client = outbound.client()
    try:
        return await client.request(kwargs.pop("method", "GET"), url, **kwargs)
    finally:
        await client.aclose()


def resolving(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


async def test_an_answer_comes_back_whole():
    async with listening() as listener:
        response = await fetch(
            f"http://localhost:{listener.port}/a?b=c",
            Outbound(LOOPBACK),
            params={"d": "e"},
            headers={"x": "y"},
        )
    assert (response.status, response.text(), response.headers["x-thing"]) == (200, "ok", "a")
    assert b"x: y" in listener.requests[0]


INNER = [
    "127.0.0.1", "127.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "①②⑦.⓪.⓪.①", "127。0。0。1", "10.0.0.1", "10.255.255.255",
    "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
    "[2001:db8::1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]",
    "[3fff::1]", "[5f00::1]", "[2001:10::1]", "[2001:20::1]", "[fe80::1%25lo]",
]  # fmt: skip


@pytest.mark.parametrize("host", INNER)
async def test_no_spelling_of_an_inner_address_is_connected_to(host):
    async with listening() as four, listening(host="::1") as six:
        for port in (four.port, six.port):
            with pytest.raises((Rejected, NotReady)) as refused:
                await fetch(f"http://{host}:{port}/", Outbound(), timeout=2)
            assert isinstance(refused.value, Rejected) or "does not resolve" in refused.value.why, (
                refused.value.why
            )
        assert (four.connections, six.connections) == (0, 0)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"],
)
def test_public_addresses_are_outer(address):
    assert is_outer(ipaddress.ip_address(address))


async def test_a_name_with_one_inner_address_among_public_ones_is_refused():
    with pytest.raises(Rejected, match=r"inner address 10\.0\.0\.1"):
        await fetch("http://mixed.example/", Outbound(resolve=resolving("93.184.216.34", "10.0.0.1")))


async def test_a_name_that_turns_inner_between_two_requests_is_refused():
    """Rebinding: what was checked is what is connected to, each time anew."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    async with listening() as listener:
        outbound = Outbound(["127.0.0.1/32"], resolve=resolve)
        url = f"http://rebinding.example:{listener.port}/"
        assert (await fetch(url, outbound)).status == 200
        with pytest.raises(Rejected, match=r"inner address 127\.0\.0\.2"):
            await fetch(url, outbound)
        assert b"host: rebinding.example" in listener.requests[0].lower()
        assert listener.connections == 1


async def test_a_redirect_is_an_answer_and_not_followed():
    async with listening() as inner:

        async def redirect(head: bytes, writer: asyncio.StreamWriter) -> None:
            location = f"http://127.0.0.1:{inner.port}/".encode()
            writer.write(b"HTTP/1.1 307 Go\r\nlocation: " + location + b"\r\ncontent-length: 0\r\n\r\n")

        async with listening(redirect) as outer:
            response = await fetch(f"http://127.0.0.1:{outer.port}/", Outbound(LOOPBACK))
        assert (response.status, inner.connections) == (307, 0)


async def test_an_endless_body_is_cut():
    async def endless(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with listening(endless) as listener:
        with pytest.raises(Rejected, match="more than 1000000 bytes"):
            await fetch(f"http://127.0.0.1:{listener.port}/", Outbound(LOOPBACK, max_body=1_000_000))


async def test_a_body_that_trickles_ends_with_the_deadline():
    async def trickle(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with listening(trickle) as listener:
        with pytest.raises(NotReady, match=r"did not answer within 0\.2 seconds"):
            await fetch(f"http://127.0.0.1:{listener.port}/", Outbound(LOOPBACK, seconds=0.2))


async def test_a_server_that_says_nothing_ends_with_the_deadline():
    async def silent(head: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)

    async with listening(silent) as listener:
        with pytest.raises(NotReady):
            await fetch(f"http://127.0.0.1:{listener.port}/", Outbound(LOOPBACK), timeout=0.1)


async def test_a_compressed_body_is_refused_for_it_may_unpack_to_anything():
    async def squeezed(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc")

    async with listening(squeezed) as listener:
        with pytest.raises(Rejected, match="compressed"):
            await fetch(f"http://127.0.0.1:{listener.port}/", Outbound(LOOPBACK))
        assert b"accept-encoding: identity" in listener.requests[0]


async def test_cookies_are_neither_kept_nor_sent():
    async def sticky(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n")

    async with listening(sticky) as listener:
        client = Outbound(LOOPBACK).client()
        for _ in range(2):
            await client.request("GET", f"http://127.0.0.1:{listener.port}/")
        await client.aclose()
        assert len(listener.requests) == 2
        assert not any(b"cookie" in head.lower() for head in listener.requests)


async def test_proxy_variables_are_not_followed(monkeypatch):
    async with listening() as proxy, listening() as target:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setitem(os.environ, name, f"http://127.0.0.1:{proxy.port}")
        await fetch(f"http://127.0.0.1:{target.port}/", Outbound(LOOPBACK))
        assert (proxy.connections, target.connections) == (0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:70/", "unix:///run/x", "data:text/plain,x",
        "//example.org/", "example.org", "", "http://", "http:///x", "http://[::1", "http://a:b@example.org/",
        "http://exa mple.org/", "http://example.org:99999/", "javascript:alert(1)", "http://\x00/",
    ],
)  # fmt: skip
async def test_other_schemes_and_broken_addresses_are_refused(url):
    with pytest.raises(Rejected):
        await fetch(url, Outbound(resolve=resolving()))


async def test_what_fails_is_named_without_path_or_query():
    async with listening() as listener:
        port = listener.port
    with pytest.raises(NotReady) as failed:
        await fetch(f"http://127.0.0.1:{port}/secret-path?token=hunter2", Outbound(LOOPBACK))
    assert f"http://127.0.0.1:{port}" in failed.value.why
    assert "hunter2" not in failed.value.why
    assert "secret-path" not in failed.value.why


async def test_garbage_instead_of_http_is_not_ready():
    async def garbage(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff nonsense\r\n\r\n")

    async with listening(garbage) as listener:
        with pytest.raises(NotReady):
            await fetch(f"http://127.0.0.1:{listener.port}/", Outbound(LOOPBACK))


async def test_json_is_sent_and_read():
    async def echo(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 201 Made\r\ncontent-length: 9\r\n\r\n{"id": 7}')

    async with listening(echo) as listener:
        response = await fetch(
            f"http://127.0.0.1:{listener.port}/", Outbound(LOOPBACK), method="POST", json={"a": [1, None]}
        )
    assert (response.status, response.json()) == (201, {"id": 7})
    assert b"content-type: application/json" in listener.requests[0].lower()
