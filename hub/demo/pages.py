"""The shop's pages as plain HTML. No script and no style stands in a page, so the strictest policy is good enough.

Every value goes through `escape` where it is put in; `_page` puts the frame around: head with the widget's tag, navigation, footer.
"""

from collections.abc import Awaitable, Callable, Iterable
from html import escape
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from hub.demo.accounts import ACCOUNTS, SITE, Account
from hub.demo.catalogue import BY_SLUG, CATEGORIES, PRODUCTS, Product, in_category


class View(NamedTuple):
    """What a page needs to know of the request."""

    hub_url: str
    path: str
    customer: Account | None


Build = Callable[[View], str]
Endpoint = Callable[[Request], Awaitable[Response]]


def home(view: View) -> str:
    """The first page: what is sold, and what to try."""
    hero = BY_SLUG["blue-vase"]
    picks = [BY_SLUG[slug] for slug in ("morning-cup", "moon-jar", "orchard-bowl", "tall-bottle")]
    return _page(
        view,
        "Blue Vase · ceramics by hand",
        f"""
{_try(view)}
<section class="hero">
  <div>
    <p class="eyebrow">Stoneware, thrown and glazed by hand</p>
    <h1>Things to hold on&nbsp;to.</h1>
    <p class="lead">A workshop of three people, two wheels and one kiln. What you see is what stands on our shelf today.</p>
    <p class="acts"><a class="button" href="/shop">See everything</a> <a class="quiet" href="/product/{hero.slug}">The Blue Vase, {_price(hero)}</a></p>
  </div>
  <a class="hero-picture" href="/product/{hero.slug}" data-tone="{hero.tone}">{_picture(hero)}</a>
</section>
<section>
  <div class="row-head"><h2>Fresh from the kiln</h2><a class="quiet" href="/shop">All {len(PRODUCTS)} pieces</a></div>
  {_grid(picks)}
</section>
<section class="three">
  {_aside("Wrapped in straw", "No plastic, and it arrives whole: one parcel in four hundred does not, and we replace that one.")}
  {_aside("Two weeks to decide", "Put it on your table, live with it, send it back if it is not the one.")}
  {_aside("Ask us", "One of us is near the wheel most of the day. The button below on the right reaches us.")}
</section>""",
    )


def everything(view: View) -> str:
    """All products."""
    head = _list_head("Everything", "Ten pieces. Fewer, if somebody was quicker than you.", "")
    return _page(view, "Everything", head + _grid(PRODUCTS))


def category(view: View, key: str) -> str:
    """The products of one category."""
    lines = {
        "vases": "From one stem to half a tree.",
        "tea-and-coffee": "For the first hour of the day, and the one at four.",
        "table": "Plates and bowls that like to be used.",
    }
    head = _list_head(CATEGORIES[key], lines[key], key)
    return _page(view, f"{CATEGORIES[key]}", head + _grid(in_category(key)))


def product(view: View, piece: Product) -> str:
    """One product."""
    others = [other for other in in_category(piece.category) if other is not piece][:3]
    facts = (("Size", piece.size), ("Glaze", piece.glaze), ("Care", "Dishwasher and oven, no open fire"))
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return _page(
        view,
        f"{piece.name}",
        f"""
<nav class="crumbs" aria-label="Where you are"><a href="/shop">Shop</a> / <a href="/shop/{piece.category}">{escape(CATEGORIES[piece.category])}</a></nav>
<article class="piece" data-product="{piece.slug}">
  <div class="piece-picture" data-tone="{piece.tone}">{_picture(piece)}</div>
  <div class="piece-words">
    <h1>{escape(piece.name)}</h1>
    <p class="lead">{escape(piece.line)}</p>
    <p class="price">{_price(piece)} <span>tax included, delivery {_delivery(piece)}</span></p>
    <div class="buy">
      <label>Pieces <input type="number" name="count" value="1" min="1" max="9" inputmode="numeric"></label>
      <button class="button" type="button" data-add="{piece.slug}">Put into the cart</button>
    </div>
    <p class="stock">{escape(piece.stock)}</p>
    <p>{escape(piece.story)}</p>
    <dl>{rows}</dl>
  </div>
</article>
<section><div class="row-head"><h2>Stands well beside it</h2></div>{_grid(others)}</section>""",
    )


def found(view: View, words: str, pieces: list[Product]) -> str:
    """What a search found."""
    said = f"“{words}”" if words else "nothing"
    head = f'<header class="list-head" data-search="{escape(words)}" data-results="{len(pieces)}"><h1>Looking for {escape(said)}</h1>'
    if pieces:
        noun = "piece" if len(pieces) == 1 else "pieces"
        return _page(view, "Search", f"{head}<p>{len(pieces)} {noun}.</p></header>{_grid(pieces)}")
    head += "<p>We have nothing like it on the shelf. Perhaps one of these, or ask us.</p></header>"
    return _page(view, "Search", head + _grid(PRODUCTS[:4]))


