"""Stage 2: accepted touchpoints and operators' decisions come in; customers, their reconciled records, and what moved, go out.

The state is a pure function of two append-only sets, the touchpoints and the decisions (`rule.py`, the batch function, is the oracle);
the engine keeps it up to date one touchpoint at a time, in the transaction that stores it. Everything outside this package keeps
anchors (touch ids) and asks `resolve` for the customer of today.

    rule       evidence and rulings → records, pure                placing    one touchpoint, incrementally
    settling   apply the rule to what was touched                  decisions  same, never, revoke
    events     what moved                                          lookups    anchor → customer, timelines
    record     the reconciled record and why it is one person     surviving  which value of an attribute wins, pure
    values     what was said, chosen                          consent    whose word counts about being written to, pure
    names      whether two names may be one person's, pure
    explaining the evidence, what joined it, what stayed apart   history  every decision, who took it back
    retracting what was said and is taken back                 erasing    what was said and must be gone
"""

from hub.identity.consent import Consent
from hub.identity.decisions import OPS, BadDecision, Decided, UnknownDecision, decide
from hub.identity.erasing import erase, retracted
from hub.identity.events import RecordEvent, events_of
from hub.identity.explaining import Apart, Carried, Explanation, Link, Piece, explain
from hub.identity.history import LATEST, Undone, decided, undone
from hub.identity.lookups import Holder, Touch, UnknownAnchor, customers_of, members, resolve, told, touches
from hub.identity.oracle import Log, log_of
from hub.identity.placing import Resolution, resolve_touch
from hub.identity.previewing import FieldChange, Move, Preview, TooLarge, preview, preview_several
from hub.identity.rebuilding import (
    Difference,
    Place,
    Renewed,
    Trial,
    differences,
    drifted,
    due,
    is_outdated,
    renew,
    renewed,
    repair,
    set_rules,
    tried,
    try_rules,
    verify,
)
from hub.identity.record import (
    HEADER,
    HEADER_JOIN,
    Header,
    HeldIdentifier,
    Reason,
    Record,
    Ruled,
    header,
    header_of,
    record,
    ruled_of,
    why,
)
from hub.identity.retracting import unsay
from hub.identity.settling import rules_of
from hub.identity.several import Several, decide_several, revoke_several
from hub.identity.surviving import Attribute, Pin, Value
from hub.identity.terms import Rules
from hub.identity.values import order_sources, together
from hub.identity.working import Plan, carry_out, customers_in, is_being_worked_out, pending, plan

__all__ = [
    "HEADER",
    "HEADER_JOIN",
    "LATEST",
    "OPS",
    "Apart",
    "Attribute",
    "BadDecision",
    "Carried",
    "Consent",
    "Decided",
    "Difference",
    "Explanation",
    "FieldChange",
    "Header",
    "HeldIdentifier",
    "Holder",
    "Link",
    "Log",
    "Move",
    "Piece",
    "Pin",
    "Place",
    "Plan",
    "Preview",
    "Reason",
    "Record",
    "RecordEvent",
    "Renewed",
    "Resolution",
    "Ruled",
    "Rules",
    "Several",
    "TooLarge",
    "Touch",
    "Trial",
    "Undone",
    "UnknownAnchor",
    "UnknownDecision",
    "Value",
    "carry_out",
    "customers_in",
    "customers_of",
    "decide",
    "decide_several",
    "decided",
    "differences",
    "drifted",
    "due",
    "erase",
    "events_of",
    "explain",
    "header",
    "header_of",
    "is_being_worked_out",
    "is_outdated",
    "log_of",
    "members",
    "order_sources",
    "pending",
    "plan",
    "preview",
    "preview_several",
    "record",
    "renew",
    "renewed",
    "repair",
    "resolve",
    "resolve_touch",
    "retracted",
    "revoke_several",
    "ruled_of",
    "rules_of",
    "set_rules",
    "together",
    "told",
    "touches",
    "tried",
    "try_rules",
    "undone",
    "unsay",
    "verify",
    "why",
]
