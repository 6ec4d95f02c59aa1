"""People who are one person and share nothing that proves it: fuzzy matching, for an operator's eye and never for the rule.

    person      what is known of somebody, folded once            comparing   two people → a level per field
    model       levels → log2 odds of one person, and why          fitting     learning weights without labels
    blocking    which pairs are worth comparing                    counting    how common values are
    weights     what ships, read from weights.json                 linking     a whole population at once
    reading     plain records from CSV files                       clustering  pairs → people

Pure, but for `reading`: nothing here knows the database. A score never joins anybody; it makes a suggestion.
"""

from hub.identity.matching.linking import SURE, Linked, link
from hub.identity.matching.model import Score, Scorer, Step, Weights
from hub.identity.matching.person import Person, person
from hub.identity.matching.weights import SHIPPED

__all__ = ["SHIPPED", "SURE", "Linked", "Person", "Score", "Scorer", "Step", "Weights", "link", "person"]