def cart(view: View) -> str:
    """The cart; its rows are put in by shop.js."""
    return _page(
        view,
        "Cart",
        """
<header class="list-head"><h1>Your cart</h1></header>
<div class="split" data-cart hidden>
  <ul class="lines" data-lines></ul>
  <aside class="sum"><h2>Your order</h2><dl data-sums></dl><a class="button wide" href="/checkout">Go to checkout</a></aside>
</div>
<div class="empty" data-cart-empty hidden><p>Nothing in it yet.</p><a class="button" href="/shop">Look around</a></div>
<template data-line><li class="line"><a class="thumb"><img alt="" width="88" height="88"></a><div><a class="line-name"></a>
<p class="line-price"></p></div><label><span class="hidden">Pieces</span><input type="number" min="0" max="9" inputmode="numeric"></label>
<button class="link" type="button">Remove</button></li></template>""",
    )


def checkout_address(view: View) -> str:
    """First step: where to."""
    known = view.customer
    town, name, email = (known.town, known.name, known.email) if known else ("", "", "")
    fields = (
        _field("name", "Name", "name", name)
        + _field("email", "E-mail", "email", email, kind="email")
        + _field("street", "Street and number", "street-address")
        + _field("town", "Town", "address-level2", town)
        + _field("country", "Country", "country-name", "Germany" if known and known.town == "Hamburg" else "")
    )
    form = f'<form class="form" data-step="/checkout/delivery" data-n="1">{fields}<button class="button">On to delivery</button></form>'
    return _checkout(view, 1, "Where shall it go?", form)


def checkout_delivery(view: View) -> str:
    """Second step: how, and how it is paid."""
    form = f"""<form class="form" data-step="/checkout/review" data-n="2">
<fieldset><legend>Delivery</legend>
{_choice("delivery", "parcel", "By parcel, in straw", "€6, free from €80, three days", checked=True)}
{_choice("delivery", "workshop", "I fetch it at the workshop", "free, tomorrow from ten", checked=False)}
</fieldset>
<fieldset><legend>Payment</legend>
{_choice("payment", "invoice", "By invoice", "when you have seen it", checked=True)}
{_choice("payment", "transfer", "By bank transfer", "before we send it", checked=False)}
</fieldset>
<button class="button">On to the last look</button></form>"""
    return _checkout(view, 2, "How shall it get there?", form)


def checkout_review(view: View) -> str:
    """Third step: a last look."""
    form = """<form class="form" data-step="/checkout/thanks" data-n="3" data-order><dl class="review" data-review></dl>
<p class="fine">This is a demo: nothing is sold, sent or paid, and what you typed stays in this browser.</p>
<button class="button">Order</button></form>"""
    return _checkout(view, 3, "All as you like it?", form)


def thanks(view: View) -> str:
    """After the order."""
    words = """<div class="empty"><p class="eyebrow">Order <span data-order-number></span></p><h1>Thank you.</h1>
<p class="lead">It would be on our bench by now. Questions about it? Write to us below on the right.</p>
<a class="button" href="/">Back to the shelf</a></div>"""
    return _page(view, "Thank you", words)


def account(view: View) -> str:
    """Log in as somebody who has bought before, or out again."""
    who = view.customer
    if who is not None:
        words = f"""<header class="list-head"><h1>Hello, {escape(who.name.split()[0])}.</h1>
<p>You are logged in as {escape(who.name)}, {escape(who.email)}. This shop's server has signed that for the hub, so operators see it as verified.</p></header>
<form method="post" action="/account/log-out" data-log-out><button class="button">Log out</button></form>"""
        return _page(view, "Your account", words)
    buttons = "".join(
        f'<form method="post" action="/account/log-in"><input type="hidden" name="who" value="{key}">'
        f'<button class="person"><span class="face" aria-hidden="true">{somebody.name[0]}</span><span><b>Log in as {escape(somebody.name.split()[0])}</b>'
        f"<small>{escape(somebody.email)}</small></span></button></form>"
        for key, somebody in ACCOUNTS.items()
    )
    words = f"""<header class="list-head"><h1>Your account</h1>
<p>A demo needs no passwords: choose who you are. From then on the console shows your name, verified, and what you did before in other browsers.</p></header>
<div class="people">{buttons}</div>"""
    return _page(view, "Your account", words)


def delivery(view: View) -> str:
    """Delivery and returns."""
    return _page(
        view,
        "Delivery & returns",
        f"""<header class="list-head"><h1>Delivery &amp; returns</h1></header><div class="three">
{_aside("Delivery", "€6 within Europe, free from €80. Packed on Tuesdays and Fridays, three days on the road.")}
{_aside("Returns", "Two weeks, no reasons needed. Use the same box; the label is inside.")}
{_aside("Broken?", "It happens to one parcel in four hundred. Send a picture in the chat and the next one leaves on Friday.")}</div>""",
    )


def workshop(view: View) -> str:
    """Who makes it."""
    return _page(
        view,
        "The workshop",
        """<header class="list-head"><h1>The workshop</h1>
<p>An old forge by the river, two wheels, and a kiln that takes a night to heat and two days to cool. Visitors are welcome from ten; mind the dog.</p></header>""",
    )


