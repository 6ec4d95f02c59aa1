"""Mails as programs really send them, and as they should not: what is text, what is a file, what is lost, and what it is called."""

import base64
import datetime as dt
from email.message import EmailMessage

import pytest

from hub_email import parsing
from hub_email.mail import Mail, Poison

HEAD = "From: Jo <jo@home.example>\r\nTo: support@shop.example\r\nSubject: Chairs\r\nDate: Sun, 22 Nov 2026 11:00:00 +0100\r\n"


def read(source: str | bytes) -> Mail:
    raw = source.replace("\r\n", "\n").replace("\n", "\r\n").encode() if isinstance(source, str) else source
    mail = parsing.parse(raw)
    assert isinstance(mail, Mail), mail
    return mail


def multipart(kind: str, *parts: str, more: str = "", boundary: str = "B") -> str:
    inner = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"{more}\r\n\r\n{inner}--{boundary}--\r\n'


PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello äöü"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>äöü</b></p>"
PICTURE = "Content-Type: image/png; name=a.png\r\nContent-ID: <pic@1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K"
ATTACHED = 'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="a b.pdf"\r\n\r\n%PDF'


# --- which part is what


def test_a_plain_mail():
    mail = read(
        HEAD
        + "Message-ID: <1@home.example>\r\nIn-Reply-To: <0@x>\r\nReferences: <a@x> <0@x>\r\n\r\nHello\r\n"
    )
    assert (mail.text, mail.html, mail.files, mail.subject) == ("Hello", "", (), "Chairs")
    assert (mail.message_id, mail.in_reply_to, mail.references) == (
        "1@home.example",
        ("0@x",),
        ("a@x", "0@x"),
    )
    assert mail.date == dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
    assert mail.problems == ()


def test_alternatives_are_one_text():
    mail = read(HEAD + multipart("alternative", PLAIN, HTML))
    assert (mail.text, mail.html, mail.files) == ("Hello äöü", "<p>Hello <b>äöü</b></p>", ())


def test_html_alone_is_read_as_text_too():
    mail = read(HEAD + HTML)
    assert (mail.text, mail.html) == ("Hello äöü", "<p>Hello <b>äöü</b></p>")


def test_an_empty_alternative_does_not_hide_the_html():
    mail = read(HEAD + multipart("alternative", "Content-Type: text/plain\r\n\r\n \r\n", HTML))
    assert mail.text == "Hello äöü"


def test_pictures_of_the_html_keep_what_it_calls_them():
    related = multipart("related", HTML, PICTURE, boundary="R")
    mail = read(HEAD + multipart("mixed", multipart("alternative", PLAIN, related, boundary="A"), ATTACHED))
    assert mail.text == "Hello äöü"
    assert [(f.type, f.name, f.content_id) for f in mail.files] == [
        ("image/png", "a.png", "pic@1"),
        ("application/pdf", "a b.pdf", ""),
    ]
    assert mail.files[1].body == b"%PDF"


def test_text_between_pictures_is_joined():
    mail = read(HEAD + multipart("mixed", PLAIN, PICTURE, "Content-Type: text/plain\r\n\r\nand so on"))
    assert (mail.text, len(mail.files)) == ("Hello äöü\n\nand so on", 1)


def test_html_after_a_text_is_no_alternative_of_it():
    mail = read(HEAD + multipart("mixed", PLAIN, "Content-Type: text/html\r\n\r\n<p>and so on</p>"))
    assert mail.text == "Hello äöü\n\nand so on"


def test_a_text_that_is_attached_is_a_file():
    part = "Content-Type: text/plain; name=log.txt\r\nContent-Disposition: attachment; filename=log.txt\r\n\r\nlines"
    mail = read(HEAD + multipart("mixed", PLAIN, part))
    assert (mail.text, [f.name for f in mail.files]) == ("Hello äöü", ["log.txt"])


