"""`hub doctor`: the ground the hub stands on: SQLite, disk, limits, clock, the database file."""

import platform
from contextlib import suppress
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, out, refusals

if TYPE_CHECKING:
    from hub.store import Fact

MILD = ("SQLite",)
"""Findings that are worth knowing and no reason to fail: Debian's SQLite is old, and the hub lives with that."""


def doctor(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Say which Python, SQLite, disk, limits and clock the hub sees. Exit code 1 when something needs mending."""
    with refusals():
        from hub.cli import loading
        from hub.cli.listening import raise_open_files
        from hub.clock import wall
        from hub.store import CommandFailed, Fact, HubNotRunning, ask, facts

        settings, _ = loading.load(config)
        raise_open_files()  # as `hub serve` does, so that its limit is shown
        found = [
            Fact("Python", platform.python_version(), True),
            *facts(settings.data / "hub.db", clock=wall),
        ]
        try:
            running = f"yes, process {ask(settings.data, 'status', timeout=10)['pid']}"
            found.append(Fact("hub running", running, True))
            with suppress(CommandFailed):  # an older hub, which has not been started anew yet
                found.append(_held(ask(settings.data, "figures", timeout=10)))
        except (HubNotRunning, FileNotFoundError):
            found.append(Fact("hub running", "no", True))
        _show(found)
        if not all(fact.ok or fact.name in MILD for fact in found):
            raise typer.Exit(1)


def _held(figures: "dict[str, int]") -> "Fact":
    """What the running hub holds, in a line; advice where it comes near a limit."""
    from hub.store import Fact

    files, limit, stuck = figures["open_files"], figures["open_files_limit"], figures["plugin_threads_stuck"]
    told = (
        f"{figures['sockets']} sockets, {files} of {limit} files, {figures['threads']} threads, {figures['tasks']} tasks, "
        f"{figures['memory_kib'] // 1024} MiB, {figures['outbox_waiting']} to deliver, "
        f"{figures['wal_bytes'] // 1024} KiB of log beside the database"
    )
    advice = []
    if files > 0.8 * limit:
        advice.append("raise the limit of open files (ulimit -n): new visitors are soon turned away")
    if stuck:
        advice.append(
            f"{stuck} threads of plugins are stuck: the console's health names them; restart them there"
        )
    return Fact("holds", told, not advice, "; ".join(advice))


def _show(found: "list[Fact]") -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for fact in found:
        mark = Text("✓", "green") if fact.ok else Text("!", "yellow" if fact.name in MILD else "red")
        table.add_row(mark, fact.name, Text(f"{fact.value}\n{fact.advice}" if fact.advice else fact.value))
    out.print(table)
