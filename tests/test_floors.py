"""Versions: nothing below a release with a known flaw, and nothing left to chance.

The floors name the first release without a published flaw that would reach us; a pin or an installed package below its
floor fails here, whichever way it came in.
"""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

FLOORS = {
    "authlib": "1.6.9",
    "joserfc": "1.6.3",
    "pyjwt": "2.13.0",
    "python-multipart": "0.0.27",
    "starlette": "1.3.0",
}


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def requirements() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    return [
        Requirement(line)
        for line in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]
    ]


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_version_is_below_its_floor(name: str, floor: str):
    found = {"pinned": pins().get(name)}
    try:
        found["installed"] = Version(metadata.version(name))
    except metadata.PackageNotFoundError:
        found["installed"] = None
    for where, version in found.items():
        assert version is None or version >= Version(floor), (
            f"{name} {version} is {where}; at least {floor} is needed"
        )


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_every_dependency_is_pinned_to_a_version_it_allows(requirement: Requirement):
    pin = pins().get(canonicalize_name(requirement.name))
    assert pin is not None, f"{requirement.name} has no line in constraints.txt: run `make constraints`"
    assert pin in requirement.specifier


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_every_dependency_has_a_floor_in_the_project_file(requirement: Requirement):
    assert any(part.operator == ">=" for part in requirement.specifier), (
        f"{requirement} allows any old release"
    )


def test_constraints_are_plain_pins():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    odd = [
        line for line in lines if line.count("==") != 1 or any(mark in line for mark in (" ", "@", "--", "/"))
    ]
    assert not odd, f"constraints.txt takes NAME==VERSION only, no hashes and no addresses: {odd}"