def lost(view: View) -> str:
    """There is no such page."""
    words = '<div class="empty"><h1>Not on this shelf.</h1><p>There is no such page here.</p><a class="button" href="/shop">See everything</a></div>'
    return _page(view, "Not found", words)


# --- parts


def _page(view: View, title: str, body: str) -> str:
    links = "".join(_nav(view, f"/shop/{key}", name) for key, name in CATEGORIES.items())
    who = view.customer.name.split()[0] if view.customer else "Log in"
    logged_in = f' data-customer="{escape(view.customer.user_id)}"' if view.customer else ""
    return f"""<!doctype html>
<html lang="en"{logged_in}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="/files/blue-vase.svg" type="image/svg+xml">
<link rel="stylesheet" href="/files/shop.css">
<script src="/files/shop.js" defer></script>
<script async src="{escape(view.hub_url)}/widget.js" data-site="{SITE}"></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header class="top">
  <a class="brand" href="/"><img src="/files/blue-vase.svg" alt="" width="46" height="46"> Blue Vase</a>
  <nav aria-label="Shop">{links}{_nav(view, "/workshop", "Workshop")}</nav>
  <form class="search" action="/search" role="search"><input type="search" name="q" placeholder="Search" aria-label="Search the shop" maxlength="100"></form>
  <a class="top-link" href="/account">{escape(who)}</a>
  <a class="top-link cart-link" href="/cart">Cart <span class="count" data-count hidden></span></a>
</header>
<main id="main">{body}</main>
<footer class="foot"><span>Blue Vase, a shop that does not exist.</span><a href="/delivery-and-returns">Delivery &amp; returns</a><a href="/workshop">The workshop</a></footer>
<p class="told" role="status" data-told></p>
</body>
</html>
"""


def _try(view: View) -> str:
    console = escape(view.hub_url)
    return f"""<aside class="try" data-try hidden aria-label="What to try">
  <p><b>A demo shop.</b> Three things to try:</p>
  <ol>
    <li><a href="{console}/" target="_blank" rel="noopener">Open the console</a> in another window and sign in as <code>demo</code>; the password is in the terminal.</li>
    <li>Browse here, and watch yourself there.</li>
    <li>Say something with the round button, and answer in the console.</li>
  </ol>
  <button class="link" type="button" data-try-close aria-label="Close these hints">Got it</button>
</aside>"""


def _checkout(view: View, step: int, title: str, form: str) -> str:
    names = ("Address", "Delivery", "Last look")
    marks = "".join(
        f'<li class="{"done" if n < step else ""}"{_current(n == step, "step")}>{name}</li>'
        for n, name in enumerate(names, 1)
    )
    body = f"""<ol class="steps">{marks}</ol><h1>{title}</h1>
<div class="split">{form}<aside class="sum"><h2>Your order</h2><dl data-sums></dl></aside></div>"""
    return _page(view, f"Checkout: {names[step - 1].lower()}", body)


def _grid(pieces: Iterable[Product]) -> str:
    return f'<ul class="grid">{"".join(map(_card, pieces))}</ul>'


def _card(piece: Product) -> str:
    return f"""<li><a class="card" href="/product/{piece.slug}"><span class="tile" data-tone="{piece.tone}">{_picture(piece)}</span>
<span class="card-name">{escape(piece.name)}</span><span class="card-price">{_price(piece)}</span><span class="card-line">{escape(piece.line)}</span></a></li>"""


def _picture(piece: Product) -> str:
    return f'<img src="/files/{piece.slug}.svg" alt="{escape(piece.name)}" width="480" height="480">'


def _price(piece: Product) -> str:
    return f"€{piece.price}"


def _delivery(piece: Product) -> str:
    return "free" if piece.price >= 80 else "€6"


def _list_head(title: str, line: str, key: str) -> str:
    rows = [("", "Everything"), *CATEGORIES.items()]
    chips = "".join(
        f'<a href="{f"/shop/{k}" if k else "/shop"}"{_current(k == key)}>{escape(name)}</a>'
        for k, name in rows
    )
    return f'<header class="list-head"><h1>{escape(title)}</h1><p>{escape(line)}</p><nav class="chips" aria-label="Categories">{chips}</nav></header>'


def _nav(view: View, href: str, name: str) -> str:
    return f'<a href="{href}"{_current(view.path == href)}>{escape(name)}</a>'


def _current(yes: bool, what: str = "page") -> str:
    return f' aria-current="{what}"' if yes else ""


def _aside(title: str, text: str) -> str:
    return f"<div><h3>{escape(title)}</h3><p>{escape(text)}</p></div>"


def _field(name: str, label: str, complete: str, value: str = "", kind: str = "text") -> str:
    return f'<label>{label}<input type="{kind}" name="{name}" value="{escape(value)}" autocomplete="{complete}" required maxlength="200"></label>'


def _choice(group: str, value: str, title: str, line: str, *, checked: bool) -> str:
    mark = " checked" if checked else ""
    return (
        f'<label class="choice"><input type="radio" name="{group}" value="{value}"{mark}>'
        f"<span><b>{escape(title)}</b><small>{escape(line)}</small></span></label>"
    )
