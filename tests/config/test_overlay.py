"""The file over the console over the default: what counts, what is refused, what is left out."""

import pytest

from hub.config import CONSOLE, ConfigError, SiteSection, of_file, overlay, overlay_known, parse, plain

FILE = """
[sites.shop]
origins = ["https://shop.example"]
accent = "#112233"
consent = "required"
"""


@pytest.fixture
def shop():
    return parse(FILE, {}).sites["shop"]


def test_what_the_file_leaves_out_is_the_consoles_and_then_the_defaults(shop):
    site = overlay("shop", shop, {"name": "Vases", "hours": {"mon": ["09:00-12:00"]}})
    assert (site.name, site.hours, site.greeting) == ("Vases", {"mon": ["09:00-12:00"]}, "")
    assert site.origins == ["https://shop.example"]
    assert of_file(shop) == {"origins", "accent", "consent"}


def test_the_file_overrules_the_console(shop):
    assert overlay("shop", shop, {"accent": "#ffffff"}).accent == "#112233"


@pytest.mark.parametrize("name", ["origins", "consent", "identity_keys", "honour_gpc", "queue"])
def test_what_opens_a_site_to_strangers_is_never_the_consoles(name):
    assert name not in CONSOLE
    assert overlay("s", SiteSection(), {name: "anything"}) == SiteSection()


def test_mistakes_are_told_all_at_once_in_the_words_of_the_file(shop):
    with pytest.raises(ConfigError) as caught:
        overlay("shop", shop, {"zone": "Mars", "exceptions": {"2026-02-30": []}, "hours": {"mon": ["9-5"]}})
    found = {problem.path: str(problem) for problem in caught.value.problems}
    in_file = """
        [sites.shop]
        zone = "Mars"
        exceptions = { 2026-02-30 = [] }
        hours = { mon = ["9-5"] }
    """
    with pytest.raises(ConfigError) as of_parse:
        parse(in_file, {})
    assert found == {problem.path: str(problem) for problem in of_parse.value.problems}
    assert len(found) == 3


def test_what_is_not_valid_any_longer_is_left_out_and_told(shop):
    site, problems = overlay_known("shop", shop, {"name": "Vases", "zone": "Mars", "rating": "maybe"})
    assert (site.name, site.zone, site.rating) == ("Vases", "UTC", True)
    assert len(problems) == 2


def test_values_are_shown_as_json_and_secrets_are_not(shop):
    assert plain(shop, "lingering") == [{"seconds": 60, "pages": "*"}]
    site = parse('[sites.s]\nidentity_keys = ["env:K"]', {}, environ={"K": "x" * 40}).sites["s"]
    assert plain(site, "identity_keys") == ["***"]
