"""`hub identity replay` and `hub identity rebuild`: the records a log makes, into a fresh database, and of a hub's own anew."""

import asyncio
import csv
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Refused, place_for, refusals, say

File = Annotated[Path, typer.Argument(metavar="FILE.jsonl[.gz]", help="Touchpoints, one JSON object a line.")]
Out = Annotated[
    Path,
    typer.Option("--out", metavar="LINKS.csv", help="Where the answer is written: touch_id, customer_id."),
]
Keep = Annotated[
    Path | None,
    typer.Option("--database", metavar="FILE.db", help="Keep the database; it must not exist yet."),
]


def replay(file: File, out: Out = Path("links.csv"), database: Keep = None) -> None:
    """Report every touchpoint of a file to a fresh hub, and write which customer each belongs to in the end."""
    with refusals():
        from hub.cli import replaying

        if not file.is_file():
            raise Refused(
                f"{file}: {'expected a file, got a folder' if file.is_dir() else 'there is no such file'}."
            )
        place_for(out, file)
        if database is not None and database.exists():
            raise Refused(f"{database} exists; a replay begins with a fresh database.")
        with tempfile.TemporaryDirectory() as folder:
            path = database or Path(folder) / "hub.db"
            try:
                done = asyncio.run(replaying.replay(file, path))
            except replaying.Unreadable as error:
                raise Refused(str(error)) from None
        with out.open("w", newline="", encoding="utf-8") as written:
            rows = csv.writer(written, lineterminator="\n")
            rows.writerow(("touch_id", "customer_id"))
            rows.writerows((key, customer.hex()) for key, customer in done.links)
        say(f"{len(done.links)} touchpoints are {done.customers} customers: {out}.")
        if done.refused:
            say(f"{len(done.refused)} were refused, the first: {done.refused[0]}")
        if done.ignored:
            say(f"{len(done.ignored)} claims or values were left aside, the first: {done.ignored[0]}")
        if done.again:
            say(f"{done.again} lines bear the id of another line and count once, as what is delivered again.")
        say(
            f"{done.seconds:.1f} s, {done.seconds / max(len(done.links), 1) * 1000:.2f} ms a touchpoint with everything."
        )
        for line in done.figures:
            say(line)


PATIENCE = 3600.0
"""Seconds: a million touchpoints are read anew in minutes."""

Verify = Annotated[
    bool,
    typer.Option("--verify", help="Only compare with what the rule makes of the whole log; change nothing."),
]


def rebuild(verify: Verify = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Compute who is who anew from all touchpoints and decisions, while the hub runs or not."""
    with refusals():
        from hub.cli import loading, verbs

        data = loading.load(config)[0].data
        if not verify:
            moved = verbs.ask_hub(data, "identity_rebuild", patience=PATIENCE)
            say(f"Read anew; {moved} records moved." if moved else "Read anew; nobody moved.")
        found = verbs.ask_hub(data, "identity_verify", patience=PATIENCE)
        if found["differences"]:
            raise Refused(
                f"{found['differences']} of {found['touchpoints']} touchpoints are not where the rule puts them; "
                "run `hub identity rebuild`, and tell us: this is a bug."
            )
        if found["miskept"]:
            raise Refused(
                f"what is kept of {found['miskept']} customers and pieces of evidence for quick reading is not what is there; "
                "run `hub identity rebuild`, and tell us: this is a bug."
            )
        say(f"{found['touchpoints']} touchpoints are all where the rule puts them.")
