"""What an operator makes of a suggestion. Accepting and dismissing are decisions on who is who, with their undoing; only putting off is not."""

from typing import Final, Literal

from hub import identity
from hub.actions import decide
from hub.identity import shelves
from hub.store import Tx
from hub.wire import Refusal

DAY: Final = 86_400_000_000


def judge(
    tx: Tx,
    author: str,
    a: bytes,
    b: bytes,
    verdict: Literal["accept", "dismiss", "unsure", "again"],
    note: str = "",
    days: int = 30,
) -> tuple[bytes, bytes | None]:
    """The customer `a` is of now, and the decision, None for unsure and again. Refusals: not_found, no_change."""
    if not shelves.waits(tx, a, b):
        raise Refusal(
            "not_found",
            "this is no suggestion any more: it was decided, or its customers have changed; read the suggestions anew",
        )
    if verdict == "unsure":
        shelves.judged(tx, a, b, "unsure", author=author, decision=None, until=tx.now + days * DAY)
        return a, None
    if verdict == "again":
        shelves.judged(tx, a, b, "open", author="", decision=None, until=None)
        return a, None
    made = decide.decide(tx, author, "same" if verdict == "accept" else "never", a, b, note)
    status = "accepted" if verdict == "accept" else "dismissed"
    shelves.judged(tx, a, b, status, author=author, decision=made.decision, until=None)
    return identity.resolve(tx, a), made.decision
