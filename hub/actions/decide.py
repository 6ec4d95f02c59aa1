"""Operators' decisions on who is who, and their undoing.

A decision names touchpoints, never records, because records move; the console may name a customer, which is a touch id too: the one
that stands for the record. Nothing is rewritten, so revoking a decision restores exactly what was.
"""

from typing import Literal

from hub import identity
from hub.actions import announce
from hub.store import Tx
from hub.wire import Refusal

SQL_DECISION = "SELECT op, target, a_touch, b_touch FROM decision WHERE id = :id"


def decide(
    tx: Tx, author: str, op: Literal["same", "never"], a: bytes, b: bytes, note: str = ""
) -> identity.Decided:
    """Say that two touchpoints are of one person (`same`) or of two (`never`). Refusals: not_found, no_change."""
    return _done(tx, identity.decide(tx, op, author=author, a=_known(tx, a), b=_known(tx, b), note=note))


def revoke(tx: Tx, author: str, decision: bytes, note: str = "") -> identity.Decided:
    """Undo a decision. Refusals: not_found, no_change."""
    try:
        return _done(tx, identity.decide(tx, "revoke", author=author, decision=decision, note=note))
    except identity.UnknownDecision as error:
        raise Refusal("not_found", str(error)) from None


def _known(tx: Tx, anchor: bytes) -> bytes:
    if not _is_known(tx, anchor):
        raise Refusal("not_found", f"no customer or touchpoint {anchor.hex()}")
    return anchor


def _done(tx: Tx, decided: identity.Decided) -> identity.Decided:
    if decided.decision is None:
        stops = {"against": ",".join(against.hex() for against in decided.against)} if decided.against else {}
        raise Refusal("no_change", decided.answer, fields=stops)
    announce.records(tx, decided.events)
    for side in _sides(tx, decided.decision):
        announce.ruled(tx, identity.resolve(tx, side))
    return decided


def _sides(tx: Tx, decision: bytes) -> list[bytes]:
    """The touchpoints a decision is about that have arrived; of a revocation, those of what it revokes."""
    row = tx.one(SQL_DECISION, {"id": decision})
    while row is not None and row[0] == "revoke":
        row = tx.one(SQL_DECISION, {"id": row[1]})
    return [side for side in (row[2:] if row else ()) if side is not None and _is_known(tx, side)]


def _is_known(tx: Tx, anchor: bytes) -> bool:
    try:
        identity.resolve(tx, anchor)
    except LookupError:
        return False
    return True


def work_out(tx: Tx, plan: identity.Plan, n: int) -> bool:
    """One step of a large record's plan, told as it is taken; False when the plan is void, or done with this step."""
    happened = identity.carry_out(tx, plan, n)
    if happened is None:
        return False
    announce.records(tx, happened)
    return n + 1 < len(plan.steps)
