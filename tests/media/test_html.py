"""A stranger's HTML: nothing in it runs, loads or leads astray, it comes to rest, and looking at it is cheap."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.media import html

HOSTILE = {
    "script": "<p>a<script>alert(1)</script>b</p>",
    "script in pieces": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "handler": '<img src=x onerror=alert(1)><p onclick="alert(1)">a</p>',
    "javascript": '<a href="javascript:alert(1)">a</a><a href=" java\tscript:alert(1)">b</a><a href="&#106;avascript:alert(1)">c</a>',
    "data": '<a href="data:text/html,<script>alert(1)</script>">a</a><img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "svg": "<svg><style><img src=x onerror=alert(1)></style></svg><svg/onload=alert(1)>",
    "mathml": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "form in math": '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "css": '<p style="background:url(https://t.example/a);color:expression(alert(1));behavior:url(x)">a</p><div style="position:fixed;inset:0">b</div>',
    "stylesheet": "<style>@import url(https://t.example/a.css);</style><link rel=stylesheet href=https://t.example/a.css>",
    "base": '<base href="https://evil.example/"><a href="/x">a</a>',
    "form": '<form action="https://evil.example"><input name=password><button>Log in</button><textarea>x</textarea><select><option>y</select></form>',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example"><meta charset=utf-7>',
    "frames": '<iframe src="https://evil.example"></iframe><frameset><frame src=x></frameset><object data=x></object><embed src=x><portal src=x>',
    "comments": "<!--[if mso]><p>mso</p><![endif]--><!--><img src=x onerror=alert(1)>--><!-- a --!><b>b</b>",
    "ours": '<img src="/media/0.0.file.x"><a href="/api/me">a</a><img src="//t.example/a"><a href="//evil.example">b</a>',
    "pictures": '<img src="https://t.example/p.gif" srcset="https://t.example/2x 2x"><table background="https://t.example/b"><td>a</table>'
    '<img src="HTTP://t.example/q"><video poster="https://t.example/v"></video><input type=image src="https://t.example/i">',
    "template": "<template><script>alert(1)</script></template><xmp><script>alert(1)</script></xmp><plaintext>a<script>",
    "names": '<img name=getElementById id=cookie><a id=x name=y class=z href="https://a.example" target=_top download ping="https://t.example">a</a>',
    "nul": "<scr\0ipt>alert(1)</scr\0ipt><a href='java\0script:alert(1)'>a</a>",
}  # fmt: skip
BAD = re.compile(
    r"<(?:script|style|svg|math|iframe|object|embed|form|input|button|meta|base|link|video|frame|template|xmp|plaintext|noscript)\b"
    r"|\son\w+=|javascript:|expression\(|url\(|srcset|background=\"http|position:",
    re.IGNORECASE,
)
LOADS = re.compile(r"""<img[^>]*?src="([^"]*)\"""")


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_of_a_hostile_letter_is_left_that_a_browser_would_act_on(what):
    kept = html.clean(HOSTILE[what])
    shown = html.page(kept, {})
    body = shown.partition("<body>")[2]
    assert not BAD.search(kept), kept
    assert not BAD.search(body), body
    assert html.clean(kept) == kept
    assert all(address.startswith("data:image/") for address in LOADS.findall(body)), body
    assert not re.search(r'href="(?!https?://|mailto:|tel:)', body), body


def test_what_people_write_is_kept():
    said = (
        '<h1 style="color:red">Offer</h1><p dir="rtl" lang="he">שלום</p><ul><li>one</li><li>two</li></ul>'
        '<table border="1"><tbody><tr><td colspan="2">cell</td></tr></tbody></table><blockquote>quoted</blockquote><pre>code</pre>'
    )
    assert html.clean(said) == said


def test_what_is_nested_wrongly_is_set_right():
    assert html.clean("<p>a<p>b<div>c<b>d</div>e") == "<p>a</p><p>b</p><div>c<b>d</b></div>e"
    assert html.clean("<ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e</table>") == (
        "<ul><li>a</li><li>b</li></ul><table><tbody><tr><td>c</td><td>d</td></tr><tr><td>e</td></tr></tbody></table>"
    )


def test_links_open_a_page_of_their_own_that_learns_nothing_of_ours():
    page = html.page(html.clean('<a href="https://a.example/x?a=1&amp;b=2">a</a>'), {})
    assert '<a href="https://a.example/x?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">a</a>' in page


def test_pictures_elsewhere_are_counted_and_load_only_when_asked_for():
    kept = html.clean(HOSTILE["pictures"] + '<img src="cid:logo@1">')
    assert html.pictures_elsewhere(kept) == 2
    assert html.named_inside(kept) == {"logo@1"}
    hidden, asked = (
        html.page(kept, {"logo@1": "/media/l"}),
        html.page(kept, {"logo@1": "/media/l"}, pictures=True),
    )
    assert LOADS.findall(hidden) == ["/media/l"]
    assert LOADS.findall(asked) == ["https://t.example/p.gif", "https://t.example/q", "/media/l"]
    assert "https:" not in html.policy(pictures=False)
    assert "img-src 'self' data: https:;" in html.policy(pictures=True)


def test_a_picture_that_did_not_come_along_stays_a_place():
    assert LOADS.findall(html.page(html.clean('<img src="cid:gone" alt="gone">'), {})) == []


PIECES = st.lists(
    st.sampled_from([
        "<b>", "</b>", "<p>", "</p>", "<table>", "<td>", "</table>", "<svg>", "</svg>", "<style>", "</style>", "<!--", "-->", "<math>",
        "<a href='x\">", '<a title="', "'", '"', ">", "<", "&", "&lt;", "</", "<img src=", "cid:a", "onerror=x ", "<script>", "</script>",
        "text", "<li>", "<ul>", "</ul>", "<select>", "<form>", "<template>", "\0", "<![CDATA[", "]]>", "<p/", "<font color=", "<pre>\n",
    ]),
    max_size=30,
)  # fmt: skip


@settings(max_examples=400)
@given(PIECES)
def test_cleaning_twice_is_cleaning_once(pieces):
    kept = html.clean("".join(pieces))
    assert html.clean(kept) == kept
    assert not BAD.search(re.sub(r'="[^"]*"|(?<=>)[^<]*', "", kept)), kept


@pytest.mark.parametrize(
    "attack",
    ["<p>" + "".join(f'<b lang="{n}">' for n in range(3_000)) + "</p>" + "<p>x</p>" * 20_000, "<div>" * 100_000, "&" * 500_000,
     "<a title='" * 50_000, "<b " * 150_000 + "'", "<!--" * 100_000, "<table><td>" * 40_000],
    ids=["formats", "depth", "ampersands", "quotes", "unclosed", "comments", "tables"],
)  # fmt: skip
def test_what_is_made_to_take_minutes_takes_seconds(attack):
    started = time.process_time()
    assert len(html.clean(attack)) <= html.LONGEST
    assert time.process_time() - started < 12


def test_what_is_longer_than_a_letter_is_not_looked_at():
    assert html.clean("<p>a</p>" * 100_000) == ""
