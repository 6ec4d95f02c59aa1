"""`hub customer …`: what is kept of one person, handed out or erased. Carried out by the running hub, or here when none runs."""

import time
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Refused, refusals, say

app = typer.Typer(help="What is kept of one person.", no_args_is_help=True)

Who = Annotated[
    str,
    typer.Argument(
        help="An e-mail address, a number with its country's code, KIND:VALUE, or a customer's id."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE.zip", help="Where it is written; else customer-DATE.zip."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command("export")
def export(who: Who, out: Out = None, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Write everything that is kept of a person into a zip: JSON, and the files that were sent."""
    with refusals():
        from hub.cli import loading, verbs

        settings, _ = loading.load(config)
        target = (out or Path(time.strftime("customer-%Y%m%d-%H%M%S.zip"))).absolute()
        if target.exists():
            raise Refused(f"{target}: expected a file that is not there yet")
        found = verbs.ask_hub(settings.data, "customer_export", patience=3600.0, who=who, out=str(target))
        say(f"{target}: {found['name'] or found['customer']}, {found['touches']} touchpoints, {found['conversations']} conversations, "
            f"{found['files']} files.")  # fmt: skip


@app.command("erase")
def erase(who: Who, yes: Yes = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Erase a person: what they did, said and sent, and everything made of it. Nothing brings it back but a backup."""
    with refusals():
        from hub.cli import loading, verbs

        settings, _ = loading.load(config)
        found = verbs.ask_hub(settings.data, "customer_found", who=who)
        say(
            f"{found['name'] or 'no name'} ({found['customer']}): {found['touches']} touchpoints, {found['conversations']} conversations."
        )
        if not yes and not typer.confirm("Erase all of it for ever?"):
            raise Refused("nothing was erased")
        done = verbs.ask_hub(settings.data, "customer_erase", patience=3600.0, customer=found["customer"])
        say(f"Erased, with {done['files']} files and {done['documents']} documents of plugins.")
        say("Backups made before still hold it, and so does whatever you have sent to other systems.")
