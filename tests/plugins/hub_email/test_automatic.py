"""What no person wrote: the marks of RFC 3834 and their elders, as a table, with people's mails beside them."""

import pytest

from hub_email import parsing
from hub_email.automatic import automatic
from hub_email.mail import Mail


def mail(head: str, sender: str = "Jo <jo@home.example>", subject: str = "Chairs") -> Mail:
    source = f"{head}\r\n" if head else ""
    parsed = parsing.parse(
        f"{source}From: {sender}\r\nTo: support@shop.example\r\nSubject: {subject}\r\n\r\nHello\r\n".encode()
    )
    assert isinstance(parsed, Mail)
    return parsed


HEADS = [
    ("Auto-Submitted: auto-replied", "reply"),
    ("Auto-Submitted: auto-replied (vacation)", "reply"),
    ("Auto-Submitted: auto-replied; owner-email=x", "reply"),
    ("Auto-Submitted: auto-generated", "bulk"),
    ("Auto-Submitted: auto-notified", "bulk"),
    ("Auto-Submitted: x-unknown", "bulk"),
    ("Auto-Submitted: no", ""),
    ("Auto-Submitted:", ""),
    ("Precedence: bulk", "bulk"),
    ("Precedence: junk", "bulk"),
    ("Precedence: list", "bulk"),
    ("Precedence: auto_reply", "reply"),
    ("Precedence: first-class", ""),
    ("List-Id: <list.home.example>", "bulk"),
    ("List-Post: <mailto:list@home.example>", "bulk"),
    ("List-Unsubscribe: <https://home.example/u>", "bulk"),
    ("Mailing-List: list x@home.example", "bulk"),
    ("Feedback-ID: a:b:c:d", "bulk"),
    ("X-Auto-Response-Suppress: All", "bulk"),
    ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "bulk"),
    ("X-Auto-Response-Suppress: DR, RN, NRN", ""),
    ("X-Autoreply: yes", "reply"),
    ("X-Autoreply: no", ""),
    ("X-Autorespond: vacation", "reply"),
    ("X-Autoreply-From: jo@home.example", "reply"),
    ("Return-Path: <>", "reply"),
    ("Return-Path: <jo@home.example>", ""),
    ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", "bounce"),
    ('Content-Type: multipart/report; report-type="delivery-status"; boundary=b', "bounce"),
    ("Content-Type: multipart/report; boundary=b", "bounce"),
    ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "reply"),
    ("Content-Type: multipart/report; report-type=feedback-report; boundary=b", "bulk"),
    ("Content-Type: multipart/report; report-type=tlsrpt; boundary=b", "bulk"),
    ("X-Failed-Recipients: ann@shop.example", "bounce"),
    ("X-Priority: 1", ""),
]


@pytest.mark.parametrize(("head", "kind"), HEADS, ids=[f"n{n}" for n in range(len(HEADS))])
def test_marks_of_machines(head, kind):
    found = automatic(mail(head))
    assert found.kind == kind
    assert bool(found.why) == bool(kind)


SENDERS = [
    ("MAILER-DAEMON@mx.home.example", "bounce"),
    ("Mail Delivery System <mailer-daemon@mx.home.example>", "bounce"),
    ("MAILER-DAEMON (Mail Delivery Subsystem)", "bounce"),
    ("postmaster@home.example", ""),
    ("noreply@home.example", "bulk"),
    ("no-reply@home.example", "bulk"),
    ("DoNotReply@home.example", "bulk"),
    ("do-not-reply@home.example", "bulk"),
    ("newsletter@home.example", "bulk"),
    ("bounces@home.example", "bulk"),
    ("norbert.reply@home.example", ""),
    ("info@home.example", ""),
]


@pytest.mark.parametrize(("sender", "kind"), SENDERS)
def test_senders_that_are_machines(sender, kind):
    assert automatic(mail("", sender)).kind == kind


SUBJECTS = [
    "Automatic reply: Chairs", "Automatische Antwort: Stühle", "Abwesenheitsnotiz: bis 3. Mai", "Réponse automatique : Chaises",
    "Respuesta automática: Sillas", "Risposta automatica: Sedie", "Automatisch antwoord: Stoelen", "Odpowiedź automatyczna: Krzesła",
    "Resposta automática: Cadeiras", "Otomatik Yanıt: Sandalyeler", "תשובה אוטומטית: כיסאות", "رد تلقائي: كراسي", "自動返信: 椅子",
    "自动回复: 椅子", "Out of Office: Chairs", "[Auto-Reply] Chairs",
]  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS, ids=[f"n{n}" for n in range(len(SUBJECTS))])
def test_out_of_office_in_every_language(subject):
    assert automatic(mail("", subject=subject)).kind == "reply"


UNDELIVERED = [
    "Undelivered Mail Returned to Sender", "Mail delivery failed: returning message to sender", "failure notice", "Undeliverable: Chairs",
    "Delivery Status Notification (Failure)", "Unzustellbar: Stühle", "Non remis : Chaises", "Onbestelbaar: Stoelen", "Teslim edilemedi: x",
    "无法传递: 椅子", "配信不能: 椅子",
]  # fmt: skip


@pytest.mark.parametrize("subject", UNDELIVERED, ids=[f"n{n}" for n in range(len(UNDELIVERED))])
def test_a_report_in_words_is_believed_without_a_return_path_only(subject):
    assert automatic(mail("Return-Path: <>", subject=subject)).kind == "bounce"
    assert automatic(mail("", "postmaster@home.example", subject)).kind == "bounce"
    assert automatic(mail("", subject=subject)).kind == ""  # a customer may well write about it


HUMAN = [
    "Re: Automatic reply?",
    "My automatic door",
    "Autos",
    "Away game",
    "Question about an undeliverable parcel",
    "A new bounce house",
]


@pytest.mark.parametrize("subject", HUMAN)
def test_people_are_people(subject):
    assert automatic(mail("", subject=subject)).kind == ""
