"""HTML → text, for mails that bring no text of their own: what a reader would have seen, quotes marked with `>`.

A scanner of our own, because the standard library's takes time with the square of some inputs, and because nothing here needs a tree.
A search that has failed once is not made again, so the whole is one pass. What it makes is text: nothing of it is ever shown as HTML.
"""

from __future__ import annotations

import html
import re
from typing import Final

LONGEST: Final = 1_000_000
"""Characters of HTML that are read; a person writes no more."""

BEGIN: Final = re.compile(r"<(?=[a-zA-Z/!?])")
TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
STOP: Final = re.compile(r"[\"'>]")
SPACE: Final = re.compile(r"[ \t\r\n\f\xa0\u200b\ufeff]+")
HUGE: Final = re.compile(r"&#[0-9]{8,};?")
HREF: Final = re.compile(
    r"\bhref\s{0,9}=\s{0,9}[\"']?((?:https?|tel|mailto):[^\"'\s>]{1,300})", re.IGNORECASE
)
ALT: Final = re.compile(r"\balt\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,8})[\"']", re.IGNORECASE)
HIDDEN: Final = re.compile(r"display\s{0,9}:\s{0,9}none|mso-hide\s{0,9}:\s{0,9}all", re.IGNORECASE)

SKIPPED: Final = frozenset(
    [
        "script",
        "style",
        "title",
        "template",
        "noembed",
        "noframes",
        "object",
        "svg",
        "math",
        "textarea",
        "select",
        "xml",
    ]
)
PARAGRAPHS: Final = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "figure"]
)
LINES: Final = frozenset(
    [
        "div",
        "tr",
        "li",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "aside",
        "main",
        "nav",
        "form",
        "fieldset",
        "hr",
        "address",
        "center",
        "caption",
        "thead",
        "tbody",
        "body",
    ]
)
VOID: Final = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"]
)


def text_of(markup: str) -> str:
    """What a reader sees of `markup`. Links to somewhere else than they say are followed by the address."""
    writing = _Writing()
    source = markup[:LONGEST]
    scan = _Scan(source)
    at = 0
    while (begin := BEGIN.search(source, at)) is not None:
        writing.say(source[at : begin.start()])
        at = scan.past(begin.start(), writing)
    writing.say(source[at:])
    return writing.text()


class _Scan:
    """Finds the ends of tags and of elements that are skipped whole."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.open_ended = False
        """No tag ends any more: looking again for each would take time with the square of their number."""

    def past(self, start: int, writing: _Writing) -> int:
        """Reads what begins with the `<` at `start`; where to go on."""
        source = self.source
        if source.startswith("<!--", start):
            return self._after("-->", start + 4)
        if source.startswith(("<!", "<?"), start):
            return self._after(">", start + 2)
        tag = TAG.match(source, start)
        end = -1 if tag is None else self._end(tag.end())
        if tag is None or end < 0:
            beyond = len(source) if self.open_ended else start + 1
            writing.say(source[start:beyond])
            return beyond
        name = tag[2].lower()
        if name in SKIPPED and not tag[1]:
            return self._after(f"</{name}", end)
        if tag[1]:
            writing.close(name)
        else:
            writing.open(name, source[tag.end() : min(end, tag.end() + 4_000)])
        return end

    def _after(self, text: str, at: int) -> int:
        """Past the next `text`, whatever its case; to the end when there is none."""
        found = re.compile(re.escape(text), re.IGNORECASE).search(self.source, at)
        if found is None:
            return len(self.source)
        return self._after(">", found.end()) if text.startswith("</") else found.end()

    def _end(self, at: int) -> int:
        """Past the `>` of a tag, which may also stand in quoted values; -1 when it never ends."""
        while not self.open_ended and (stop := STOP.search(self.source, at)) is not None:
            at = stop.end()
            if stop[0] == ">":
                return at
            close = self.source.find(stop[0], at)
            at = at if close < 0 else close + 1  # the last of its kind is no quote
        self.open_ended = True
        return -1


class _Writing:
    """The text so far, as lines of words; `blank` is how many line ends are owed before the next word."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.depth = 0
        self.preformatted = 0
        self.hidden: list[str] = []
        self.links: list[tuple[str, int]] = []

    def say(self, raw: str) -> None:
        if not raw or self.hidden:
            return
        text = html.unescape(HUGE.sub("", raw)) if "&" in raw else raw
        if self.preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.words.append(first)
            for line in rest:
                self.end_line()
                self.words.append(line)
        else:
            self.words.append(SPACE.sub(" ", text))

    def open(self, name: str, attributes: str) -> None:
        if self.hidden or (name not in VOID and HIDDEN.search(attributes) is not None):
            self.hidden += [name] if not self.hidden or name == self.hidden[0] else []
            return
        self._break_before(name)
        match name:
            case "br":
                self.end_line()
            case "blockquote":
                self.depth = min(self.depth + 1, 20)
            case "pre":
                self.preformatted += 1
            case "li":
                self.words.append("- ")
            case "td" | "th":
                self.words.append(" ")
            case "img" if (alt := ALT.search(attributes)) is not None:
                self.words.append(html.unescape(alt[1]))
            case "a":
                link = HREF.search(attributes)
                self.links = [
                    *self.links[-20:],
                    ("" if link is None else html.unescape(link[1]), len(self.words)),
                ]

    def close(self, name: str) -> None:
        if self.hidden:
            if name == self.hidden[0]:
                self.hidden.pop()
            return
        if name == "a" and self.links:
            self._name_link(*self.links.pop())
        if name == "blockquote":
            self.end_line(once=True)
            self.depth = max(self.depth - 1, 0)
        self._break_before(name)
        if name == "pre":
            self.preformatted = max(self.preformatted - 1, 0)

    def _name_link(self, target: str, since: int) -> None:
        said = "".join(self.words[since:]).strip()
        bare = target.removeprefix("mailto:").removeprefix("tel:").partition("://")[2] or target
        shown = said.partition("://")[2] or said
        if target and said and bare.strip("/").lower() != shown.strip("/").lower() and shown not in target:
            self.words.append(f" <{target}>")

    def _break_before(self, name: str) -> None:
        if name in PARAGRAPHS:
            self.end_line(once=True)
            self.lines.append(self._prefix())
        elif name in LINES:
            self.end_line(once=True)

    def _prefix(self) -> str:
        return ("> " * self.depth).rstrip()

    def end_line(self, *, once: bool = False) -> None:
        """Ends the line; `once`: only if there is something on it."""
        line = "".join(self.words)
        line = line.rstrip() if self.preformatted else SPACE.sub(" ", line).strip()
        self.words, self.links = [], []
        if line or not once:
            self.lines.append(f"{self._prefix()} {line}".rstrip() if self.depth else line)

    def text(self) -> str:
        self.end_line(once=True)
        kept: list[str] = []
        for line in self.lines:
            if line.strip("> ") or not kept or kept[-1].strip("> "):
                kept.append(line)
            elif len(line) < len(kept[-1]):
                kept[-1] = line  # of empty lines in a row one stays, the least quoted
        return "\n".join(kept).strip("\n")
