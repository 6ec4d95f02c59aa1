"""Writes the TypeScript of `widget/wire/` from the frames of `hub/wire/`, so that the two cannot drift apart.

    python widget/generate_wire.py            write common.ts, visitor.ts, console.ts, settings.ts and the others of `MODULES`
    python widget/generate_wire.py --check    change nothing; end with 1 when one of them is stale

Names, comments and the order come from the Python source; tags and defaults come from the living structs, because
inheritance decides those. A field with a default is optional in TypeScript, and its comment says what absence means
(the hub leaves defaults out). Limits stated as types become constants, so that the browser counts like the hub.
"""

import ast
import importlib
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "hub" / "wire"
TARGET = ROOT / "widget" / "wire"
MODULES = (
    "common",
    "visitor",
    "console",
    "settings",
    "suggestions",
    "evidence",
    "cases",
    "sheet",
    "ruling",
    "routing",
    "ways",
)
WIDTH = 110

PLAIN = {
    "str": "string",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "None": "null",
    "Any": "unknown",
    "object": "unknown",
}
BASES = {"Frame", "Part"}
"""Structs that carry no fields of their own and mean nothing to a browser."""


class Untranslatable(Exception):
    """The frames use a type this generator has no TypeScript for; the text says where."""


@dataclass
class Module:
    """One file of frames: its syntax tree, its living counterpart, and what it takes from its neighbours."""

    name: str
    tree: ast.Module
    live: ModuleType
    borrowed: dict[str, str] = field(default_factory=dict)
    """Name → the module of hub.wire it is imported from."""

    def bases_here(self) -> set[str]:
        """Structs that others in this module extend: they have no tag on the wire."""
        classes = [node for node in self.tree.body if isinstance(node, ast.ClassDef)]
        return {base.id for node in classes for base in node.bases if isinstance(base, ast.Name)} - BASES


