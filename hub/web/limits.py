"""Rate limits: token buckets in memory, by whatever key.

A bucket that is full again is forgotten, so the table only holds who was busy lately. Addresses are cut to /64 for IPv6, where one
subscriber owns that much, and the forwarded-for header is believed only from a listed proxy, and only its last hop.
"""

import ipaddress
import logging
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from hub.web.sockets import Scope
from hub.wire import Refusal

log = logging.getLogger("hub.web")

MOST_KEYS = 50_000

Bucket = tuple[float, float]
"""What is left in it, and when that was so."""


class Rate(msgspec.Struct, frozen=True):
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


FRAMES = Rate(60, 15)
"""Frames of one socket."""
SOCKETS = Rate(60, 2)
"""New sockets and polls without a socket of one address."""
MESSAGES = Rate(20, 1)
"""Messages of one visitor."""
EVENTS = Rate(60, 5)
"""Events and carts of one visitor."""
FILES = Rate(20, 1 / 5)
"""Uploads of one address."""
CONVERSATIONS = Rate(5, 1 / 30)
"""Conversations begun from one address."""
SIGN_INS = Rate(10, 1 / 20)
"""Sign-in attempts of one address, and for one login."""
LINKS = Rate(10, 1 / 20)
"""Links that work once, looked at or used from one address."""
HTTP = Rate(600, 100)
"""Requests of one address over plain HTTP, whatever they are about: an office behind one address opens its consoles in that."""
REQUESTS = Rate(120, 20)
"""Console requests of one operator, polls of one address."""
PAGES = Rate(60, 5)
"""Addresses that the pages of one visitor go on to."""

MOST_OPEN = 200
"""Sockets that one address may hold open at a time, of either kind."""


class Limits:
    """All buckets of one hub. `clock` is in seconds and only goes forward."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._held: Counter[str] = Counter()

    def wait(self, kind: str, key: str, rate: Rate) -> float:
        """Take one; 0.0 when there was one, else seconds until there is."""
        seconds, bucket = self.draw(self._buckets.get((kind, key)), rate)
        if not seconds:
            if len(self._buckets) >= MOST_KEYS:
                self._forget(bucket[1])
            self._buckets[(kind, key)] = bucket
        return seconds

    def draw(self, bucket: Bucket | None, rate: Rate) -> tuple[float, Bucket]:
        """Take one from a bucket that somebody keeps for themselves, None while it is full: the seconds as in `wait`, and the bucket now."""
        now = self._clock()
        left, at = bucket or (rate.burst, now)
        left = min(rate.burst, left + (now - at) * rate.per_second)
        return (0.0, (left - 1, now)) if left >= 1 else ((1 - left) / rate.per_second, (left, now))

    def take(self, kind: str, key: str, rate: Rate) -> None:
        """Take one, or raise `Refusal` rate_limited with the seconds to wait."""
        seconds = self.wait(kind, key, rate)
        if seconds:
            raise too_many(seconds)

    def room(self, held: int) -> bool:
        """Whether an address that holds so many open sockets may open one more."""
        return held < MOST_OPEN

    def hold(self, address: str) -> Callable[[], None]:
        """Count one more open socket of this address; call what is returned once, at its end. Raises `Refusal` rate_limited."""
        if not self.room(self._held[address]):
            log.warning(
                "sockets: %s holds %d open, no more are let in; if this is your proxy, name it in [hub] trusted_proxies",
                address,
                self._held[address],
            )
            raise Refusal("rate_limited", "too many open sockets from your address", retry_after=30.0)
        self._held[address] += 1
        return Held(self, address)

    def let_go(self, address: str) -> None:
        """One socket of this address has ended."""
        self._held[address] -= 1
        if self._held[address] <= 0:
            del self._held[address]

    def _forget(self, now: float) -> None:
        """Drop whoever was quiet for ten minutes, and the quietest quarter in any case: sorting must not become frequent."""
        ages = sorted(self._buckets, key=lambda key: self._buckets[key][1])
        for place, key in enumerate(ages):
            if place >= len(ages) // 4 and now - self._buckets[key][1] <= 600:
                break
            del self._buckets[key]


class Held:
    """One open socket of an address; called at its end. A closure would be four objects, for as long as the socket is open."""

    __slots__ = ("_address", "_limits")

    def __init__(self, limits: Limits, address: str) -> None:
        self._limits, self._address = limits, address

    def __call__(self) -> None:
        self._limits.let_go(self._address)


def too_many(seconds: float) -> Refusal:
    """What whoever comes too often is told."""
    return Refusal(
        "rate_limited", f"too many at once; try again in {seconds:.0f} s", retry_after=round(seconds, 2)
    )


class Addresses:
    """Who is on the other end, behind the proxies we know."""

    def __init__(self, trusted_proxies: Sequence[str]) -> None:
        self._trusted = [ipaddress.ip_network(network) for network in trusted_proxies]

    def of(self, scope: Scope) -> str:
        """The client's address, IPv6 cut to /64; "local" when the server does not know one."""
        client = scope.get("client")
        address = _parsed(client[0] if client else "")
        if address is not None and any(address in network for network in self._trusted):
            address = _parsed(_last_hop(scope)) or address
        if address is None:
            return "local"
        if address.version == 6 and address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address.version == 6:
            return str(ipaddress.ip_network((address, 64), strict=False).network_address)
        return str(address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _last_hop(scope: Scope) -> str:
    hops = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return hops[-1].decode("latin-1").rsplit(",", 1)[-1].strip() if hops else ""


def network_of(address: str) -> str:
    """An address as it may be stored: cut to /24 or /48. Empty for none."""
    parsed = _parsed(address)
    if parsed is None:
        return ""
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, prefix), strict=False))
