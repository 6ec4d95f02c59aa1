"""How results are printed: Markdown tables, so that they can be kept beside what they were measured for."""

from collections.abc import Sequence


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; the first column is text, the others are figures."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n### {title}\n")
    for number, row in enumerate(cells):
        first, *others = zip(row, widths, strict=True)
        print(
            "| "
            + " | ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)])
            + " |"
        )
        if number == 0:
            print(
                "|"
                + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
                + "|"
            )
