"""The title a page of the shop has, by its path: a simulated visitor sends what a browser would read from the page."""

from urllib.parse import urlsplit

from hub.demo.catalogue import BY_SLUG, CATEGORIES

_TITLES = {
    "/": "Blue Vase · ceramics by hand",
    "/shop": "Everything",
    "/cart": "Cart",
    "/checkout": "Checkout: address",
    "/checkout/delivery": "Checkout: delivery",
    "/account": "Your account",
    "/delivery-and-returns": "Delivery & returns",
    "/workshop": "The workshop",
}


def title(address: str) -> str:
    """The `<title>` of the page at `address`, a path with an optional query."""
    parts = urlsplit(address)
    known = _TITLES.get(parts.path)
    if known is not None:
        return known
    kind, _, key = parts.path.strip("/").partition("/")
    if kind == "product" and key in BY_SLUG:
        return f"{BY_SLUG[key].name}"
    if kind == "shop" and key in CATEGORIES:
        return f"{CATEGORIES[key]}"
    return "Search" if kind == "search" else "Not found"
