"""What is wrong in hub.toml, each mistake with its place, what was expected, what came, and what to do.

All mistakes are reported together: a file that is corrected one error per start costs its owner an evening.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One mistake. `path` is dotted (`sites.shop.hours.mon`), or empty when the file as a whole cannot be read."""

    path: str
    expected: str
    came: str = ""
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path or 'hub.toml'}: {self.words}"

    @property
    def words(self) -> str:
        """The same without the place."""
        text = f"expected {self.expected}"
        if self.came:
            text += f", got {self.came}"
        return f"{text}. {self.hint}" if self.hint else f"{text}."


class ConfigError(Exception):
    """hub.toml cannot be used; `problems` says why, all of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        noun = "problem" if len(self.problems) == 1 else "problems"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"hub.toml has {len(self.problems)} {noun}:\n{lines}")


def shown(value: Any) -> str:
    """A value as its author would recognise it in TOML, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else text[:57] + "…" + text[-1:]


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word nearest to `word`, or all of them when none is near."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{close[0]}"?'
    return f"Known here: {', '.join(words)}." if words else "There is nothing to set here."


def join(*parts: str | int) -> str:
    """A dotted path; list positions count from 1 and stand in brackets."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part + 1}]"
        else:
            path += f".{part}" if path else part
    return path


def from_pydantic(error: ValidationError, model: type[BaseModel], *prefix: str) -> list[Problem]:
    """Every mistake pydantic found below `prefix`, in our words."""
    return [_problem(detail, model, prefix) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, model: type[BaseModel], prefix: Sequence[str]) -> Problem:
    where = tuple(part for part in detail["loc"] if part != "[key]")
    path = join(*prefix, *where)
    came = "" if _is_secret(model, where) else shown(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            known = _fields_at(model, where[:-1])
            return Problem(
                path=path,
                expected="a known setting",
                came=f"“{where[-1]}”",
                hint=nearest(str(where[-1]), known),
            )
        case "missing":
            return Problem(
                path=path, expected=_field_words(model, where), came="nothing", hint="Add this line."
            )
        case "secret_reference" | "secret_missing":
            hint = 'Put the secret there; hub.toml holds only "env:NAME" or "file:PATH".'
            return Problem(path=path, expected=detail["msg"], hint=hint)
        case "value_error":
            return Problem(path=path, expected=str(detail["ctx"]["error"]), came=came)
        case "string_pattern_mismatch":
            return Problem(path=path, expected=_field_words(model, where), came=came)
        case kind if kind in _BOUNDS:
            bound = _BOUNDS[kind].format(**detail["ctx"])
            return Problem(path=path, expected=f"{_field_words(model, where)}: {bound}", came=came)
        case kind:
            return Problem(path=path, expected=_WORDS.get(kind) or _tidy(detail["msg"]), came=came)


_WORDS = {
    "bool_type": "true or false",
    "dict_type": "a table",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a table",
    "string_type": "text in quotes",
    "tuple_type": "a list",
}


_BOUNDS = {
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} character(s)",
    "too_long": "at most {max_length} in the list",
    "too_short": "at least {min_length} in the list",
}


def _tidy(message: str) -> str:
    for start in ("Input should be ", "Value should have "):
        message = message.removeprefix(start)
    return message[:1].lower() + message[1:]


def _fields_at(model: type[BaseModel], where: Sequence[str | int]) -> list[str]:
    """The setting names of the (nested) model that the path leads to."""
    here: Any = model
    for part in where:
        here = _step(here, part)
    return list(here.model_fields) if _is_model(here) else []


def _step(here: Any, part: str | int) -> Any:
    if _is_model(here):
        field = here.model_fields.get(str(part))
        here = field.annotation if field is not None else None
        return _model_within(here) if not _is_container(here) else here
    return _model_within(here)


def secret_at(model: type[BaseModel], name: str) -> bool:
    """Whether this setting is a secret, or a list of them."""
    return _is_secret(model, (name,))


def _is_secret(model: type[BaseModel], where: Sequence[str | int]) -> bool:
    """Whether a secret belongs at this place: what came instead may be one, and is not shown."""
    here: Any = model
    for part in where:
        field = here.model_fields.get(str(part)) if _is_model(here) else None
        if field is not None and "Secret" in str(field.annotation):
            return True
        here = _step(here, part)
    return False


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_container(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) in (dict, list, tuple)


def _model_within(annotation: Any) -> Any:
    """The one model class inside `dict[str, X]`, `tuple[X, ...]` or `X | None`."""
    if _is_model(annotation):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _model_within(argument)) is not None:
            return found
    return None


def _field_words(model: type[BaseModel], where: Sequence[str | int]) -> str:
    here: Any = model
    while where and isinstance(where[-1], int):  # an item is described with its list
        where = where[:-1]
    for part in where[:-1]:
        here = _step(here, part)
    field = here.model_fields.get(str(where[-1])) if _is_model(here) else None
    return (field.description or "a value") if field is not None else "a value"
