"""Names: whatever comes in, what goes out can be shown, sent in a header and saved, and deceives nobody."""

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.media import naming
from hub.media.kinds import KNOWN

DOTS = [
    "../",
    "..\\",
    "%2e%2e%2f",
    "..%2f",
    "%2e%2e/",
    "..%5c",
    "%252e%252e%252f",
    "..%c0%af",
    "....//",
    "..\u2215",
    "．．／",
    "..;/",
    "..\uff3c",
]
DEPTHS = [1, 2, 3, 8]
TARGETS = ["etc/passwd", "windows\\win.ini", "hub.toml", "media.key", ".ssh/id_rsa"]
TRICKS = ["{}", "{}\0.png", "{}%00.png", "C:\\{}", "/{}", "\\\\host\\share\\{}"]
TRAVERSALS = [
    trick.format(dots * depth + target)
    for dots, depth, target, trick in itertools.product(DOTS, DEPTHS, TARGETS, TRICKS)
]
INVISIBLE = [
    "\u202e",
    "\u202d",
    "\u2066",
    "\u2069",
    "\u200b",
    "\u200d",
    "\u200e",
    "\ufeff",
    "\u00ad",
    "\u2028",
    "\x07",
    "\x1b[31m",
    "\r\n",
    "\U000e0041",
    "\u3164",
    "\u180e",
]
ODD = [
    *(f"photo{mark}gnp.exe" for mark in INVISIBLE),
    *(f"{mark}{mark}" for mark in INVISIBLE),
    *(f"{device}{rest}" for device in ("CON", "nul", "Aux", "COM1", "lpt9", "COM¹", "CONIN$") for rest in ("", ".txt", " .tar.gz", ".")),
    "", ".", "..", "...", " ", "~", "-rf", "a" * 10_000, "é" * 500, "𝕏" * 300, "." * 300, "a." * 400, "x" * 300 + ".png", "%" * 500,
    "file.txt::$DATA", "file.txt:stream", 'a"b.png', "a;b.png", "<img src=x onerror=alert(1)>.png", "a\tb.png", "\ud800.png", "a|b?c*.png",
    "name.", "name...", "name .png", ".htaccess", ".png", "e\u0301" * 90, "%2", "%%2e2e%%2f2f", "%2520",
]  # fmt: skip


def sound(name: str) -> bool:
    return (
        0 < len(name) <= naming.LONGEST
        and len(name.encode()) <= naming.MOST_BYTES
        and not set(name) & set('/\\<>:"|?*\u2044\u2215')
        and not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in name)
        and name == name.strip(" .")
        and not name.startswith("..")
        and not naming._ESCAPE.search(name)
        and not naming._DEVICE.match(name)
    )


def test_there_are_as_many_traversals_as_the_public_lists_have():
    assert len(set(TRAVERSALS)) >= 1_443


@pytest.mark.parametrize("fits", [(), ("png",)], ids=["any", "png"])
def test_no_name_leads_anywhere_or_deceives(fits):
    cleaned = {name: naming.clean(name, fits, KNOWN) for name in TRAVERSALS + ODD}
    assert [name for name, clean in cleaned.items() if not sound(clean)] == []


@given(
    st.text() | st.text(st.sampled_from("./\\%2eEfF5cC \0\u202e\u200b\u2215．conCOM1:é\u0301")),
    st.sampled_from([(), ("png",), ("txt", "html")]),
)
@settings(max_examples=400, deadline=None)
def test_cleaning_is_sound_and_doing_it_twice_changes_nothing(name, fits):
    once = naming.clean(name, fits, KNOWN)
    assert sound(once)
    assert naming.clean(once, fits, KNOWN) == once
    assert not fits or naming.extension(once) in fits


@pytest.mark.parametrize(
    ("name", "fits", "expected"),
    [
        ("Résumé – final (2).pdf", ("pdf",), "Résumé – final (2).pdf"),
        ("C:\\Users\\Ann\\holiday.PNG", ("png",), "holiday.PNG"),
        ("../../etc/passwd", ("txt", "csv"), "passwd.txt"),
        ("photo\u202egnp.exe", ("png",), "photognp.png"),
        ("photo.png", ("txt", "html"), "photo.txt"),
        ("photo.png", (), "photo.bin"),
        ("plan.dwg", (), "plan.dwg"),
        ("v1.2", ("zip",), "v1.2.zip"),
        ("NUL.txt", ("txt",), "_NUL.txt"),
        ("My%20file.txt", ("txt",), "My file.txt"),
        ("写真.jpeg", ("jpg", "jpeg"), "写真.jpeg"),
        ("", ("png",), "file.png"),
        ("/", (), "file"),
        ("100%.csv", ("csv",), "100%.csv"),
    ],
)
def test_a_name_keeps_what_is_honest_about_it(name, fits, expected):
    assert naming.clean(name, fits, KNOWN) == expected


def test_a_long_name_keeps_its_ending():
    assert naming.clean("é" * 500 + ".pdf", ("pdf",)).endswith("éé.pdf")
