"""Where a setting stands in the file."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.config import default_text
from hub.config.places import places

TEXT = '''# a comment
[hub]
port = 80

[sites.shop]
name = "A [sites.b] in a text"
origins = [
  "https://shop.example",
  # = "not a setting"
]
hours = { mon = ["09:00-12:00"] }
exceptions.2026-12-25 = []
greeting = """
two = "lines"
"""
accent = "#112233"
[[sites.shop.lingering]]
seconds = 3
'''


def test_every_setting_has_its_line():
    found = places(TEXT)
    lines = TEXT.splitlines()
    expected = {
        "hub": "[hub]", "hub.port": "port = 80", "sites.shop": "[sites.shop]", "sites.shop.name": lines[5],
        "sites.shop.origins": "origins = [", "sites.shop.hours": lines[10], "sites.shop.hours.mon": lines[10],
        "sites.shop.exceptions.2026-12-25": "exceptions.2026-12-25 = []", "sites.shop.greeting": 'greeting = """',
        "sites.shop.accent": 'accent = "#112233"', "sites.shop.lingering": "[[sites.shop.lingering]]",
    }  # fmt: skip
    assert {path: lines[found[path] - 1] for path in expected} == expected
    assert "two" not in str(found)
    assert "sites.b" not in found


def test_the_embedded_default_has_its_settings_where_they_are_written():
    text = default_text()
    lines = text.splitlines()
    for path, line in places(text).items():
        assert path.rsplit(".", 1)[-1] in lines[line - 1]


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="[]={}\"'.,#\n ab10", max_size=40))
def test_no_toml_makes_it_fail(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    places(text)
