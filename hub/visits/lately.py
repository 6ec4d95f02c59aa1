"""Pages of a site that visitors came to lately: what an operator may want to show to somebody else.

Taken from the newest visits, so that it costs the same however many there ever were. Queries and fragments are the visitor's, not the
page's: they can hold names and keys, and are left out.
"""

from hub.store import Read

VISITS = 300
VIEWS = 3_000
MOST = 200

SQL_VIEWS = f"""
SELECT p.url, p.title, p.at FROM (SELECT id FROM visit WHERE site = :site ORDER BY last_at DESC LIMIT {VISITS}) v
JOIN page_view p ON p.visit = v.id ORDER BY p.at DESC LIMIT {VIEWS}"""


def pages(read: Read, site: str) -> list[tuple[str, str, int]]:
    """(address, title, when somebody last came to it in UTC microseconds), the latest first, each once."""
    found: dict[str, tuple[str, int]] = {}
    for url, title, at in read.all(SQL_VIEWS, {"site": site}):
        address = url.partition("#")[0].partition("?")[0]
        if not address.startswith(("http://", "https://")):
            continue
        known = found.get(address)
        if known is None:
            found[address] = (title, at)
        elif not known[0]:
            found[address] = (title, known[1])
    return [(address, title, at) for address, (title, at) in found.items()][:MOST]