def test_a_mail_inside_the_mail_is_a_file_called_by_its_subject():
    mail = read(
        HEAD
        + multipart(
            "mixed",
            PLAIN,
            f"Content-Type: message/rfc822\r\n\r\n{HEAD.replace('Chairs', 'Old: chairs?')}\r\nInner",
        )
    )
    assert (mail.text, mail.files[0].name, mail.files[0].type) == (
        "Hello äöü",
        "Old_ chairs_.eml",
        "message/rfc822",
    )
    assert b"Inner" in mail.files[0].body


def test_a_signed_mail_is_read_and_its_signature_kept():
    part = "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nxx"
    mail = read(HEAD + multipart("signed", PLAIN, part, more="; protocol=x"))
    assert (mail.text, [f.name for f in mail.files], mail.problems) == ("Hello äöü", ["smime.p7s"], ())


@pytest.mark.parametrize(
    "body",
    [
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nxx",
        multipart("encrypted", "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", "Content-Type: application/octet-stream\r\n\r\nxx"),
    ],
    ids=["smime", "pgp"],
)  # fmt: skip
def test_a_sealed_mail_is_files_and_says_so(body):
    mail = read(HEAD + body)
    assert mail.text == ""
    assert mail.files
    assert "encrypted" in mail.problems[0]


def test_an_invitation_is_a_file():
    part = "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"
    mail = read(HEAD + multipart("alternative", PLAIN, HTML, part))
    assert [(f.type, f.name) for f in mail.files] == [("text/calendar", "text.ics")]


def test_flowed_text_has_its_paragraphs_back():
    mail = read(
        HEAD
        + "Content-Type: text/plain; format=flowed\r\n\r\nOne \r\nline.\r\n\r\n> quoted \r\n> too\r\nBye \r\n-- \r\nJo\r\n"
    )
    assert mail.text == "One line.\n\n> quoted too\nBye \n-- \nJo"


def test_what_python_writes_is_read():
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Jörg <j@home.example>",
        "support@shop.example",
        "Stühle " * 20,
    )
    message.set_content("Grüße\n" * 100)
    message.add_alternative("<p>Grüße</p>", subtype="html")
    message.add_attachment(b"\0\1", maintype="application", subtype="x-thing", filename="Anhang ü.bin")
    mail = read(message.as_bytes())
    assert mail.senders[0].name == "Jörg"
    assert mail.subject == ("Stühle " * 20).strip()
    assert (mail.text.count("Grüße"), mail.files[0].name, mail.files[0].body) == (
        100,
        "Anhang ü.bin",
        b"\0\1",
    )


# --- broken


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nnever closed", "never closed"),
        ("Content-Type: multipart/mixed; boundary=B\r\n\r\nno part at all", "no part at all"),
        ("Content-Type: multipart/mixed\r\n\r\n--B\r\n\r\nno boundary", "--B\n\nno boundary"),
        ('Content-Type: multipart/mixed; boundary="B\r\n\r\n--B\r\n\r\nopen quote\r\n--B--', "open quote"),
        ("Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\nno empty line", ""),
        ("Content-Type: text\r\n\r\nodd type", "odd type"),
        ("Content-Type: ;;;\r\n\r\nodd type", "odd type"),
        ("Content-Transfer-Encoding: base64\r\n\r\nSGVs!bG8", "Hello"),
        ("Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8gd", "Hello "),
        ("Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A4 =ZZ =", "ä =ZZ"),
        ("Content-Transfer-Encoding: x-unknown\r\n\r\nas it is", "as it is"),
        ("Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n%2&5L;&\\ \r\n`\r\nend\r\n", "Hello"),
        ("\r\nwith\0 NUL \x07and bells", "with NUL and bells"),
    ],
    ids=range(13),
)  # fmt: skip
def test_broken_mails_give_what_they_have(body, text):
    assert read(HEAD + body).text == text.rstrip()


def test_lines_may_end_as_they_like():
    for end in ("\r\n", "\n", "\r"):
        mail = read((HEAD + "\r\nOne\r\nTwo\r\n").replace("\r\n", end).encode())
        assert (mail.subject, mail.text) == ("Chairs", "One\nTwo")


