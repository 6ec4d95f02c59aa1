"""`hub …`: the command line, one file per command.

Commands speak in sentences. What can be expected to go wrong (a mistake in hub.toml, a port in use, a locked database) is one
sentence on stderr and exit code 1; a wrong call is 2; a traceback means a bug. Heavy imports stand inside the commands, so that
`hub --help` answers at once.
"""

import typer

from hub.cli import (
    backups,
    check,
    customers,
    demo,
    doctor,
    identity,
    init,
    operators,
    plugins,
    records,
    ruling,
    serve,
)
from hub.cli.ending import end_in_time

__all__ = ["app", "main"]

app = typer.Typer(
    name="hub",
    help="Touchpoint Hub: every contact on every channel, one customer record.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(init.init)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("check")(check.check)
app.command("plugins")(plugins.plugins)
app.command("doctor")(doctor.doctor)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.add_typer(operators.app, name="operator")
app.add_typer(customers.app, name="customer")
identity.app.command("replay")(records.replay)
identity.app.command("rebuild")(records.rebuild)
identity.app.command("rules")(ruling.rules)
app.add_typer(identity.app, name="identity")


def main() -> None:
    """The `hub` program."""
    try:
        app()
    except SystemExit as end:
        end_in_time(end.code if isinstance(end.code, int) else int(end.code is not None))
        raise
