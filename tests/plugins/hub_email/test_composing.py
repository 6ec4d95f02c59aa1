"""What goes out: read back by the standard library's parser and by our own, and nothing in a name or subject becomes a field."""

import datetime as dt
import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hub
from hub_email import parsing
from hub_email.composing import Composed, Sender, compose
from hub_email.ids import Ids
from hub_email.mail import Mail

IDS = Ids(b"s" * 32, "mail", "shop.example")
SHOP = Sender(address="support@shop.example", name="Shop")
AT = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
EXPECTED = [
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
]  # fmt: skip


def out(sender: Sender = SHOP, **more) -> Composed:
    given = {
        "id": "ab" * 16,
        "conversation": "c",
        "address": "jo@home.example",
        "text": "Hello",
        "at": AT,
        "subject": "Chairs",
    }
    return compose(hub.OutgoingMessage(**(given | more)), sender, IDS)


def again(composed: Composed) -> Mail:
    mail = parsing.parse(composed.raw)
    assert isinstance(mail, Mail)
    return mail


def std(composed: Composed) -> email.message.EmailMessage:
    return email.message_from_bytes(composed.raw, policy=email.policy.default)


def passes_every_server(raw: bytes) -> bool:
    lines = raw.split(b"\r\n")
    return (
        raw.isascii()
        and b"\0" not in raw
        and all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)
    )


def test_an_answer_stands_in_its_thread():
    composed = out(
        follows=("first@home.example", "<second@home.example>"), author="Ann", name="Jo Doe", language="de-AT"
    )
    message = std(composed)
    assert message["From"] == "Ann · Shop <support@shop.example>"
    assert message["To"] == "Jo Doe <jo@home.example>"
    assert message["Subject"] == "Re: Chairs"
    assert message["In-Reply-To"] == "<second@home.example>"
    assert message["References"] == "<first@home.example> <second@home.example>"
    assert message["Message-ID"] == f"<{composed.message_id}>"
    assert message["Content-Language"] == "de-AT"
    assert message["Auto-Submitted"] is None
    assert message.get_content().replace("\r\n", "\n") == "Hello\n"
    assert (composed.envelope_from, composed.envelope_to, composed.utf8) == (
        "support@shop.example",
        "jo@home.example",
        False,
    )


def test_every_attempt_is_the_same_mail():
    assert out(attempt=1, files=(hub.OutgoingFile(name="a.txt", type="text/plain", body=b"x"),)) == out(
        attempt=2, files=(hub.OutgoingFile(name="a.txt", type="text/plain", body=b"x"),)
    )


def test_the_first_mail_of_a_conversation_answers_nothing():
    message = std(out())
    assert (message["Subject"], message["In-Reply-To"], message["References"]) == ("Chairs", None, None)


def test_what_no_person_wrote_is_marked_and_cannot_bounce_back():
    composed = out(automatic=True)
    assert std(composed)["Auto-Submitted"] == "auto-replied"
    assert std(composed)["X-Auto-Response-Suppress"] == "All"
    assert composed.envelope_from == ""


def test_what_the_customer_wrote_stands_quoted_below():
    assert std(out(quoted="Is it ready?\n> You said so.\n\nJo", language="fr")).get_content().replace("\r\n", "\n").split("\n") == [
        "Hello", "", "Vous avez écrit :", "> Is it ready?", ">> You said so.", ">", "> Jo", "",
    ]  # fmt: skip


def test_our_own_quote_is_cut_when_it_comes_back():
    from hub_email.replies import split

    sent = again(out(text="It is ready.", quoted="Is it ready?")).text
    quoted = "\n".join(f"> {line}" for line in sent.split("\n"))
    assert (
        split(f"Fine!\n\nOn 22 Nov 2026 at 10:00, Shop <support@shop.example> wrote:\n{quoted}").said
        == "Fine!"
    )


def test_a_signature_stands_between_the_answer_and_the_quote():
    text = (
        std(out(Sender(address="support@shop.example", signature="Shop\nMain Street 1"), quoted="Is it?"))
        .get_content()
        .replace("\r\n", "\n")
    )
    assert text.startswith("Hello\n\n-- \nShop\nMain Street 1\n\nYou wrote:\n> Is it?")


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000,
        "word " * 2_000,
        "中文" * 2_000,
        "مرحبا " * 500,
        "👩‍👩‍👧 " * 300,
        "From here\n> a quote\n indented\n  twice\n.\n..\n-- \nend",
        "a\r\nb\rc\n\n\nd",
        "trailing spaces   \nhere  ",
        "= equals =3D\t tab",
        "\u202e turned",
    ],
    ids=range(10),
)
def test_any_text_arrives_as_it_was(text):
    composed = out(text=text)
    assert passes_every_server(composed.raw)
    arrived = again(composed).text
    assert [line.rstrip() for line in arrived.split("\n")] == [
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    ]


