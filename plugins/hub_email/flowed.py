"""format=flowed (RFC 3676): lines that end in a space go on in the next one. Both ways.

Undone in what comes in, so that a paragraph is a paragraph again; done in what goes out, so that old programs see short lines and
telephones do not see ragged ones.
"""

from typing import Final

WIDTH: Final = 72
SIGNATURE: Final = "-- "


def unwrapped(text: str, *, delete_space: bool = False) -> str:
    """Fixed text of flowed text. Quoted paragraphs keep their marks; a signature line ends a paragraph."""
    lines: list[str] = []
    before: int | None = None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        flows = body.endswith(" ") and body != SIGNATURE
        kept = body[:-1] if flows and delete_space else body
        if before == depth and body != SIGNATURE:
            lines.append(kept)
        else:
            lines.append(("\n" if lines else "") + ("> " * depth if depth else "") + kept)
        before = depth if flows else None
    return "".join(lines)


def wrapped(text: str) -> str:
    """Flowed text of fixed text: soft breaks at spaces, nothing lost. Words longer than a line stay whole."""
    return "\n".join(
        piece
        for line in text.split("\n")
        for piece in _pieces(line if line == SIGNATURE else line.rstrip(" "))
    )


def _pieces(line: str) -> list[str]:
    quotes = len(line) - len(line.lstrip(">"))
    if quotes or len(line) <= WIDTH:
        return [_stuffed(line, quotes)]
    pieces, start = [], 0
    while len(line) - start > WIDTH:
        at = line.rfind(" ", start + 1, start + WIDTH)
        at = line.find(" ", start + WIDTH) if at < 0 else at
        if at < 0:
            break
        pieces.append(_stuffed(line[start : at + 1], 0))
        start = at + 1
    return [*pieces, _stuffed(line[start:], 0)]


def _stuffed(line: str, quotes: int) -> str:
    """A space before what would be taken for a quote, for the beginning of a mail in a mailbox, or for a space of ours."""
    return f" {line}" if not quotes and line.startswith((" ", ">", "From ")) else line
