"""Who is meant: a customer's id, or an identifier as somebody would write it."""

import re

from hub import identity
from hub.intake import normalise
from hub.store import Read
from hub.wire import Refusal, id_hex

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
KINDS = ("email", "phone", "user_id")
"""What an identifier without a kind before it may be."""


def find(read: Read, asked: str) -> bytes:
    """Today's customer: by an id, by `ann@shop.org` or `+4930…`, or by `kind:value`.

    Refusals: not_found; no_change when several customers hold it, with their ids: a person is never erased by guessing.
    """
    text = asked.strip()
    if _ID.fullmatch(text):
        try:
            return identity.resolve(read, bytes.fromhex(text))
        except identity.UnknownAnchor:
            raise Refusal("not_found", f"no customer {text}") from None
    kind, _, value = text.partition(":")
    wanted = [(kind, value), *((each, text) for each in KINDS)] if value else [(each, text) for each in KINDS]
    held = {holder.customer for kind, raw in wanted for holder in _holders(read, kind, raw)}
    if len(held) > 1:
        ids = ", ".join(sorted(map(id_hex, held)))
        raise Refusal(
            "no_change",
            f"{text[:80]!r} is said of several customers, so it does not tell who is meant; name one of {ids}",
        )
    if not held:
        raise Refusal(
            "not_found",
            f"nobody is known as {text[:80]!r}; give a customer's id, an e-mail address, a number, or kind:value",
        )
    return held.pop()


def _holders(read: Read, kind: str, raw: str) -> tuple[identity.Holder, ...]:
    value = normalise.identifier(kind, raw)
    return identity.customers_of(read, kind, value) if value else ()
