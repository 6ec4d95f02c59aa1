"""winmail.dat: its files under their long names, its text where the mail has none, and nothing of a broken one."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from hub_email import parsing, tnef
from hub_email.mail import Mail


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def text_property(name: int, text: str) -> bytes:
    raw = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHII", 0x1F, name, 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)


def package(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def properties(*items: bytes) -> bytes:
    return struct.pack("<I", len(items)) + b"".join(items)


WINMAIL = package(
    attribute(1, 0x9007, struct.pack("<II", 1252, 0)),
    attribute(1, 0x800C, "Grüße\r\nJo\0".encode("cp1252")),
    attribute(
        1,
        0x9003,
        properties(
            struct.pack("<HHI", 3, 0x1234, 7), struct.pack("<HHII", 0x102, 0x1013, 1, 8) + b"<b>x</b>"
        ),
    ),
    attribute(2, 0x9002, b"\1\0" * 7),
    attribute(2, 0x8010, b"LONGNA~1.PDF\0"),
    attribute(2, 0x800F, b"%PDF"),
    attribute(
        2,
        0x9005,
        properties(text_property(0x3707, "Ein langer Name ü.pdf"), text_property(0x370E, "application/pdf")),
    ),
    attribute(2, 0x9002, b"\1\0" * 7),
    attribute(2, 0x8010, b"two.txt\0"),
    attribute(2, 0x800F, b"2"),
)


def mail(body: bytes, text: str = "") -> Mail:
    head = (
        b"From: jo@home.example\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n"
        + text.encode()
    )
    part = b"\r\n--B\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    found = parsing.parse(head + part + body + b"\r\n--B--")
    assert isinstance(found, Mail)
    return found


def test_the_package_is_opened():
    found = mail(WINMAIL)
    assert found.text == "Grüße\nJo"
    assert found.html == "<b>x</b>"
    assert [(f.name, f.type, f.body) for f in found.files] == [
        ("Ein langer Name ü.pdf", "application/pdf", b"%PDF"),
        ("two.txt", "application/octet-stream", b"2"),
    ]


def test_the_text_beside_it_counts():
    assert mail(WINMAIL, "Hello").text == "Hello"


def test_a_broken_package_is_a_file():
    found = mail(b"\x78\x9f\x3e\x22 nothing", "Hello")
    assert [(f.name, f.type) for f in found.files] == [("winmail.dat", "application/ms-tnef")]


def test_a_package_cut_anywhere_gives_what_it_has():
    for cut in range(len(WINMAIL)):
        opened = tnef.opened(WINMAIL[:cut])
        assert opened is None or all(file.body in (b"%PDF", b"2") for file in opened.files)


@given(st.binary(max_size=300))
def test_any_bytes_are_borne(raw):
    tnef.opened(b"\x78\x9f\x3e\x22\x01\x00" + raw)
    tnef.opened(package(attribute(2, 0x9002, b""), attribute(2, 0x9005, raw), attribute(1, 0x9003, raw)))
