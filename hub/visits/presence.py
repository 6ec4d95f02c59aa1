"""One visitor on the board: what is known this minute, as facts for rules and as a row for consoles.

There are as many of these as open pages, and no way from one back to itself, so the collector need not look at them (`gc=False`)."""

from urllib.parse import urlsplit

import msgspec

from hub.visits.events import Cart
from hub.visits.facts import Facts
from hub.visits.track import Dwell
from hub.wire import id_hex, millis
from hub.wire.common import Level
from hub.wire.console import VisitorRow


class Who(msgspec.Struct, gc=False):
    """The customer behind a visitor, as of the last time it was looked up."""

    customer: bytes
    name: str
    level: Level


class Tab(msgspec.Struct, gc=False):
    """One open page of a visitor. `active` are seconds of attention up to `since` (microseconds)."""

    n: int
    url: str
    title: str
    since: int
    active: float = 0.0
    attentive: bool = True
    scroll: int = 0
    heard: int = 0
    written: float = 0.0
    told: tuple[float, int, bool] = (0.0, 0, False)
    """What consoles count from: seconds, since when, and whether they count on."""
    told_scroll: int = 0

    def show(self) -> None:
        """Consoles are told of this page now."""
        self.told = (self.active, self.since, self.attentive)
        self.told_scroll = self.scroll

    def shown(self, now: int) -> float:
        """The seconds of attention that consoles show by now."""
        active, since, counting = self.told
        return active + ((now - since) / 1_000_000 if counting else 0.0)


class Presence(msgspec.Struct, gc=False):
    """A visitor on the board. `tab` is the page looked at last; `attention_before` the visit's other pages, in seconds."""

    visitor: bytes
    visit: bytes
    site: str
    who: Who
    arrived: int
    visits: int
    pages: int
    referrer: str
    language: str
    tabs: dict[str, Tab]
    tab: str
    device: str = ""
    zone: str = ""
    source: str = ""
    campaign: str = ""
    attention_before: float = 0.0
    conversation: bytes | None = None
    operator_name: str = ""
    cart: Cart | None = None
    invitation: str = ""
    lingering: int | None = None
    searches_without_result: float = 0.0
    form_errors: float = 0.0
    checkout_step: float = 0.0
    leaving_at: int | None = None
    told_by: str = ""
    """The connection that tells of them, where no socket of ours does."""


def attention(tab: Tab, now: int) -> float:
    """Seconds of attention a page has had by now; while it has it, the clock goes on between beats."""
    return tab.active + ((now - tab.since) / 1_000_000 if tab.attentive else 0.0)


def facts_of(presence: Presence, now: int) -> Facts:
    """What rules may ask about this visitor."""
    tab = presence.tabs[presence.tab]
    on_page = attention(tab, now)
    cart = presence.cart
    return Facts(
        site=presence.site,
        url=tab.url,
        path=urlsplit(tab.url).path or "/",
        title=tab.title,
        referrer=presence.referrer,
        campaign=presence.campaign,
        source=presence.source,
        language=presence.language,
        device=presence.device,
        page_seconds=on_page,
        visit_seconds=presence.attention_before + on_page,
        scroll=float(tab.scroll),
        pages=float(presence.pages),
        visits=float(presence.visits),
        returning=presence.visits > 1,
        known=presence.who.level == "verified",
        talking=presence.conversation is not None,
        cart_value=cart.value if cart else 0.0,
        cart_items=float(cart.count) if cart else 0.0,
        searches_without_result=presence.searches_without_result,
        form_errors=presence.form_errors,
        checkout_step=presence.checkout_step,
    )


def row_of(presence: Presence) -> VisitorRow:
    """What consoles see of a visitor."""
    tab = presence.tabs[presence.tab]
    cart = presence.cart
    return VisitorRow(
        id=id_hex(presence.visitor),
        visit=id_hex(presence.visit),
        customer=id_hex(presence.who.customer),
        name=presence.who.name,
        level=presence.who.level,
        site=presence.site,
        url=tab.url,
        title=tab.title,
        since=millis(tab.since),
        active_before=tab.active,
        attentive=tab.attentive,
        arrived=millis(presence.arrived),
        pages=presence.pages,
        visits=presence.visits,
        referrer=presence.referrer,
        language=presence.language,
        zone=presence.zone,
        conversation=id_hex(presence.conversation) if presence.conversation else None,
        operator_name=presence.operator_name,
        device=presence.device,  # type: ignore[arg-type]  # the frame it came in allowed exactly these words
        source=presence.source,
        campaign=presence.campaign,
        scroll=tab.scroll,
        cart_value=cart.value if cart else 0.0,
        cart_count=cart.count if cart else 0,
        currency=cart.currency if cart else "",
        lingering=millis(presence.lingering) if presence.lingering is not None else None,
        told_by=presence.told_by,
        invitation=presence.invitation,  # type: ignore[arg-type]  # fates of hub.visits.invitations
    )


def dwell_of(presence: Presence, tab: Tab | None, now: int) -> Dwell | None:
    """What is to be written of a page; None when it had no attention."""
    if tab is None or not tab.active:
        return None
    return Dwell(presence.visit, tab.n, int(tab.active * 1000), tab.scroll, now)
