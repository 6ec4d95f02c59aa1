"""The facts of a message that begins a conversation: what the channel says of it, and, as far as rules ask, of its customer and the hour.

The same function gathers for a message that arrives and for one of last month that rules are tried on; then customers and hours are read
as they were at that moment, as far as the tables know.
"""

from collections.abc import Collection
from typing import Any

import msgspec

from hub import identity
from hub.contract import IncomingMessage, Level
from hub.conversations import language, opening
from hub.conversations.rules.facts import CUSTOMER, Facts
from hub.store import Read
from hub.wire.routing import Fact

LATEST = 100
"""Earlier conversations of a customer that are looked at: the latest, so that who writes every day costs no more than anybody else."""
MANY = 300
"""Touchpoints of one node that they are looked for among: the latest."""
ORDERS = 1_000
"""Orders that are counted."""

_EARLIER = """
WITH k AS MATERIALIZED (
  SELECT k.id, k.visitor, k.closed_at FROM (SELECT e.key FROM evidence e INDEXED BY evidence_talked
    WHERE e.customer = :customer AND e.talked IS NOT NULL ORDER BY e.talked DESC LIMIT :most) n
  CROSS JOIN touchpoint t ON t.id IN (SELECT y.id FROM touchpoint y WHERE y.evidence = n.key ORDER BY y.id DESC LIMIT :touches)
  CROSS JOIN conversation k ON k.anchor = t.id
  WHERE k.opened_at <= :at AND k.id <> :but ORDER BY k.opened_at DESC LIMIT :most)"""
SQL_EARLIER = f"""{_EARLIER}
SELECT count(*), coalesce(sum(k.closed_at IS NULL OR k.closed_at > :at), 0),
coalesce(max(EXISTS (SELECT 1 FROM visitor v WHERE v.id = k.visitor AND v.blocked_at IS NOT NULL)), 0),
(SELECT group_concat(tag, char(10)) FROM (SELECT DISTINCT g.tag FROM k CROSS JOIN conversation_tag g ON g.conversation = k.id))
FROM k"""
SQL_ORDERS = """
SELECT count(*), total(json_extract(o.payload, '$.value')) FROM (
  SELECT t.payload FROM (SELECT e.key FROM evidence e WHERE e.customer = :customer ORDER BY e.last DESC LIMIT :most) n
  CROSS JOIN touchpoint t ON t.evidence = n.key AND t.kind = 'order' WHERE t.occurred_at <= :at LIMIT :most) o
GROUP BY json_extract(o.payload, '$.currency')"""
SQL_LANGUAGE = "SELECT language FROM visit WHERE visitor = :visitor ORDER BY last_at DESC LIMIT 1"


class Arriving(msgspec.Struct, frozen=True, kw_only=True):
    """The message that begins a conversation; `at` in UTC microseconds. `conversation` is empty for one that has not begun."""

    connection: str
    channel: str
    site: str
    anchor: bytes
    at: int
    visitor: bytes | None = None
    subject: str = ""
    text: str = ""
    to: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    automatic: bool = False
    conversation: bytes = b""


def addresses(claims: Collection[tuple[str, str]], data: dict[str, Any]) -> tuple[str, ...]:
    """Where a message says it is from: the channel's own word for it, else the addresses it claims, as (kind, value)."""
    mail = data.get("mail")
    if isinstance(mail, dict) and isinstance(mail.get("from"), str) and mail["from"]:
        return (mail["from"],)
    return tuple(value for kind, value in claims if kind in ("email", "phone"))


def recipients(message: IncomingMessage | None, data: dict[str, Any]) -> tuple[str, ...]:
    """Addresses of the business a message was sent to."""
    mail = data.get("mail")
    told = mail.get("to") if isinstance(mail, dict) else None
    known = message.to if message and message.to else told if isinstance(told, list | tuple) else ()
    return tuple(one for one in known if isinstance(one, str))


def gather(read: Read, said: Arriving, needed: Collection[Fact]) -> Facts:
    """What is true of this message. Facts that are not `needed` are left out where knowing them costs anything."""
    more: dict[str, Any] = {}
    if "language" in needed:
        more["language"] = _language(read, said)
    if "open" in needed:
        more["open"] = opening.is_open(read, said.site, said.at)
    if not CUSTOMER.isdisjoint(needed):
        more |= _customer(read, said, needed)
    return Facts(
        subject=said.subject,
        text=said.text,
        to=said.to,
        sender=said.sender,
        connection=said.connection,
        channel=said.channel,
        site=said.site,
        automatic=said.automatic,
        **more,
    )


def _language(read: Read, said: Arriving) -> str:
    """What they wrote in; where that is not sure, what their browser asks for."""
    spoken = language.spoken_in(f"{said.subject}\n{said.text}")
    if spoken or said.visitor is None:
        return spoken
    row = read.one(SQL_LANGUAGE, {"visitor": said.visitor})
    return str(row[0]).partition("-")[0].casefold() if row else ""


def _customer(read: Read, said: Arriving, needed: Collection[Fact]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    who = identity.header(read, said.anchor)
    asked = {"customer": who.customer, "at": said.at, "but": said.conversation}
    if not {"known", "verified"}.isdisjoint(needed):
        found |= {"known": bool(who.name), "verified": who.here is Level.VERIFIED}
    if not {"conversations", "open_cases", "blocked", "customer_tags"}.isdisjoint(needed):
        row = read.one(SQL_EARLIER, {**asked, "most": LATEST, "touches": MANY})
        assert row is not None
        names = tuple(row[3].split("\n")) if row[3] else ()
        found |= {
            "conversations": float(row[0]),
            "open_cases": float(row[1]),
            "blocked": bool(row[2]),
            "customer_tags": names,
        }
    if not {"orders", "total"}.isdisjoint(needed):
        rows = read.all(SQL_ORDERS, {**asked, "most": ORDERS})
        found["orders"] = float(sum(count for count, _ in rows))
        # Sums in different currencies are not added up.
        found["total"] = max((total for _, total in rows), default=0.0)
    return found
