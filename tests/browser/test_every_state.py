"""Every state of the widget, once as on a desk in the light and once at 200 % in the dark: nothing to object to, and nothing lost."""

import pytest

from tests.browser.states import LOOKS
from tests.browser.test_reading import AXE, check
from tests.browser.walking import MORE_TOML, Walker, walk

LOST = """
() => {
  const root = document.querySelector("touchpoint-hub").shadowRoot;
  const seen = [...root.querySelectorAll("*")].filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".sr, svg"));
  const name = (one) => `${one.localName}.${one.className} "${one.textContent.slice(0, 40)}"`;
  const box = (one) => one.getBoundingClientRect();
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowY) || scrolls(one.parentElement));
  const trouble = [];
  for (const one of seen) {
    const {left, right, top, bottom, width} = box(one);
    if (width && (left < -1 || right > innerWidth + 1)) trouble.push(`beside the screen: ${name(one)}`);
    if (one.matches("button, input, textarea, a") && !scrolls(one) && (top < -1 || bottom > innerHeight + 1)) trouble.push(`out of reach: ${name(one)}`);
    if (/auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollWidth > one.clientWidth + 1) trouble.push(`wider than its place: ${name(one)}`);
  }
  const panel = root.querySelector(".panel:not([hidden])");
  if (panel && panel.scrollHeight > panel.clientHeight + 1) trouble.push("more than the panel holds: it would be pushed up by what takes the focus");
  const rows = [...root.querySelectorAll(".row")].filter((one) => one.checkVisibility());
  rows.forEach((one, n) => n && box(one).top < box(rows[n - 1]).bottom - 1 && trouble.push(`over the one before: ${name(one)}`));
  return trouble;
}"""


@pytest.fixture
def more_toml():
    return MORE_TOML


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")
@pytest.mark.parametrize(("look", "scheme"), [("light", "light"), ("zoom", "dark")])
def test_nothing_to_object_to_and_nothing_lost(hub, contexts, watch, look, scheme):
    watch.forgive(
        r"WebSocket connection to .* failed|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET"
    )  # it goes offline on the way
    hub.shop.pictures_from_the_hub = True
    page = contexts(**{**LOOKS[look], "color_scheme": scheme}).new_page()
    for state in walk(Walker(page, hub, hub.shop.url)):
        check(page, state, "touchpoint-hub")
        assert page.evaluate(LOST) == [], state
