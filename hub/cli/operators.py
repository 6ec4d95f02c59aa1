"""`hub operator …`: the people who answer. Carried out by the running hub, so it takes effect at once; else here."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, out, refusals, say

if TYPE_CHECKING:
    from hub.config import Config

app = typer.Typer(help="The people who answer.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What the operator signs in with.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Take the password from the first line of stdin.")
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, max=100, help=r"Open chats at once; else \[hub] conversations_per_operator."),
]


@app.command("add")
def add(
    login: Annotated[str | None, typer.Argument(help="What the operator signs in with.")] = None,
    name: Annotated[str | None, typer.Option(help="What customers see.")] = None,
    admin: Annotated[bool, typer.Option("--admin", help="May do everything, in every queue.")] = False,
    queue: Annotated[
        list[str] | None, typer.Option(help="A queue to serve; else those of all sites.")
    ] = None,
    limit: Limit = None,
    password_stdin: PasswordStdin = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add an operator."""
    with refusals():
        from hub.cli import asking, verbs

        settings = _settings(config)
        given = new_operator(
            settings,
            login=asking.login(login),
            name=asking.name(name),
            admin=admin,
            queues=queue,
            limit=limit,
            password=asking.password(password_stdin),
        )
        verbs.ask_hub(settings.data, "operator_add", **given)
        say(f"{given['login']} can sign in at {settings.hub.public_url}.")


@app.command("invite")
def invite(
    note: Annotated[str, typer.Argument(help="Whom it is for; admins see it until they join.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="May do everything, in every queue.")] = False,
    queue: Annotated[
        list[str] | None, typer.Option(help="A queue to serve; else those of all sites.")
    ] = None,
    limit: Limit = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make a link that works once: whoever opens it becomes an operator and chooses name, login and password."""
    with refusals():
        from hub.cli import verbs

        settings = _settings(config)
        role = "admin" if admin else "operator"
        queues = queue or _queues(settings)
        token = verbs.ask_hub(
            settings.data, "operator_invite", note=note, role=role, queues=queues, capacity=limit
        )
        say("This link works once, for three days; it is shown this once:")
        say(f"{settings.hub.public_url}/#join/{token}")


@app.command("password")
def password(
    login: Login, password_stdin: PasswordStdin = False, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Give an operator a new password; every session of theirs ends."""
    with refusals():
        from hub.cli import asking, verbs

        secret = asking.hashed(asking.password(password_stdin))
        verbs.ask_hub(_settings(config).data, "operator_password", login=login, password_hash=secret)
        say(f"{login} has a new password and is signed out everywhere.")


@app.command("deactivate")
def deactivate(
    login: Login,
    force: Annotated[bool, typer.Option("--force", help="Also the last admin who can sign in.")] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Put an operator out at once; what they said and did stays."""
    with refusals():
        from hub.cli import verbs

        verbs.ask_hub(_settings(config).data, "operator_active", login=login, on=False, force=force)
        say(f"{login} is signed out everywhere and cannot sign in.")


@app.command("activate")
def activate(login: Login, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let an operator in again."""
    with refusals():
        from hub.cli import verbs

        verbs.ask_hub(_settings(config).data, "operator_active", login=login, on=True)
        say(f"{login} can sign in again.")


@app.command("list")
def listed(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List the operators."""
    with refusals():
        from hub.cli import verbs

        found = verbs.ask_hub(_settings(config).data, "operator_list")
        if not found:
            say("No operators yet: `hub operator add` makes one.")
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("login", "name", "role", "chats at once", ""):
            table.add_column(title, overflow="fold")
        for row in found:
            note = "" if row["active"] else "deactivated"
            table.add_row(Text(row["login"]), Text(row["name"]), row["role"], str(row["limit"]), note)
        out.print(table)


def new_operator(
    settings: "Config",
    *,
    login: str,
    name: str,
    admin: bool,
    password: str,
    queues: list[str] | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """What the verb `operator_add` takes. Without `queues`, those of all configured sites."""
    from hub.cli import asking

    return {
        "login": login,
        "name": name,
        "role": "admin" if admin else "operator",
        "password_hash": asking.hashed(password),
        "queues": queues or _queues(settings),
        "capacity": limit,
    }


def _queues(settings: "Config") -> list[str]:
    """Those that the configuration names."""
    return sorted({site.queue for site in settings.sites.values()} | {"main"})


def _settings(config: Any) -> "Config":
    from hub.cli import loading

    return loading.load(config)[0]
