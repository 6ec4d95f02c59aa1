"""What a plugin declares about its table in hub.toml: a `Settings` class with typed, documented fields.

Settings are pydantic models because their errors arrive all together, each with its path. Unknown keys are
refused: a misspelt setting that is silently ignored costs its owner an evening.

A secret is never written into hub.toml. The file holds a reference, `"env:ACME_KEY"` or `"file:acme.key"`, and
`Secret` resolves it while the file is read. Its value shows in no log, repr, error or dump.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema


class Settings(BaseModel):
    """Base of every settings class: frozen, unknown keys refused, `"8"` is not a number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class Secret:
    """A value that must not be seen. `reveal()` gives it; nothing else does.

    In hub.toml: `"env:NAME"` (an environment variable) or `"file:PATH"` (relative to hub.toml; one trailing line
    break is dropped). In a test: `Secret("anything")`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not value or value.isspace():
            raise ValueError("a secret cannot be empty")
        self._value = value

    def reveal(self) -> str:
        """The secret itself. Keep it out of logs, exceptions and documents."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(lambda _: "***")
        )

    @classmethod
    def _validate(cls, came: Any, info: ValidationInfo) -> Secret:
        if isinstance(came, Secret):
            return came
        context = info.context or {}
        environ: Mapping[str, str] = context.get("environ", os.environ)
        folder: Path = context.get("folder", Path())
        if isinstance(came, str) and came.startswith("env:"):
            return _from_environment(came[4:].strip(), environ)
        if isinstance(came, str) and came.startswith("file:"):
            return _from_file(folder / Path(came[5:].strip()).expanduser())
        # The value that came is left out of the message on purpose: it may be the secret.
        raise PydanticCustomError(
            "secret_reference", 'a reference to a secret: "env:NAME" or "file:PATH", never the secret itself'
        )


def _from_environment(name: str, environ: Mapping[str, str]) -> Secret:
    value = environ.get(name, "")
    if not value.strip():
        raise PydanticCustomError(
            "secret_missing",
            "a secret in the environment variable {name}, which is not set",
            {"name": repr(name)},
        )
    return Secret(value)


def _from_file(path: Path) -> Secret:
    try:
        value = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise PydanticCustomError(
            "secret_missing", "a secret in the file {path}: {why}", {"path": str(path), "why": str(why)}
        ) from None
    if not value.strip():
        raise PydanticCustomError(
            "secret_missing", "a secret in the file {path}, which is empty", {"path": str(path)}
        )
    return Secret(value.removesuffix("\n").removesuffix("\r"))
