"""HTML as text: what a reader would have seen, with quotes marked, so that the rule for replies can cut them."""

import time

import pytest

from hub_email.markup import text_of
from hub_email.replies import split

CASES = {
    "paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "lines": ("One<br>Two<br/>Three", "One\nTwo\nThree"),
    "divs": ("<div>One</div><div>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
    "white space": ("  One \n\t two&nbsp;&nbsp;three ", "One two three"),
    "entities": ("&lt;b&gt; &amp;amp; &auml;&#228;&#xe4; &bogus;", "<b> &amp; äää &bogus;"),
    "lists": ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
    "tables": ("<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>", "A 1\nB 2"),
    "preformatted": ("<pre>a\n  b\n</pre>c", "a\n  b\n\nc"),
    "scripts and styles": ("<style>p{}</style><script>alert('<p>')</script><title>t</title>Text", "Text"),
    "comments": ("a<!-- <p> -->b<!--[if mso]>c<![endif]-->d", "abd"),
    "hidden": ("<div style='display:none'>x<div>y</div>z</div>Seen", "Seen"),
    "quotes in values": ("<a title='>' href=\"https://x.example/?a=1&amp;b=2\">here</a>", "here <https://x.example/?a=1&b=2>"),
    "links that say where": ("<a href='https://shop.example/'>shop.example</a>", "shop.example"),
    "mail links": ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
    "emoji pictures": ("Hi <img alt='🙂' src=x><img alt='a long description' src=y>", "Hi 🙂"),
    "quotes": ("<p>New</p><blockquote><p>Old</p><blockquote>Older</blockquote></blockquote>After", "New\n\n> Old\n>\n> > Older\n\nAfter"),
    "no tags": ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    "an open tag at the end": ("Text <a href=", "Text <a href="),
    "nothing": ("", ""),
    "only tags": ("<html><body></body></html>", ""),
    "closing more than was opened": ("</div></blockquote></pre></a>Text", "Text"),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "text"), CASES.values(), ids=CASES.keys())
def test_html_reads_as_a_person_sees_it(markup, text):
    assert text_of(markup) == text


GMAIL = (
    '<div dir="ltr">Yes, please!<div><br></div><div>Jo</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
    'On Mon, Nov 23, 2026 at 10:15 AM Ann Berg &lt;<a href="mailto:ann@shop.example">ann@shop.example</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0"><div>Is Friday fine?</div></blockquote></div>'
)
OUTLOOK = (
    "<html><head><style>p.MsoNormal{}</style></head><body><div class=WordSection1><p class=MsoNormal>Yes, please!<o:p></o:p></p>"
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Jo<o:p></o:p></p><div style='border-top:solid #E1E1E1 1.0pt'>"
    "<p class=MsoNormal><b>Von:</b> Ann Berg &lt;ann@shop.example&gt; <br><b>Gesendet:</b> Montag, 23. November 2026 10:15<br>"
    "<b>An:</b> Jo<br><b>Betreff:</b> Stuhl</p></div><p class=MsoNormal>Is Friday fine?</p></div></body></html>"
)
APPLE = (
    '<html><body>Yes, please!<div><br></div><div>Jo<br><div><br><blockquote type="cite"><div>On 23 Nov 2026, at 10:15, Ann Berg '
    '&lt;ann@shop.example&gt; wrote:</div><br><div>Is Friday fine?</div></blockquote></div></div></body></html>'
)  # fmt: skip


@pytest.mark.parametrize("markup", [GMAIL, OUTLOOK, APPLE], ids=["gmail", "outlook", "apple"])
def test_what_a_reply_repeats_is_cut_from_html_too(markup):
    reply = split(text_of(markup))
    assert reply.said.split() == ["Yes,", "please!", "Jo"]
    assert "Is Friday fine?" in reply.quoted


@pytest.mark.parametrize(
    "attack",
    ["<", "<a", "<a ", "<a '", '<a "', "<!--", "<!", "</", "<script>", "<style>", "&", "&#", "&#9", "<blockquote>", "<a href=x>",
     "<div style=display:none>", "<p>", "<br>", "a href=", "<img alt='", "\n", "<a href='http://", "<pre>"],
    ids=range(23),
)  # fmt: skip
def test_markup_made_to_take_long_does_not(attack):
    markup = (attack * 100_000)[:100_000]
    assert (
        min(seconds(markup), seconds(markup)) < 0.25
    )  # every tag costs its work; 0.05 is for patterns that find nothing


def seconds(markup: str) -> float:
    start = time.process_time()
    text_of(markup)
    return time.process_time() - start
