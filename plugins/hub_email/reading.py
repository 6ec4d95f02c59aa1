"""Mail → touchpoint: who wrote, how far that can be believed, what is new in it, and what it follows.

The counterpart is who an answer goes to. What is claimed about a person is only the From address, when its form is beyond doubt; a
form on the owner's own site writes from the owner's address, and then the person is the one in Reply-To.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

import hub
from hub_email import replies
from hub_email.automatic import automatic
from hub_email.ids import Ids
from hub_email.mail import Address, Mail, Poison
from hub_email.senders import Proof, proof

AHEAD: Final = timedelta(hours=1)
"""How far the sender's clock may be ahead of the server's."""
BEHIND: Final = timedelta(days=30)
"""How long a mail may have been on its way."""
LONGEST_ADDRESS: Final = 320
MOST_FOLLOWED: Final = 50
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """What reading has to know of a connection: the business's own addresses (normal form), and whose results are believed."""

    own: frozenset[str]
    authserv_ids: tuple[str, ...] = ()
    region: str | None = None
    site: str | None = None

    def is_own(self, address: Address) -> bool:
        """A plus tag or not: `support+shop@` is `support@`."""
        local, _, domain = address.normal.rpartition("@")
        return address.normal in self.own or f"{local.partition('+')[0]}@{domain}" in self.own


def touchpoint(mail: Mail, box: Box, ids: Ids, received_at: datetime) -> hub.Touchpoint | Poison:
    """What came in. `received_at` is the server's INTERNALDATE. Poison when there is nobody it could be from."""
    counterpart = _counterpart(mail, box)
    if counterpart is None:
        return Poison(key=mail.key, why="The mail has no sender that could be answered.")
    kind = automatic(mail)
    known = proof(mail, box.authserv_ids)
    return hub.Touchpoint(
        channel="email",
        key=mail.key[:500],
        occurred_at=occurred_at(mail, received_at),
        kind="mail",
        claims=() if kind.kind == "bounce" else _claims(mail, box, known),
        attributes=() if kind.kind else _attributes(mail, counterpart),
        message=_message(mail, ids, to=_to(mail, box), automatic=_kind_of(mail, box, kind.kind)),
        thread=counterpart.normal[:LONGEST_ADDRESS],
        site=box.site,
        region=box.region,
        payload={"mail": _facts(mail, known, kind.why)},
    )


def sent(mail: Mail, box: Box, ids: Ids, received_at: datetime) -> hub.Touchpoint | Poison | None:
    """What the owner sent with a program of his own; None for what the hub itself has sent. To whom: the first stranger in To or Cc."""
    if ids.is_ours(mail.message_id):
        return None
    strangers = [address for address in (*mail.to, *mail.cc) if not box.is_own(address)]
    if not strangers:
        return Poison(key=mail.key, why="The mail was sent to nobody but ourselves.")
    counterpart = strangers[0]
    author = mail.senders[0].name if mail.senders else ""
    return hub.Touchpoint(
        channel="email",
        key=mail.key[:500],
        occurred_at=occurred_at(mail, received_at),
        kind="mail",
        claims=_claim(counterpart, hub.Level.ASSERTED),
        message=_message(mail, ids, to=(), ours=True, author=author),
        thread=counterpart.normal[:LONGEST_ADDRESS],
        site=box.site,
        region=box.region,
        payload={"mail": _facts(mail, None, "")},
    )


def occurred_at(mail: Mail, received_at: datetime) -> datetime:
    """When it was written: the Date field, unless that cannot be true beside when it arrived."""
    written, arrived = mail.date, mail.arrived
    if written is None:
        return arrived if arrived is not None and arrived <= received_at + AHEAD else received_at
    if arrived is not None and arrived <= received_at + AHEAD and arrived - written > BEHIND:
        return arrived
    return min(written, received_at)


def _counterpart(mail: Mail, box: Box) -> Address | None:
    """Who an answer goes to: Reply-To, else From, else Sender; a stranger before one of our own."""
    known = [*mail.reply_to[:1], *mail.senders[:1]] + ([mail.sender] if mail.sender is not None else [])
    strangers = [address for address in known if not box.is_own(address)]
    return next(iter(strangers or known), None)


def _claims(mail: Mail, box: Box, known: Proof) -> tuple[hub.Claim, ...]:
    if not mail.senders:
        return ()
    sender = mail.senders[0]
    if not box.is_own(sender):
        return _claim(sender, known.level)
    strangers = [address for address in mail.reply_to[:1] if not box.is_own(address)]
    return _claim(strangers[0], hub.Level.ASSERTED) if strangers else ()


def _claim(address: Address, level: hub.Level) -> tuple[hub.Claim, ...]:
    return (hub.Claim(kind="email", value=address.normal, level=level),) if address.sound else ()


def _attributes(mail: Mail, counterpart: Address) -> tuple[hub.AttributeClaim, ...]:
    names = [a.name for a in (counterpart, *mail.senders[:1]) if a.normal == counterpart.normal and a.name]
    found = [hub.AttributeClaim(attribute="name", value=name) for name in names[:1] if "@" not in name]
    language = mail.first("content-language").split(",")[0].strip()
    if LANGUAGE.fullmatch(language) is not None:
        found.append(hub.AttributeClaim(attribute="language", value=language, confidence=0.5))
    return tuple(found)


def _to(mail: Mail, box: Box) -> tuple[str, ...]:
    """Which of our addresses it was sent to."""
    named = [address.normal for address in (*mail.to, *mail.cc) if box.is_own(address)]
    return tuple(dict.fromkeys(named))[:20]


def _kind_of(mail: Mail, box: Box, kind: Any) -> Any:
    """Mail that says it is from ourselves is never answered by the hub, whatever its marks."""
    return kind or ("bulk" if mail.senders and box.is_own(mail.senders[0]) and not mail.reply_to else "")


def _message(mail: Mail, ids: Ids, **more: Any) -> hub.IncomingMessage:
    reply = replies.split(mail.text, mail.subject)
    followed = tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))[:MOST_FOLLOWED]
    return hub.IncomingMessage(
        text=reply.said,
        subject=mail.subject,
        html=mail.html,
        quoted="\n\n".join(text for text in (reply.signature, reply.quoted) if text),
        files=tuple(part.as_file() for part in mail.files),
        refs=(mail.message_id,) if mail.message_id else (),
        follows=followed,
        answers=ids.proved(followed),
        **more,
    )


def _facts(mail: Mail, known: Proof | None, automatic_why: str) -> dict[str, Any]:
    """What else an operator may want to see."""
    facts = {
        "from": _shown(mail.senders),
        "reply_to": _shown(mail.reply_to),
        "to": _shown(mail.to),
        "cc": _shown(mail.cc),
        "proof": "" if known is None else known.why,
        "automatic": automatic_why,
        "problems": list(mail.problems)[:20],
    }
    return {name: value for name, value in facts.items() if value}


def _shown(addresses: Iterable[Address]) -> list[str]:
    shown = [
        f"{address.name} <{address.normal}>" if address.name else address.normal for address in addresses
    ]
    return shown[:20]
