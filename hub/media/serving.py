"""What goes over the wire with a file: the headers that keep a stranger's bytes inert.

Only pictures we drew ourselves are shown in a page (`inline`). Anything else is a download, whatever it is: the browser may
not guess its type, may not run it, and may not embed it.
"""

import re
from urllib.parse import quote

from hub.media.attachments import Attachment
from hub.media.links import Part

CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"


def headers(attachment: Attachment, part: Part, seconds: int) -> dict[str, str]:
    """The headers to send with a file, or with its small picture; `seconds` is how long its link is still good."""
    shown = attachment.inline
    name = f"{attachment.name.rpartition('.')[0]}.webp" if part == "thumb" else attachment.name
    return {
        "content-type": "image/webp" if part == "thumb" else attachment.media_type,
        "content-disposition": disposition(name, inline=shown),
        "x-content-type-options": "nosniff",
        "content-security-policy": CSP,
        # The shop's pages are of another origin and show pictures; nobody embeds anything else.
        "cross-origin-resource-policy": "cross-origin" if shown else "same-origin",
        # An id never gets other bytes, so while the link lasts nobody need ask again; shared caches keep nothing.
        "cache-control": f"private, max-age={max(seconds, 0)}, immutable",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
    }


def disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: the name in plain ASCII for old readers, and in full as RFC 5987 has it."""
    plain = re.sub(r'[^ -~]|["\\%;]', "_", name)
    full = quote(name, safe="!#$&+-.^_`|~")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{full}"
