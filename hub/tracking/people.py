"""Who an event is about, as claims, by the key it came with.

A *write key* stands in every page for all to read, so whatever it says about a person is merely said: user id, e-mail, phone and name are
asserted, and asserted identifiers join nobody. A *server key* is a secret of the shop's own server, which knows who is logged in: its
user id is verified, and the e-mail and phone it has on file are observed.

The anonymous id is a browser's random number, like a cookie: only what that browser sends carries it, so it is observed, and joins the
events of one browser. Two things keep that harmless. It is claimed as `CONNECTION:ID`, so it can never be one of the hub's own browsers
(those are 32 hexadecimal characters without a colon). And an event has one: the other side of an alias by write key is asserted, or anybody
could tie two browsers, and so two people's histories, together with one call.

`previousId` may be either kind of id. The libraries make anonymous ones as UUIDs, so a UUID is a browser and all else an account. It is
never verified: an alias may add to a person, and never makes two verified people one.
"""

import re
from typing import Any, Literal

from hub.contract import AttributeClaim, Claim, Level
from hub.tracking.event import Event

Trust = Literal["public", "server"]
"""By which key an event came: the write key or the secret one."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ATTRIBUTES = ("name", "company", "title", "city", "country")
LONGEST = 200


def device_of(connection: str, anonymous_id: str) -> str:
    """The value of the `device` identifier of somebody else's browser id."""
    return f"{connection}:{anonymous_id}"


def claims_of(event: Event, connection: str, trust: Trust, session: str = "") -> tuple[Claim, ...]:
    """Who the event is about. `session`: the value of the visit it happened in, where it happened in one."""
    proof = Level.VERIFIED if trust == "server" else Level.ASSERTED
    claims = []
    if event.user_id:
        claims.append(Claim(kind="user_id", value=event.user_id, level=proof))
    if event.anonymous_id:
        claims.append(
            Claim(kind="device", value=device_of(connection, event.anonymous_id), level=Level.OBSERVED)
        )
    if session:
        claims.append(Claim(kind="session", value=session, level=Level.OBSERVED))
    if event.previous_id:
        claims.append(_previous(event, connection, trust))
    if event.call == "identify":
        claims += _addresses(event.traits, Level.OBSERVED if trust == "server" else Level.ASSERTED)
    return tuple(claims)


def _previous(event: Event, connection: str, trust: Trust) -> Claim:
    if not _UUID.fullmatch(event.previous_id):
        return Claim(kind="user_id", value=event.previous_id, level=Level.ASSERTED)
    level = Level.OBSERVED if trust == "server" else Level.ASSERTED
    return Claim(kind="device", value=device_of(connection, event.previous_id), level=level)


def _addresses(traits: dict[str, Any], level: Level) -> list[Claim]:
    found = [(kind, _plain(traits.get(kind))) for kind in ("email", "phone")]
    return [Claim(kind=kind, value=value, level=level) for kind, value in found if value]


def attributes_of(event: Event, trust: Trust) -> tuple[AttributeClaim, ...]:
    """What an identify or a group call says besides."""
    level = Level.OBSERVED if trust == "server" else Level.ASSERTED
    said = _of_group(event) if event.call == "group" else _of_person(event.traits)
    return tuple(
        AttributeClaim(attribute=attribute, value=value, level=level)
        for attribute, value in said.items()
        if value
    )


def _of_group(event: Event) -> dict[str, str]:
    return {"company": _plain(event.traits.get("name")) or event.group_id}


def _of_person(traits: dict[str, Any]) -> dict[str, str]:
    address = traits.get("address")
    address = address if isinstance(address, dict) else {}
    said = {word: _plain(traits.get(word)) or _plain(address.get(word)) for word in _ATTRIBUTES}
    company = traits.get("company")
    if isinstance(company, dict):
        said["company"] = _plain(company.get("name"))
    if not said["name"]:
        first = _plain(traits.get("firstName")) or _plain(traits.get("first_name"))
        last = _plain(traits.get("lastName")) or _plain(traits.get("last_name"))
        said["name"] = f"{first} {last}".strip()
    return said


def _plain(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.replace("\0", "").strip()[:LONGEST] if isinstance(value, str) else ""
