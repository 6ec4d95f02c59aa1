"""A stranger's HTML, made harmless: a letter as it was laid out, without anything that runs, loads or leads astray.

    clean(html)                      what is kept: allowed tags, attributes and style properties only; cleaning twice is cleaning once
    page(kept, links, pictures=…)    the document that a sandboxed frame shows; cleaned once more, by today's rules
    policy(pictures=…)               what that frame may load: our own pictures; those elsewhere only when an operator asks for them

What is nested to kill a parser is set right first (`tidying.py`). nh3 then parses as browsers do and writes anew what is on the lists below. There is no list of what is bad. Style properties are those that
cannot load anything. Pictures that came along are addressed by `cid:` until the page is made; others stay addresses that
nothing loads, because loading one tells its sender that, when and where the letter was read.
"""

import re
from collections.abc import Callable, Mapping

import nh3

from hub.media.tidying import tidy, words

LONGEST = 512 * 1024
"""Characters of HTML that are looked at, and kept; of a longer one there is only the text. Mail programs cut off at 102 KB."""
ROUNDS = 4
"""Cleanings after which nothing may change any more."""

_TAGS = words(
    "a abbr b blockquote br caption center cite code col colgroup dd del div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i "
    "img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr"
)
_WITH_CONTENT = words(
    "applet audio canvas embed frameset iframe math noembed noframes noscript object plaintext script select style svg template textarea title "
    "video xmp"
)
"""Removed with all that is in them: nobody was meant to read it."""
_CELL = frozenset(("align", "colspan", "rowspan", "valign", "width", "height", "bgcolor"))
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": frozenset(("dir", "lang", "style", "title")),
    "a": frozenset(("href",)),
    "img": frozenset(("src", "alt", "width", "height")),
    "table": frozenset(("align", "bgcolor", "border", "cellpadding", "cellspacing", "width")),
    "td": _CELL,
    "th": _CELL,
    "tr": frozenset(("align", "bgcolor", "valign")),
    "col": frozenset(("span", "width")),
    "colgroup": frozenset(("span", "width")),
    "ol": frozenset(("start", "type")),
    "li": frozenset(("value",)),
    "font": frozenset(("color", "size")),
}
_STYLE = words(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing "
    "border-style border-top border-width color direction font-family font-size font-style font-weight height letter-spacing "
    "line-height margin margin-bottom margin-left margin-right margin-top max-width min-width padding padding-bottom padding-left "
    "padding-right padding-top text-align text-decoration text-indent text-transform vertical-align white-space width word-break"
)
_SCHEMES = frozenset(("http", "https", "mailto", "tel", "cid", "data"))
_DRAWN = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_LEADS_OUT = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_COLOUR = re.compile(r"\b(?:rgb|hsl)a?\([\d\s.,%/]*\)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)

_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light">
<style>
html {{ background: #fff; color: #1a1a1a; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }}
body {{ margin: 12px }}
img {{ max-width: 100%; height: auto }}
img:not([src]) {{ display: inline-block; min-width: 1.5em; min-height: 1.5em; border: 1px dashed #bbb; color: #666; font-size: 12px }}
table {{ max-width: 100% }}
pre {{ white-space: pre-wrap }}
blockquote {{ margin: 8px 0 8px 8px; padding-inline-start: 10px; border-inline-start: 2px solid #ccc }}
</style></head><body>{body}</body></html>
"""

Filter = Callable[[str, str, str], str | None]


def clean(html: str) -> str:
    """What is kept of a letter's HTML; empty when it is too long, or does not come to rest: what a parser reads differently each time is
    made to."""
    if len(html) > LONGEST:
        return ""
    kept = _once(html.replace("\0", ""))
    for _ in range(ROUNDS):
        if len(kept) > LONGEST:
            break
        before, kept = kept, _once(kept)
        if kept == before:
            return kept
    return ""


def _once(html: str) -> str:
    tidied = tidy(html, _TAGS, _ATTRIBUTES, _WITH_CONTENT)
    return _cleaned(tidied, _kept) if len(tidied) <= 2 * LONGEST else tidied


def is_blank(cleaned: str) -> bool:
    """Whether it shows nothing."""
    return "<img" not in cleaned and not nh3.clean(cleaned, tags=set()).strip()


def pictures_elsewhere(cleaned: str) -> int:
    """How many pictures it would load from elsewhere."""
    found: list[str] = []
    _cleaned(cleaned, lambda tag, name, value: _count(found, tag, name, value))
    return len(found)


def named_inside(cleaned: str) -> frozenset[str]:
    """The `cid:`s of pictures that it shows."""
    found: set[str] = set()

    def look(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src" and value[:4].lower() == "cid:":
            found.add(value[4:])
        return value

    _cleaned(cleaned, look)
    return frozenset(found)


def page(kept: str, links: Mapping[str, str], *, pictures: bool = False) -> str:
    """The document to show. `links`: from `cid:`s to addresses of our own. `pictures`: those elsewhere are loaded as well."""

    def shown(tag: str, name: str, value: str) -> str | None:
        if (tag, name) != ("img", "src"):
            return _kept(tag, name, value)
        if value[:4].lower() == "cid:":
            return links.get(value[4:])
        if _ELSEWHERE.match(value):
            return "https" + value[value.index(":") :] if pictures else None
        return _kept(tag, name, value)

    return _PAGE.format(body=_cleaned(kept, shown, link="_blank"))


def policy(*, pictures: bool) -> str:
    """The Content-Security-Policy of such a document: no script, no form, no origin of its own; links open pages of their own."""
    elsewhere = " https:" if pictures else ""
    return (
        f"default-src 'none'; img-src 'self' data:{elsewhere}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )


def _cleaned(html: str, keep: Filter, link: str = "") -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=keep,
        url_schemes=set(_SCHEMES),
        url_relative="pass_through",  # `keep` wants a scheme
        link_rel="noopener noreferrer",
        filter_style_properties=set(_STYLE),
        set_tag_attribute_values={"a": {"target": link}} if link else None,
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """An attribute that is on the lists, unless its value leads where it should not: relative addresses would lead to us."""
    if name == "href":
        return value if _LEADS_OUT.match(value) else None
    if name == "src":
        known = _ELSEWHERE.match(value) or value[:4].lower() == "cid:" or _DRAWN.fullmatch(value)
        return value if known else None
    return "; ".join(part for part in value.split(";") if _harmless(part)) if name == "style" else value


def _harmless(declaration: str) -> bool:
    """Of functions there are colours, and no others."""
    return "\\" not in declaration and "(" not in _COLOUR.sub("", declaration)


def _count(found: list[str], tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src" and _ELSEWHERE.match(value):
        found.append(value)
    return value
