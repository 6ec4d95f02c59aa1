"""Routing rules: what becomes of a conversation the moment it begins, by what the owner wrote down. Pure, and never more than data.

    facts      what may be asked of a message, with its types      words     words and addresses, found without regular expressions
    checking   rules as written → mistakes, or rules to be asked   deciding  rules and facts → what is to happen, and why

As rules over a visit (`visits.conditions`), a rule has no way to write code, an expression or a name that is no fact. The form is flatter,
because an owner writes it in a form and reads it back as a sentence, and every comparison tells what it found, because operators
ask why a conversation is theirs.
"""

from hub.conversations.rules.checking import Compiled, compiled, needs, problems, read
from hub.conversations.rules.deciding import Decision, Looked, decide
from hub.conversations.rules.facts import CUSTOMER, KINDS, OPS, Facts

__all__ = [
    "CUSTOMER",
    "KINDS",
    "OPS",
    "Compiled",
    "Decision",
    "Facts",
    "Looked",
    "compiled",
    "decide",
    "needs",
    "problems",
    "read",
]
