"""Before a stranger's HTML is parsed as browsers do: the same in well-formed tags, in time that grows with its length and no faster.

Browsers repair what is nested wrongly, and the repair is worth an attack: thirty kilobytes of `<b>` and `<p>` become forty megabytes
and take eighteen seconds (measured with nh3 .3.8), a hundred thousand `<div>` a minute. Here every tag is closed in order, what is nested
beyond any letter is left out, and what does not end takes the rest with it. What comes out is still to be cleaned: this decides nothing
about safety, only that looking at it is cheap.
"""

import re
from collections.abc import Iterator, Mapping

DEEPEST = 120
MOST_FORMATS = 16
"""Formatting elements within each other: browsers open them all again in each paragraph."""


def words(listed: str) -> frozenset[str]:
    """A list of names, as people write it."""
    return frozenset(listed.split())


_FORMATS = words("a b big code em font i nobr s small strike strong tt u")
_VOID = frozenset(("br", "col", "hr", "img", "wbr"))
_ENDS_P = words("blockquote center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table ul")
_ENDS: Mapping[str, frozenset[str]] = {
    "li": frozenset(("li",)),
    "dd": frozenset(("dd", "dt")),
    "dt": frozenset(("dd", "dt")),
    "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")),
    "tr": frozenset(("tr",)),
    "tbody": frozenset(("tbody", "thead", "tfoot")),
    "a": frozenset(("a",)),
}
"""What an element ends when it begins, up to the list or table that both are in."""
_ENDS_HERE = frozenset(("table", "ul", "ol", "dl", "td", "th", "blockquote"))
_OF_TABLE = words("caption col colgroup tbody td tfoot th thead tr")

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:([^\s=>/"'<]++)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'<]++)))?|(["'=<]))"""
)
_BARE = re.compile(r"&(?!#?[A-Za-z0-9]{1,31};)")
_END_OF_TAG = re.compile(r"[\s/]*>")


def tidy(
    html: str, tags: frozenset[str], attributes: Mapping[str, frozenset[str]], dropped: frozenset[str]
) -> str:
    """The same with these tags and attributes only, each closed where it must be; `dropped` go with all that is in them."""
    return "".join(_Writer(tags, attributes).write(html, dropped))


class _Writer:
    """One pass over one letter."""

    def __init__(self, tags: frozenset[str], attributes: Mapping[str, frozenset[str]]) -> None:
        self._tags, self._attributes = tags, attributes
        self._open: list[str] = []

    def write(self, html: str, dropped: frozenset[str]) -> Iterator[str]:
        at, lower = 0, html.lower()
        while at < len(html):
            begins = html.find("<", at)
            if begins < 0:
                break
            yield _text(html[at:begins])
            found = _TAG.match(html, begins)
            if found is None:
                at = _over(html, begins)
                if at == begins + 1:
                    yield "&lt;"
                continue
            name = found[2].lower()
            attributes, at = _attributes(html, found.end())
            if found[1]:
                yield from self._close(name)
            elif name in dropped:
                at = _behind(lower, name, at)
            elif name in self._tags:
                yield from self._begin(name, attributes)
        yield _text(html[at:])
        yield from (f"</{name}>" for name in reversed(self._open))

    def _begin(self, name: str, attributes: dict[str, str]) -> Iterator[str]:
        if name in _OF_TABLE and "table" not in self._open:
            return
        if name in _ENDS_P:
            yield from self._end(frozenset("p"))
        if name in _ENDS:
            yield from self._end(_ENDS[name])
        formats = sum(name in _FORMATS for name in self._open) if name in _FORMATS else 0
        if name not in _VOID:
            if len(self._open) >= DEEPEST or formats >= MOST_FORMATS:
                return
            self._open.append(name)
        kept = self._attributes.get("*", frozenset()) | self._attributes.get(name, frozenset())
        said = "".join(f' {key}="{_quoted(attributes[key])}"' for key in attributes if key in kept)
        yield f"<{name}{said}>"

    def _end(self, ended: frozenset[str]) -> Iterator[str]:
        """Close the nearest of these, if none of what holds it begins in between."""
        for name in reversed(self._open):
            if name in ended:
                yield from self._close(name)
                return
            if name == "table" or (name in _ENDS_HERE and not ended <= _OF_TABLE):
                return

    def _close(self, name: str) -> Iterator[str]:
        if name not in self._open or (name != "table" and name not in self._reachable()):
            return
        while True:
            closed = self._open.pop()
            yield f"</{closed}>"
            if closed == name:
                return

    def _reachable(self) -> Iterator[str]:
        """What may be closed from here: nothing beyond the cell that it is in."""
        for name in reversed(self._open):
            yield name
            if name == "table":
                return


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag, the first of each name, and where it ends; one that does not end reaches to the end of all."""
    said: dict[str, str] = {}
    while True:
        end = _END_OF_TAG.match(html, at)
        if end is not None:
            return said, end.end()
        found = _ATTRIBUTE.match(html, at)
        if found is None:
            return said, len(html)
        if found[1]:
            said.setdefault(found[1].lower(), found[2] or found[3] or found[4] or "")
        at = found.end()


def _over(html: str, at: int) -> int:
    """Behind a comment, a declaration or an end tag of nothing; behind the `<` alone where it is one."""
    if html.startswith("<!--", at):
        end = html.find("-->", at + 2)
        return len(html) if end < 0 else end + 3
    if html[at + 1 : at + 2] in ("!", "?", "/"):
        end = html.find(">", at)
        return len(html) if end < 0 else end + 1
    return at + 1


def _behind(lower: str, name: str, at: int) -> int:
    """Behind the end tag of this element; at the end of all where it has none."""
    end = lower.find(f"</{name}", at)
    close = lower.find(">", end) if end >= 0 else -1
    return len(lower) if close < 0 else close + 1


def _text(said: str) -> str:
    """Ampersands that begin nothing are told to the parser as that: it is slow to find out (two million of them: 160 s)."""
    return _BARE.sub("&amp;", said)


def _quoted(value: str) -> str:
    return _text(value).replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
