"""What an operator knows of a customer, said in their own name, and taken back.

An edit overwrites nothing. It is a touchpoint of kind `entry` that its operator reports, asserted, and a decision that it is about
this customer: so it has a source, a time and a way back like everything else that was ever said, and stands behind better evidence.
"""

import datetime as dt

from hub import identity, ids
from hub.actions import announce
from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.conversations import routing
from hub.intake import Unacceptable, normalise
from hub.store import Read, Tx
from hub.wire import Refusal

OPERATOR = "operator:"
"""Connections of this form are operators: `operator:ID`. A configured connection cannot have a colon in its name."""
KIND = "entry"
CHANNEL = "console"
LOOKED_AT = 50
"""Newest touchpoints that are asked which site's country a number was written for."""

EXPECTED = {
    "email": "expected an address such as ann@shop.org",
    "phone": "expected a whole number, with the country's code (+49 …) or as it is dialled in your shop's country",
}
SQL_NAME = "SELECT name FROM operator WHERE id = :id"
SQL_SAID_BEFORE = "SELECT id FROM touchpoint WHERE origin = :origin"
SQL_ENTRY = "SELECT connection, kind, claims, attributes FROM touchpoint WHERE id = :id"


def edit(tx: Tx, operator: bytes, customer: bytes, key: str, field: str, value: str) -> bytes:
    """Keep what an operator says; the touch id, by which `take_back` undoes it. `key` is the tab's own id for the command.

    Refusals: not_found; bad_request with `fields["value"]` for an address or a number that is none.
    """
    today = _today(tx, customer)
    text = " ".join(value.split())
    claims, attributes = _said(tx, today, field, text)
    connection, key = OPERATOR + operator.hex(), f"{KIND}:{key}"
    touch = ids.touch_id(tx.now, connection, key)
    if (said := tx.one(SQL_SAID_BEFORE, {"origin": touch[6:]})) is not None:
        return bytes(said[0])  # the tab sent it again, its answer was lost
    # First the decision: the touchpoint it names is then put straight into the record, and never stands alone.
    identity.decide(tx, "same", author=operator.hex(), a=touch, b=today, note=field)
    entry = Touchpoint(
        channel=CHANNEL,
        kind=KIND,
        key=key,
        occurred_at=dt.datetime.fromtimestamp(tx.now / 1_000_000, dt.UTC),
        claims=claims,
        attributes=attributes,
        payload={"field": field, "value": text, "by": _name(tx, operator)},
    )
    try:
        return receive(tx, connection, entry).touch
    except Unacceptable as error:
        raise Refusal("bad_request", str(error), fields={"value": "expected text"}) from None


def take_back(tx: Tx, operator: bytes, touch: bytes) -> None:
    """An entry of any operator no longer counts; it stays in the timeline. Refusals: not_found, no_change."""
    row = tx.one(SQL_ENTRY, {"id": touch})
    if row is None or not row[0].startswith(OPERATOR) or row[1] != KIND:
        raise Refusal("not_found", f"no operator said anything in {touch.hex()}")
    if row[2] == "[]" and row[3] == "[]":
        raise Refusal("no_change", "this was taken back already")
    announce.records(tx, identity.unsay(tx, touch))
    announce.touch(tx, identity.resolve(tx, touch), touch)


def _said(
    tx: Read, customer: bytes, field: str, text: str
) -> tuple[tuple[Claim, ...], tuple[AttributeClaim, ...]]:
    if not text:
        raise Refusal("bad_request", "value: expected something", fields={"value": "expected something"})
    if field not in EXPECTED:
        return (), (AttributeClaim(attribute=field, value=text, level=Level.ASSERTED),)
    value = normalise.identifier(field, text, _region(tx, customer))
    if value is None or normalise.status(field, value) == normalise.JUNK:
        why = EXPECTED[field]
        raise Refusal("bad_request", f"{field}: {why}, got {text[:80]!r}", fields={"value": why})
    return (Claim(kind=field, value=value, level=Level.ASSERTED),), ()


def _region(tx: Read, customer: bytes) -> str | None:
    """The country of the site this customer was at last: how a number without a country's code is read."""
    sites = (found.site for found in identity.touches(tx, customer, limit=LOOKED_AT))
    return next((region for site in sites if site and (region := routing.region_of(tx, site))), None)


def _today(tx: Read, customer: bytes) -> bytes:
    try:
        return identity.resolve(tx, customer)
    except identity.UnknownAnchor:
        raise Refusal("not_found", f"no customer {customer.hex()}") from None


def _name(tx: Read, operator: bytes) -> str:
    row = tx.one(SQL_NAME, {"id": operator})
    return str(row[0]) if row else ""
