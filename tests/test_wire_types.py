"""The browser's types are generated from the frames; a stale file would let the two sides drift apart."""

import ast
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

ROOT = Path(__file__).resolve().parent.parent


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_wire", ROOT / "widget" / "generate_wire.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_typescript_of_the_wire_is_up_to_date():
    old = generator().stale()
    assert not old, f"stale: {', '.join(old)}; run `make wire` and commit it with the change to hub/wire/"


@pytest.mark.parametrize(
    ("name", "unions"), [("visitor", ("FromPage", "ToPage")), ("console", ("FromTab", "ToTab", "Item"))]
)
def test_every_member_of_a_union_is_an_interface_with_its_tag(name: str, unions: tuple[str, ...]):
    text = generator().render(name) + generator().render("common")
    module = importlib.import_module(f"hub.wire.{name}")
    for union in unions:
        for struct in msgspec.inspect.type_info(getattr(module, union)).types:
            found = re.search(
                rf"export interface {struct.cls.__name__}\b.*?\{{\n  (\w+): (\S+);", text, re.DOTALL
            )
            assert found is not None, struct.cls
            assert (found[1], json.loads(found[2])) == (struct.tag_field, struct.tag)


def test_a_field_with_a_default_is_optional_and_says_what_absence_means():
    text = generator().render("visitor")
    assert re.search(r"site: string;", text)
    assert re.search(r"/\*\* The last `seq` .*Absent: 0\. \*/\n  have\?: Count;", text)


def test_a_type_without_a_translation_is_named_with_its_place():
    module = generator()
    with pytest.raises(
        module.Untranslatable, match=r"hub/wire/x\.py: Y\.z: no TypeScript for `complex\[int\]`"
    ):
        module.typescript(ast.parse("complex[int]", mode="eval").body, "hub/wire/x.py: Y.z")
