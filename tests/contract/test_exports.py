"""The front door: `hub` is `hub.contract`, sorted, complete, frozen, and cheap to open."""

import inspect
import subprocess
import sys

import msgspec
import pytest

import hub
from hub import contract

HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "starlette",
    "uvicorn",
    "httpx",
    "apscheduler",
    "argon2",
    "asyncio",
)


def test_the_front_door_shows_the_contract_and_nothing_else():
    assert hub.__all__ == contract.__all__
    public = {name for name, value in vars(hub).items() if name[0] != "_" and not inspect.ismodule(value)}
    assert public == set(hub.__all__)


def test_the_names_are_sorted_constants_first():
    def order(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert hub.__all__ == sorted(hub.__all__, key=order)


@pytest.mark.parametrize("name", hub.__all__)
def test_every_public_class_and_function_is_documented(name):
    value = getattr(hub, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__doc__, f"hub.{name} needs a docstring"
        assert value.__module__.startswith("hub.contract"), f"hub.{name} comes from {value.__module__}"


def test_values_that_cross_the_border_are_frozen_and_keyword_only():
    structs = [getattr(hub, name) for name in hub.__all__]
    structs = [value for value in structs if inspect.isclass(value) and issubclass(value, msgspec.Struct)]
    assert len(structs) >= 10
    for struct in structs:
        assert struct.__struct_config__.frozen, struct
        with pytest.raises(TypeError):
            struct(*range(len(struct.__struct_fields__)))


def test_importing_it_loads_no_orm_no_web_and_no_http_client():
    code = f"import sys, hub; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
