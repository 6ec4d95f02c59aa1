"""What of a mail's parts is text to be read, what is HTML to be shown, and what is a file.

It follows how mail programs show a mail: of alternatives the plain one is the text and the richest one the HTML; parts beside them
are joined; whatever has a name, is no text or is another mail is a file.
"""

from __future__ import annotations

import re
from typing import Final

from hub_email import flowed, headers, markup, tnef
from hub_email.charsets import decoded
from hub_email.mail import Part
from hub_email.mime import Leaf
from hub_email.naming import file_name

LONGEST_TEXT: Final = 500_000
MOST_FILES: Final = 200
CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
NEVER_TEXT: Final = (
    "message/",
    "application/",
    "image/",
    "audio/",
    "video/",
    "font/",
    "model/",
    "text/calendar",
    "text/vcard",
)
ENCRYPTED: Final = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
TNEF: Final = ("application/ms-tnef", "application/vnd.ms-tnef")


class Content:
    """What of a mail's leaves is text, HTML and files."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self.files: list[Part] = []
        self.problems: list[str] = []
        self._plain: list[str] = []
        self._rich: list[str] = []
        for leaf in leaves:
            self._take(leaf)
        if len(self.files) > MOST_FILES:
            self.problems.append(f"{len(self.files)} files came; the first {MOST_FILES} are kept.")
            del self.files[MOST_FILES:]
        self.html = "\n<br>\n".join(self._rich)
        self.text = self._readable("\n\n".join(text for text in self._plain if text.strip()))

    def _readable(self, plain: str) -> str:
        if not plain and self.html:
            plain = markup.text_of(self.html)
        if len(plain) > LONGEST_TEXT:
            self.problems.append(
                f"The text has {len(plain):,} characters; the first {LONGEST_TEXT:,} are kept."
            )
        return plain[:LONGEST_TEXT].strip("\n").rstrip()

    def _take(self, leaf: Leaf) -> None:
        kind = leaf.type.value
        if kind in TNEF or leaf.name.lower() == "winmail.dat":
            self._take_tnef(leaf)
        elif self._is_text(leaf):
            self._take_text(leaf)
        elif leaf.body or leaf.name:
            self.files.append(self._file(leaf))
        if kind in ENCRYPTED or (leaf.within in ENCRYPTED and leaf.nth == 0):
            self.problems.append(
                "The mail is encrypted or sealed: it can be opened with the key of its recipient only."
            )

    def _is_text(self, leaf: Leaf) -> bool:
        kind = leaf.type.value
        if (
            leaf.disposition.value == "attachment"
            or kind.startswith(NEVER_TEXT)
            or leaf.within == "multipart/report"
        ):
            return kind.startswith("text/") and leaf.within == "multipart/report" and leaf.nth == 0
        if kind not in ("text/plain", "text/html", "text/enriched", "text/x-amp-html", "text/watch-html"):
            return False
        return not leaf.name or (leaf.disposition.value != "attachment" and leaf.nth == 0)

    def _take_text(self, leaf: Leaf) -> None:
        if leaf.type.value in ("text/x-amp-html", "text/watch-html", "text/enriched"):
            return  # an alternative of the same words for few programs
        charset = leaf.type.params.get("charset", "")
        if leaf.type.value == "text/html":
            if not charset and (found := CHARSET.search(leaf.body[:4_000])) is not None:
                charset = found[1].decode("ascii", "replace")
            self._rich.append(decoded(leaf.body, charset))
            self._join_beside(leaf)
            return
        text = decoded(leaf.body, charset).replace("\r\n", "\n").replace("\r", "\n")
        if leaf.type.params.get("format", "").lower() == "flowed":
            text = flowed.unwrapped(text, delete_space=leaf.type.params.get("delsp", "").lower() == "yes")
        self._plain.append(text)

    def _join_beside(self, leaf: Leaf) -> None:
        """HTML that is no alternative of a text is read as text too, so that nothing of a mixed mail goes missing."""
        if self._plain and "multipart/alternative" not in leaf.path:
            self._plain.append(markup.text_of(self._rich[-1]))

    def _take_tnef(self, leaf: Leaf) -> None:
        opened = tnef.opened(leaf.body)
        if opened is None:
            self.files.append(self._file(leaf))
            return
        self.files += opened.files
        if not any(text.strip() for text in self._plain):
            self._plain.append(opened.text)
        if opened.html and not self._rich:
            self._rich.append(opened.html)

    def _file(self, leaf: Leaf) -> Part:
        return Part(
            type=leaf.type.value,
            name=file_name(leaf.name or _name_inside(leaf), leaf.type.value),
            body=leaf.body,
            content_id=leaf.content_id,
        )


def _name_inside(leaf: Leaf) -> str:
    """A mail inside the mail is called by its subject."""
    if leaf.type.value != "message/rfc822":
        return ""
    subject = headers.words(dict(headers.fields(headers.split(leaf.body)[0])).get("subject", ""))
    return f"{subject[:100]}.eml" if subject else ""
