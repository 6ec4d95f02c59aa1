"""Listening sockets, bound before anything else starts: a port in use is refused before a database is opened."""

import errno
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hub.cli.speaking import Refused

OPEN_FILES = 65_536
BACKLOG = 4096


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets bound to `port` on every address of `host`; port 0 picks a free one. Raises Refused.

    A name such as localhost has two addresses, and a browser may try either, so both are taken or none.
    """
    found: list[socket.socket] = []
    try:
        for family, address in _addresses(host, port):
            bound = _bound(family, (address, found[0].getsockname()[1] if found else port))
            if bound is not None:
                found.append(bound)
    except OSError as error:
        with closing(found):
            raise Refused(_why(host, port, error)) from error
    if not found:
        raise Refused(f"{host}: expected an address of this machine to listen on; choose another with --host")
    return found


def listen_near(host: str, port: int, tries: int = 20) -> list[socket.socket]:
    """As `listen`, on the first free port from `port` up. Raises Refused when none of them is free."""
    for candidate in range(port, min(port + tries, 65_536)):
        with suppress(Refused):
            return listen(host, candidate)
    return listen(host, port)


@contextmanager
def closing(*groups: list[socket.socket]) -> Iterator[None]:
    """Give the ports back at the end, however it comes."""
    try:
        yield
    finally:
        for bound in (bound for group in groups for bound in group):
            bound.close()


def raise_open_files() -> None:
    """Each socket is a file; most systems start programs with room for 1,024 and allow far more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise Refused(
            f"{host!r}: expected an address of this machine to listen on, such as 127.0.0.1; choose one with --host"
        ) from None
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _bound(family: socket.AddressFamily, place: tuple[str, int]) -> socket.socket | None:
    """A bound socket; None where the machine has no such family of addresses."""
    try:
        made = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(place)
        # Two programs may be bound to one port with SO_REUSEADDR; only one may listen, so ask now.
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        if family == socket.AF_INET6 and error.errno == errno.EADDRNOTAVAIL:
            return None
        raise
    return made


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{host}, port {port}: expected a free port, but another program listens there; "
            "stop that one, or choose another port with --port"
        )
    if error.errno == errno.EACCES:
        return (
            f"{host}, port {port}: this user may not listen there; "
            "choose a port from 1024 up and put a reverse proxy before it"
        )
    return f"{host}, port {port}: expected to listen there, got: {error.strerror}; choose another with --host or --port"
