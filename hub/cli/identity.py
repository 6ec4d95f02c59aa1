"""`hub identity …`: what the hub makes of people, on files instead of a running hub."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.speaking import Refused, place_for, refusals, say

if TYPE_CHECKING:
    from hub.identity.matching import Linked
    from hub.identity.matching.reading import Read

app = typer.Typer(help="Who is who, on files.", no_args_is_help=True)

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE.csv...", help="Person records with a header; several files are one population."
    ),
]
Out = Annotated[
    Path,
    typer.Option(
        "--out", metavar="PAIRS.csv", help="Where pairs are written: id_a, id_b, probability, bits."
    ),
]
ClustersOut = Annotated[
    Path | None,
    typer.Option(
        "--clusters",
        metavar="FILE.csv",
        help="Where people are written: id, cluster. Else beside --out, as PAIRS.clusters.csv.",
    ),
]
Threshold = Annotated[
    float,
    typer.Option(min=0.01, max=0.9999, help="From which probability a pair is one person, for the clusters."),
]
Least = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Pairs less probable than this are not written.")
]


@app.command("score")
def score(
    files: Files,
    out: Out = Path("pairs.csv"),
    clusters: ClustersOut = None,
    threshold: Threshold = 0.95,
    least: Least = 0.001,
) -> None:
    """Find the records of one person in plain files, without labels: pairs with their probability, and people."""
    with refusals():
        from hub.identity.matching import link
        from hub.identity.matching.reading import NoPeople, read

        if missing := next((path for path in files if not path.is_file()), None):
            raise Refused(
                f"{missing}: {'expected a file, got a folder' if missing.is_dir() else 'there is no such file'}."
            )
        beside = clusters or out.with_name(f"{out.stem}.clusters.csv")
        place_for(out, *files)
        place_for(beside, *files)
        try:
            found = read(files)
        except NoPeople as error:
            raise Refused(str(error)) from None
        linked = link(found.people, threshold)
        written = _write(found, linked, out, beside, least)
        _tell(found)
        people = len(set(linked.labels))
        say(
            f"{len(found.people)} records are {people} people at a probability of {threshold:g} or more: {beside}."
        )
        say(f"{written} pairs of at least {least:g}: {out}.")


def _write(found: "Read", linked: "Linked", out: Path, beside: Path, least: float) -> int:
    """The two files; how many pairs were written."""
    from hub.identity.matching.model import probability

    written = 0
    with out.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("id_a", "id_b", "probability", "bits"))
        for a, b, bits in linked.pairs:
            if (likely := probability(bits)) < least:
                break
            rows.writerow((found.people[a].key, found.people[b].key, f"{likely:.6f}", f"{bits:.3f}"))
            written += 1
    with beside.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("id", "cluster"))
        rows.writerows(
            (who.key, found.people[label].key) for who, label in zip(found.people, linked.labels, strict=True)
        )
    return written


def _tell(found: "Read") -> None:
    read = ", ".join(f"{name} as {field}" for name, field in found.columns.items())
    say(f"Read {read}.")
    if found.aside:
        say(f"Left aside: {', '.join(found.aside)}.", "yellow")
