"""Sockets are bound on every address of a name, or on none; a port in use is told from a missing right."""

import socket

import pytest

from hub.cli.listening import listen, listen_near
from hub.cli.speaking import Refused


def close(sockets) -> None:
    for bound in sockets:
        bound.close()


def test_port_0_picks_one_port_for_all_addresses():
    sockets = listen("localhost", 0)
    assert len({bound.getsockname()[1] for bound in sockets}) == 1
    close(sockets)


def test_a_taken_port_is_refused_with_what_to_do_next():
    first = listen("127.0.0.1", 0)
    with pytest.raises(Refused, match="choose another port with --port"):
        listen("127.0.0.1", first[0].getsockname()[1])
    close(first)


def test_the_next_free_port_is_found():
    first = listen("127.0.0.1", 0)
    port = first[0].getsockname()[1]
    second = listen_near("127.0.0.1", port)
    assert second[0].getsockname()[1] > port
    close(first + second)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Refused, match="192"):
        listen("192.0.2.1", 0)


def test_the_other_family_is_used_where_it_exists():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        sockets = listen("::1", 0)
    except Refused:
        pytest.skip("no IPv6 here")
    assert sockets[0].family == socket.AF_INET6
    close(sockets)
