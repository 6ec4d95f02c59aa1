"""The one HTTP client: every request that leaves the hub goes through here.

Addresses come from outside (a web hook, a media link, a CRM's reply), so the client must not be lured to inner ones. The
usual hole is to resolve a name twice, once to check and once to connect. Here the name is resolved where the connection
is made, every address it has is checked against our own table (`ipaddress.is_global` calls ::127.0.0.1 and
64:ff9b::7f00:1 global), and the connection goes to exactly a checked address. No redirects, no proxy variables, no
cookies, no compressed bodies (16 kB can unpack to 16 MB); one deadline over everything and a cap on the body.

httpx itself has stood still since 2024; as nothing else imports it, moving to its fork is a matter of this file.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from hub.contract import HttpResponse, NotReady, Rejected

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) → its addresses as text. Raises OSError when the name cannot be resolved."""

SECONDS = 10.0
MAX_BODY = 5 * 1024 * 1024
GLANCE = 2048
"""Bytes that are read of a body that does not count, within `GLANCE_SECONDS`."""
GLANCE_SECONDS = 1.0
MOST_ADDRESSES = 16

# IANA's special-purpose registries, as of November 2026, and the transition ranges that carry an IPv4 address inside.
_INNER_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# In IPv6 only 2000::/3 is given out; whatever is outside (mapped, compatible, NAT64, unique-local, link-local,
# site-local, multicast) is refused without being named.
_OUTER_V6 = ipaddress.IPv6Network("2000::/3")
_INNER_V6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


_HOST = re.compile(rb"[A-Za-z0-9._:-]+")


class Refused(Exception):
    """The guard does not connect there; the text names host and address."""


