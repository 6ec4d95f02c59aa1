"""What a plugin hands over, made ours: checked against its type however deep, and copied into plain values.

Annotated types are promises that Python does not keep: a struct can hold anything, a dictionary may be a class of the plugin's or be
changed while the core reads it. This runs on the plugin's own thread, so what its objects do meanwhile is at its own cost.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
MOST = 1024 * 1024
"""Bytes of JSON that one value may come to."""


def cleaned(value: object, kind: type[T], where: str) -> T:
    """A copy of `value` in which nothing is the plugin's. Raises TypeError or ValueError, naming `where` and the field."""
    if not isinstance(value, kind):
        raise TypeError(f"{where}: expected a hub.{kind.__name__}, got {_shown(value)}")
    try:
        plain = msgspec.to_builtins(value, order=None)
        size = len(msgspec.json.encode(plain))
        if size > MOST:
            raise ValueError(f"{where}: {size} bytes of JSON, at most {MOST} are carried")
        return msgspec.convert(plain, kind)
    except RecursionError:
        raise ValueError(f"{where}: its values are nested too deeply") from None
    except (msgspec.ValidationError, TypeError) as error:
        raise TypeError(f"{where}: a hub.{kind.__name__} that is none: {error}") from None


def plain(value: Any, where: str) -> Any:
    """A copy of a JSON value in which nothing is the plugin's. Raises TypeError or ValueError."""
    try:
        return msgspec.json.decode(msgspec.json.encode(value))
    except RecursionError:
        raise ValueError(f"{where}: its data is nested too deeply") from None
    except (TypeError, msgspec.MsgspecError) as error:
        raise ValueError(f"{where}: its data is not JSON: {error}") from None


def _shown(value: object) -> str:
    return repr(value)[:200]
