"""`hub init`: from an empty folder to a hub that can be served: a commented hub.toml, a database, the first operator."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.operators import PasswordStdin, new_operator
from hub.cli.speaking import Refused, refusals, say

if TYPE_CHECKING:
    from hub.config import Config

_ORIGINS = "\norigins = []\n"


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where hub.toml and the data go.")] = Path(),
    login: Annotated[str | None, typer.Option(help="Login of the first operator, an admin.")] = None,
    name: Annotated[str | None, typer.Option(help="Their name, as customers see it.")] = None,
    password_stdin: PasswordStdin = False,
    shop: Annotated[str | None, typer.Option(help="The shop's name, as visitors see it.")] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="Where the shop's pages are, such as https://shop.example; repeatable."),
    ] = None,
) -> None:
    """Write a commented hub.toml and make the first operator. Never overwrites anything."""
    with refusals():
        from hub.cli import asking, loading, verbs
        from hub.config import SiteSection, overlay

        path = folder / "hub.toml"
        if path.exists():
            raise Refused(f"{path} is there already and was left as it is; edit it, then run `hub check`")
        text = configuration(origin or [])
        if shop is not None:
            overlay("main", SiteSection(), {"name": shop})  # refuses what no site can be called
        who, called, secret = asking.login(login), asking.name(name), asking.password(password_stdin)
        _write(path, text)
        try:
            settings, _ = loading.load(path)
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            first = new_operator(settings, login=who, name=called, admin=True, password=secret)
            author = verbs.ask_hub(settings.data, "operator_add", **first)["id"]
            if shop is not None:
                site = next(iter(settings.sites))
                verbs.ask_hub(settings.data, "site_named", author=author, site=site, name=shop)
        except BaseException:
            path.unlink()  # so that the next try starts from the beginning
            raise
        _tell(path, settings, who)


def configuration(origins: list[str]) -> str:
    """The commented hub.toml with the shop's origins filled in. Its name is kept where the console can change it."""
    import msgspec

    from hub.config import default_text

    text = default_text()
    assert _ORIGINS in text
    # A JSON string, escaped beyond ASCII, is a TOML string too.
    if origins:
        text = text.replace(_ORIGINS, f"\norigins = {msgspec.json.encode(origins).decode()}\n")
    return text


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Refused(f"{path}: expected to write the configuration there, got: {error.strerror}") from None


def _tell(path: Path, settings: "Config", login: str) -> None:
    key, site = next(iter(settings.sites.items()))
    url = settings.hub.public_url
    where = "" if path.parent == Path() else f" --config {path}"
    say(f"Wrote {path} and the database in {settings.data}; {login} is the first operator.")
    say()
    if not site.origins:
        say(f"1. Name your shop's address in {path}: [sites.{key}] origins.")
        say("2. Put this into its pages:")
    else:
        say(f"1. Put this into the pages of {', '.join(site.origins)}:")
    say()
    say(f'   <script async src="{url}/widget.js" data-site="{key}"></script>')
    say()
    say(f"Then: hub serve{where}")
    say(f"and sign in at {url}")
