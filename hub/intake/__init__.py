"""Stage 1: a touchpoint as reported comes in; an accepted touchpoint, stored once and normalised, goes out.

accepted = intake.accept(tx, "shop-mail", touchpoint, region="DE")
if accepted.fresh: …
"""

from hub.intake import asides, normalise
from hub.intake.accepting import (
    Accepted,
    AcceptedClaim,
    Unacceptable,
    accept,
    evidence_key,
    own_key,
    read_claims,
    read_names,
    seen,
)

__all__ = [
    "Accepted",
    "AcceptedClaim",
    "Unacceptable",
    "accept",
    "asides",
    "evidence_key",
    "normalise",
    "own_key",
    "read_claims",
    "read_names",
    "seen",
]
