"""Panels: asking plugins what operators shall see of a customer, and telling them which button was pressed.

The console never waits for a plugin longer than the deadline, all panels are asked at once, and what one shows is checked before it
counts: text of bearable length, addresses that a link may carry. A panel that fails says so in its own place.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hub.contract import Panel, PanelAction, PanelContent, PanelRow, Rejected, Subject
from hub.contract.panel import LONGEST_ADDRESS, LONGEST_LABEL, LONGEST_VALUE, MOST_ACTIONS, MOST_ROWS
from hub.registry.health import sentence_of
from hub.runners.cleaning import cleaned
from hub.runners.connection import RunningConnection
from hub.runners.loop import Stuck
from hub.runners.pace import Pace


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A panel as it is to be drawn; without `content` the plugin could not say anything."""

    name: str
    title: str
    content: PanelContent | None


class RunningPanel:
    """One panel in one connection."""

    def __init__(self, panel: type[Panel], connection: RunningConnection, pace: Pace) -> None:
        self.name, self.title = panel.name, panel.title
        self._type, self._connection, self._pace = panel, connection, pace
        self._breaker = connection.breaker(f"panel {panel.name}")

    async def show(self, subject: Subject) -> Shown | None:
        """What it shows; None when it has nothing to say of this customer. Never raises."""
        if not self._breaker.admits():
            return Shown(name=self.name, title=self.title, content=None)
        try:
            content = await self._connection.loop.call(
                lambda: self._show(subject), deadline=self._pace.panel, doing=f"{self.name}.show"
            )
        except Exception as error:  # a bug of the plugin, or it is overdue
            self._failed("show", error)
            return Shown(name=self.name, title=self.title, content=None)
        self._succeeded()
        return None if content is None else Shown(name=self.name, title=self.title, content=content)

    async def act(self, action: str, subject: Subject) -> str:
        """Press a button: the plugin's sentence. Raises Rejected with the plugin's reason, or that it did not work."""
        try:
            answer = await self._connection.loop.call(
                lambda: self._act(action, subject), deadline=self._pace.panel_act, doing=f"{self.name}.act"
            )
        except Rejected:
            raise
        except Exception as error:  # a bug of the plugin, or it is overdue
            self._failed(f"act({action})", error)
            raise Rejected(f"{self.title} did not answer; nobody knows whether it was done") from None
        self._succeeded()
        return answer

    async def _show(self, subject: Subject) -> PanelContent | None:
        """On the plugin's thread, what is checked included."""
        content = await self._connection.made(self._type).show(subject, self._connection.context)
        if content is None:
            return None
        check(self.name, content)
        return cleaned(content, PanelContent, f"{self.name}.show")

    async def _act(self, action: str, subject: Subject) -> str:
        """On the plugin's thread, what is checked included."""
        answer = await self._connection.made(self._type).act(action, subject, self._connection.context)
        _text(f"{self.name}.act", "answer", answer, LONGEST_VALUE)
        return str(answer)

    def _failed(self, where: str, error: Exception) -> None:
        if isinstance(error, Stuck):
            return
        self._breaker.failed()
        why = f"{self.name}.{where}: {sentence_of(error)}"
        part = f"panel {self.name}"
        self._connection.health.say(part, "failed", why, error=error, failures=self._breaker.failures)

    def _succeeded(self) -> None:
        if self._breaker.failures:
            self._breaker.succeeded()
            self._connection.health.say(f"panel {self.name}", "healthy")


def check(name: str, content: PanelContent) -> None:
    """Raise TypeError or ValueError for what is no content of a panel."""
    if not isinstance(content, PanelContent):
        raise TypeError(f"{name}.show: expected a hub.PanelContent or None, got {content!r}")
    _text(name, "note", content.note, LONGEST_VALUE)
    for what, rows in (("rows", content.rows), ("links", content.links)):
        _count(name, what, rows, MOST_ROWS, PanelRow)
        for row in rows:
            _text(name, f"{what}.label", row.label, LONGEST_LABEL)
            _text(name, f"{what}.value", row.value, LONGEST_VALUE)
            _text(name, f"{what}.url", row.url, LONGEST_ADDRESS)
            if (row.url or what == "links") and not row.url.startswith(("https://", "http://")):
                raise ValueError(
                    f"{name}.{what}: expected an address with https:// or http://, got {row.url[:80]!r}"
                )
    _count(name, "actions", content.actions, MOST_ACTIONS, PanelAction)
    for action in content.actions:
        _text(name, "actions.name", action.name, LONGEST_LABEL)
        _text(name, "actions.label", action.label, LONGEST_LABEL)
        _text(name, "actions.confirm", action.confirm, LONGEST_VALUE)


def _count(name: str, what: str, found: Sequence[object], most: int, kind: type) -> None:
    if not isinstance(found, tuple) or not all(isinstance(one, kind) for one in found):
        raise TypeError(f"{name}.{what}: expected a tuple of hub.{kind.__name__}, got {found!r}"[:400])
    if len(found) > most:
        raise ValueError(f"{name}.{what}: expected at most {most}, got {len(found)}")


def _text(name: str, what: str, text: object, most: int) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{name}.{what}: expected text, got {text!r}"[:400])
    if len(text) > most:
        raise ValueError(f"{name}.{what}: expected at most {most} characters, got {len(text)}")
