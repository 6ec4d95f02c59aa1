"""The channel as any other: its settings, and the example that owners copy."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

import hub
from hub_email import Email, EmailSettings
from hub_email.folders import decoded, encoded

GOOD = {"address": "shop@hub.test", "password": hub.Secret("a-password"), "imap_host": "127.0.0.1"}
EXAMPLE = Path(__file__).parents[3] / "config" / "email.toml"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"address": "shop"}, "an address such as"),
        ({"address": "shop@" + "x" * 70}, "whose domain can exist"),
        ({"aliases": ["a b@c.d"]}, "an address such as"),
        ({"imap_host": "mail.example", "imap_security": "none"}, "in the clear"),
        ({"smtp_host": "mail.example", "smtp_security": "none"}, "in the clear"),
        ({"mailboxes": []}, "at least 1"),
        ({"mailboxes": ["INBOX", "INBOX"]}, "each folder once"),
        ({"user": "a\r\nb"}, "one line"),
        ({"mailboxes": ["A\r\nB"]}, "names of folders"),
    ],
    ids=lambda value: "",
)
def test_a_setting_that_cannot_be_meant_is_refused(changed, words):
    with pytest.raises(ValidationError, match=words):
        EmailSettings(**{**GOOD, **changed})


def test_ports_follow_from_how_the_line_is_secured():
    settings = EmailSettings(
        **{**GOOD, "imap_host": "a.example", "smtp_host": "b.example", "smtp_security": "starttls"}
    )
    assert (settings.imap, settings.smtp) == (("a.example", 993), ("b.example", 587))


def test_the_example_is_valid_and_has_every_setting_with_its_default(monkeypatch):
    monkeypatch.setenv("HUB_MAIL_PASSWORD", "a-password")
    text = EXAMPLE.read_text()
    table = tomllib.loads(text)["channels"]["mail"]
    assert table.pop("kind") == "email"
    EmailSettings(**table)
    commented = tomllib.loads(
        "\n".join(line[2:] for line in text.splitlines() if re.match(r"# \w+ = ", line))
    )
    assert {*table, *commented} == set(EmailSettings.model_fields)
    examples = ("aliases", "smtp_password")
    wrong = [
        name
        for name, value in commented.items()
        if name not in examples and value != EmailSettings.model_fields[name].default
    ]
    assert not wrong


async def test_knocking_logs_in_at_both_servers_and_changes_nothing(mailbox):
    found = await Email().knock(mailbox.settings())
    assert found == f"127.0.0.1 and 127.0.0.1 let {mailbox.user} in; it reads INBOX, Sent"
    assert not mailbox.server.mails(mailbox.user)
    with pytest.raises(hub.AuthFailed):
        await Email().knock(mailbox.settings(password=hub.Secret("wrong")))
    with pytest.raises(hub.AuthFailed):
        await Email().knock(mailbox.settings(smtp_password=hub.Secret("wrong")))


@pytest.mark.parametrize("name", ["INBOX", "Entwürfe", "A&B", "日本語", 'a "b" \\c', "😀"])
def test_names_of_folders_survive_the_wire(name):
    wire = encoded(name)
    assert wire.isascii()
    assert decoded(re.sub(rb"\\(.)", rb"\1", wire[1:-1])) == name


def test_our_own_addresses_are_known_in_every_spelling():
    settings = EmailSettings(**{**GOOD, "address": "Shop@Müller.example", "aliases": ["info@shop.example"]})
    assert settings.own == {"shop@xn--mller-kva.example", "info@shop.example"}