def load(name: str) -> Module:
    tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
    module = Module(name, tree, importlib.import_module(f"hub.wire.{name}"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hub.wire."):
            origin = (node.module or "").rpartition(".")[2]
            module.borrowed |= {alias.name: origin for alias in node.names if alias.name not in BASES}
    return module


def render(name: str) -> str:
    """The whole TypeScript file for `hub/wire/NAME.py`."""
    module = load(name)
    parts = [
        f"// Generated from hub/wire/{name}.py by widget/generate_wire.py; change that and run `make wire`."
    ]
    parts += [comment(ast.get_docstring(module.tree) or "", style="//")]
    parts += list(imports(module))
    if name == "common":
        from hub.wire import MAX_FRAME

        parts.append(f"/** Bytes in one frame, either way. */\nexport const MAX_FRAME = {MAX_FRAME};")
    body = module.tree.body
    for node, after in zip(body, [*body[1:], None], strict=True):
        text = statement(module, node, docstring_of(after))
        if text:
            parts.append(text)
    return "\n\n".join(parts) + "\n"


def imports(module: Module) -> Iterator[str]:
    """Borrowed names are imported and passed on, so that one file is all a view has to import from."""
    for origin in sorted(set(module.borrowed.values())):
        names = sorted(name for name, source in module.borrowed.items() if source == origin)
        yield f'import type {{ {", ".join(names)} }} from "./{origin}.ts";\nexport type {{ {", ".join(names)} }};'


def statement(module: Module, node: ast.stmt, remark: str) -> str | None:
    if isinstance(node, ast.ClassDef) and node.name not in BASES:
        return interface(module, node)
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return alias(module, node.targets[0].id, node.value, remark)
    return None


# --- aliases: unions, literals, and strings or numbers with limits


def alias(module: Module, name: str, value: ast.expr, remark: str) -> str:
    where = f"hub/wire/{module.name}.py: {name}"
    limits = limits_of(value)
    lines = [comment(sentences(remark, says(limits)))]
    members = union(value)
    if len(members) > 1:
        lines.append(
            f"export type {name} =" + "".join(f"\n  | {typescript(m, where)}" for m in members) + ";"
        )
    else:
        lines.append(f"export type {name} = {typescript(value, where)};")
    if "max_length" in limits:
        lines.append(f"export const MAX_{capitals(name)} = {limits['max_length']};")
    return "\n".join(line for line in lines if line)


def capitals(name: str) -> str:
    """`ClientId` → `CLIENT_ID`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def union(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return [*union(value.left), *union(value.right)]
    return [value]


def limits_of(value: ast.expr) -> dict[str, Any]:
    """The keywords of `Meta(…)` inside `Annotated[…]`, or nothing."""
    if not (isinstance(value, ast.Subscript) and called(value.value) == "Annotated"):
        return {}
    assert isinstance(value.slice, ast.Tuple)
    metas = [
        part for part in value.slice.elts[1:] if isinstance(part, ast.Call) and called(part.func) == "Meta"
    ]
    return {word.arg: ast.literal_eval(word.value) for meta in metas for word in meta.keywords if word.arg}


def says(limits: dict[str, Any]) -> str:
    words = {
        "min_length": "at least {} long",
        "max_length": "at most {} long",
        "ge": "at least {}",
        "le": "at most {}",
        "gt": "more than {}",
        "lt": "less than {}",
        "pattern": "pattern {}",
    }
    text = ", ".join(words[key].format(value) for key, value in limits.items() if key in words)
    return text[:1].upper() + text[1:] + "." if text else ""


# --- structs


def interface(module: Module, node: ast.ClassDef) -> str:
    struct = getattr(module.live, node.name)
    defaults = {spec.name: spec for spec in msgspec.structs.fields(struct)}
    parents = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id not in BASES]
    head = f"export interface {node.name}" + (f" extends {', '.join(parents)}" if parents else "")
    lines = []
    config = struct.__struct_config__
    if config.tag is not None and node.name not in module.bases_here():
        lines.append(f"  {config.tag_field}: {json.dumps(config.tag)};")
    for entry, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
            spec = defaults[entry.target.id]
            lines.append(member(f"hub/wire/{module.name}.py: {node.name}", entry, spec, docstring_of(after)))
    body = "{\n" + "\n".join(lines) + "\n}" if lines else "{}"
    return "\n".join(part for part in (comment(ast.get_docstring(node) or ""), f"{head} {body}") if part)


def member(where: str, entry: ast.AnnAssign, spec: Any, remark: str) -> str:
    """One field; `spec` is msgspec's own account of it (encoded name, required, default)."""
    kind = typescript(entry.annotation, f"{where}.{spec.name}")
    absent = "" if spec.required or absence(spec) == "null" else f"Absent: {absence(spec)}."
    text = sentences(remark, says(limits_of(entry.annotation)), absent)
    mark = "" if spec.required else "?"
    note = comment(text, indent="  ")
    return (note + "\n" if note else "") + f"  {spec.encode_name}{mark}: {kind};"


def absence(spec: Any) -> str:
    """A field's default, as JSON."""
    value = spec.default_factory() if spec.default is msgspec.NODEFAULT else spec.default
    if isinstance(value, msgspec.Struct):
        return f"{type(value).__name__} of defaults"
    return json.dumps(msgspec.to_builtins(value))


# --- types


def typescript(node: ast.expr, where: str) -> str:
    """The TypeScript for one annotation.

    Raises:
        Untranslatable: an annotation this generator does not know, with its place.
    """
    if isinstance(node, ast.Constant) and node.value is None:
        return "null"
    if isinstance(node, ast.Name):
        return PLAIN.get(node.id, node.id)
    if isinstance(node, ast.BinOp):
        return " | ".join(typescript(part, where) for part in union(node))
    if isinstance(node, ast.Subscript):
        return generic(called(node.value), arguments(node.slice), where)
    raise Untranslatable(
        f"{where}: no TypeScript for `{ast.unparse(node)}`; teach widget/generate_wire.py about it"
    )


def generic(name: str, args: list[ast.expr], where: str) -> str:
    if name == "Annotated":
        return typescript(args[0], where)
    if name == "Literal":
        return " | ".join(json.dumps(ast.literal_eval(arg)) for arg in args)
    if name == "tuple" and not any(isinstance(arg, ast.Constant) for arg in args):
        return f"[{', '.join(typescript(arg, where) for arg in args)}]"
    if name in {"list", "tuple", "Sequence", "frozenset", "set"}:
        item = typescript(args[0], where)
        return f"({item})[]" if " | " in item else f"{item}[]"
    if name in {"dict", "Mapping"}:
        return f"Record<{typescript(args[0], where)}, {typescript(args[1], where)}>"
    given = f"{name}[{', '.join(map(ast.unparse, args))}]"
    raise Untranslatable(f"{where}: no TypeScript for `{given}`; teach widget/generate_wire.py about it")


def called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def arguments(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


# --- comments


def docstring_of(node: ast.stmt | None) -> str:
    """The text of a bare string after a field or an alias."""
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return " ".join(node.value.value.split())
    return ""


def sentences(*texts: str) -> str:
    return " ".join(text for text in texts if text)


def comment(text: str, *, indent: str = "", style: str = "/**") -> str:
    text = text.replace("*/", "* /")
    if not text:
        return ""
    if style == "//":
        return "\n".join(f"// {line}".rstrip() for line in text.splitlines())
    single = f"{indent}/** {text} */"
    if "\n" not in text and len(single) <= WIDTH + 10:
        return single
    if "\n" not in text:
        text = textwrap.fill(text, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    lines = "\n".join(f"{indent} * {line}".rstrip() for line in text.splitlines())
    return f"{indent}/**\n{lines}\n{indent} */"


def stale() -> list[str]:
    """Names of generated files that do not match the frames of today."""
    wanted = {f"{name}.ts": render(name) for name in MODULES}
    return [name for name, text in wanted.items() if not is_written(TARGET / name, text)]


def is_written(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    old = stale()
    if "--check" in arguments:
        for name in old:
            print(f"widget/wire/{name} is stale: run `make wire` and commit it with the change to hub/wire/.")
        return 1 if old else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in old:
        (TARGET / name).write_text(render(name.removesuffix(".ts")), encoding="utf-8")
        print(f"wrote widget/wire/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
