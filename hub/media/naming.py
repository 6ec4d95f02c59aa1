"""A file's name as people may see it and save it under.

The name is shown, put into a header and becomes a file on an operator's disk, so it must not lead into another folder, hide its
ending (with a right-to-left override `photo‹›gnp.exe` reads photoexe.png), name a device of Windows, or claim to be another kind of file than it is. It is
never used to find the file here: on our disk a file is called by a random id.
"""

import re
import unicodedata

LONGEST = 120
"""Characters; most file systems also allow no more than 255 bytes, hence:"""
MOST_BYTES = 200

_SEPARATORS = str.maketrans(dict.fromkeys("⁄∕⧵⧸⧹╱╲⟋⟍", "/") | {"\\": "/"})
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*`', "_"))
_BLANK = frozenset(
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"
)  # letters and marks by category, invisible by nature
_ESCAPE = re.compile(r"%(?=[0-9A-Fa-f]{2})")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9]) *(\.|$)")
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,10})$")


def clean(name: str, fits: tuple[str, ...] = (), known: frozenset[str] = frozenset()) -> str:
    """`name` without what deceives or leads elsewhere; never empty, at most 120 characters and 200 bytes of UTF-8.

    Cleaning twice is cleaning once. `fits` are the extensions that go with the content, the usual one first: a name with
    another one that is in `known` gets it replaced, any other name gets it added. With an empty `fits` any extension that is
    not in `known` stays, and one that is becomes `bin`: bytes nobody recognises are not a photograph because they say so.
    """
    return _shorten(_with_extension(_bare(name), fits, known))


def extension(name: str) -> str:
    """What follows the last dot, in lower case, if it looks like an extension; else an empty string."""
    found = _EXTENSION.search(name)
    return found[1].lower() if found else ""


def _bare(name: str) -> str:
    """Without paths, escapes and invisible characters. Each step may uncover work for another, hence until nothing changes."""
    name = name[:2_000]
    while (once := _bare_once(name)) != name:
        name = once
    return name or "file"


def _bare_once(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).translate(_SEPARATORS)
    name = "".join(" " if c.isspace() else c for c in name if c.isspace() or _visible(c))
    name = _ESCAPE.sub("", name.replace("%20", " "))
    parts = [part for part in name.split("/") if part.strip(" .")]
    name = " ".join(parts[-1].split() if parts else ()).translate(_FORBIDDEN).strip(" .")
    return f"_{name}" if _DEVICE.match(name) else name


def _visible(character: str) -> bool:
    # Controls, formats (bidi overrides, zero-width, tags), halves of surrogate pairs, private and unassigned, line separators.
    return (
        unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        and character not in _BLANK
    )


def _with_extension(name: str, fits: tuple[str, ...], known: frozenset[str]) -> str:
    has = extension(name)
    if has in fits or (not fits and has not in known):
        return name
    stem = name[: -len(has) - 1].rstrip(" .") if has in known else name
    return f"{stem or 'file'}.{fits[0] if fits else 'bin'}"


def _shorten(name: str) -> str:
    has = extension(name)
    tail = name[-len(has) - 1 :] if has else ""
    stem = name[: len(name) - len(tail)][: LONGEST - len(tail)]
    room = MOST_BYTES - len(tail)
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{stem}{tail}" if stem else f"file{tail}"
