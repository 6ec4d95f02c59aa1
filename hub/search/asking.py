"""From what somebody typed to a query of FTS5, of which no text can be a syntax error.

Words must all occur, in any order; a phrase in quotes occurs as it stands; the last word may be the beginning of one, because it is
searched while it is typed. Everything else, operators and brackets included, is only text.
"""

import re

import msgspec

from hub.search.marking import Token, tokens

MOST_TERMS = 16
LONGEST = 400
_PARTS = re.compile(r'"([^"]*)("?)|([^\s"]+)')


class Term(msgspec.Struct, frozen=True):
    """Tokens that follow each other; with `begins`, the last one may go on."""

    tokens: tuple[str, ...]
    begins: bool = False


def read(text: str) -> tuple[Term, ...]:
    """What is asked for; empty when there is no word in it."""
    parts = list(_PARTS.finditer(text[:LONGEST]))[:MOST_TERMS]
    terms = []
    for part in parts:
        said: tuple[Token, ...] = tuple(tokens(part[1] if part[3] is None else part[3]))
        open_end = part is parts[-1] and not part[2]
        if said:
            terms.append(Term(tuple(token.word for token in said), open_end))
    return tuple(terms)


def expression(terms: tuple[Term, ...]) -> str:
    """The MATCH expression. Tokens hold letters and digits only, so quoting them is enough."""
    return " ".join(f'"{" ".join(term.tokens)}"{" *" if term.begins else ""}' for term in terms)
