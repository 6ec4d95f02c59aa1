"""The origin of an address, read as every browser reads it, to compare it with those that an owner listed."""

from urllib.parse import urlsplit


def origin_of(url: str) -> str | None:
    """The origin that every browser takes this address to; None where browsers and we might read it differently.

    Browsers drop tabs and line ends, take `\\` for `/` and any number of slashes for two, decode %-escapes and fold letters of other
    alphabets in a host. None of that is needed for an address that somebody means, so none of it is read.
    """
    if not url.isprintable() or "\\" in url or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.netloc.removesuffix(f":{port}").lower()
    if not host.isascii():
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default) else "")