def test_files_go_along_under_their_names():
    files = (
        hub.OutgoingFile(name="Rechnung ü 2026.pdf", type="application/pdf", body=b"%PDF-1.7" * 1_000),
        hub.OutgoingFile(name='a"b;c\\.png', type="image/png", body=b"\x89PNG"),
        hub.OutgoingFile(name="領収書" * 40 + ".txt", type="text/plain", body="ü".encode()),
    )
    composed = out(files=files)
    assert passes_every_server(composed.raw)
    read = again(composed)
    assert read.text == "Hello"
    assert [(f.type, f.body) for f in read.files] == [(f.type, f.body) for f in files]
    assert read.files[0].name == "Rechnung ü 2026.pdf"
    assert next(part.get_filename() for part in std(composed).iter_attachments()) == "Rechnung ü 2026.pdf"


def test_addresses_of_every_script():
    composed = out(address="Jö@müller.example")
    assert (composed.envelope_to, composed.utf8) == ("Jö@xn--mller-kva.example", True)
    assert out(address="jo@müller.example").utf8 is False


@pytest.mark.parametrize(
    "address",
    ["", "jo", "jo@", "@home.example", "jo@localhost", "a@home.example,b@home.example", "jo@home.example\r\nBcc: x@y.example",
     "jo@home.example> SIZE=1", '"x y"@home.example', "jo@[127.0.0.1]", "jo\0@home.example", "victim\uff20bank.example@home.example", "j o@home.example", "jo\r\n@home.example"],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_address_is_rejected(address):
    with pytest.raises(hub.Rejected):
        out(address=address)


@pytest.mark.parametrize(
    "follows",
    [("a b@c",), ("x\r\nBcc: y@z.example",), ("",), ("ü@x",), ("<>",), ("a" * 500 + "@x",), ("x>y@z",)],
    ids=range(7),
)
def test_ids_that_could_break_the_field_are_left_out(follows):
    assert std(out(follows=follows))["References"] is None


def test_long_threads_keep_their_beginning_and_their_end():
    refs = tuple(f"{n}-{'x' * 200}@home.example" for n in range(100))
    composed = out(follows=refs)
    kept = std(composed)["References"].split()
    assert (len(kept), kept[0], kept[-1]) == (20, f"<{refs[0]}>", f"<{refs[-1]}>")
    assert passes_every_server(composed.raw)


def test_a_long_message_id_is_written_as_it_is():
    ref = "x" * 300 + "@home.example"
    assert f"<{ref}>".encode() in out(follows=(ref,)).raw


HOSTILE = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('\r\n\0\t\x0b\x0c\x85\u2028\u202e"\\<>@,;:=?()')),
    max_size=120,
)


@given(
    subject=HOSTILE,
    name=HOSTILE,
    author=HOSTILE,
    file=HOSTILE,
    language=HOSTILE,
    text=HOSTILE,
    quoted=HOSTILE,
    shop=HOSTILE,
)
def test_nothing_that_anybody_chose_becomes_a_field(
    subject, name, author, file, language, text, quoted, shop
):
    composed = out(
        Sender(address="support@shop.example", name=shop),
        subject=subject,
        name=name,
        author=author,
        language=language,
        text=text,
        quoted=quoted,
        files=(hub.OutgoingFile(name=file, type="text/plain\r\nX: y", body=b"x"),),
    )
    assert passes_every_server(composed.raw)
    read = again(composed)
    allowed = {name.lower() for name in [*EXPECTED, "Content-Language"]}
    assert [field for field, _ in read.fields if field not in allowed] == []
    assert len(read.fields) == len({field for field, _ in read.fields})
    assert [address.normal for address in (*read.senders, *read.to)] == [
        "support@shop.example",
        "jo@home.example",
    ]
    assert len(read.files) == 1
    assert read.files[0].body == b"x"


@pytest.mark.parametrize(
    "text",
    ["=?utf-8?q?X?=", "a =?utf-8?b?WA==?= b", '"quoted"', "a, b; c: <d@e.example>", "(x", "\\"],
    ids=range(6),
)
def test_what_looks_like_something_else_arrives_as_it_was(text):
    read = again(out(subject=text, name=text))
    assert read.subject == text
    assert read.to[0].name == text.replace('"', "")
    assert [address.normal for address in read.to] == ["jo@home.example"]


@given(subject=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=200))
def test_a_subject_arrives_as_it_was(subject):
    read = again(out(subject=subject))
    if subject.isascii() or "=?" not in subject:
        assert read.subject == (subject or "Shop")
