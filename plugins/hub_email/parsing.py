"""Bytes of a mail → `Mail`, or `Poison` with the reason. Nothing else comes out of it, whatever goes in, and in bounded time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import Final

from hub_email import addresses, headers, mime
from hub_email.content import Content
from hub_email.mail import Mail, Poison

LARGEST: Final = 160 * 1024 * 1024
"""Bytes of one mail: more than `max_size` allows. Most servers refuse beyond 25 to 50 MB."""
MOST_REFERENCES: Final = 100

IDENTIFIER: Final = re.compile(r"<\s*([^<>]{3,400}?)\s*>")


def parse(raw: bytes) -> Mail | Poison:
    """Reads one mail as it lies in a mailbox."""
    if len(raw) > LARGEST:
        return poison(raw, f"The mail has {len(raw):,} bytes; at most {LARGEST:,} are read.")
    if not raw.strip(b"\0 \t\r\n"):
        return poison(raw, "The mail is empty.")
    try:
        return _mail(raw)
    except (ValueError, ArithmeticError, LookupError, RecursionError) as found:
        # Every step bounds and forgives; this is for what nobody has thought of. The mails around it must arrive.
        return poison(raw, f"The mail could not be read ({type(found).__name__}: {str(found)[:200]}).")


def poison(raw: bytes, why: str) -> Poison:
    """`raw` as what cannot be filed."""
    return Poison(key=f"poison {hashlib.sha256(raw).hexdigest()}", why=why)


def _mail(raw: bytes) -> Mail | Poison:
    if raw.startswith((b"From ", b">From ")):  # the line that separates mails in a mailbox file
        raw = raw.partition(b"\n")[2]
    block, body = headers.split(raw)
    fields = headers.fields(block)
    if not fields:
        return poison(raw, "There is no header: this is no mail.")
    tree = mime.tree(fields, body)
    top = headers.valued(_first(fields, "content-type"))
    content = Content(tree.leaves)
    senders = [found for value in _all(fields, "from") for found in addresses.listed(value)]
    on_behalf = addresses.listed(_first(fields, "sender"))
    return Mail(
        key=key_of(fields, body),
        fields=tuple(fields),
        senders=tuple(senders),
        sender=on_behalf[0] if on_behalf else None,
        reply_to=tuple(addresses.listed(", ".join(_all(fields, "reply-to")))),
        to=tuple(addresses.listed(", ".join(_all(fields, "to")))),
        cc=tuple(addresses.listed(", ".join(_all(fields, "cc")))),
        subject=addresses.HIDDEN.sub("", headers.words(_first(fields, "subject")))[:1_000],
        message_id=message_id_of(fields),
        in_reply_to=tuple(identifiers(_first(fields, "in-reply-to"))),
        references=tuple(identifiers(_first(fields, "references"))),
        date=date_of(_first(fields, "date")) or date_of(_first(fields, "resent-date")),
        arrived=date_of(_first(fields, "received").rpartition(";")[2]),
        text=content.text,
        html=content.html,
        files=tuple(content.files),
        structure=top.value or "text/plain",
        report_type=top.params.get("report-type", "").lower(),
        problems=(*tree.problems, *content.problems),
    )


def _first(fields: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for field, value in fields if field == name), "")


def _all(fields: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for field, value in fields if field == name][:20]


def key_of(fields: list[tuple[str, str]], body: bytes) -> str:
    """The idempotency key: what copies of one mail share, however they came.

    The Message-ID, with a digest of who wrote and when: some machines give all their mails one Message-ID, and a stranger who has
    seen one could send another in advance. Without a Message-ID, a digest of what the sender wrote: header and body, but nothing
    that servers add on the way.
    """
    said = "\n".join(_first(fields, name) for name in ("from", "date"))
    if found := message_id_of(fields):
        return f"{found} {hashlib.sha256(said.encode()).hexdigest()[:12]}"
    written = "\n".join(_first(fields, name) for name in ("from", "to", "date", "subject", "content-type"))
    digest = hashlib.sha256(written.encode() + b"\0" + body.strip())
    return f"content {digest.hexdigest()}"


def message_id_of(fields: list[tuple[str, str]]) -> str:
    """What the mail calls itself, without brackets; empty when it does not, or not in a way that could be quoted back."""
    found = identifiers(_first(fields, "message-id"))
    return found[0] if found else ""


def identifiers(value: str) -> list[str]:
    """The Message-IDs in a field, in order, each once, the last MOST_REFERENCES of them. Exchange breaks long ones over lines."""
    found = ["".join(item.split()) for item in IDENTIFIER.findall(value)]
    if not found and "<" not in value:
        found = [word for word in value.split() if word.count("@") == 1 and len(word) >= 3]
    return list(dict.fromkeys(item for item in found if len(item) <= 400))[-MOST_REFERENCES:]


def date_of(value: str) -> datetime | None:
    """A date as mails write it, in UTC; None when it is none, or of a year that mails cannot have."""
    try:
        parts = parsedate_tz(value[:100])
        if parts is None:
            return None
        moment = datetime(*parts[:6], tzinfo=UTC) - timedelta(seconds=parts[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return moment if 1980 <= moment.year <= 2200 else None
