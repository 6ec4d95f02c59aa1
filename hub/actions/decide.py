"""Operators' decisions on who is who, and their undoing.

A decision names touchpoints, never records, because records move; the console may name a customer, which is a touch id too: the one
that stands for the record. Nothing is rewritten, so revoking a decision restores exactly what was.
"""

from collections.abc import Sequence

from hub import identity
from hub.actions import announce
from hub.contract import Identifier, UnknownKind
from hub.identity import shelves
from hub.store import Tx
from hub.wire import Refusal

SQL_DECISION = "SELECT op, target, a_touch, b_touch, a_kind, a_value FROM decision WHERE id = :id"
SHOWN = 50
"""Holders of a blocked identifier whose records are shown anew; who else looks has it right at the next opening."""
Side = bytes | Identifier


def decide(
    tx: Tx,
    author: str,
    op: str,
    a: Side | None,
    b: Side | None = None,
    note: str = "",
    *,
    attribute: str = "",
    value: str = "",
) -> identity.Decided:
    """Take a decision; `op` and what it names are those of `identity.decide`. Refusals: not_found, no_change, bad_request."""
    try:
        made = identity.decide(
            tx,
            op,
            author=author,
            a=_known(tx, a),
            b=_known(tx, b),
            attribute=attribute,
            value=value,
            note=note,
        )
    except (identity.BadDecision, UnknownKind) as error:
        raise Refusal("bad_request", str(error)) from None
    return _done(tx, made)


def revoke(tx: Tx, author: str, decision: bytes, note: str = "") -> identity.Decided:
    """Undo a decision. Refusals: not_found, no_change."""
    try:
        done = _done(tx, identity.decide(tx, "revoke", author=author, decision=decision, note=note))
    except identity.UnknownDecision as error:
        raise Refusal("not_found", str(error)) from None
    shelves.revoked(tx, decision)
    return done


def decide_several(
    tx: Tx, author: str, op: str, touches: Sequence[bytes], note: str = ""
) -> identity.Several:
    """Retract touchpoints, or detach all they carry. Refusals: not_found, no_change, bad_request."""
    for touch in touches:
        _known(tx, touch)
    try:
        return _all_done(tx, identity.decide_several(tx, op, touches, author=author, note=note))
    except identity.BadDecision as error:
        raise Refusal("bad_request", str(error)) from None


def revoke_several(tx: Tx, author: str, decisions: Sequence[bytes], note: str = "") -> identity.Several:
    """Undo what `decide_several` did. Refusals: not_found, no_change, bad_request."""
    try:
        return _all_done(tx, identity.revoke_several(tx, decisions, author=author, note=note))
    except identity.UnknownDecision as error:
        raise Refusal("not_found", str(error)) from None
    except identity.BadDecision as error:
        raise Refusal("bad_request", str(error)) from None


def _all_done(tx: Tx, decided: identity.Several) -> identity.Several:
    if not decided.decisions:
        raise Refusal("no_change", decided.answer)
    announce.records(tx, decided.events)
    for customer in {one for decision in decided.decisions for one in _concerned(tx, decision)}:
        announce.ruled(tx, customer)
    return decided


def _known(tx: Tx, side: Side | None) -> Side | None:
    if isinstance(side, bytes) and not _is_known(tx, side):
        raise Refusal("not_found", f"no customer or touchpoint {side.hex()}")
    return side


def _done(tx: Tx, decided: identity.Decided) -> identity.Decided:
    if decided.decision is None:
        stops = {"against": ",".join(against.hex() for against in decided.against)} if decided.against else {}
        raise Refusal("no_change", decided.answer, fields=stops)
    announce.records(tx, decided.events)
    for customer in _concerned(tx, decided.decision):
        announce.ruled(tx, customer)
    return decided


def _concerned(tx: Tx, decision: bytes) -> set[bytes]:
    """The customers a decision is about, as far as its touchpoints have arrived, and some of those who hold an identifier that was
    blocked; of a revocation, those of what it revokes."""
    row = tx.one(SQL_DECISION, {"id": decision})
    while row is not None and row[0] == "revoke":
        row = tx.one(SQL_DECISION, {"id": row[1]})
    if row is None:
        return set()
    op, _, a, b, kind, value = row
    if op in ("block", "unblock"):
        return {held.customer for held in identity.customers_of(tx, kind, value)[:SHOWN]}
    return {identity.resolve(tx, side) for side in (a, b) if side is not None and _is_known(tx, side)}


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
    if n + 1 < len(plan.steps):
        return True
    for customer in identity.customers_in(
        tx, plan.label, SHOWN
    ):  # nothing of them is being worked out any longer
        announce.ruled(tx, customer)
    return False
