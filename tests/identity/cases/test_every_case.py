"""A case that is played as a scene says what is expected of the records and of the explanation, too."""

import ast
from pathlib import Path

import pytest

TOLD = {"why", "apart", "refused", "held"}
"""What a scene tells of its reasons."""


def cases():
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                if "Scene" in words:
                    yield pytest.param(node, id=node.name)


@pytest.mark.parametrize("case", list(cases()))
def test_a_scene_is_expected_to_explain_itself(case):
    asked = {one.attr for one in ast.walk(case) if isinstance(one, ast.Attribute)}
    assert "records" in asked, "who is with whom"
    assert asked & TOLD, f"and why; expected one of {', '.join(sorted(TOLD))}"
