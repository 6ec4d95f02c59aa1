"""Documents: what a plugin keeps between runs, as small JSON values of its own connection.

A document has a kind, a key, a schema version and a body. A plugin that changes the shape of a kind raises the
version and gives an upgrade function; older documents are upgraded as they are read. Plugins make no tables:
what needs an index is rebuilt from documents. A cursor given to `context.report(…, puts=[…])` is written in the
same transaction as the touchpoint it belongs to, so a crash can neither skip nor repeat one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

MAX_BODY = 256 * 1024
"""Bytes of JSON one document may take."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One stored document. `body` is whatever JSON holds; `version` is the schema version it has now."""

    kind: str
    key: str
    body: Any
    version: int = 1


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """A write: makes or replaces the document (kind, key). With `body=None` it is removed."""

    kind: str
    key: str
    body: Any
    version: int = 1


class DocumentKind(msgspec.Struct, frozen=True, kw_only=True):
    """Declares a kind whose shape has changed: `upgrade(body, version)` returns the body at the current version."""

    kind: str
    version: int
    upgrade: Callable[[Any, int], Any]


class Documents(Protocol):
    """The documents of one connection; no other connection can read them."""

    async def get(self, kind: str, key: str) -> Document | None:
        """The document, upgraded to its kind's current version, or None."""

    async def all(self, kind: str) -> list[Document]:
        """Every document of a kind, ordered by key."""

    async def put(self, *puts: Put) -> None:
        """Write all of them in one transaction, or none."""

    async def delete(self, kind: str, key: str) -> None:
        """Remove one; removing what is not there is no error."""


def check(puts: Sequence[Put]) -> None:
    """Raise ValueError for a put that cannot be stored, saying which and why."""
    for put in puts:
        if not put.kind or not put.key or len(put.kind) > 64 or len(put.key) > 512:
            raise ValueError(
                f"document kind must have 1–64 and key 1–512 characters, got {put.kind!r}, {put.key!r}"
            )
        if put.version < 1:
            raise ValueError(f"document {put.kind}/{put.key}: version must be 1 or more, got {put.version}")
        size = len(msgspec.json.encode(put.body))
        if size > MAX_BODY:
            raise ValueError(
                f"document {put.kind}/{put.key}: {size} bytes of JSON, at most {MAX_BODY} are kept"
            )