def is_outer(address: IPAddress) -> bool:
    """Whether an address belongs to the public internet: only then may a stranger name it."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _INNER_V4)
    return address in _OUTER_V6 and not any(address in network for network in _INNER_V6)


class Guard(httpcore.AsyncNetworkBackend):
    """Resolves, checks and connects, in one step. `networks` are those the owner allows all the same."""

    def __init__(self, networks: Sequence[IPNetwork], resolve: Resolve) -> None:
        self._networks, self._resolve = networks, resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self.addresses(host, port):
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def addresses(self, host: str, port: int) -> list[IPAddress]:
        """All addresses of a host, each allowed. Raises Refused if any is not: a mixed answer is a trap."""
        try:
            found = [ipaddress.ip_address(text) for text in await self._resolve(host, port)]
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} does not resolve: {error.strerror}") from None
        for address in found:
            if not is_outer(address) and not any(address in network for network in self._networks):
                raise Refused(
                    f"{host} is the inner address {address}; "
                    "if that is meant, allow its network in hub.toml: hub.outbound_networks"
                )
        return found[:MOST_ADDRESSES]

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Refused("local sockets are not reached by HTTP")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _system_resolver(host: str, port: int) -> list[str]:
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool of ours: it has no parameter for the network backend."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=20,
            max_keepalive_connections=4,
            keepalive_expiry=5.0,
            network_backend=guard,
        )


class Outbound:
    """The policy: which inner networks are allowed, how long and how much. Makes one client per connection."""

    def __init__(
        self,
        networks: Sequence[str] = (),
        *,
        seconds: float = SECONDS,
        max_body: int = MAX_BODY,
        resolve: Resolve = _system_resolver,
    ) -> None:
        self._guard = Guard([ipaddress.ip_network(network) for network in networks], resolve)
        self._seconds, self._max_body = seconds, max_body

    def client(self, seconds: float | None = None) -> OutboundClient:
        """A client of its own, so that connections share neither sockets nor anything else; `seconds` instead of the usual deadline."""
        return OutboundClient(self._guard, seconds or self._seconds, self._max_body)


class OutboundClient:
    """Implements `hub.HttpClient`. Belongs to the event loop it is first used on; close it there."""

    def __init__(self, guard: Guard, seconds: float, max_body: int) -> None:
        self._guard, self._seconds, self._max_body = guard, seconds, max_body
        self._client: httpx.AsyncClient | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # bounds the whole exchange, body included
    ) -> HttpResponse:
        """See `hub.HttpClient.request`."""
        seconds = min(self._seconds, timeout or self._seconds)
        place = _place(url)
        async with self._in_words(place, seconds):
            request = self._opened().build_request(
                method, url, headers=headers, params=params, json=json, content=content
            )
            return await self._exchange(request, place)

    async def tell(self, url: str, *, headers: Mapping[str, str], content: bytes) -> HttpResponse:
        """POST where only the status counts: it is the answer whatever becomes of the body, of which at most `GLANCE` is read.

        Raises as `request` does.
        """
        place = _place(url)
        async with self._in_words(place, self._seconds):
            request = self._opened().build_request("POST", url, headers=headers, content=content)
            response = await self._opened().send(request, stream=True)
        try:
            body = await _glance(response)
        finally:
            await response.aclose()
        return HttpResponse(
            status=response.status_code, headers=dict(response.headers), body=body, url=str(request.url)
        )

    @asynccontextmanager
    async def _in_words(self, place: str, seconds: float) -> AsyncIterator[None]:
        """One deadline over everything, and what goes wrong as one of our two instructions."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except (TimeoutError, httpx.TimeoutException):
            raise NotReady(f"{place} did not answer within {seconds:g} seconds") from None
        except Refused as error:
            raise Rejected(str(error)) from None
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as error:
            raise Rejected(f"{place}: {error}") from None
        except (httpx.TransportError, OSError) as error:
            raise NotReady(f"{place} cannot be reached: {error or type(error).__name__}") from None

    async def check(self, url: str) -> None:
        """Say now what a request would say of this address. Raises Rejected, or NotReady where its name does not resolve."""
        place = _place(url)
        parts = httpx.URL(url)
        try:
            async with asyncio.timeout(self._seconds):
                await self._guard.addresses(
                    parts.host, parts.port or (443 if parts.scheme == "https" else 80)
                )
        except Refused as error:
            raise Rejected(str(error)) from None
        except (TimeoutError, httpcore.ConnectError):
            raise NotReady(f"{place}: its name does not resolve") from None

    async def aclose(self) -> None:
        """Close what is open. Harmless when nothing is."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=_GuardedTransport(self._guard),
                timeout=httpx.Timeout(self._seconds),
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                headers={"user-agent": "touchpoint-hub", "accept-encoding": "identity"},
            )
        return self._client

    async def _exchange(self, request: httpx.Request, place: str) -> HttpResponse:
        response = await self._opened().send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise Rejected(f"{place} sent a compressed body although none was asked for")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._max_body:
                    raise Rejected(f"{place} sent more than {self._max_body} bytes")
        finally:
            await response.aclose()
        return HttpResponse(
            status=response.status_code,
            headers=dict(response.headers),
            body=bytes(body),
            url=str(request.url),
        )


async def _glance(response: httpx.Response) -> bytes:
    """The beginning of a body, as far as it comes within a moment. A connection whose body was read to its end can be used again."""
    body = bytearray()
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(GLANCE_SECONDS):
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > GLANCE:
                    break
    return bytes(body[:GLANCE])


def _place(url: str) -> str:
    """The part of an address that may be shown: path and query can carry secrets. Raises Rejected."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Rejected(f"not an address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.host:
        raise Rejected(
            f"only http and https addresses with a host are fetched, got the scheme {parts.scheme!r}"
        )
    if not _HOST.fullmatch(parts.raw_host) or not 0 < (parts.port or 80) < 65536:
        raise Rejected("not an address: its host or port cannot exist")
    if parts.userinfo:
        raise Rejected(f"{parts.host}: user and password do not belong into an address; send a header")
    return f"{parts.scheme}://{parts.netloc.decode('ascii', 'replace')}"