def test_a_line_of_a_mailbox_file_before_the_header_is_skipped():
    assert read("From jo@home.example Sun Nov 22 11:00:00 2026\r\n" + HEAD + "\r\nHello").subject == "Chairs"


def test_ten_thousand_parts_are_bounded_and_counted():
    mail = read(
        HEAD
        + "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
        + "--B\r\nContent-Type: x/y\r\n\r\nz\r\n" * 10_000
        + "--B--"
    )
    assert len(mail.files) == 200
    assert mail.problems[0].endswith("9500 left out.")


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0\0", b"\r\n\r\n", b"no header at all", b"\r\nonly a body"], ids=range(5)
)
def test_what_is_no_mail_is_poison_with_a_reason(raw):
    found = parsing.parse(raw)
    assert isinstance(found, Poison)
    assert found.why.endswith(".")
    assert found.key == parsing.parse(raw).key


def test_a_mail_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(parsing, "LARGEST", 1_000)
    found = parsing.parse(b"x" * (parsing.LARGEST + 1))
    assert isinstance(found, Poison)
    assert "at most" in found.why


# --- scripts and charsets


CHARSETS = [
    ("utf-8", "Grüße 中文 🎉"), ("iso-8859-1", "Grüße"), ("windows-1252", "„Grüße“ €"), ("iso-8859-15", "5 €"), ("koi8-r", "Привет"),
    ("windows-1251", "Привет"), ("iso-2022-jp", "こんにちは"), ("shift_jis", "こんにちは①"), ("euc-jp", "こんにちは"), ("gb2312", "你好"),
    ("gbk", "你好"), ("gb18030", "你好㐀"), ("big5", "你好"), ("euc-kr", "안녕하세요"), ("iso-8859-8", "שלום"), ("windows-1255", "שלום"),
    ("windows-1256", "مرحبا"), ("iso-8859-9", "Şişe"), ("iso-8859-2", "Łódź"), ("utf-16", "Grüße"), ("utf-7", "Grüße"), ("tis-620", "สวัสดี"),
]  # fmt: skip
PYTHON = {"shift_jis": "cp932", "gb18030": "gb18030", "windows-1252": "cp1252"}


@pytest.mark.parametrize(("charset", "text"), CHARSETS, ids=[name for name, _ in CHARSETS])
def test_text_of_every_charset(charset, text):
    raw = base64.encodebytes(text.encode(PYTHON.get(charset, charset)))
    head = f"{HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert read(head.encode() + raw).text == text


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("", "Grüße".encode(), "Grüße"),
        ("", "Grüße".encode("latin-1"), "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("iso-8859-1", "Grüße".encode(), "Grüße"),
        ("utf-8", "Grüße".encode("latin-1"), "Grüße"),
        ("utf-8", ("Grüße " * 20).encode() + b"\xc3", "Grüße " * 20 + "\ufffd"),
        ("x-nonsense", "Grüße".encode(), "Grüße"),
        ("unicode-1-1-utf-7", b"+2D0-", "?"),
        ("", "こんにちは".encode("iso-2022-jp"), "こんにちは"),
        ("punycode", b"Grue-kva", "Grue-kva"),
        ("rot13", b"Hello", "Hello"),
        ("idna", b"xn--mller-kva", "xn--mller-kva"),
        ("unicode_escape", b"\\x41", "\\x41"),
        ("iso-2022-jp", "Grüße".encode(), "Grüße"),
        ("gb2312", "你好镕".encode("gbk"), "你好镕"),
    ],
    ids=range(15),
)
def test_wrong_charsets_are_forgiven(charset, raw, text):
    head = HEAD + (f"Content-Type: text/plain; charset={charset}\r\n" if charset else "")
    assert read(head.encode() + b"\r\n" + raw).text == text.rstrip()


