"""Panels: what a plugin shows operators of a customer, beside the conversation and in the customer's record.

A panel is typed: rows, links and actions, all of them text. There is no HTML, so what a plugin shows can neither break out of its
place nor look like the console's own words; and every panel is accessible, translated around and printed like the rest.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from hub.contract.context import Context
from hub.contract.identifiers import Level

MOST_ROWS = 40
MOST_ACTIONS = 8
LONGEST_LABEL = 80
LONGEST_VALUE = 500
LONGEST_ADDRESS = 2_000


class KnownIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier of the customer, normalised, at its best level. `joins`: whether it counts as theirs, and is not merely said."""

    kind: str
    value: str
    level: Level
    joins: bool


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a panel is about. `customer` is an anchor: it goes on meaning this person whatever is merged later."""

    customer: str
    name: str = ""
    level: Level = Level.OBSERVED
    identifiers: tuple[KnownIdentifier, ...] = ()
    conversation: str | None = None
    """Set when the panel stands beside a conversation."""
    site: str = ""


class PanelRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a label and what is to be said under it, perhaps with an address (https) behind it."""

    label: str
    value: str
    url: str = ""


class PanelAction(msgspec.Struct, frozen=True, kw_only=True):
    """A button. `name` comes back in `act`; with `confirm` the operator is asked that question first."""

    name: str
    label: str
    confirm: str = ""


class PanelContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a panel shows now. `links` are addresses with a label; `note` is a sentence under the title."""

    rows: tuple[PanelRow, ...] = ()
    links: tuple[PanelRow, ...] = ()
    actions: tuple[PanelAction, ...] = ()
    note: str = ""


class Panel:
    """Subclass this and register the class in `hub_register_panels`.

    One object is made, without arguments, per connection of its channel; the panel is absent while no such connection is configured.
    """

    name: ClassVar[str]
    """Unique: lower-case letters, digits and _."""
    title: ClassVar[str]
    """What operators read above it."""
    channel: ClassVar[str] = ""
    """The kind of channel it belongs to; its settings and documents are that connection's. Empty: same as `name`."""

    async def show(self, subject: Subject, context: Context) -> PanelContent | None:
        """What is to be shown of this customer; None: nothing, the panel is absent.

        Asked each time an operator opens the customer; answer within two seconds. No answer in time, or an exception, is shown
        as "not available now"; after five in a row the panel rests.
        """
        raise NotImplementedError

    async def act(self, action: str, subject: Subject, context: Context) -> str:
        """An operator pressed one of the buttons. Returns a sentence for them; raise `Rejected` with the reason it cannot be.

        Within ten seconds. Pressed twice it is called twice: make a repeat harmless.
        """
        raise NotImplementedError