def test_html_may_say_its_charset_itself():
    body = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head>Привет'
    )
    assert read((HEAD + "Content-Type: text/html\r\n\r\n").encode() + body.encode("cp1251")).text == "Привет"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?UTF-8?q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
        (b"=?utf-8?q?Gr=C3?=\r\n =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),
        (b"=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        (b"Re: =?gb2312?B?xOO6ww==?= ok", "Re: 你好 ok"),
        (b"=?utf-8?q?one word with spaces?=", "one word with spaces"),
        (b"=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?x-unknown?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"=?utf-8?b?broken", "=?utf-8?b?broken"),
        (b"a =?utf-8?q?b?= c", "a b c"),
        (b"=?utf-8?q?a=E2=80=AEb=0D=0AX:_y?=", "ab X: y"),
        (b"", ""),
    ],
    ids=range(14),
)
def test_subjects_of_every_make(raw, subject):
    assert read(b"From: jo@home.example\r\nSubject: " + raw + b"\r\n\r\nx").subject == subject


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename*=utf-8''R%C3%A4der.pdf", "Räder.pdf"),
        ("attachment; filename*0*=utf-8''R%C3%A4;\r\n filename*1*=der;\r\n filename*2=.pdf", "Räder.pdf"),
        ("attachment; filename*=utf-8'de'R%C3%A4der.pdf; filename=Raeder.pdf", "Räder.pdf"),
        ('attachment; filename="=?utf-8?q?R=C3=A4der.pdf?="', "Räder.pdf"),
        ("attachment; filename=../../etc/passwd", "passwd"),
        ("attachment; filename=C:\\\\x\\\\a.exe", "a.exe"),
        ('attachment; filename="a\u202egnp.exe"', "agnp.exe"),
        ('attachment; filename="a;b=c.pdf"', "a;b=c.pdf"),
        ("attachment; filename=two words.pdf", "two words.pdf"),
        ("attachment", "application.pdf"),
        ("attachment; filename=", "application.pdf"),
        ("attachment; filename=..", "application.pdf"),
        ("attachment; filename=" + "x" * 400 + ".pdf", "x" * 146 + ".pdf"),
    ],
    ids=range(14),
)
def test_names_of_files(said, name):
    part = f"Content-Type: application/pdf\r\nContent-Disposition: {said}\r\n\r\n%PDF"
    assert read(HEAD + multipart("mixed", part)).files[0].name == name


# --- what a mail is called


def test_copies_of_a_mail_have_one_key_however_they_came():
    mail = HEAD + "Message-ID: <1@home.example>\r\n\r\nHello"
    first, second = (
        read("Received: from a\r\nDelivered-To: x\r\n" + mail),
        read("Received: from b\r\n" + mail),
    )
    assert first.key == second.key


def test_two_mails_that_share_a_message_id_are_two():
    mail = HEAD + "Message-ID: <printer@home.example>\r\n\r\nHello"
    assert read(mail).key != read(mail.replace("11:00:00", "11:05:00")).key
    assert read(mail).key != read(mail.replace("jo@", "al@")).key


def test_without_a_message_id_the_content_is_the_key():
    mail = HEAD + "\r\nHello"
    assert read(mail).key == read("Received: from a\r\n" + mail).key
    assert read(mail).key != read(mail + "!").key


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@b>", ["a@b"]),
        ("<a@b> <c@d>\r\n\t<a@b>", ["a@b", "c@d"]),
        ("<a@\r\n b>", ["a@b"]),
        ("a@b", ["a@b"]),
        ("Your message of <c@d> (x)", ["c@d"]),
        ("<<a@b>>", ["a@b"]),
        ("<>", []),
        ("", []),
        ("<" + "x" * 500 + "@b>", []),
    ],
    ids=range(9),
)
def test_identifiers(value, expected):
    assert parsing.identifiers(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sun, 22 Nov 2026 11:00:00 +0100", dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)),
        ("22 Nov 2026 11:00 GMT", dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)),
        ("Sun, 22 Nov 2026 11:00:00 -0000 (UTC)", dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)),
        ("Sun, 22 Nov 26 11:00:00 EST", dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)),
        ("Mon, 99 Foo 99999 99:99:99 +9999", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
        ("1 " * 50_000, None),
    ],
    ids=range(9),
)
def test_dates(value, expected):
    assert parsing.date_of(value) == expected
